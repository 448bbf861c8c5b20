import type { EntityManager } from 'typeorm';
import { asRow, columnsOf } from '../lib/load.js';
import { EndpointRow } from './endpoint.js';

/** An endpoint with what planning asks of whose it is. */
export interface PlannedEndpoint {
  endpoint: EndpointRow;
  /** How much later than everybody its partner is told. */
  delaySeconds: number;
}

/**
 * The endpoints for which deliveries are planned: those at work and those that pause; with `uuids` only those, whatever their state. By hand: whether a partner is active, and its delay,
 * come with the same statement.
 */
export async function endpointsToPlan(manager: EntityManager, uuids?: readonly string[]): Promise<PlannedEndpoint[]> {
  const records = await manager.query<(EndpointRow & { delaySeconds: number })[]>(
    `select ${columnsOf(manager, EndpointRow, 'e')}, coalesce(p.delay_seconds, 0) as "delaySeconds"
     from endpoint e left join partner p on p.code = e.partner_code
     where (e.partner_code is null or p.active) and case when $1::uuid[] is null then e.state <> 'DISABLED' else e.uuid = any($1) end
     order by e.uuid`,
    [uuids ?? null],
  );
  return records.map(({ delaySeconds, ...record }) => ({ endpoint: asRow(EndpointRow, record), delaySeconds }));
}
