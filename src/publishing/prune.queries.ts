import type { EntityManager } from 'typeorm';
import { transactionWithin } from '../lib/within.js';

/** Forgets what is kept for a time only: answers under idempotency keys for seven days, drops from caches for one; at most `most` of each. */
export function prune(manager: EntityManager, now: Date, most: number, signal?: AbortSignal): Promise<void> {
  return transactionWithin(manager, { milliseconds: 15_000, idleMilliseconds: 3_000, signal }, async (transaction) => {
    await transaction.query(
      `delete from idempotency where ctid = any(array(
         select ctid from idempotency where at <= $1::timestamptz - interval '7 days' order by at limit $2 for update skip locked))`,
      [now, most],
    );
    await transaction.query(
      `delete from cache_drop where id in (select id from cache_drop where at <= $1::timestamptz - interval '1 day' order by id limit $2 for update skip locked)`,
      [now, most],
    );
  });
}
