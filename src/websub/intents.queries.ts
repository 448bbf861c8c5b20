import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { FeedName } from '../feeds/addresses.js';
import { columnsOf } from '../lib/load.js';
import { HubIntentRow } from './hub-intent.js';
import { HubTopicRow } from './hub-topic.js';
import { pathOf } from './topic-name.js';

/** An intent with what it is about. */
export interface DueIntent extends HubIntentRow {
  topic: Pick<HubTopicRow, 'editionCode' | 'topicCode' | 'extension' | 'partnerCode'>;
}

/** How many intents may wait to be verified, and how many subscriptions one host may have. */
export const intentLimits = { ofCaller: 50, ofHost: 20, all: 10_000, subscriptionsOfHost: 1_000 };

export type NewIntent = Pick<HubIntentRow, 'callback' | 'callbackHost' | 'mode' | 'secret' | 'algorithm' | 'grantedSeconds' | 'askedBy'>;

/**
 * Writes an intent down to be verified, in the place of an earlier one of the same subscriber; gives which limit is reached instead, if one is. The counts
 * need not be exact to one: they keep a flood from growing.
 */
export function acceptIntent(
  manager: EntityManager,
  { name, intent, now }: { name: FeedName; intent: NewIntent; now: Date },
): Promise<'ACCEPTED' | 'OWN_LIMIT' | 'FULL'> {
  return manager.transaction(async (transaction) => {
    const path = pathOf(name);
    const [counts] = await transaction.query<[{ own: number; host: number; all: number; kept: number }]>(
      `select (select count(*) from hub_intent where asked_by = $1)::int as own,
         (select count(*) from hub_intent where callback_host = $2)::int as host,
         (select count(*) from hub_intent)::int as "all",
         (select count(*) from hub_subscription where callback_host = $2)::int as kept`,
      [intent.askedBy, intent.callbackHost],
    );
    if (counts.all >= intentLimits.all) return 'FULL';
    const isNew = intent.mode === 'subscribe' && counts.kept >= intentLimits.subscriptionsOfHost;
    if (counts.own >= intentLimits.ofCaller || counts.host >= intentLimits.ofHost || isNew) return 'OWN_LIMIT';
    // Written again where it is there, so that it is not tidied away meanwhile.
    await transaction.query(
      `insert into hub_topic (path, edition_code, topic_code, extension, partner_code) values ($1, $2, $3, $4, $5)
       on conflict (path) do update set path = excluded.path`,
      [path, name.edition, name.topic ?? null, name.extension, name.partner ?? null],
    );
    await transaction.query(
      `insert into hub_intent (uuid, topic_path, callback, callback_host, mode, secret, algorithm, granted_seconds, asked_by, created_at, next_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
       on conflict (topic_path, callback) do update set (uuid, mode, secret, algorithm, granted_seconds, asked_by, created_at, next_at, claimed_until, attempts, reason)
         = (excluded.uuid, excluded.mode, excluded.secret, excluded.algorithm, excluded.granted_seconds, excluded.asked_by, excluded.created_at, excluded.next_at, null, 0, null)`,
      [
        ...[randomUUID(), path, intent.callback, intent.callbackHost, intent.mode, intent.secret],
        ...[intent.algorithm, intent.grantedSeconds, intent.askedBy, now],
      ],
    );
    return 'ACCEPTED';
  });
}

/** Takes what is to be asked about now, for this process alone until `until`. */
export async function claimIntents(
  manager: EntityManager,
  { now, until, most }: { now: Date; until: Date; most: number },
): Promise<DueIntent[]> {
  const [records] = await manager.query<[(HubIntentRow & { topic: DueIntent['topic'] })[], number]>(
    `update hub_intent i set claimed_until = $2 from hub_topic t where t.path = i.topic_path and i.uuid = any(array(
       select uuid from hub_intent where next_at <= $1 and (claimed_until is null or claimed_until <= $1)
       order by next_at limit $3 for update skip locked))
     returning ${columnsOf(manager, HubIntentRow, 'i')}, ${topicColumns} as topic`,
    [now, until, most],
  );
  return records;
}

/** What names a topic, as one value of a statement in which it is `t`. */
export const topicColumns = `json_build_object('editionCode', t.edition_code, 'topicCode', t.topic_code, 'extension', t.extension, 'partnerCode', t.partner_code)`;

/** Forgets an intent; gives whether it was still there, and not another in its place. */
export async function dropIntent(manager: EntityManager, uuid: string): Promise<boolean> {
  const [, count] = await manager.query<[unknown, number]>('delete from hub_intent where uuid = $1', [uuid]);
  return count > 0;
}

/** Asks about an intent again later. */
export async function postponeIntent(manager: EntityManager, uuid: string, nextAt: Date): Promise<void> {
  await manager.query('update hub_intent set next_at = $2, claimed_until = null, attempts = attempts + 1 where uuid = $1', [uuid, nextAt]);
}

/** A subscriber has said that it does want it: what it had goes on with its new lease and secret, and does not get again what it has. */
export function confirmSubscription(
  manager: EntityManager,
  intent: HubIntentRow,
  { etag, now }: { etag: string; now: Date },
): Promise<void> {
  return manager.transaction(async (transaction) => {
    if (!(await dropIntent(transaction, intent.uuid))) return;
    // Locked, so that whoever notes a new content either finds this subscription or is found here.
    const [topic] = await transaction.query<{ etag: string | null }[]>('select etag from hub_topic where path = $1 for update', [
      intent.topicPath,
    ]);
    await transaction.query(
      `insert into hub_subscription (uuid, topic_path, callback, callback_host, secret, algorithm, lease_until, created_at, etag, next_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       on conflict (topic_path, callback) do update set (secret, algorithm, lease_until) = (excluded.secret, excluded.algorithm, excluded.lease_until)`,
      [
        ...[randomUUID(), intent.topicPath, intent.callback, intent.callbackHost, intent.secret, intent.algorithm],
        ...[new Date(now.getTime() + intent.grantedSeconds * 1000), now, etag, topic?.etag === etag ? null : now],
      ],
    );
  });
}

/** A subscriber has said that it wants it no more. */
export function confirmEnd(manager: EntityManager, intent: HubIntentRow): Promise<void> {
  return manager.transaction(async (transaction) => {
    if (!(await dropIntent(transaction, intent.uuid))) return;
    await transaction.query('delete from hub_subscription where topic_path = $1 and callback = $2', [intent.topicPath, intent.callback]);
  });
}
