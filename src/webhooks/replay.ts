import type { DataSource } from 'typeorm';
import { Refusal } from '../lib/errors.js';
import type { WriteContext } from '../publishing/write.js';
import type { EndpointRow } from './endpoint.js';
import { endpointsToPlan } from './endpoint-planning.queries.js';
import { answerOf, changeEndpoint, type EndpointAnswer, ownEndpoint } from './own-endpoint.js';
import { type Planning, planDeliveries } from './plan-deliveries.js';
import { eventsWithoutDelivery, type ReplayRange, resetSettled } from './replay.queries.js';

/** For how long what was told can be told again, in days. */
export const replayDays = 30;
const dayMs = 86_400_000;
// So many events are planned behind the lock of the endpoint, for which the numbering of the log may wait.
const batch = 500;

/** What is to be told again: all of a range, or all that an endpoint has not taken and can still have. */
export type ReplayWish = { from: Date; to: Date | null } | 'MISSING';

/** How many deliveries are to be made again, and how many are new. */
export interface Replayed {
  again: number;
  added: number;
}

/** The range of a wish, no earlier than can be told. Throws FIELD_REFUSED for one that is empty. */
export function rangeOf(wish: ReplayWish, { createdAt }: Pick<EndpointRow, 'createdAt'>, now: Date): ReplayRange {
  const earliest = now.getTime() - replayDays * dayMs;
  const [from, to] = wish === 'MISSING' ? [createdAt, now] : [wish.from, wish.to ?? now];
  const range = { from: new Date(Math.max(from.getTime(), earliest)), to };
  if (range.from >= to) throw new Refusal('FIELD_REFUSED', { field: 'from', detail: `expected a range of the last ${replayDays} days` });
  return range;
}

/** What replaying works with. */
export interface Replaying {
  dataSource: DataSource;
  sources: Planning['sources'];
  now: Date;
}

/**
 * Makes deliveries of the events of a range of which an endpoint has none, in transactions of their own: one that is given up has made some of them, and once
 * more makes the others. Gives how many.
 */
export async function addMissing(uuid: string, range: ReplayRange, { dataSource, sources, now }: Replaying): Promise<number> {
  let added = 0;
  for (let afterSeq = '0'; ; ) {
    const events = await eventsWithoutDelivery(dataSource.manager, { uuid, range, afterSeq, size: batch });
    if (events.length === 0) return added;
    afterSeq = events.at(-1)!.seq;
    added += await dataSource.transaction(async (manager) =>
      planDeliveries(manager, events, await endpointsToPlan(manager, [uuid]), { sources, now }),
    );
  }
}

/**
 * Has an endpoint told again what it was told, or what it missed, under the same ids. Throws FORBIDDEN, NOT_FOUND, FIELD_REFUSED and what `write`
 * throws.
 */
export async function replay(
  context: WriteContext,
  { uuid, wish, idempotencyKey, sources }: { uuid: string; wish: ReplayWish; idempotencyKey: string | null } & Pick<Replaying, 'sources'>,
): Promise<EndpointAnswer & Replayed> {
  const { dataSource, caller, now } = context;
  const range = rangeOf(wish, await ownEndpoint(dataSource.manager, caller, 'REPLAY_ENDPOINT', uuid), now);
  const added = await addMissing(uuid, range, { dataSource, sources, now });
  return changeEndpoint(context, {
    ...{ action: 'REPLAY_ENDPOINT', uuid, input: { wish }, idempotencyKey },
    work: async (manager, row) => ({
      ...answerOf(row),
      again: await resetSettled(manager, { uuid, range, onlyFailed: wish === 'MISSING', now }),
      added,
    }),
  });
}
