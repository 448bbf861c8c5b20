import { aliased, asRow, columnsOf, type Read, tableOf } from '../lib/load.js';
import type { Named } from './named.js';

/** A whole register, ordered by code: registers are short, and lists of them are not paged. */
export async function allNamed<Row extends Named>({ manager }: Read, row: new () => Row): Promise<Row[]> {
  const records: object[] = await manager.query(
    `select ${columnsOf(manager, row, 'r')} from ${tableOf(manager, row)} r order by ${aliased<Named>(manager, row, 'r')('code')} collate "C"`,
  );
  return records.map((record) => asRow(row, record));
}
