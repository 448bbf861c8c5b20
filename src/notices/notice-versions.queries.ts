import { asRow, columnsOf, query, type Read, tableOf } from '../lib/load.js';
import { NoticeRow } from './notice.js';

/** A notice as it was, or is, and since when. */
export interface NoticeVersion {
  notice: NoticeRow;
  /** Since when the registry has said so. */
  since: Date;
  /** Whether it says so now. */
  present: boolean;
}

/** All that the registry has ever said in notices, which are few. By hand: what a notice was before stands as JSON among the former versions of everything. */
export async function noticeVersions(read: Omit<Read, 'now'>): Promise<NoticeVersion[]> {
  const { manager } = read;
  const columns = columnsOf(manager, NoticeRow, 'n', 'n_');
  const records: ({ since: Date; present: boolean } & Record<string, unknown>)[] = await query(
    read,
    `select ${columns}, n.changed_at as since, true as present from ${tableOf(manager, NoticeRow)} n
     union all
     select ${columns}, n.changed_at, false from former_version f, jsonb_populate_record(null::notice, f.row) n where f.kind = 'notice'`,
  );
  return records.map(({ since, present, ...columns }) => ({
    ...{ since, present },
    notice: asRow(NoticeRow, Object.fromEntries(Object.entries(columns).map(([name, value]) => [name.slice(2), value]))),
  }));
}
