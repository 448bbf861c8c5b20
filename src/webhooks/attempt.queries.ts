import type { EntityManager } from 'typeorm';
import { asRow, columnsOf } from '../lib/load.js';
import { transactionWithin, within } from '../lib/within.js';
import { EventRow } from '../publishing/event.js';
import { type DeliveredText, DeliveryRow, type DeliveryState } from './delivery.js';
import { EndpointRow } from './endpoint.js';

const patience = { milliseconds: 10_000 };

/** A delivery that this process has taken upon itself. */
export interface Claimed {
  delivery: DeliveryRow;
  endpoint: EndpointRow;
  /** Null for a test. */
  event: EventRow | null;
}

/** How many may be taken: of endpoints that take what they are sent, and of those that do not. */
export interface Claim {
  now: Date;
  healthy: number;
  failing: number;
  /** For how long they are this process's. */
  claimMs: number;
  signal: AbortSignal;
}

// Any number but those of migrating, seeding and numbering: held by the process that claims.
const claimLock = 7_236_015_024;

/**
 * Takes upon this process what is due: of each endpoint and story only the oldest message that is not settled, of each endpoint no more than may be under way in all processes together, one
 * where it fails, and of all endpoints in turn. By hand: a lock keeps processes from counting at once, and the claim is committed before anything is sent, by
 * the database's clock, which all processes share; one that dies loses it by time.
 */
export async function claimDeliveries(manager: EntityManager, { now, healthy, failing, claimMs, signal }: Claim): Promise<Claimed[]> {
  const records = await transactionWithin(manager, { ...patience, idleMilliseconds: 3_000, signal }, async (transaction) => {
    await transaction.query('select pg_advisory_xact_lock($1)', [claimLock]);
    return transaction.query<Record<string, unknown>[]>(
      `with ready as (
         select e.uuid, e.failing_since is not null as fails,
           case when e.failing_since is null then e.concurrency else 1 end - (
             select count(*) from delivery c
             where c.endpoint_uuid = e.uuid and c.state = 'PENDING' and c.claimed_until is not null and c.claimed_until > clock_timestamp()) as free
         from endpoint e where e.state = 'ACTIVE' and (e.not_before is null or e.not_before <= $1)
       ), due as (
         select d.id, r.fails, row_number() over (partition by r.fails order by d.turn, d.next_at, d.id) as place
         from ready r cross join lateral (
           select d.id, d.next_at, row_number() over (order by d.next_at, d.id) as turn from delivery d
           where d.endpoint_uuid = r.uuid and d.state = 'PENDING' and d.next_at <= $1 and (d.claimed_until is null or d.claimed_until <= clock_timestamp())
             and not exists (
               select from delivery b where b.endpoint_uuid = d.endpoint_uuid and b.article_uuid = d.article_uuid and b.state = 'PENDING' and b.id < d.id)
           order by d.next_at, d.id limit greatest(r.free, 0)
         ) d
       ), claimed as (
         update delivery d set claimed_until = clock_timestamp() + $4::int * interval '1 millisecond'
         where d.id in (select id from due where place <= case when fails then $3::int else $2::int end) and d.state = 'PENDING' returning d.*
       )
       select ${columnsOf(transaction, DeliveryRow, 'd', 'd_')}, ${columnsOf(transaction, EndpointRow, 'e', 'e_')}, ${columnsOf(transaction, EventRow, 'v', 'v_')}
       from claimed d join endpoint e on e.uuid = d.endpoint_uuid left join event v on v.seq = d.event_seq order by d.id`,
      [now, healthy, failing, claimMs],
    );
  });
  return records.map((record) => ({
    delivery: asRow(DeliveryRow, part(record, 'd_')),
    endpoint: asRow(EndpointRow, part(record, 'e_')),
    event: record.v_seq === null ? null : asRow(EventRow, part(record, 'v_')),
  }));
}

const part = (record: Record<string, unknown>, prefix: string): object =>
  Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [])),
  );

/** A body as it is kept until its delivery is settled. */
export interface KeptBody {
  id: string;
  topic: string;
  bytes: Buffer;
  texts: readonly DeliveredText[];
  writtenAt: Date;
}

/** Keeps bodies before they are sent for the first time: whoever repeats them sends the same bytes. By hand: all of a round in one statement. */
export async function keepBodies(manager: EntityManager, bodies: readonly KeptBody[], signal: AbortSignal): Promise<void> {
  if (bodies.length === 0) return;
  const records = bodies.map(({ bytes, ...body }) => ({ ...body, bytes: bytes.toString('base64') }));
  await within(manager, { ...patience, signal }, async (own) => {
    await own.query(
      `update delivery d set topic = g.topic, body = decode(g.bytes, 'base64'), content_type = 'application/json', texts = g.texts, written_at = g."writtenAt"
       from json_to_recordset($1::json) as g(id bigint, topic text, bytes text, texts jsonb, "writtenAt" timestamptz)
       where d.id = g.id and d.state = 'PENDING'`,
      [JSON.stringify(records)],
    );
  });
}

/** What came of a delivery that was claimed; a body stays only while it is PENDING. */
export interface Settlement {
  id: string;
  state: DeliveryState;
  attempts: number;
  /** PENDING: when it is tried again. */
  nextAt: Date | null;
  at: Date;
  /** Null where nothing was sent. */
  attempt: { status: number | null; error: string | null; answer: string | null; latencyMs: number } | null;
}

/** What came of it for an endpoint, by the last of its attempts. */
export interface EndpointNews {
  uuid: string;
  took: boolean;
  at: Date;
  isGone: boolean;
  notBefore: Date | null;
}

/**
 * Writes down what came of attempts, and gives the endpoints that are disabled by it. By hand: all in one transaction of two statements. What waits behind an attempt that is to be repeated
 * waits as long, so that nobody looks through it meanwhile; endpoints are locked in one order.
 */
export function settleAttempts(
  manager: EntityManager,
  {
    settlements,
    endpoints,
    mostFailingMs,
  }: { settlements: readonly Settlement[]; endpoints: readonly EndpointNews[]; mostFailingMs: number },
): Promise<{ uuid: string; because: 'GONE' | 'FAILING' }[]> {
  return transactionWithin(manager, { ...patience, idleMilliseconds: 3_000 }, async (transaction) => {
    await transaction.query(
      `with given as (
         select * from json_to_recordset($1::json) as (id bigint, state text, attempts int, "nextAt" timestamptz, at timestamptz, attempt jsonb)
       ), put as (
         update delivery d set state = g.state, attempts = g.attempts, next_at = coalesce(g."nextAt", d.next_at), claimed_until = null,
           settled_at = case when g.state = 'PENDING' then null else g.at end, body = case when g.state = 'PENDING' then d.body end,
           last_attempt_at = case when g.attempt is null then d.last_attempt_at else g.at end,
           last_status = case when g.attempt is null then d.last_status else (g.attempt ->> 'status')::int end,
           last_error = case when g.attempt is null then d.last_error else g.attempt ->> 'error' end,
           last_answer = case when g.attempt is null then d.last_answer else g.attempt ->> 'answer' end,
           last_latency_ms = case when g.attempt is null then d.last_latency_ms else (g.attempt ->> 'latencyMs')::int end
         from given g where d.id = g.id and d.state = 'PENDING'
         returning d.id, d.endpoint_uuid, d.article_uuid, d.state, d.next_at
       )
       update delivery b set next_at = p.next_at from put p
       where p.state = 'PENDING' and b.endpoint_uuid = p.endpoint_uuid and b.article_uuid = p.article_uuid and b.state = 'PENDING' and b.id > p.id
         and b.next_at < p.next_at`,
      [JSON.stringify(settlements)],
    );
    if (endpoints.length === 0) return [];
    return transaction.query(
      `with given as (
         select * from json_to_recordset($1::json) as (uuid uuid, took boolean, at timestamptz, "isGone" boolean, "notBefore" timestamptz)
       ), locked as (
         select e.uuid from endpoint e join given g on g.uuid = e.uuid
         where not g.took or e.failing_since is not null or e.not_before is not null order by e.uuid for no key update of e
       ), put as (
         update endpoint e set failing_since = case when g.took then null else coalesce(e.failing_since, g.at) end,
           not_before = case when g.took then null else greatest(e.not_before, g."notBefore") end,
           state = case when x.because is null or e.state <> 'ACTIVE' then e.state else 'DISABLED' end,
           disabled_because = case when e.state = 'ACTIVE' then x.because else e.disabled_because end
         from given g cross join lateral (select case when g."isGone" then 'GONE'
           when not g.took and (select failing_since from endpoint f where f.uuid = g.uuid) <= g.at - $2::bigint * interval '1 millisecond' then 'FAILING' end as because) x
         where e.uuid = g.uuid and e.uuid in (select uuid from locked)
         returning e.uuid, e.state, x.because
       ) select uuid, because from put where state = 'DISABLED' and because is not null`,
      [JSON.stringify(endpoints), mostFailingMs],
    );
  });
}

/** Lets go of what was claimed and not tried: it is anybody's at once. By hand, as above. */
export const release = (manager: EntityManager, ids: readonly string[]): Promise<void> =>
  within(manager, patience, async (own) => {
    await own.query(`update delivery set claimed_until = null where id = any($1::bigint[]) and state = 'PENDING'`, [ids]);
  });

/** Forgets deliveries that were made before a moment, `most` at once, and gives how many. By hand: by the index of their times, past what another process has in hand. */
export async function forgetDeliveries(manager: EntityManager, { before, most }: { before: Date; most: number }): Promise<number> {
  const gone = await within(manager, patience, (own) =>
    own.query<object[]>(
      `with gone as (
         delete from delivery where id in (select id from delivery where created_at < $1 order by created_at limit $2 for update skip locked) returning id
       ) select id from gone`,
      [before, most],
    ),
  );
  return gone.length;
}
