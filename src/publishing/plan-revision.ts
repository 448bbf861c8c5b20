import { contentHash } from '../articles/content-hash.js';
import { plainText } from '../articles/plain-text.js';
import { slugOf } from '../articles/slug.js';
import { type Revision, Significance } from '../articles/translation.js';
import { Refusal } from '../lib/errors.js';
import { countWords } from '../lib/text.js';
import type { Draft, SourceRevision } from './draft.js';
import type { Publication } from './publish.queries.js';
import type { StoredTranslation, StoryFacts } from './story-facts.queries.js';

/** A search vector holds a megabyte at most; what comes after so much text is not searched. */
export const searchedCharacters = 200_000;

/** What becomes the next revision, whoever wrote it. */
export type NewText = Pick<
  Draft,
  | 'articleUuid'
  | 'editionCode'
  | 'headline'
  | 'dek'
  | 'body'
  | 'slug'
  | 'significance'
  | 'origin'
  | 'note'
  | 'changeNote'
  | 'tool'
  | 'reviewer'
  | 'basis'
  | 'credits'
>;

/**
 * The rows of the next revision of an edition as its story stands; `kept` is what the present one was made from, `sameCredits` whether
 * those credited stay. Throws NOTE_REQUIRED, NOTHING_CHANGED.
 */
export function planText(
  text: NewText,
  { article, translations }: StoryFacts,
  kept: readonly SourceRevision[] | undefined,
  by: { author: string; now: Date; sameCredits: boolean },
): Publication & { revision: Revision } {
  const stored = translations.get(text.editionCode);
  const basis = text.basis.length === 0 && kept !== undefined ? [...kept] : text.basis;
  // Readers who were told that a correction is outstanding are told when it has been taken over.
  const owes = (stored?.row.pendingCorrectionAt ?? null) !== null && text.note !== null && text.significance === Significance.UPDATE;
  return planRevision({ ...text, basis, significance: owes ? Significance.CORRECTION : text.significance }, stored, {
    ...{ author: by.author, now: by.now, isOriginal: text.editionCode === article.homeEditionCode },
    sameBeside: by.sameCredits && kept !== undefined && nameOf(kept) === nameOf(basis),
  });
}

const nameOf = (basis: readonly SourceRevision[]): string =>
  basis
    .map(({ edition, revision }) => `${edition} ${revision}`)
    .sort()
    .join();

/** The rows of one more revision of a translation; `sameBeside`: what it is made from and who is credited stay as they are. Throws NOTE_REQUIRED, NOTHING_CHANGED. */
export function planRevision(
  text: NewText,
  stored: StoredTranslation | undefined,
  { isOriginal, author, now, sameBeside }: { isOriginal: boolean; author: string; now: Date; sameBeside: boolean },
): Publication & { revision: Revision } {
  if (text.significance === Significance.CORRECTION && !text.note?.trim()) throw new Refusal('NOTE_REQUIRED', {});
  const { articleUuid, editionCode, headline, dek, body, basis } = text;
  const hash = contentHash({ headline, dek, body });
  const published = stored !== undefined && stored.row.publishedAt !== null;
  if (published && hash === stored.text?.contentHash && sameBeside) throw new Refusal('NOTHING_CHANGED', {});
  const number = (stored?.row.revision ?? 0) + 1;
  // Readers of the first revision have nothing that a smaller word could refer to.
  const significance = published ? text.significance : Significance.UPDATE;
  const words = plainText(body);
  const slug = text.slug ?? (published ? stored.row.slug : slugOf(headline, articleUuid));
  const revision: Revision = {
    ...{ articleUuid, editionCode, number, significance, headline, dek, body, slug, author },
    ...{ origin: text.origin, changeNote: text.changeNote, tool: text.tool, reviewer: text.reviewer },
    note: significance === Significance.CORRECTION ? text.note : null,
    wordCount: countWords(words),
    publishedAt: now,
    contentHash: hash,
  };
  const row = {
    ...{ articleUuid, editionCode, isOriginal, slug, revision: number },
    publishedAt: stored?.row.publishedAt ?? now,
    updatedAt: published && significance === Significance.MINOR ? stored.row.updatedAt : now,
    retractedAt: null,
    head: [headline, dek].filter(Boolean).join(' '),
    text: words.slice(0, searchedCharacters),
  };
  return {
    revision,
    translations: [row],
    revisions: [revision],
    bases: basis.map((source) => ({ articleUuid, editionCode, number, sourceEditionCode: source.edition, sourceNumber: source.revision })),
    formerSlugs: published && stored.row.slug !== slug ? [{ editionCode, slug: stored.row.slug, articleUuid }] : [],
  };
}
