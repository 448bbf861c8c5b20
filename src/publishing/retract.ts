import type { EntityManager } from 'typeorm';
import type { RetractionKind } from '../articles/tombstone.js';
import type { Caller } from '../desks/role.js';
import { Refusal } from '../lib/errors.js';
import { cancelWork } from './draft.queries.js';
import { EventKind } from './event.js';
import { dropFromCaches, writeEvents } from './event.queries.js';
import { cancelledEvent, openedEvent } from './obligation-events.js';
import { cancelObligations, openObligations } from './obligations.queries.js';
import { actionOf, type CascadeName, type MadeFrom, planRetraction, type RetractionPlan, type RetractionWish } from './plan-retraction.js';
import { mustBeAllowed, mustBeAllowedAnywhere } from './policy.js';
import { forgetTombstone, setRetracted, storeTombstones, untoldPublications } from './retract.queries.js';
import { draftsMadeFrom, madeFromRevision, sourcesOf } from './staleness.queries.js';
import { type StoryFacts, storyFacts } from './story-facts.queries.js';
import type { WriteContext } from './write.js';
import { writeStory } from './write-story.js';

/** What is to be taken back of a story: all of it (no edition), or one edition of it with what its cascade reaches. */
export interface RetractionRequest {
  articleUuid: string;
  edition: string | null;
  kind: RetractionKind;
  cascade: CascadeName;
  /** What readers are told, by language tag. */
  notes: Record<string, string>;
  /** With REPLACE: the story in its place. */
  replacedBy?: string | null | undefined;
  idempotencyKey?: string | null | undefined;
}

/** What was taken back of a story: all editions when `editions` is null. */
export interface RetractionAnswer extends ForAudit {
  articleUuid: string;
  editions: string[] | null;
  left: string[];
}

/** How something was taken back, or why it is back: for the audit, which tells what a mutation answered. */
export interface ForAudit {
  kind?: RetractionKind;
  reason?: string;
}

/** What a desk asks to know before it takes something back. */
export type PreviewRequest = Omit<RetractionRequest, 'notes' | 'replacedBy' | 'idempotencyKey'> & { revision: number | null };

/**
 * Takes a story, or editions of it, away from every reader at once; a tombstone stays. Schedules, claims and obligations of what is hidden
 * end. Throws STORY_UNKNOWN, also for what would replace it, FORBIDDEN, IS_RETRACTED, NOT_PUBLISHED for an edition the story does not have.
 */
export function retract(context: WriteContext, request: RetractionRequest): Promise<RetractionAnswer> {
  const { articleUuid, edition, kind, notes, cascade, replacedBy = null, idempotencyKey } = request;
  const { now } = context;
  return writeStory(context, {
    ...{ action: actionOf({ edition, revision: null, kind }), idempotencyKey },
    ...{ articleUuid, edition: edition ?? undefined, input: { kind, notes, cascade, ...(replacedBy !== null && { replacedBy }) } },
    work: async (manager, facts) => {
      const plan = await planIn(manager, { ...request, revision: null }, facts, context.caller);
      const { editions, left } = plan;
      if (facts.article.retractedAt !== null || (edition !== null && facts.translations.get(edition)!.row.retractedAt !== null))
        throw new Refusal('IS_RETRACTED', {});
      if (replacedBy !== null && !(await storyFacts(manager, replacedBy))) throw new Refusal('STORY_UNKNOWN', {});
      await takeAway(manager, { articleUuid, editions, kind, notes, replacedBy, now });
      await stopWork(manager, { articleUuid, editions: workOn(plan) }, now);
      await dropFromCaches(manager, articleUuid, now);
      return { articleUuid, editions, left, kind };
    },
    places: ({ editions }) => (editions ?? [null]).map((each) => ({ articleUuid, edition: each })),
  });
}

/** Editions that are working on what goes, or on what is made from it. */
export const workOn = ({ drafts, claims }: RetractionPlan): string[] => [...new Set([...drafts, ...claims])];

/** Hides a story (null), or editions of it, in the transaction that has locked it: tombstones and events, and the end of what they owe. */
export async function takeAway(
  manager: EntityManager,
  {
    articleUuid,
    editions,
    kind,
    notes,
    replacedBy,
    now,
  }: Pick<RetractionRequest, 'kind' | 'notes' | 'replacedBy'> & RetractionAnswerPart & { now: Date },
): Promise<void> {
  const taken = editions ?? [null];
  await setRetracted(manager, { articleUuid, editions, at: now });
  await storeTombstones(
    manager,
    taken.map((editionCode) => ({ articleUuid, editionCode, kind, retractedAt: now, notes, replacedBy: replacedBy ?? null })),
  );
  await writeEvents(
    manager,
    taken.map((editionCode) => ({ kind: EventKind.RETRACTED, at: now, articleUuid, editionCode, data: { kind } })),
  );
  await endAll(manager, { articleUuid, editions }, now);
}

/** Ends what was under way for a story (null), or editions of it, that nobody reads any more: schedules, claims and obligations; tells of the latter two. */
export async function endAll(manager: EntityManager, { articleUuid, editions }: RetractionAnswerPart, now: Date): Promise<void> {
  await stopWork(manager, { articleUuid, editions }, now);
  const cancelled = await cancelObligations(manager, articleUuid, editions, now);
  await writeEvents(
    manager,
    cancelled.map((each) => cancelledEvent(each, now)),
  );
}

/** Ends schedules and claims of a story (null), or of editions of it, and tells of the claims. */
export async function stopWork(manager: EntityManager, { articleUuid, editions }: RetractionAnswerPart, now: Date): Promise<void> {
  const ended = await cancelWork(manager, articleUuid, editions);
  await writeEvents(
    manager,
    ended.map((editionCode) => ({ kind: EventKind.CLAIM_ENDED, at: now, articleUuid, editionCode })),
  );
}

type RetractionAnswerPart = Pick<RetractionAnswer, 'articleUuid' | 'editions'>;

/** What a retraction would touch, without doing it. Throws as `retract` and `retractRevision` do. */
export const previewRetraction = async (context: WriteContext, request: PreviewRequest): Promise<RetractionPlan> =>
  (await previewIn(context.dataSource.manager, request, context)).plan;

/** The story as it stands, and what a retraction touches of it. Throws STORY_UNKNOWN, FORBIDDEN, NOT_PUBLISHED. */
export async function previewIn(
  manager: EntityManager,
  { articleUuid, ...wish }: PreviewRequest,
  { caller }: WriteContext,
): Promise<{ facts: StoryFacts; plan: RetractionPlan }> {
  const { edition } = wish;
  mustBeAllowedAnywhere(caller, actionOf(wish), edition ?? undefined);
  const facts = await storyFacts(manager, articleUuid);
  if (!facts) throw new Refusal('STORY_UNKNOWN', {});
  const home = facts.article.homeEditionCode;
  mustBeAllowed(caller, actionOf(wish), { edition: edition ?? home, home });
  return { facts, plan: await planIn(manager, wish, facts, caller) };
}

/** What a retraction touches of a story that was read. Throws NOT_PUBLISHED for an edition it does not have. */
export async function planIn(manager: EntityManager, wish: RetractionWish, facts: StoryFacts, caller: Caller): Promise<RetractionPlan> {
  if (wish.edition !== null && !facts.translations.has(wish.edition)) throw new Refusal('NOT_PUBLISHED', {});
  return planRetraction(wish, facts, await madeFrom(manager, facts.article.uuid, wish), caller);
}

async function madeFrom(manager: EntityManager, articleUuid: string, { edition, revision }: RetractionWish): Promise<MadeFrom> {
  if (edition === null) return { derived: new Set(), begun: new Set() };
  const begun = await draftsMadeFrom(manager, { articleUuid, editionCode: edition, number: revision });
  if (revision !== null)
    return { derived: await madeFromRevision(manager, { articleUuid, editionCode: edition, number: revision }), begun };
  const sources = await sourcesOf(manager, articleUuid);
  return { derived: new Set(sources.filter((each) => each.sourceEditionCode === edition).map((each) => each.editionCode)), begun };
}

/**
 * Brings back what was taken back, as it was; what came to its time meanwhile is told now. Throws REASON_REQUIRED, NOT_RETRACTED, STORY_UNKNOWN, FORBIDDEN.
 */
export function restore(
  context: WriteContext,
  {
    articleUuid,
    edition,
    reason,
    idempotencyKey,
  }: Pick<RetractionRequest, 'articleUuid' | 'edition' | 'idempotencyKey'> & { reason: string },
): Promise<RetractionAnswer> {
  const { now } = context;
  const action = edition === null ? 'RESTORE_STORY' : 'RESTORE_TRANSLATION';
  return writeStory(context, {
    ...{ action, articleUuid, edition: edition ?? undefined, input: { reason }, idempotencyKey },
    work: async (manager, facts) => {
      if (reason.trim() === '') throw new Refusal('REASON_REQUIRED', {});
      const since = edition === null ? facts.article.retractedAt : (facts.translations.get(edition)?.row.retractedAt ?? null);
      if (since === null) throw new Refusal('NOT_RETRACTED', {});
      await setRetracted(manager, { articleUuid, editions: edition === null ? null : [edition], at: null });
      await forgetTombstone(manager, articleUuid, edition);
      const opened = await openObligations(manager, { articleUuid, urgency: facts.article.urgency, now });
      const published = await untoldPublications(manager, articleUuid, now);
      const { embargoUntil } = facts.article;
      const lifted = edition === null && embargoUntil !== null && embargoUntil > since && embargoUntil <= now;
      await writeEvents(manager, [
        { kind: EventKind.RESTORED, at: now, articleUuid, editionCode: edition, data: { reason } },
        ...published.map((each) => ({ kind: EventKind.PUBLISHED, at: now, articleUuid, ...each })),
        ...(lifted ? [{ kind: EventKind.EMBARGO_LIFTED, at: now, articleUuid }] : []),
        ...opened.map((obligation) => openedEvent(obligation, now)),
      ]);
      await dropFromCaches(manager, articleUuid, now);
      return { articleUuid, editions: edition === null ? null : [edition], left: [], reason };
    },
  });
}
