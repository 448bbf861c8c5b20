import type { EntityManager } from 'typeorm';
import type { WebhookTopic } from './webhook-topic.js';

/** A delivery before it has a number. */
export interface NewDelivery {
  endpointUuid: string;
  messageId: string;
  eventSeq: string | null;
  articleUuid: string | null;
  topic: WebhookTopic;
  nextAt: Date;
  createdAt: Date;
}

/**
 * Inserts deliveries in their order, each with the next number of its endpoint, and gives how many are new; what is there stays as it is. By hand: numbers without gaps are given in the
 * statement that makes the rows, behind the locks of their endpoints, taken in one order and kept to the commit, so that ids of one endpoint are in
 * the order of commits too.
 */
export async function insertDeliveries(manager: EntityManager, deliveries: readonly NewDelivery[]): Promise<number> {
  const uuids = [...new Set(deliveries.map(({ endpointUuid }) => endpointUuid))];
  await manager.query('select from endpoint where uuid = any($1) order by uuid for no key update', [uuids]);
  const [{ made }] = await manager.query<[{ made: number }]>(
    `with fresh as (
       select g.*, row_number() over (partition by g."endpointUuid" order by g.place) as number
       from rows from (json_to_recordset($1::json) as ("endpointUuid" uuid, "messageId" text, "eventSeq" bigint, "articleUuid" uuid, topic text,
         "nextAt" timestamptz, "createdAt" timestamptz))
         with ordinality as g("endpointUuid", "messageId", "eventSeq", "articleUuid", topic, "nextAt", "createdAt", place)
       where not exists (select from delivery d where d.endpoint_uuid = g."endpointUuid" and d.message_id = g."messageId")
     ), numbered as (
       update endpoint e set last_sequence = e.last_sequence + f.more
       from (select "endpointUuid", count(*) as more from fresh group by "endpointUuid") f
       where e.uuid = f."endpointUuid" returning e.uuid, e.last_sequence - f.more as before
     ), made as (
       insert into delivery (endpoint_uuid, message_id, event_seq, article_uuid, topic, sequence, state, next_at, created_at)
       select f."endpointUuid", f."messageId", f."eventSeq", f."articleUuid", f.topic, n.before + f.number, 'PENDING', f."nextAt", f."createdAt"
       from fresh f join numbered n on n.uuid = f."endpointUuid" order by f.place
       returning 1
     ) select count(*)::int as made from made`,
    [JSON.stringify(deliveries)],
  );
  if (made > 0) await manager.query('notify dragoman_delivery');
  return made;
}

/**
 * Gives up what retractions overtake: older deliveries of the same texts to the same endpoints that wait and are not under way. By hand: which texts a delivery is of, its
 * event says.
 */
export async function overtake(
  manager: EntityManager,
  { seqs, endpoints, now }: { seqs: readonly string[]; endpoints: readonly string[]; now: Date },
): Promise<void> {
  await manager.query(
    `update delivery d set state = 'SUPERSEDED', settled_at = $3, body = null, claimed_until = null
     from event r join delivery newer on newer.event_seq = r.seq, event e
     where r.seq = any($1::bigint[]) and newer.endpoint_uuid = any($2::uuid[])
       and d.endpoint_uuid = newer.endpoint_uuid and d.article_uuid = r.article_uuid and d.state = 'PENDING' and d.id < newer.id
       and e.seq = d.event_seq and (r.edition_code is null or e.edition_code = r.edition_code)
       and (d.claimed_until is null or d.claimed_until <= clock_timestamp())`,
    [seqs, endpoints, now],
  );
}
