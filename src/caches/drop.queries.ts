import type { EntityManager } from 'typeorm';
import { within } from '../lib/within.js';

const patience = { milliseconds: 5_000 };

/**
 * Takes upon this process what every cache must forget at once, and gives its ids: for four seconds, after which it is anybody's again. By hand, and
 * committed before the cache is asked: no transaction that has written waits for the outside, and of several processes one has each.
 */
export const claimDrops = (manager: EntityManager, most: number, signal: AbortSignal): Promise<string[]> =>
  within(manager, { ...patience, signal }, async (own) => {
    const claimed = await own.query<{ id: string }[]>(
      `with claimed as (
         update cache_drop set purge_at = clock_timestamp() + interval '4 seconds' where id in (
           select id from cache_drop where purge_at is not null and purge_at <= clock_timestamp() order by id limit $1 for update skip locked
         ) returning id
       ) select id from claimed`,
      [most],
    );
    return claimed.map(({ id }) => id);
  });

/** The cache cannot be told now: it is anybody's again in a second. */
export const putOffDrops = (manager: EntityManager, ids: readonly string[], signal: AbortSignal): Promise<void> =>
  within(manager, { ...patience, signal }, async (own) => {
    await own.query(`update cache_drop set purge_at = clock_timestamp() + interval '1 second' where id = any($1::bigint[])`, [ids]);
  });

/** The cache has forgotten it. */
export const settleDrops = (manager: EntityManager, ids: readonly string[], signal: AbortSignal): Promise<void> =>
  within(manager, { ...patience, signal }, async (own) => {
    await own.query('update cache_drop set purge_at = null where id = any($1::bigint[])', [ids]);
  });
