import { asRow, columnsOf, query, type Read, tableOf } from '../lib/load.js';
import { NoticeRow } from './notice.js';

/** All notices of the registry: few, and every answer needs to ask each of them. */
export async function loadNotices(read: Omit<Read, 'now'>): Promise<NoticeRow[]> {
  const { manager } = read;
  const records: object[] = await query(read, `select ${columnsOf(manager, NoticeRow, 'n')} from ${tableOf(manager, NoticeRow)} n`);
  return records.map((record) => asRow(NoticeRow, record));
}
