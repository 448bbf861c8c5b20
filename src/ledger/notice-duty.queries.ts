import type { EntityManager } from 'typeorm';
import { asRow, columnsOf, query, type Read } from '../lib/load.js';
import { NoticeDutyRow } from './notice-duty.js';

/** What some partners, or all (null), were told of changed notices, newest first. By hand: the order is not that of one column. */
export async function dutiesOf(read: Read, partners: readonly string[] | null): Promise<NoticeDutyRow[]> {
  const records = await query<object[]>(
    read,
    `select ${columnsOf(read.manager, NoticeDutyRow, 'd')} from notice_duty d where ($1::text[] is null or d.partner_code = any($1))
     order by d.told_at desc, d.partner_code collate "C", d.notice_code collate "C", d.notice_version desc`,
    [partners],
  );
  return records.map((record) => asRow(NoticeDutyRow, record));
}

/**
 * What all partners, or one, were told of changed notices, newest first, `most` of it. By hand, as above.
 */
export async function listDuties(
  read: Read,
  { partner, notice, open, most }: { partner: string | null; notice: string | null; open: boolean | null; most: number },
): Promise<NoticeDutyRow[]> {
  const records = await query<object[]>(
    read,
    `select ${columnsOf(read.manager, NoticeDutyRow, 'd')} from notice_duty d
     where ($1::text is null or d.partner_code = $1) and ($2::text is null or d.notice_code = $2)
       and ($3::boolean is null or (d.acknowledged_at is null) = $3)
     order by d.told_at desc, d.partner_code collate "C", d.notice_code collate "C", d.notice_version desc limit $4`,
    [partner, notice, open, most],
  );
  return records.map((record) => asRow(NoticeDutyRow, record));
}

/** Settles what a partner was told of a notice up to a version, and gives the last version it was told of; null for none. By hand: rows by what they are about. */
export async function acknowledgeDuties(
  manager: EntityManager,
  { partner, notice, version, by, at }: { partner: string; notice: string; version: number; by: string; at: Date },
): Promise<number | null> {
  const [{ last }] = await manager.query<[{ last: number | null }]>(
    'select max(notice_version) as last from notice_duty where partner_code = $1 and notice_code = $2 and notice_version <= $3',
    [partner, notice, version],
  );
  await manager.query(
    `update notice_duty set acknowledged_at = $4, acknowledged_by = $5
     where partner_code = $1 and notice_code = $2 and notice_version <= $3 and acknowledged_at is null`,
    [partner, notice, version, at, by],
  );
  return last;
}

/** How many are out of compliance. By hand: a figure for operators, counted in an index. */
export async function countOpenDuties(read: Read): Promise<number> {
  const [{ open }] = await query<[{ open: number }]>(
    read,
    'select count(*)::int as open from notice_duty where acknowledged_at is null',
    [],
  );
  return open;
}
