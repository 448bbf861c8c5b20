import type { EntityManager } from 'typeorm';
import type { Article } from '../articles/article.js';
import type { TombstoneRow } from '../articles/tombstone.js';
import { Significance } from '../articles/translation.js';
import type { Values } from '../lib/insert-rows.js';
import { EventKind } from '../publishing/event.js';
import { dropFromCaches, writeEvents } from '../publishing/event.queries.js';
import { openedEvent, settledEvent } from '../publishing/obligation-events.js';
import { openObligations, settleObligations, storiesToReckon } from '../publishing/obligations.queries.js';
import { endAll } from '../publishing/retract.js';
import { insertTombstones } from '../publishing/retract.queries.js';
import { setEmbargoTimers } from '../publishing/timer.queries.js';
import type { StoryPlan } from './plan-story.js';
import { freshTombstones } from './story.queries.js';

/** The stories that were there before an import, by uuid. */
type Before = ReadonlyMap<string, Article>;

/** Sets when embargoes end, and tells the log of those that were set or moved; a story that was out is forgotten by every cache. */
export async function tellEmbargoes(manager: EntityManager, given: readonly Values<Article>[], before: Before, now: Date): Promise<void> {
  await setEmbargoTimers(manager, given, now);
  const inForce = (until: Date | null | undefined): boolean => until != null && until > now;
  // One that had ended long before it was imported tells nothing: nobody was kept from anything here.
  const changed = given.filter(({ uuid, embargoUntil }) => {
    const former = before.get(uuid)?.embargoUntil;
    return embargoUntil !== null && embargoUntil.getTime() !== former?.getTime() && (inForce(embargoUntil) || inForce(former));
  });
  await writeEvents(
    manager,
    changed.map(({ uuid, embargoUntil }) => ({ kind: EventKind.EMBARGO_SET, at: now, articleUuid: uuid, data: { until: embargoUntil } })),
  );
  for (const { uuid } of changed) {
    const former = before.get(uuid);
    if (former?.publishedAt && former.publishedAt <= now && !inForce(former.embargoUntil)) await dropFromCaches(manager, uuid, now);
  }
}

/** Stores what stays of stories and editions that are taken back, with an event for each that is new, and ends all work on it. */
export async function takeBack(manager: EntityManager, tombstones: readonly TombstoneRow[], before: Before, now: Date): Promise<void> {
  const fresh = await freshTombstones(manager, tombstones);
  await insertTombstones(manager, fresh);
  await writeEvents(
    manager,
    fresh.map(({ articleUuid, editionCode, kind, retractedAt }) => ({
      ...{ kind: EventKind.RETRACTED, at: retractedAt, articleUuid, editionCode, data: { kind } },
    })),
  );
  for (const { articleUuid, editionCode } of fresh)
    if (articleUuid !== null && before.has(articleUuid))
      await endAll(manager, { articleUuid, editions: editionCode === null ? null : [editionCode] }, now);
  for (const uuid of new Set(fresh.map((each) => each.articleUuid))) await dropFromCaches(manager, uuid, now);
}

/**
 * Opens what corrections that were written owe the readers of other editions, and settles what texts that were written took over. A story
 * whose notices change by it is forgotten by every cache.
 */
export async function reckonCorrections(manager: EntityManager, plans: readonly StoryPlan[], before: Before, now: Date): Promise<void> {
  const written = plans.filter(({ translations }) => translations.some(({ row }) => row !== undefined));
  const corrected = new Set(written.filter(hasCorrection).map(({ uuid }) => uuid));
  const concerned = written.map(({ uuid }) => uuid).filter((uuid) => before.has(uuid) || corrected.has(uuid));
  const stories = await storiesToReckon(manager, concerned, now);
  for (const { articleUuid, urgency } of stories) {
    const opened = await openObligations(manager, { articleUuid, urgency, now });
    const settled = await settleObligations(manager, articleUuid, now);
    await writeEvents(manager, [...opened.map((each) => openedEvent(each, now)), ...settled.map((each) => settledEvent(each, now))]);
  }
  for (const uuid of new Set([...corrected, ...stories.map(({ articleUuid }) => articleUuid)]))
    if (before.has(uuid)) await dropFromCaches(manager, uuid, now);
}

const hasCorrection = ({ translations }: StoryPlan): boolean =>
  translations.some(({ revisions }) => revisions.some(({ significance }) => significance === Significance.CORRECTION));
