import type { EntityManager } from 'typeorm';
import type { Article } from '../articles/article.js';
import { asRow, columnsOf, query, type Read } from '../lib/load.js';
import { transactionWithin } from '../lib/within.js';
import { type TimerKind, TimerRow } from './event.js';
import { lockArticles, setTimers } from './event.queries.js';
import { embargoTimer } from './timers.js';

/** What a timer does when its moment has come, in the transaction that takes it away; its story is locked. */
export type TimerWork = (manager: EntityManager, timer: TimerRow, now: Date) => Promise<void>;

/** Timers whose moment has come, in the order of their moments, behind one of them if given. */
export async function dueTimers(manager: EntityManager, now: Date, behind: TimerRow | undefined, most: number): Promise<TimerRow[]> {
  const records = await manager.query<object[]>(
    `select ${columnsOf(manager, TimerRow, 't')} from timer t
     where at <= $1 and ($2::timestamptz is null or (at, kind, key) > ($2, $3, $4)) order by at, kind, key limit $5`,
    [now, behind?.at ?? null, behind?.kind ?? null, behind?.key ?? null, most],
  );
  return records.map((record) => asRow(TimerRow, record));
}

/**
 * The next moment at which readers are answered otherwise by the clock alone, or by a draft that publishes itself; null for none. What is due
 * and not passed yet does not count: reads have gone past it. By hand: one look at an index.
 */
export async function nextBoundary(read: Read): Promise<Date | null> {
  const kinds: TimerKind[] = ['PUBLICATION', 'DRAFT', 'EMBARGO', 'EXPIRY', 'NOTICE_START', 'NOTICE_END'];
  const [next] = await query<{ at: Date }[]>(read, 'select at from timer where at > $1 and kind = any($2) order by at limit 1', [
    read.now,
    kinds,
  ]);
  return next?.at ?? null;
}

/** What is locked while a timer passes: its story, or the notice or entitlement it is for, by the name that whoever changes it locks. */
const lockOf = ({ articleUuid, kind, key }: TimerRow): string => articleUuid ?? `${kind.split('_')[0]!.toLowerCase()}:${key}`;

/**
 * Takes a timer away and does its work, if its moment still stands; whether it did. Of several that try, one does.
 * Throws the database's lock timeout where somebody holds the story for longer than a moment.
 */
export function passTimer(manager: EntityManager, due: TimerRow, now: Date, work: TimerWork, signal?: AbortSignal): Promise<boolean> {
  return transactionWithin(manager, { milliseconds: 30_000, idleMilliseconds: 3_000, signal }, async (transaction) => {
    await transaction.query(`set local lock_timeout = '250ms'`);
    await lockArticles(transaction, [lockOf(due)]);
    const [taken] = await takeTimers(transaction, 'kind = $2 and key = $3', now, [due.kind, due.key]);
    if (!taken) return false;
    await work(transaction, taken, now);
    return true;
  });
}

/** Takes away the timers of some stories whose moment has come, of the kinds given, and gives them in the order of their moments. */
export const takeTimersOf = (
  manager: EntityManager,
  articles: readonly string[],
  kinds: readonly TimerKind[],
  now: Date,
): Promise<TimerRow[]> => takeTimers(manager, 'article_uuid = any($2) and kind = any($3)', now, [articles, kinds]);

/** Takes away the timers of a notice whose moment has come, and gives them in the order of their moments. */
export const takeTimersOfNotice = (manager: EntityManager, code: string, now: Date): Promise<TimerRow[]> =>
  takeTimers(manager, `kind in ('NOTICE_START', 'NOTICE_END') and key = $2`, now, [code]);

async function takeTimers(manager: EntityManager, which: string, now: Date, values: readonly unknown[]): Promise<TimerRow[]> {
  const records = await manager.query<object[]>(
    `with taken as (delete from timer where at <= $1 and ${which} returning *)
     select ${columnsOf(manager, TimerRow, 'taken')} from taken order by at, kind, key`,
    [now, ...values],
  );
  return records.map((record) => asRow(TimerRow, record));
}

/** Sets the ends of embargoes as they are now; one that was to come and was moved into the past ends there. */
export async function setEmbargoTimers(
  manager: EntityManager,
  articles: readonly Pick<Article, 'uuid' | 'embargoUntil'>[],
  now: Date,
): Promise<void> {
  const under = articles.filter(({ embargoUntil }) => embargoUntil !== null);
  if (under.length === 0) return;
  await setTimers(
    manager,
    under.map((article) => embargoTimer(article, now)).filter(({ at }) => at !== null),
  );
  await manager.query(
    `update timer set at = given.at from json_to_recordset($1::json) as given(key text, at timestamptz)
     where kind = 'EMBARGO' and timer.key = given.key and timer.at > given.at`,
    [JSON.stringify(under.map(({ uuid, embargoUntil }) => ({ key: uuid, at: embargoUntil })))],
  );
}
