import { asRow, columnsOf, query, type Read, tableOf } from '../lib/load.js';
import { Entitlement } from './entitlement.js';
import { Partner } from './partner.js';

/** A partner with its version; null when there is none. */
export async function findPartner(read: Omit<Read, 'now'>, code: string): Promise<Partner | null> {
  const [partner] = await partnersWhere(read, 'where p.code = $1', [code]);
  return partner ?? null;
}

/** Every partner with its version, ordered by code: partners are few. */
export const allPartners = (read: Read): Promise<Partner[]> => partnersWhere(read, 'order by p.code collate "C"', []);

/** Some partners with their versions, ordered by code. */
export const partnersNamed = (read: Omit<Read, 'now'>, codes: readonly string[]): Promise<Partner[]> =>
  partnersWhere(read, 'where p.code = any($1) order by p.code', [codes]);

async function partnersWhere(read: Omit<Read, 'now'>, condition: string, values: unknown[]): Promise<Partner[]> {
  const { manager } = read;
  // By hand, for the version, which other reads of kept rows leave out.
  const records: object[] = await query(
    read,
    `select ${columnsOf(manager, Partner, 'p')}, p.version from ${tableOf(manager, Partner)} p ${condition}`,
    values,
  );
  return records.map((record) => asRow(Partner, record));
}

/** All that partners have, had and will have, with versions; the earliest first. */
export async function entitlementsOf(read: Omit<Read, 'now'>, partners: readonly string[]): Promise<Entitlement[]> {
  const { manager } = read;
  const records: object[] = await query(
    read,
    `select ${columnsOf(manager, Entitlement, 'e')}, e.version from ${tableOf(manager, Entitlement)} e
     where e.partner_code = any($1) order by e.valid_from, e.uuid`,
    [partners],
  );
  return records.map((record) => asRow(Entitlement, record));
}

/** One entitlement with its version; null when there is none. */
export async function findEntitlement(read: Omit<Read, 'now'>, uuid: string): Promise<Entitlement | null> {
  const { manager } = read;
  const [record] = await query<object[]>(
    read,
    `select ${columnsOf(manager, Entitlement, 'e')}, e.version from ${tableOf(manager, Entitlement)} e where e.uuid = $1`,
    [uuid],
  );
  return record ? asRow(Entitlement, record) : null;
}
