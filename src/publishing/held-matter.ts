import type { BlockData } from '../articles/body.js';
import { cleanLine } from './clean-input.js';
import { append, type Keyless } from './keep-keys.js';

/** A body, and by which addresses a rendering of it shows what is not words. */
export interface HeldFacts {
  blocks: readonly BlockData[];
  /** Addresses of the files of each picture that may be seen, by its code. */
  pictures: ReadonlyMap<string, readonly string[]>;
  /** Address of each related story that may be seen, by its uuid. */
  stories: ReadonlyMap<string, string>;
}

const canonical = (address: string): string =>
  address.length <= 2048 && URL.canParse(address.trim()) ? new URL(address.trim()).href : address.trim();
/** An embed is shown by the words of its link. */
const isShown = ({ fallback }: Extract<BlockData, { type: 'embed' }>): boolean => cleanLine(fallback) !== '';

/** What a body held before HTML takes its place: HTML shows it by its address, and it is still what it was. Remembers what was shown. */
export class HeldMatter {
  readonly #shown = new Set<BlockData>();
  readonly #media = new Map<string, BlockData[]>();
  readonly #embeds = new Map<string, BlockData[]>();
  readonly #stories: ReadonlyMap<string, string>;

  constructor(private readonly facts: HeldFacts) {
    this.#stories = new Map([...facts.stories].map(([uuid, address]) => [canonical(address), uuid]));
    for (const block of facts.blocks.toReversed()) {
      if (block.type === 'embed' && isShown(block)) append(this.#embeds, canonical(block.url), block);
      if (block.type === 'audio' || block.type === 'video') append(this.#media, canonical(block.url), block);
      if (block.type === 'image')
        for (const address of new Set(facts.pictures.get(block.image)?.map(canonical))) append(this.#media, address, block);
    }
  }

  /** Whether a picture or a recording has this address. */
  readonly isHeld = (address: string): boolean => this.#media.has(canonical(address));

  /** The picture or recording of an address; undefined where there is none. */
  medium(address: string): Keyless | undefined {
    return this.#show(this.#media.get(canonical(address)));
  }

  /** The embed that a link with these words shows; undefined where the body had none of that address. */
  embed(address: string, words: string): Keyless | undefined {
    const found = this.#show(this.#embeds.get(canonical(address)));
    return found && ({ ...found, ...(words ? { fallback: words } : {}) } as Keyless);
  }

  /** The related stories that a list of nothing but links shows, with those that could not be shown; undefined for any other list. */
  related(addresses: readonly (string | undefined)[]): Keyless | undefined {
    const uuids = addresses.map((address) => (address === undefined ? undefined : this.#stories.get(canonical(address))));
    if (!uuids.every((uuid) => uuid !== undefined)) return undefined;
    const shown = new Set(uuids);
    const found = this.facts.blocks.find(
      (block) => block.type === 'related' && !this.#shown.has(block) && block.articles.some((uuid) => shown.has(uuid)),
    );
    if (found?.type !== 'related') return undefined;
    this.#shown.add(found);
    const seen = found.articles.filter((uuid) => this.facts.stories.has(uuid));
    const unseen = found.articles.filter((uuid) => !this.facts.stories.has(uuid));
    return { type: 'related', articles: seen.join() === uuids.join() ? found.articles : [...uuids, ...unseen] };
  }

  /**
   * The blocks that stay although HTML does not show them: what no rendering could have shown, and pictures, recordings and related
   * stories where HTML shows none of their kind, as an office program's does not.
   */
  get staying(): Set<BlockData> {
    const kinds = new Set([...this.#shown].map(({ type }) => type));
    return new Set(this.facts.blocks.filter((block) => !this.#shown.has(block) && this.#stays(block, kinds)));
  }

  #stays(block: BlockData, shownKinds: ReadonlySet<string>): boolean {
    switch (block.type) {
      case 'image':
        return !shownKinds.has('image') || !this.facts.pictures.has(block.image);
      case 'related':
        return !shownKinds.has('related') || !block.articles.some((uuid) => this.facts.stories.has(uuid));
      case 'audio':
      case 'video':
        return !shownKinds.has(block.type);
      case 'embed':
        return !isShown(block);
      default:
        return false;
    }
  }

  /** The next of the blocks of an address, the last of them as often as it comes. */
  #show(blocks: BlockData[] | undefined): Keyless | undefined {
    const block = blocks && blocks.length > 1 ? blocks.pop() : blocks?.[0];
    if (block === undefined) return undefined;
    this.#shown.add(block);
    const { key: _, ...rest } = block;
    return rest as Keyless;
  }
}

/** Blocks with those that stay put back: after the passage they followed, at the top, or before the first passage that is still there. */
export function putBack(blocks: readonly BlockData[], previous: readonly BlockData[], staying: ReadonlySet<BlockData>): BlockData[] {
  const there = new Set(blocks.map(({ key }) => key));
  const first = previous.find((block) => there.has(block.key) && !staying.has(block))?.key;
  const places = new Map<string, BlockData[]>();
  let place = 'top';
  for (const block of previous) {
    if (staying.has(block)) append(places, place, block);
    else if (there.has(block.key)) place = `after ${block.key}`;
    else if (place === 'top' && first !== undefined) place = `before ${first}`;
  }
  const at = (name: string): BlockData[] => places.get(name) ?? [];
  return [...at('top'), ...blocks.flatMap((block) => [...at(`before ${block.key}`), block, ...at(`after ${block.key}`)])];
}
