import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { type RetractionKind, TombstoneRow } from '../articles/tombstone.js';
import { Refusal } from '../lib/errors.js';
import { insertRows } from '../lib/insert-rows.js';
import { cancelWork } from './draft.queries.js';
import { EventKind } from './event.js';
import { dropFromCaches, writeEvents } from './event.queries.js';
import { openedEvent } from './obligation-events.js';
import { cancelObligations, openObligations } from './obligations.queries.js';
import { type CascadeName, planRetraction, type RetractionPlan } from './plan-retraction.js';
import { mustBeAllowed } from './policy.js';
import { forgetTombstone, setRetracted, untoldPublications } from './retract.queries.js';
import { sourcesOf } from './staleness.queries.js';
import { type StoryFacts, storyFacts } from './story-facts.queries.js';
import { type WriteContext, write } from './write.js';

/** What is to be taken back: a story (no edition) or one edition of it with what its cascade reaches. */
export interface RetractionRequest {
  articleUuid: string;
  edition: string | null;
  kind: RetractionKind;
  cascade: CascadeName;
  /** What readers are told, by language tag. */
  notes: Record<string, string>;
  idempotencyKey?: string | null | undefined;
}

/** What was taken back: all editions when `editions` is null. */
export interface RetractionAnswer {
  articleUuid: string;
  editions: string[] | null;
  left: string[];
}

/**
 * Takes a story, or editions of it, away from every reader at once; a tombstone stays. Schedules, claims and obligations of what is hidden
 * end. Throws STORY_UNKNOWN, FORBIDDEN, IS_RETRACTED, NOT_PUBLISHED for an edition the story does not have.
 */
export function retract(context: WriteContext, request: RetractionRequest): Promise<RetractionAnswer> {
  const { articleUuid, edition, kind, notes, cascade, idempotencyKey } = request;
  const { now } = context;
  return write(context, {
    ...{ action: edition === null ? 'RETRACT_STORY' : kind === 'WITHHOLD' ? 'WITHHOLD' : 'RETRACT_TRANSLATION', idempotencyKey },
    ...{ articles: [articleUuid], edition: edition ?? undefined, input: { kind, notes, cascade } },
    work: async (manager) => {
      const { facts, plan } = await previewIn(manager, request, context);
      const { editions } = plan;
      if (facts.article.retractedAt !== null || (edition !== null && facts.translations.get(edition)!.row.retractedAt !== null))
        throw new Refusal('IS_RETRACTED', {});
      await setRetracted(manager, { articleUuid, editions, at: now });
      const taken = editions ?? [null];
      await insertRows(
        manager,
        TombstoneRow,
        taken.map((editionCode) => ({ uuid: randomUUID(), articleUuid, editionCode, kind, retractedAt: now, notes })),
      );
      await cancelWork(manager, articleUuid, editions);
      await cancelObligations(manager, articleUuid, editions, now);
      await writeEvents(
        manager,
        taken.map((editionCode) => ({ kind: EventKind.RETRACTED, at: now, articleUuid, editionCode, data: { kind } })),
      );
      await dropFromCaches(manager, articleUuid, now);
      return { articleUuid, editions, left: plan.left };
    },
    places: ({ editions }) => (editions ?? [null]).map((each) => ({ articleUuid, edition: each })),
  });
}

/** What a retraction would touch, without doing it. Throws as `retract` does. */
export const previewRetraction = async (
  context: WriteContext,
  request: Omit<RetractionRequest, 'notes' | 'idempotencyKey'>,
): Promise<RetractionPlan> => (await previewIn(context.dataSource.manager, request, context)).plan;

async function previewIn(
  manager: EntityManager,
  { articleUuid, ...request }: Omit<RetractionRequest, 'notes' | 'idempotencyKey'>,
  { caller }: WriteContext,
): Promise<{ facts: StoryFacts; plan: RetractionPlan }> {
  const facts = await storyFacts(manager, articleUuid);
  if (!facts) throw new Refusal('STORY_UNKNOWN', {});
  const { edition } = request;
  const plan = planRetraction(request, facts, await sourcesOf(manager, articleUuid), caller);
  mustBeAllowed(caller, plan.action, { edition: edition ?? facts.article.homeEditionCode, home: facts.article.homeEditionCode });
  if (edition !== null && !facts.translations.has(edition)) throw new Refusal('NOT_PUBLISHED', {});
  return { facts, plan };
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
  const { caller, now } = context;
  const action = edition === null ? 'RESTORE_STORY' : 'RESTORE_TRANSLATION';
  return write(context, {
    ...{ action, articles: [articleUuid], edition: edition ?? undefined, input: { reason }, idempotencyKey },
    work: async (manager) => {
      const facts = await storyFacts(manager, articleUuid);
      if (!facts) throw new Refusal('STORY_UNKNOWN', {});
      const home = facts.article.homeEditionCode;
      mustBeAllowed(caller, action, { edition: edition ?? home, home });
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
      return { articleUuid, editions: edition === null ? null : [edition], left: [] };
    },
  });
}
