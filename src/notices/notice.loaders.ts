import { asRow, columnsOf, type Read, tableOf } from '../lib/load.js';
import { NoticeRow } from './notice.js';

/** All notices of the registry: few, and every answer needs to ask each of them. */
export async function loadNotices({ manager }: Pick<Read, 'manager'>): Promise<NoticeRow[]> {
  const records: object[] = await manager.query(`select ${columnsOf(manager, NoticeRow, 'n')} from ${tableOf(manager, NoticeRow)} n`);
  return records.map((record) => asRow(NoticeRow, record));
}
