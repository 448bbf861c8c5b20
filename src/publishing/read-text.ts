import { urlOf } from '../articles/present.js';
import type { Edition } from '../editions/edition.js';
import { imageIn } from '../images/image.loaders.js';
import type { DeskContext } from './desk-context.js';
import type { HeldFacts } from './held-matter.js';
import { keysOf, storyFacts } from './story-facts.queries.js';
import { type ReadInput, readInput, type TextInput } from './text-input.js';

/**
 * The words of an input for an edition of a story. HTML takes the place of its draft or, where there is none or the published text is what
 * is revised, of the present revision: what the text held before stays what it was. Throws what `readInput` throws.
 */
export async function readText(
  input: TextInput,
  { articleUuid, edition: code, over }: { articleUuid: string; edition: string; over: 'DRAFT' | 'REVISION' },
  context: DeskContext,
): Promise<ReadInput> {
  const edition = (await context.editions()).of(code);
  if (input.html == null) return readInput(input, edition.tag);
  const { manager } = context.read;
  const facts = await storyFacts(manager, articleUuid);
  const draft = over === 'DRAFT' ? facts?.drafts.get(code) : undefined;
  const previous = draft?.body ?? facts?.translations.get(code)?.text?.body ?? [];
  // An edition's first text is numbered as the original was; from then on no edition's passages get in each other's way.
  const usedKeys = await keysOf(manager, articleUuid, previous.length > 0 ? null : code);
  return readInput(input, edition.tag, { previous, usedKeys, ...(await addressesIn(previous, edition, context)) });
}

/** The addresses by which a rendering of a body shows its pictures and related stories. */
async function addressesIn(
  blocks: HeldFacts['blocks'],
  edition: Edition,
  context: DeskContext,
): Promise<Pick<HeldFacts, 'pictures' | 'stories'>> {
  const { load, publicUrl, read } = context;
  const editions = await context.editions();
  const codes = new Set(blocks.flatMap((block) => (block.type === 'image' ? [block.image] : [])));
  const uuids = new Set(blocks.flatMap((block) => (block.type === 'related' ? block.articles : [])));
  const [images, stories] = await Promise.all([
    Promise.all([...codes].map((code) => imageIn(load, code, edition, edition, editions, read.now))),
    Promise.all([...uuids].map((uuid) => load.translationsOfArticle.load(uuid))),
  ]);
  return {
    pictures: new Map(
      images.flatMap((image) =>
        image ? [[image.code, image.renditions.flatMap(({ url }) => [url, new URL(url, publicUrl).href])] as const] : [],
      ),
    ),
    stories: new Map(
      stories
        .flatMap((all) => all.find((each) => each.edition.code === edition.code) ?? [])
        .map((each) => [each.article.uuid, urlOf(each, context)] as const),
    ),
  };
}
