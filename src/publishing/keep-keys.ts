import type { BlockData } from '../articles/body.js';
import { plainText } from '../articles/plain-text.js';
import { isWord, piecesOf } from './words.js';

type Without<Block> = Block extends BlockData ? Omit<Block, 'key'> : never;
/** A block that has no key yet. */
export type Keyless = Without<BlockData>;

/** How much of two passages must be the same words for one to be the other: between the same neighbours, and anywhere. */
const alikeInPlace = 0.3;
const alikeAnywhere = 0.6;
/** How many candidates a passage is compared with: the work stays in proportion to the text. */
const reach = 24;

interface Passage {
  kind: string;
  /** What it shows that is not words. */
  target: string;
  text: string;
  words: ReadonlyMap<string, number>;
  length: number;
}

function passageOf(block: Keyless): Passage {
  const text = plainText([{ key: '', ...block } as BlockData]);
  const words = new Map<string, number>();
  const all = piecesOf(text.toLowerCase()).filter(isWord);
  for (const each of all) words.set(each, (words.get(each) ?? 0) + 1);
  const target = 'url' in block ? block.url : block.type === 'image' ? block.image : block.type === 'related' ? block.articles.join() : '';
  return { kind: block.type, target, text, words, length: all.length };
}

/** The part of two passages' words that both have, 0 to 1. */
function likeness(a: Passage, b: Passage): number {
  const [few, many] = a.words.size < b.words.size ? [a.words, b.words] : [b.words, a.words];
  let shared = 0;
  for (const [word, count] of few) shared += Math.min(count, many.get(word) ?? 0);
  return a.length + b.length === 0 ? 0 : (2 * shared) / (a.length + b.length);
}

/** Passages paired one to one: `of` is new → old. */
class Pairs {
  readonly of = new Map<number, number>();
  readonly #taken = new Set<number>();

  constructor(
    readonly fresh: readonly Passage[],
    readonly former: readonly Passage[],
  ) {}

  pair(index: number, old: number): void {
    this.of.set(index, old);
    this.#taken.add(old);
  }

  get left(): number[] {
    return [...this.fresh.keys()].filter((index) => !this.of.has(index));
  }

  get leftOld(): number[] {
    return [...this.former.keys()].filter((old) => !this.#taken.has(old));
  }
}

/** Adds a value to the list of its key. */
export function append<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** Pairs what has the same identity, first with first, second with second; what has none is left. */
function pairSame(pairs: Pairs, identity: (passage: Passage) => string): void {
  const waiting = new Map<string, number[]>();
  for (const old of pairs.leftOld.reverse()) {
    append(waiting, identity(pairs.former[old]!), old);
  }
  for (const index of pairs.left) {
    const id = identity(pairs.fresh[index]!);
    const old = id === '' ? undefined : waiting.get(id)?.pop();
    if (old !== undefined) pairs.pair(index, old);
  }
}

/** Pairs passages with the one of the candidates, near the same place among them, that reads most alike. */
function pairAlike(pairs: Pairs, indices: readonly number[], candidates: readonly number[], threshold: number): void {
  const free = new Set(candidates);
  for (const [position, index] of indices.entries()) {
    const middle = Math.floor((position * candidates.length) / indices.length);
    const near = candidates.slice(Math.max(0, middle - reach / 2), middle + reach / 2).filter((old) => free.has(old));
    let best: { old: number; alike: number } | undefined;
    for (const old of near) {
      const alike = likeness(pairs.fresh[index]!, pairs.former[old]!);
      if (alike >= threshold && alike > (best?.alike ?? 0)) best = { old, alike };
    }
    if (!best) continue;
    free.delete(best.old);
    pairs.pair(index, best.old);
  }
}

/** The passages without a pair that follow a pair, and those that followed its old place. */
function gaps(pairs: Pairs): { indices: number[]; candidates: number[] }[] {
  const free = new Set(pairs.leftOld);
  const byAnchor = new Map<number, number[]>();
  let anchor = -1;
  for (const index of pairs.fresh.keys()) {
    const old = pairs.of.get(index);
    if (old === undefined) append(byAnchor, anchor, index);
    else anchor = old;
  }
  return [...byAnchor].map(([start, indices]) => {
    const candidates: number[] = [];
    for (let old = start + 1; free.has(old); old += 1) candidates.push(old);
    return { indices, candidates };
  });
}

const highest = (keys: Iterable<string>): number => {
  let number = 0;
  for (const key of keys) number = Math.max(number, Number(/^p(\d{1,9})$/u.exec(key)?.[1] ?? 0));
  return number;
};

/**
 * Blocks with the keys their passages had before: first those that read the same, in order; then, between the same neighbours, those that
 * read alike; then those alike that were moved. A new one gets the next `p12` past every number in `previous` and `usedKeys`.
 */
export function keepKeys(blocks: readonly Keyless[], previous: readonly BlockData[], usedKeys: Iterable<string> = []): BlockData[] {
  const pairs = new Pairs(blocks.map(passageOf), previous.map(passageOf));
  pairSame(pairs, ({ kind, target, text }) => `${kind}\n${target}\n${text}`);
  pairSame(pairs, ({ target, text }) => target || text);
  for (const { indices, candidates } of gaps(pairs)) pairAlike(pairs, indices, candidates, alikeInPlace);
  pairAlike(pairs, pairs.left, pairs.leftOld, alikeAnywhere);
  const given = new Set<string>();
  let number = highest([...previous.map(({ key }) => key), ...usedKeys]);
  return blocks.map((block, index) => {
    const old = pairs.of.get(index);
    let key = old === undefined ? undefined : previous[old]?.key;
    if (key === undefined || given.has(key)) {
      number += 1;
      key = `p${number}`;
    }
    given.add(key);
    return { key, ...block } as BlockData;
  });
}
