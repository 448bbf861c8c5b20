import type { EntityManager } from 'typeorm';
import { columnsOf } from '../lib/load.js';
import { HubSubscriptionRow } from './hub-subscription.js';
import type { HubTopicRow } from './hub-topic.js';
import { topicColumns } from './intents.queries.js';

/** A subscription that is to be sent its topic's content. */
export interface DueSubscription extends HubSubscriptionRow {
  topic: Pick<HubTopicRow, 'editionCode' | 'topicCode' | 'extension' | 'partnerCode'>;
  /** When the topic was last seen, by any process. */
  lookedAt: Date | null;
}

/** Takes subscriptions that are to be sent something now, for this process alone until `until`: those that take it, or those that have failed. */
export async function claimSubscriptions(
  manager: EntityManager,
  { now, until, most, failing }: { now: Date; until: Date; most: number; failing: boolean },
): Promise<DueSubscription[]> {
  const [records] = await manager.query<[DueSubscription[], number]>(
    `update hub_subscription s set claimed_until = $2 from hub_topic t where t.path = s.topic_path and s.uuid = any(array(
       select uuid from hub_subscription where next_at <= $1 and (claimed_until is null or claimed_until <= $1) and lease_until > $1
         and (failing_since is not null) = $4
       order by next_at limit $3 for update skip locked))
     returning ${columnsOf(manager, HubSubscriptionRow, 's')}, ${topicColumns} as topic, t.looked_at as "lookedAt"`,
    [now, until, most, failing],
  );
  return records;
}

/** It has the content of this ETag. Where there is something newer by now, that is sent at once. */
export async function settleSubscription(
  manager: EntityManager,
  uuid: string,
  { etag, status, now }: { etag: string; status: number | null; now: Date },
): Promise<void> {
  await manager.query(
    `update hub_subscription s set etag = $2, claimed_until = null, attempts = 0, failing_since = null, last_error = null,
       last_status = coalesce($3, s.last_status), next_at = case when t.etag is distinct from $2 then $4::timestamptz end
     from hub_topic t where t.path = s.topic_path and s.uuid = $1`,
    [uuid, etag, status, now],
  );
}

/** It could not be sent the content of this ETag: it is tried again at `nextAt`, if at all; where there is something newer, that at once. */
export async function postponeSubscription(
  manager: EntityManager,
  uuid: string,
  {
    etag,
    nextAt,
    status,
    error,
    now,
  }: { etag: string | null; nextAt: Date | null; status: number | null; error: string | null; now: Date },
): Promise<void> {
  await manager.query(
    `update hub_subscription s set claimed_until = null, failing_since = coalesce(s.failing_since, $6), last_status = $4, last_error = $5,
       attempts = case when t.etag is distinct from $2 and $2 is not null then 0 else s.attempts + 1 end,
       next_at = case when t.etag is distinct from $2 and $2 is not null then $6::timestamptz else $3::timestamptz end
     from hub_topic t where t.path = s.topic_path and s.uuid = $1`,
    [uuid, etag, nextAt, status, error, now],
  );
}

/** Its process gives it back untried. */
export async function returnSubscription(manager: EntityManager, uuid: string): Promise<void> {
  await manager.query('update hub_subscription set claimed_until = null where uuid = $1', [uuid]);
}

export async function endSubscription(manager: EntityManager, uuid: string): Promise<void> {
  await manager.query('delete from hub_subscription where uuid = $1', [uuid]);
}
