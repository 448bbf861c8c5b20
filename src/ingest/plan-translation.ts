import type { BlockData } from '../articles/body.js';
import { contentHash } from '../articles/content-hash.js';
import { plainText } from '../articles/plain-text.js';
import { slugOf } from '../articles/slug.js';
import { type FormerSlug, Origin, type Revision, Significance } from '../articles/translation.js';
import { countWords } from '../lib/text.js';
import { searchedCharacters } from '../publishing/plan-revision.js';
import type { TranslationText } from '../publishing/publish.queries.js';
import { articleUuid } from './ids.js';
import type { Story } from './story.js';
import type { StoredTranslation } from './story.queries.js';

type StoryTranslation = Story['translations'][number];

/** What is to be written of one translation. */
export interface TranslationPlan {
  given: StoryTranslation;
  /** Undefined: the row is there already, with this text. */
  row: TranslationText | undefined;
  /** The revisions to append. */
  revisions: Revision[];
  formerSlugs: FormerSlug[];
  /** The number of the present revision once all is written. */
  revision: number;
  /** What to add to the place of a given revision (1 is the first) for its number. */
  shift: number;
}

/** The facts a translation is planned from. */
export interface TranslationFacts {
  story: Story;
  uuid: string;
  stored: StoredTranslation | undefined;
  now: Date;
}

/**
 * The rows of one translation. Where the present text is one of those given, the ones after it are appended; where it is none of them, the
 * last one is; so the same story again writes nothing. A text that its desk took back is not brought back, nor its address: where it is the
 * last one given, nothing is appended.
 */
export function planTranslation(given: StoryTranslation, { story, uuid, stored, now }: TranslationFacts): TranslationPlan {
  const contents = given.revisions.map(({ headline, dek, blocks }) => ({ headline, dek: dek ?? null, body: blocks.map(withUuids) }));
  const hashes = contents.map(contentHash);
  const first = stored ? firstNew(hashes, stored) : 0;
  const revision = (stored?.revision ?? 0) + hashes.length - first;
  const shift = revision - hashes.length;

  const { headline, dek, body } = contents.at(-1)!;
  const isTakenBack = stored !== undefined && first === hashes.length && hashes.at(-1) !== stored.contentHash;
  const slug = (isTakenBack ? null : given.slug) ?? stored?.slug ?? slugOf(headline, uuid);

  const key = { articleUuid: uuid, editionCode: given.edition };
  const ownTime = given.publishedAt === undefined ? story.publishedAt : given.publishedAt;
  const publishedAt = stored?.publishedAt ?? time(ownTime);
  // What is appended to a text that readers have is news of this moment.
  const fallbackTime = publishedAt && stored?.publishedAt ? now : publishedAt;
  const revisions = contents
    .map(({ headline, dek, body }, index): Revision => {
      const { significance, origin, note, publishedAt: at } = given.revisions[index]!;
      return {
        ...key,
        number: index + 1 + shift,
        significance: Significance[significance],
        origin: Origin[origin],
        headline,
        dek,
        body,
        wordCount: countWords(plainText(body)),
        note: note ?? null,
        // Under which addresses the earlier ones came out is not given.
        slug: index === contents.length - 1 ? slug : null,
        ...{ author: null, changeNote: null, tool: null, reviewer: null },
        publishedAt: time(at) ?? fallbackTime,
        contentHash: hashes[index]!,
      };
    })
    .slice(first);

  const row: TranslationText = {
    ...key,
    isOriginal: given.edition === story.homeEdition,
    revision,
    slug,
    publishedAt,
    updatedAt: updatedAt(revisions) ?? stored?.updatedAt ?? publishedAt,
    retractedAt: stored?.retractedAt ?? time(given.retracted?.at),
    head: [headline, dek].filter(Boolean).join(' '),
    text: plainText(body).slice(0, searchedCharacters),
  };
  const slugs = [...given.formerSlugs, ...(stored && stored.slug !== row.slug ? [stored.slug] : [])];
  const formerSlugs = slugs.map((slug) => ({ editionCode: given.edition, slug, articleUuid: uuid }));
  return { given, row: stored && isSame(row, stored) ? undefined : row, revisions, formerSlugs, revision, shift };
}

/** Stories that a block recommends come as foreign ids and are stored as uuids. */
const withUuids = (block: BlockData): BlockData =>
  block.type === 'related' ? { ...block, articles: block.articles.map(articleUuid) } : block;

function firstNew(hashes: readonly string[], { contentHash: present, retractedHashes }: StoredTranslation): number {
  if (hashes.at(-1) !== present && retractedHashes.includes(hashes.at(-1)!)) return hashes.length;
  const known = hashes.lastIndexOf(present);
  return known < 0 ? hashes.length - 1 : known + 1;
}

/** When it was last changed for readers: a MINOR revision does not count, unless it is the first. */
const updatedAt = (revisions: readonly Revision[]): Date | null | undefined =>
  (revisions.findLast((each) => each.significance !== Significance.MINOR) ?? revisions.find((each) => each.number === 1))?.publishedAt;

const isSame = (row: TranslationText, stored: StoredTranslation): boolean =>
  row.revision === stored.revision &&
  row.slug === stored.slug &&
  sameTime(row.publishedAt, stored.publishedAt) &&
  sameTime(row.retractedAt, stored.retractedAt);

const sameTime = (a: Date | null, b: Date | null): boolean => a?.getTime() === b?.getTime();

const time = (instant: string | null | undefined): Date | null => (instant == null ? null : new Date(instant));
