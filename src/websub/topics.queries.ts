import type { EntityManager } from 'typeorm';
import { columnsOf } from '../lib/load.js';
import type { EventRow } from '../publishing/event.js';
import { HubTopicRow } from './hub-topic.js';

/** How long after an event a feed is looked at that has the story only among other editions of its own: several events are one look. */
const besideMs = 1_000;

/**
 * Marks the topics that events may have changed: those of their editions at once, of which a retraction is for all; others a second later, for entries lead
 * to other editions. Whether a feed did change is seen when it is read.
 */
export async function markTopics(manager: EntityManager, events: readonly EventRow[], now: Date): Promise<void> {
  const isForAll = events.some(({ editionCode }) => editionCode === null);
  const editions = [...new Set(events.flatMap(({ editionCode }) => editionCode ?? []))];
  await manager.query(
    `update hub_topic t set due_at = least(coalesce(t.due_at, 'infinity'),
       case when $1::boolean or t.edition_code = any($2::text[]) then $3::timestamptz else $4::timestamptz end)`,
    [isForAll, editions, now, new Date(now.getTime() + besideMs)],
  );
}

/** What time it is by the one clock that all processes have. */
export async function databaseNow(manager: EntityManager): Promise<Date> {
  const [{ now }] = await manager.query<[{ now: Date }]>('select clock_timestamp()::timestamptz(3) as now');
  return now;
}

/** Takes the topic that has waited longest to be looked at; should this process end meanwhile, another takes it at `until`. */
export async function claimTopic(manager: EntityManager, now: Date, until: Date): Promise<HubTopicRow | undefined> {
  const [records] = await manager.query<[HubTopicRow[], number]>(
    `update hub_topic t set due_at = $2 where t.path = (select path from hub_topic where due_at <= $1 order by due_at limit 1 for update skip locked)
     returning ${columnsOf(manager, HubTopicRow, 't')}`,
    [now, until],
  );
  return records[0];
}

/** A claimed topic was looked at: it is again at `next`, if at all, unless something has happened meanwhile. */
export async function releaseTopic(
  manager: EntityManager,
  path: string,
  { until, next }: { until: Date; next: Date | null },
): Promise<void> {
  await manager.query('update hub_topic set due_at = $3 where path = $1 and due_at = $2', [path, until, next]);
}

/**
 * Notes what a topic was at a moment of the database’s clock, unless it was seen later than that already; where that is new, whoever has something else is to be sent it, with all its
 * attempts before it.
 */
export function noteContent(manager: EntityManager, path: string, { etag, at, now }: { etag: string; at: Date; now: Date }): Promise<void> {
  return manager.transaction(async (transaction) => {
    const [before] = await transaction.query<{ etag: string | null }[]>(
      'select etag from hub_topic where path = $1 and (looked_at is null or looked_at <= $2) for update',
      [path, at],
    );
    if (!before) return;
    await transaction.query('update hub_topic set etag = $2, looked_at = $3 where path = $1', [path, etag, at]);
    if (before.etag === etag) return;
    await transaction.query(
      'update hub_subscription set next_at = $3, attempts = 0 where topic_path = $1 and etag is distinct from $2 and lease_until > $3',
      [path, etag, now],
    );
  });
}

/** A topic that is for its subscribers no more: each is told that it is denied, and has no subscription. */
export function denyTopic(manager: EntityManager, path: string, { reason, now }: { reason: string; now: Date }): Promise<void> {
  return manager.transaction(async (transaction) => {
    await transaction.query(
      `insert into hub_intent (uuid, topic_path, callback, callback_host, mode, algorithm, granted_seconds, asked_by, reason, created_at, next_at)
       select uuid, topic_path, callback, callback_host, 'denied', algorithm, 0, 'the gateway', $2, $3, $3 from hub_subscription where topic_path = $1
       on conflict (topic_path, callback) do nothing`,
      [path, reason, now],
    );
    await transaction.query('delete from hub_subscription where topic_path = $1', [path]);
  });
}

/** Forgets what has run out: leases, intents that nobody could be asked about, topics that nobody wants. */
export async function tidyHub(manager: EntityManager, now: Date): Promise<void> {
  await manager.query('delete from hub_subscription where lease_until <= $1', [now]);
  await manager.query(`delete from hub_intent where created_at <= $1::timestamptz - interval '1 hour'`, [now]);
  await manager.query(
    `delete from hub_topic where path = any(array(select path from hub_topic t where not exists (select from hub_subscription s where s.topic_path = t.path)
       and not exists (select from hub_intent i where i.topic_path = t.path) for update skip locked))`,
  );
}
