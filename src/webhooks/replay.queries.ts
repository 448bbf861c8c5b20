import type { EntityManager } from 'typeorm';
import { asRow, columnsOf } from '../lib/load.js';
import { EventRow } from '../publishing/event.js';
import { wakeDeliverers } from './endpoint.queries.js';

/** Of which events deliveries are made again. */
export interface ReplayRange {
  from: Date;
  /** The first moment that is not in it. */
  to: Date;
}

/** Events of a range, in the order of the log, of which an endpoint has no delivery yet; by hand, because only those are looked at that it might be told of. */
export async function eventsWithoutDelivery(
  manager: EntityManager,
  { uuid, range, afterSeq, size }: { uuid: string; range: ReplayRange; afterSeq: string; size: number },
): Promise<EventRow[]> {
  const records = await manager.query<object[]>(
    `select ${columnsOf(manager, EventRow, 'e')} from event e
     where e.seq > $1 and e.at >= $2 and e.at < $3
       and not exists (select from delivery d where d.endpoint_uuid = $4 and d.message_id = e.uuid::text) order by e.seq limit $5`,
    [afterSeq, range.from, range.to, uuid, size],
  );
  return records.map((record) => asRow(EventRow, record));
}

/**
 * Has settled deliveries of events of a range sent again, or only those that were given up, as if they had never been tried: under the same ids, with bodies
 * of what stands then. Gives how many. What was made at `now` or later is not touched, and tests are not of the log.
 */
export async function resetSettled(
  manager: EntityManager,
  { uuid, range, onlyFailed, now }: { uuid: string; range: ReplayRange; onlyFailed: boolean; now: Date },
): Promise<number> {
  const [rows] = await manager.query<[unknown[], number]>(
    `update delivery d set state = 'PENDING', attempts = 0, next_at = $5, claimed_until = null, body = null, content_type = null, texts = null, written_at = null, settled_at = null
     from event e where d.endpoint_uuid = $1 and e.seq = d.event_seq and e.at >= $2 and e.at < $3 and d.created_at < $5
       and case when $4 then d.state = 'FAILED' else d.state <> 'PENDING' end returning d.id`,
    [uuid, range.from, range.to, onlyFailed, now],
  );
  if (rows.length > 0) await wakeDeliverers(manager);
  return rows.length;
}
