import type { EntityManager } from 'typeorm';
import { transactionWithin } from '../lib/within.js';
import type { EventKind } from './event.js';
import type { NewTimer } from './timers.js';

/** What is told of an event; it is given its id and, later, its number. */
export interface NewEvent {
  kind: EventKind;
  at: Date;
  articleUuid?: string | null;
  editionCode?: string | null;
  revision?: number | null;
  data?: Record<string, unknown>;
}

/**
 * Locks stories until the transaction ends. By hand, and the FIRST statement of every transaction that writes events: before it nothing
 * may be written, for then the order of events of one story is the order of their commits. In one order, so that writers never wait both ways.
 */
export async function lockArticles(manager: EntityManager, uuids: readonly string[]): Promise<void> {
  await manager.query(
    `select pg_advisory_xact_lock(key) from (select distinct hashtextextended(uuid, 0) as key from unnest($1::text[]) uuid order by key) keys`,
    [[...uuids]],
  );
}

/** Writes events in the transaction of what they tell. By hand, because the transaction's own number goes with each. */
export async function writeEvents(manager: EntityManager, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  await manager.query(
    `insert into outbox (transaction, uuid, kind, article_uuid, edition_code, revision, at, data)
     select pg_current_xact_id()::text::bigint, gen_random_uuid(), e.kind, e."articleUuid", e."editionCode", e.revision, e.at, coalesce(e.data, '{}')
     from rows from (json_to_recordset($1::json) as (kind text, "articleUuid" uuid, "editionCode" text, revision int, at timestamptz, data jsonb))
       with ordinality as e(kind, "articleUuid", "editionCode", revision, at, data, place)
     order by e.place`,
    [JSON.stringify(events)],
  );
}

/** Sets timers, or moves those of the same kind and key; a time of null takes one away. */
export async function setTimers(manager: EntityManager, timers: readonly NewTimer[]): Promise<void> {
  if (timers.length === 0) return;
  await manager.query(
    `with given as (
       select * from json_to_recordset($1::json) as t(kind text, key text, at timestamptz, "articleUuid" uuid, "editionCode" text)
     ), gone as (
       delete from timer t using given g where t.kind = g.kind and t.key = g.key and g.at is null
     )
     insert into timer (kind, key, at, article_uuid, edition_code) select kind, key, at, "articleUuid", "editionCode" from given where at is not null
     on conflict (kind, key) do update set at = excluded.at where timer.at <> excluded.at`,
    [JSON.stringify(timers)],
  );
}

/** Tells every process to forget what it keeps of a story, or of all (null), without waiting for the log. */
export async function dropFromCaches(manager: EntityManager, articleUuid: string | null, at: Date): Promise<void> {
  await manager.query('insert into cache_drop (article_uuid, at) values ($1, $2)', [articleUuid, at]);
  await manager.query(`notify dragoman_drop`);
}

// Any number but those of migrating and seeding: held by the process that numbers a batch, for as long as its transaction.
const relayLock = 7_236_015_023;

/**
 * Numbers up to `most` events that no unfinished transaction can come before, and gives how many; 0 also while another process does it.
 * By hand: below `pg_snapshot_xmin` every transaction has ended, so nothing can still appear among what is numbered here. An event whose
 * transaction this server has yet to reach came with a dump from another server, and waits for nobody.
 */
export function numberEvents(manager: EntityManager, most: number, signal?: AbortSignal): Promise<number> {
  return transactionWithin(manager, { milliseconds: 15_000, idleMilliseconds: 3_000, signal }, async (transaction) => {
    const [{ free }] = await transaction.query<[{ free: boolean }]>('select pg_try_advisory_xact_lock($1) as free', [relayLock]);
    if (!free) return 0;
    // A statement of its own: only what it sees from here on is behind the lock.
    const [{ numbered }] = await transaction.query<[{ numbered: number }]>(
      `with horizon as materialized (
         select pg_snapshot_xmin(seen)::text::bigint as below, pg_snapshot_xmax(seen)::text::bigint as beyond from pg_current_snapshot() seen
       ), ready as (
         delete from outbox where id in (
           select id from outbox, horizon where transaction < below or transaction >= beyond order by id limit $1
         ) returning *
       ), numbered as (
         insert into event (seq, uuid, kind, article_uuid, edition_code, revision, at, data)
         select (select coalesce(max(seq), 0) from event) + row_number() over (order by id), uuid, kind, article_uuid, edition_code, revision, at, data
         from ready returning 1
       ) select count(*)::int as numbered from numbered`,
      [most],
    );
    if (numbered > 0) await transaction.query('notify dragoman_event');
    return numbered;
  });
}
