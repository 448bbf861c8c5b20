import type { EntityManager } from 'typeorm';
import { transactionWithin } from '../lib/within.js';
import { EventKind } from '../publishing/event.js';
import { lockArticles, writeEvents } from '../publishing/event.queries.js';
import { cancelGiven, openTakedowns } from './open-takedowns.js';
import { type TakedownCauseRow, TakedownReason } from './takedown.js';
import { dueLook, heldStories, holdCause, settleLook, storeDuties } from './takedown.queries.js';
import { lookAfter, lookAt } from './takedown-due.js';

/** What the sweep works with. */
export interface SweepOptions {
  manager: EntityManager;
  clock: () => Date;
  signal?: AbortSignal | undefined;
}

// In one transaction: so many locks, and numbering waits for no more.
const storiesAtOnce = 100;

/**
 * One step of what the ledger is looked at for: the stories of which a partner may have no more, or which carry a notice that has changed, some at a time; and once more, at growing
 * distances, each cause, for holdings that were written late. Whether there may be more to do at once. Several processes may sweep.
 */
export async function sweepTakedowns({ manager, clock, signal }: SweepOptions): Promise<boolean> {
  const now = clock();
  const due = await dueLook(manager, now);
  if (!due) return false;
  return transactionWithin(manager, { milliseconds: 60_000, idleMilliseconds: 3_000, signal }, async (transaction) => {
    const cause = await holdCause(transaction, due, now);
    // Somebody else is at it, and goes on with it.
    if (!cause) return false;
    await look(transaction, cause, now);
    return true;
  });
}

async function look(manager: EntityManager, found: TakedownCauseRow, now: Date): Promise<void> {
  const { articleUuid, noticeCode } = found;
  const isLong = articleUuid === null && found.kind !== 'CHANGED';
  const stories = isLong ? await heldStories(manager, found, storiesAtOnce) : [];
  const articles = articleUuid === null ? [...new Set(stories.map(({ article }) => article))] : [articleUuid];
  await lockArticles(manager, [...articles, ...(noticeCode === null ? [] : [`notice:${noticeCode}`])]);
  // Whoever had the stories may have undone it meanwhile.
  const cause = await holdCause(manager, found, now);
  if (!cause) return;
  // Once a look, at its beginning.
  if (noticeCode !== null && cause.placeArticle === null) await tellOfNotice(manager, cause, now);
  if (cause.reason === TakedownReason.ENDED && cause.partnerCode !== null) await cancelGiven(manager, articles, cause.partnerCode, now);
  await openTakedowns(manager, cause, articles, now);
  const last = stories.length < storiesAtOnce ? undefined : stories.at(-1)!;
  await settleLook(manager, cause, {
    ...{ placePartner: last?.partner ?? null, placeArticle: last?.article ?? null },
    ...(last ? { looks: cause.looks, lookAt: cause.lookAt } : nextLook(cause, now)),
  });
}

/** The look behind the present one; those whose time has passed while nobody looked were this one. */
function nextLook(cause: Pick<TakedownCauseRow, 'looks' | 'lookAt'>, now: Date): Pick<TakedownCauseRow, 'looks' | 'lookAt'> {
  const began = new Date(cause.lookAt!.getTime() - lookAfter(cause.looks)!);
  for (let looks = cause.looks + 1; ; looks++) {
    const at = lookAt(began, looks);
    if (at === null || at > now) return { looks, lookAt: at };
  }
}

/** Tells who holds texts with an earlier version of a notice, each once. */
async function tellOfNotice(manager: EntityManager, cause: TakedownCauseRow, now: Date): Promise<void> {
  const partners = await storeDuties(manager, cause, now);
  await writeEvents(
    manager,
    partners.map((partner) => ({
      ...{ kind: EventKind.NOTICE_CHANGED, at: now },
      data: { partner, notice: cause.noticeCode, version: cause.noticeVersion },
    })),
  );
}
