import type { BlockData } from '../articles/body.js';
import { Origin, Significance } from '../articles/translation.js';
import type { PartyInRole } from '../credits/party-in-role.js';
import { Refusal } from '../lib/errors.js';
import { type Draft, DraftState, type SourceRevision } from './draft.js';
import { publishedRevisions, type StoryFacts } from './story-facts.queries.js';

/** The words of a text as a desk sends them, checked and cleaned. */
export interface DeskText {
  headline: string;
  dek: string | null;
  body: BlockData[];
  slug: string | null;
}

/** What a desk says about a text beside its words. */
export interface DeskTextMeaning {
  significance?: Significance | null | undefined;
  origin?: Origin | null | undefined;
  note?: string | null | undefined;
  changeNote?: string | null | undefined;
  tool?: string | null | undefined;
  basis?: readonly SourceRevision[] | null | undefined;
  /** Null: as they are. */
  credits?: PartyInRole[] | null | undefined;
}

/**
 * What an edition's next text is made from: what the desk names; else what its draft or its present revision was made from; else the
 * published original. Throws BASIS_UNKNOWN.
 */
export function basisOf(
  given: readonly SourceRevision[] | null | undefined,
  kept: readonly SourceRevision[] | undefined,
  edition: string,
  facts: StoryFacts,
): SourceRevision[] {
  const published = publishedRevisions(facts);
  const home = facts.article.homeEditionCode;
  const original = published.get(home);
  const assumed = edition === home || original === undefined ? [] : [{ edition: home, revision: original }];
  const basis = given ?? kept ?? assumed;
  for (const source of basis) {
    const last = published.get(source.edition) ?? 0;
    if (source.edition === edition || source.revision < 1 || source.revision > last) throw new Refusal('BASIS_UNKNOWN', source);
  }
  return basis.map((source) => ({ edition: source.edition, revision: source.revision }));
}

/** The draft that a text becomes. */
export function draftOf(
  slot: { articleUuid: string; editionCode: string },
  text: DeskText,
  meaning: DeskTextMeaning,
  { before, basis, author, now }: { before: Draft | undefined; basis: SourceRevision[]; author: string; now: Date },
): Draft {
  return {
    ...{ articleUuid: slot.articleUuid, editionCode: slot.editionCode, ...text, basis, author, savedAt: now },
    version: (before?.version ?? 0) + 1,
    state: DraftState.DRAFT,
    significance: meaning.significance ?? before?.significance ?? Significance.UPDATE,
    origin: meaning.origin ?? before?.origin ?? Origin.HUMAN,
    credits: meaning.credits ?? before?.credits ?? null,
    note: meaning.note ?? before?.note ?? null,
    changeNote: meaning.changeNote ?? before?.changeNote ?? null,
    tool: meaning.tool ?? before?.tool ?? null,
    // A review is of the words that were reviewed.
    reviewer: null,
    scheduledFor: null,
  };
}

/** Throws IS_RETRACTED when a story, or this edition of it, has been taken back. */
export function mustStand({ article, translations }: StoryFacts, edition: string, about: { articleId?: string } = {}): void {
  if (article.retractedAt !== null || (translations.get(edition)?.row.retractedAt ?? null) !== null)
    throw new Refusal('IS_RETRACTED', about);
}
