import { aliased, asRow, columnsOf, query, type Read, rowsAsOf } from '../lib/load.js';
import type { Named } from './named.js';

/** A whole register, ordered by code: registers are short, and lists of them are not paged. */
export async function allNamed<Row extends Named>(read: Read, row: new () => Row): Promise<Row[]> {
  const { manager } = read;
  const records: object[] = await query(
    read,
    `select ${columnsOf(manager, row, 'r')} from ${rowsAsOf(read, row)} r order by ${aliased<Named>(manager, row, 'r')('code')} collate "C"`,
  );
  return records.map((record) => asRow(row, record));
}
