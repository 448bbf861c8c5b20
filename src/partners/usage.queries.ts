import type { EntityManager } from 'typeorm';
import { insertRows } from '../lib/insert-rows.js';
import { asRow, query, type Read } from '../lib/load.js';
import { within } from '../lib/within.js';
import { PartnerUsage } from './usage.js';

const patienceMs = 5_000;

/** Adds to what partners have used, all of it in one statement or none. By hand: what others have counted is added to, not overwritten. */
export const addUsage = (manager: EntityManager, rows: readonly PartnerUsage[], signal?: AbortSignal): Promise<void> =>
  within(manager, { milliseconds: patienceMs, signal }, (own) =>
    insertRows(
      own,
      PartnerUsage,
      rows,
      `(partner_code, day, channel) do update set requests = t.requests + excluded.requests, not_modified = t.not_modified + excluded.not_modified,
         refused = t.refused + excluded.refused, items = t.items + excluded.items, bytes = t.bytes + excluded.bytes`,
    ),
  );

/** Forgets what was used before a day. By hand: a condition and nothing to read. */
export const forgetUsage = (manager: EntityManager, before: string, signal?: AbortSignal): Promise<void> =>
  within(manager, { milliseconds: patienceMs, signal }, (own) => own.query('delete from partner_usage where day < $1', [before]));

/** What partners have used since a day, the newest first. By hand: the driver would make times of days, and texts of whole numbers. */
export async function usageSince(read: Read, partners: readonly string[], since: string): Promise<PartnerUsage[]> {
  const records: object[] = await query(
    read,
    `select partner_code as "partnerCode", day::text as day, channel, requests::float8 as requests, not_modified::float8 as "notModified",
       refused::float8 as refused, items::float8 as items, bytes::float8 as bytes
     from partner_usage where partner_code = any($1) and day >= $2 order by day desc, channel`,
    [partners, since],
  );
  return records.map((record) => asRow(PartnerUsage, record));
}
