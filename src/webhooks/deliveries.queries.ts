import { asRow, columnsOf, query, type Read, tableOf } from '../lib/load.js';
import { counted, cursorOf, type Page, placeOf } from '../lib/relay.js';
import { DeliveryRow, DeliveryState } from './delivery.js';

/** How many deliveries of an endpoint are in each state. */
export type StateCounts = Readonly<Record<DeliveryState, number>>;

/** A delivery without its body, with its place. */
export interface ListedDelivery {
  cursor: string;
  row: Omit<DeliveryRow, 'body' | 'texts'>;
}

const list = 'DELIVERIES';

/** Which deliveries: all conditions hold. */
export interface DeliveryConditions {
  endpoint?: string | null | undefined;
  partner?: string | null | undefined;
  state?: DeliveryState | null | undefined;
}

/**
 * Deliveries, the newest first. By hand: bodies are large and stay where they are, and a place is the number of the row alone, in whose order
 * they were made. Throws INVALID_CURSOR.
 */
export async function readDeliveries(
  read: Read,
  { endpoint, partner, state }: DeliveryConditions,
  page: Pick<Page, 'size' | 'after'>,
): Promise<{ items: ListedDelivery[]; hasNextPage: boolean }> {
  const { manager } = read;
  const after = page.after === undefined ? null : placeOf(page.after, list, counted).id;
  const columns = columnsOf(manager, DeliveryRow, 'd').replace('d."body"', 'null').replace('d."texts"', 'null');
  const records = await query<object[]>(
    read,
    `select ${columns} from ${tableOf(manager, DeliveryRow)} d
     where ($1::uuid is null or d.endpoint_uuid = $1) and ($2::text is null or d.endpoint_uuid in (select uuid from endpoint where partner_code = $2))
       and ($3::text is null or d.state = $3) and ($4::bigint is null or d.id < $4)
     order by d.id desc limit $5`,
    [endpoint ?? null, partner ?? null, state ?? null, after, page.size + 1],
  );
  const rows = records.slice(0, page.size).map((record) => asRow(DeliveryRow, record));
  return {
    items: rows.map((row) => ({ row, cursor: cursorOf({ list, at: row.createdAt, id: row.id }) })),
    hasNextPage: records.length > page.size,
  };
}

/** How many deliveries of each endpoint are in each state. */
export async function countDeliveries(read: Omit<Read, 'now'>, endpoints: readonly string[]): Promise<Map<string, StateCounts>> {
  const records = await query<{ endpoint: string; state: DeliveryState; count: number }[]>(
    read,
    `select endpoint_uuid as endpoint, state, count(*)::int as count from delivery where endpoint_uuid = any($1) group by endpoint_uuid, state`,
    [endpoints],
  );
  const none = Object.fromEntries(Object.values(DeliveryState).map((state) => [state, 0])) as StateCounts;
  const counts = new Map<string, StateCounts>(endpoints.map((uuid) => [uuid, none]));
  for (const { endpoint, state, count } of records) counts.set(endpoint, { ...counts.get(endpoint)!, [state]: count });
  return counts;
}
