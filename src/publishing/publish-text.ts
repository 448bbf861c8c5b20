import type { EntityManager } from 'typeorm';
import { Origin, Significance } from '../articles/translation.js';
import { Refusal } from '../lib/errors.js';
import { creditsDiffer, mustKnowParties, replaceCredits } from './credit.queries.js';
import { basisOf, type DeskText, type DeskTextMeaning, mustStand } from './desk-text.js';
import { DraftState } from './draft.js';
import { forgetDraft, storeClaim, storeDraft } from './draft.queries.js';
import { EventKind, type TimerRow } from './event.js';
import { dropFromCaches, writeEvents } from './event.queries.js';
import { openedEvent, settledEvent } from './obligation-events.js';
import { type OpenedObligation, openObligations, settleObligations } from './obligations.queries.js';
import { type NewText, planText } from './plan-revision.js';
import { publish, setPublished } from './publish.queries.js';
import { presentBasis, type StoryFacts, storyFacts } from './story-facts.queries.js';
import { passDue } from './timer-work.queries.js';
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

/** Publishes words directly over the present revision: a correction that readers are told of, or a fix that they need not notice. `asked` as in `saveDraft`. */
export function reviseText(
  context: WriteContext,
  {
    text,
    asked,
    meaning,
    expectedRevision,
    significance,
    ...named
  }: Named & {
    text: DeskText;
    asked: unknown;
    meaning: DeskTextMeaning;
    expectedRevision: number;
    significance: Significance.CORRECTION | Significance.MINOR;
  },
): Promise<PublicationAnswer> {
  return writeStory(context, {
    ...{ ...named, action: significance === Significance.MINOR ? 'EDIT_MINOR' : 'CORRECT', input: { asked, meaning, expectedRevision } },
    work: async (manager, facts) => {
      const { articleUuid, edition: editionCode } = named;
      mustStand(facts, editionCode);
      if ((facts.translations.get(editionCode)?.row.publishedAt ?? null) === null) throw new Refusal('NOT_PUBLISHED', {});
      mustBeRevision(facts, editionCode, expectedRevision);
      const basis = basisOf(meaning.basis, await presentBasis(manager, facts, editionCode), editionCode, facts);
      const { note = null, changeNote = null, tool = null, credits = null } = meaning;
      await mustKnowParties(manager, credits ?? []);
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
          credits,
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
  const slot = { articleUuid, editionCode };
  const sameCredits = text.credits === null || !(await creditsDiffer(manager, slot, text.credits));
  const kept = await presentBasis(manager, facts, editionCode);
  const { revision, ...publication } = planText(text, facts, kept, { author, now, sameCredits });
  await publish(manager, publication, now);
  if (text.credits !== null) await replaceCredits(manager, slot, text.credits, now);
  if (isOriginal && publishedAt === null) {
    await setPublished(manager, articleUuid, now);
  }
  await forgetDraft(manager, slot);
  if (facts.claims.has(editionCode)) {
    await storeClaim(manager, slot, null);
    await writeEvents(manager, [{ kind: EventKind.CLAIM_ENDED, at: now, ...slot }]);
  }
  const opened = await openObligations(manager, { articleUuid, urgency, now });
  const settled = await settleObligations(manager, articleUuid, now);
  if (settled.some((each) => each.editionCode === editionCode) && revision.significance !== Significance.CORRECTION)
    throw new Refusal('NOTE_REQUIRED', {});
  await writeEvents(manager, [...opened.map((each) => openedEvent(each, now)), ...settled.map((each) => settledEvent(each, now))]);
  // A notice comes or goes, here or with what was made from this.
  const notices = opened.length + settled.length > 0 || revision.significance === Significance.CORRECTION;
  if (notices) await dropFromCaches(manager, articleUuid, now);
  const mine = opened.filter((each) => each.sourceEditionCode === editionCode && each.sourceNumber === revision.number);
  return { ...slot, revision: revision.number, opened: mine.map(({ editionCode: owing, dueAt }) => ({ editionCode: owing, dueAt })) };
}

/**
 * Publishes a draft whose time has come, in the transaction that has locked its story. One that cannot be published any more goes back to
 * review, with its reason in its change note.
 */
export async function publishScheduled(manager: EntityManager, { articleUuid, editionCode }: TimerRow, now: Date): Promise<void> {
  if (articleUuid === null) return;
  // As before a desk's work: what has come to its time meanwhile is told first, and is no fact any more.
  await passDue(manager, [articleUuid], now);
  const facts = await storyFacts(manager, articleUuid);
  const draft = facts?.drafts.get(editionCode ?? '');
  if (!facts || draft?.scheduledFor == null || draft.scheduledFor > now) return;
  try {
    mustStand(facts, draft.editionCode);
    await manager.transaction((inner) => publishText(inner, draft, facts, { now, author: draft.author }));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await storeDraft(manager, {
      ...draft,
      state: DraftState.IN_REVIEW,
      scheduledFor: null,
      changeNote: error.code,
      version: draft.version + 1,
    });
  }
}

/** Throws REVISION_MOVED_ON; null expects nothing. */
export function mustBeRevision({ translations }: StoryFacts, edition: string, expected: number | null): void {
  const revision = translations.get(edition)?.row.revision ?? 0;
  if (expected !== null && revision !== expected) throw new Refusal('REVISION_MOVED_ON', { revision });
}
