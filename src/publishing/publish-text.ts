import type { EntityManager } from 'typeorm';
import { Article } from '../articles/article.js';
import { Origin, RevisionBasis, Significance } from '../articles/translation.js';
import { Refusal } from '../lib/errors.js';
import { columnOf, tableOf } from '../lib/load.js';
import { basisOf, type DeskText, type DeskTextMeaning, mustStand } from './desk-text.js';
import type { SourceRevision } from './draft.js';
import { forgetDraft, storeClaim } from './draft.queries.js';
import { EventKind } from './event.js';
import { writeEvents } from './event.queries.js';
import { type OpenedObligation, openObligations, settleObligations } from './obligations.queries.js';
import { type NewText, planRevision } from './plan-revision.js';
import { publish } from './publish.queries.js';
import type { StoryFacts } from './story-facts.queries.js';
import type { WriteContext } from './write.js';
import { mustBeVersion, mustHaveDraft, type Named } from './write-draft.js';
import { writeStory } from './write-story.js';

/** What publishing answers: the revision that readers have now, and what a correction of it owes the readers of other editions. */
export interface PublicationAnswer {
  articleUuid: string;
  editionCode: string;
  revision: number;
  opened: OpenedObligation[];
}

type Publisher = Pick<WriteContext, 'now'> & { author: string };

/** Publishes a draft as the next revision. Throws NO_DRAFT, DRAFT_MOVED_ON, REVISION_MOVED_ON, ORIGINAL_FIRST, NOTE_REQUIRED, NOTHING_CHANGED. */
export function publishDraft(
  context: WriteContext,
  { expectedVersion, expectedRevision, ...named }: Named & { expectedVersion: number; expectedRevision: number | null },
): Promise<PublicationAnswer> {
  return writeStory(context, {
    ...{ ...named, action: 'PUBLISH', input: { expectedVersion, expectedRevision } },
    work: async (manager, facts) => {
      mustStand(facts, named.edition);
      const draft = mustHaveDraft(facts, named.edition);
      mustBeVersion(draft, expectedVersion);
      mustBeRevision(facts, named.edition, expectedRevision);
      return publishText(manager, draft, facts, { now: context.now, author: context.caller.name });
    },
  });
}

/** Publishes words directly over the present revision: a correction that readers are told of, or a fix that they need not notice. */
export function reviseText(
  context: WriteContext,
  {
    text,
    meaning,
    expectedRevision,
    significance,
    ...named
  }: Named & {
    text: DeskText;
    meaning: DeskTextMeaning;
    expectedRevision: number;
    significance: Significance.CORRECTION | Significance.MINOR;
  },
): Promise<PublicationAnswer> {
  return writeStory(context, {
    ...{ ...named, action: significance === Significance.MINOR ? 'EDIT_MINOR' : 'CORRECT', input: { text, meaning, expectedRevision } },
    work: async (manager, facts) => {
      const { articleUuid, edition: editionCode } = named;
      mustStand(facts, editionCode);
      if ((facts.translations.get(editionCode)?.row.publishedAt ?? null) === null) throw new Refusal('NOT_PUBLISHED', {});
      mustBeRevision(facts, editionCode, expectedRevision);
      const basis = basisOf(meaning.basis, await presentBasis(manager, facts, editionCode), editionCode, facts);
      const { note = null, changeNote = null, tool = null } = meaning;
      return publishText(
        manager,
        {
          articleUuid,
          editionCode,
          ...text,
          significance,
          origin: meaning.origin ?? Origin.HUMAN,
          note,
          changeNote,
          tool,
          reviewer: null,
          basis,
        },
        facts,
        { now: context.now, author: context.caller.name },
      );
    },
  });
}

/** Publishes a text as the next revision of its edition, with all that follows from it. The story is locked. */
export async function publishText(
  manager: EntityManager,
  text: NewText,
  facts: StoryFacts,
  { now, author }: Publisher,
): Promise<PublicationAnswer> {
  const { articleUuid, editionCode } = text;
  const { homeEditionCode, publishedAt, urgency } = facts.article;
  const isOriginal = editionCode === homeEditionCode;
  if (!isOriginal && publishedAt === null) throw new Refusal('ORIGINAL_FIRST', {});
  const stored = facts.translations.get(editionCode);
  const kept = await presentBasis(manager, facts, editionCode);
  const asGiven: NewText = text.basis.length === 0 && kept !== undefined ? { ...text, basis: kept } : text;
  // Readers who were told that a correction is outstanding are told when it has been taken over.
  const owes = (stored?.row.pendingCorrectionAt ?? null) !== null && asGiven.note !== null && asGiven.significance === Significance.UPDATE;
  const sameBasis = kept !== undefined && nameOf(kept) === nameOf(asGiven.basis);
  const { revision, ...publication } = planRevision(owes ? { ...asGiven, significance: Significance.CORRECTION } : asGiven, stored, {
    isOriginal,
    author,
    now,
    sameBasis,
  });
  await publish(manager, publication, now);
  if (isOriginal && publishedAt === null) {
    await manager.query(
      `update ${tableOf(manager, Article)} set ${columnOf(manager, Article, 'publishedAt')} = $2 where ${columnOf(manager, Article, 'uuid')} = $1`,
      [articleUuid, now],
    );
  }
  const slot = { articleUuid, editionCode };
  await forgetDraft(manager, slot);
  if (facts.claims.has(editionCode)) {
    await storeClaim(manager, slot, null);
    await writeEvents(manager, [{ kind: EventKind.CLAIM_ENDED, at: now, ...slot }]);
  }
  const opened =
    revision.significance === Significance.CORRECTION
      ? await openObligations(manager, { articleUuid, sourceEdition: editionCode, sourceNumber: revision.number, urgency, now })
      : [];
  const settled = await settleObligations(manager, articleUuid, now);
  if (settled.some((each) => each.editionCode === editionCode) && revision.significance !== Significance.CORRECTION)
    throw new Refusal('NOTE_REQUIRED', {});
  await writeEvents(manager, [
    ...opened.map((each) => ({
      ...{ kind: EventKind.OBLIGATION_OPENED, at: now, articleUuid, editionCode: each.editionCode },
      data: { source: editionCode, sourceRevision: revision.number, dueAt: each.dueAt },
    })),
    ...settled.map((each) => ({
      ...{ kind: EventKind.OBLIGATION_SETTLED, at: now, articleUuid, editionCode: each.editionCode },
      data: { source: each.sourceEditionCode, sourceRevision: each.sourceNumber },
    })),
  ]);
  return { ...slot, revision: revision.number, opened };
}

const nameOf = (basis: readonly SourceRevision[]): string =>
  basis
    .map(({ edition, revision }) => `${edition} ${revision}`)
    .sort()
    .join();

/** What the present revision of an edition was made from; undefined while it has none. */
async function presentBasis(manager: EntityManager, { translations }: StoryFacts, edition: string): Promise<SourceRevision[] | undefined> {
  const row = translations.get(edition)?.row;
  if (!row || row.publishedAt === null) return undefined;
  return manager.query<SourceRevision[]>(
    `select ${columnOf(manager, RevisionBasis, 'sourceEditionCode')} as edition, ${columnOf(manager, RevisionBasis, 'sourceNumber')} as revision
     from ${tableOf(manager, RevisionBasis)} where ${columnOf(manager, RevisionBasis, 'articleUuid')} = $1
       and ${columnOf(manager, RevisionBasis, 'editionCode')} = $2 and ${columnOf(manager, RevisionBasis, 'number')} = $3`,
    [row.articleUuid, edition, row.revision],
  );
}

/** Throws REVISION_MOVED_ON; null expects nothing. */
export function mustBeRevision({ translations }: StoryFacts, edition: string, expected: number | null): void {
  const revision = translations.get(edition)?.row.revision ?? 0;
  if (expected !== null && revision !== expected) throw new Refusal('REVISION_MOVED_ON', { revision });
}
