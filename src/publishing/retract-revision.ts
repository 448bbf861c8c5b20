import type { EntityManager } from 'typeorm';
import { slugOf } from '../articles/slug.js';
import { Significance } from '../articles/translation.js';
import { Refusal } from '../lib/errors.js';
import { mustStand } from './desk-text.js';
import { EventKind } from './event.js';
import { dropFromCaches, writeEvents } from './event.queries.js';
import { isRetracted, type RevisionKey, standingBefore } from './history.queries.js';
import { openedEvent, settledEvent } from './obligation-events.js';
import { openObligations, settleObligations } from './obligations.queries.js';
import { actionOf, type RetractionPlan } from './plan-retraction.js';
import { planRevision } from './plan-revision.js';
import { publish } from './publish.queries.js';
import { type PreviewRequest, planIn, previewIn, type RetractionAnswer, type RetractionRequest, stopWork, takeAway } from './retract.js';
import { isFreeSlug, restoreRevisionRow, storeTombstones } from './retract.queries.js';
import type { StoryFacts } from './story-facts.queries.js';
import type { WriteContext } from './write.js';
import { writeStory } from './write-story.js';

/** A single revision of an edition's text. */
export type RevisionRequest = RetractionRequest & { edition: string; revision: number };

/** What was taken back, beside the editions that the cascade reached. */
export interface RevisionAnswer extends RetractionAnswer {
  revision: number;
  /** The number of the revision that readers have since; null where they had a later one all the time. */
  present: number | null;
}

/**
 * Hides one revision from every path for good; a tombstone stays in its place. Where readers have it, they get the text of the latest one
 * before it that stands, as a new revision. Throws NOT_PUBLISHED, REVISION_UNKNOWN, IS_RETRACTED, NO_EARLIER_REVISION.
 */
export function retractRevision(context: WriteContext, request: RevisionRequest): Promise<RevisionAnswer> {
  const { articleUuid, edition, revision, kind, notes, cascade, idempotencyKey } = request;
  const { now } = context;
  return writeStory(context, {
    ...{ action: actionOf(request), articleUuid, edition, idempotencyKey, input: { revision, kind, notes, cascade } },
    work: async (manager, facts) => {
      const plan = await planIn(manager, request, facts, context.caller);
      const key = { articleUuid, editionCode: edition, number: revision };
      const isPresent = await mustStandAsRevision(manager, key, facts);
      // Before what follows from it: whatever reads below sees that it is gone.
      await storeTombstones(manager, [{ articleUuid, editionCode: edition, revision, kind, retractedAt: now, notes }]);
      await writeEvents(manager, [{ kind: EventKind.RETRACTED, at: now, articleUuid, editionCode: edition, revision, data: { kind } }]);
      const present = isPresent ? await giveBack(manager, key, facts, context) : null;
      // What was scheduled was written over the words that are gone.
      if (isPresent) await stopWork(manager, { articleUuid, editions: [edition] }, now);
      const editions = plan.editions ?? [];
      if (editions.length > 0) await takeAway(manager, { articleUuid, editions, kind, notes, now });
      await weighObligations(manager, facts, now);
      await dropFromCaches(manager, articleUuid, now);
      return { articleUuid, editions, left: plan.left, revision, present, kind };
    },
  });
}

/** What the retraction of a revision would touch, and which revision's text readers would have again. Throws as `retractRevision` does. */
export async function previewRevision(
  context: WriteContext,
  request: PreviewRequest & { edition: string; revision: number },
): Promise<RetractionPlan & { again: number | null }> {
  const { manager } = context.dataSource;
  const { facts, plan } = await previewIn(manager, request, context);
  const key = { articleUuid: request.articleUuid, editionCode: request.edition, number: request.revision };
  const isPresent = await mustStandAsRevision(manager, key, facts);
  return { ...plan, again: isPresent ? (await mustHaveBefore(manager, key)).number : null };
}

/** Whether readers have it now. Throws NOT_PUBLISHED, REVISION_UNKNOWN, IS_RETRACTED. */
async function mustStandAsRevision(manager: EntityManager, key: RevisionKey, facts: StoryFacts): Promise<boolean> {
  const { editionCode, number } = key;
  mustStand(facts, editionCode);
  const row = facts.translations.get(editionCode)?.row;
  if (!row || row.publishedAt === null) throw new Refusal('NOT_PUBLISHED', {});
  if (number < 1 || number > row.revision) throw new Refusal('REVISION_UNKNOWN', { revision: number });
  if (await isRetracted(manager, key)) throw new Refusal('IS_RETRACTED', {});
  return number === row.revision;
}

/** Throws NO_EARLIER_REVISION. */
async function mustHaveBefore(manager: EntityManager, key: RevisionKey) {
  const before = await standingBefore(manager, key);
  if (!before) throw new Refusal('NO_EARLIER_REVISION', {});
  return before;
}

/** Publishes the text before a revision anew, under the address it had, and gives its new number. */
async function giveBack(manager: EntityManager, key: RevisionKey, facts: StoryFacts, { now, caller }: WriteContext): Promise<number> {
  const { articleUuid, editionCode } = key;
  const { headline, dek, body, origin, tool, reviewer, basis, ...before } = await mustHaveBefore(manager, key);
  const slug = before.slug !== null && (await isFreeSlug(manager, key, before.slug)) ? before.slug : slugOf(headline, articleUuid);
  const { revision, ...publication } = planRevision(
    {
      ...{ articleUuid, editionCode, headline, dek, body, slug, significance: Significance.RETRACTION },
      ...{ origin, tool, reviewer, note: null, changeNote: null, basis, credits: null },
    },
    facts.translations.get(editionCode),
    // Even the same words again are another revision.
    { isOriginal: editionCode === facts.article.homeEditionCode, author: caller.name, now, sameBeside: false },
  );
  // The address that says what is gone is kept by nobody; one that earlier words had as well was kept when those were followed.
  await publish(manager, { ...publication, formerSlugs: [] }, now);
  return revision.number;
}

/** Opens and settles what is owed now: a correction that was taken back is owed by nobody, an older text may owe others. */
async function weighObligations(manager: EntityManager, { article: { uuid: articleUuid, urgency } }: StoryFacts, now: Date): Promise<void> {
  const opened = await openObligations(manager, { articleUuid, urgency, now });
  const settled = await settleObligations(manager, articleUuid, now);
  await writeEvents(manager, [...opened.map((each) => openedEvent(each, now)), ...settled.map((each) => settledEvent(each, now))]);
}

/** Lets a revision be read in the history again; what readers have stays. Throws REASON_REQUIRED, NOT_RETRACTED. */
export function restoreRevision(
  context: WriteContext,
  { articleUuid, edition, revision, reason, idempotencyKey }: Omit<RevisionRequest, 'kind' | 'notes' | 'cascade'> & { reason: string },
): Promise<RevisionAnswer> {
  const { now } = context;
  return writeStory(context, {
    ...{ action: 'RESTORE_REVISION', articleUuid, edition, input: { revision, reason }, idempotencyKey },
    work: async (manager, facts) => {
      if (reason.trim() === '') throw new Refusal('REASON_REQUIRED', {});
      const key = { articleUuid, editionCode: edition, number: revision };
      if (!(await isRetracted(manager, key))) throw new Refusal('NOT_RETRACTED', {});
      await restoreRevisionRow(manager, key, now);
      await writeEvents(manager, [{ kind: EventKind.RESTORED, at: now, articleUuid, editionCode: edition, revision, data: { reason } }]);
      await weighObligations(manager, facts, now);
      await dropFromCaches(manager, articleUuid, now);
      return { articleUuid, editions: [], left: [], revision, present: null, reason };
    },
  });
}
