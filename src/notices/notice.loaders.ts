import { aliased, asRow, columnsOf, instant, query, type Read, rowsAsOf } from '../lib/load.js';
import { NoticeRow } from './notice.js';

/** All notices of the registry: few, and every answer needs to ask each of them. As of an earlier moment, those there were. */
export async function loadNotices(read: Omit<Read, 'now'>): Promise<NoticeRow[]> {
  const { manager, asOf } = read;
  const known = asOf ? ` where ${aliased(manager, NoticeRow, 'n')('changedAt')} <= ${instant(asOf)}` : '';
  const records: object[] = await query(read, `select ${columnsOf(manager, NoticeRow, 'n')} from ${rowsAsOf(read, NoticeRow)} n${known}`);
  return records.map((record) => asRow(NoticeRow, record));
}
