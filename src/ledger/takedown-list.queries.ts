import type { UrnParts } from '../articles/urn.js';
import { asRow, columnsOf, query, type Read } from '../lib/load.js';
import { type TakedownCauseRow, TakedownRow, type TakedownState } from './takedown.js';

/** Which orders: all conditions hold; null leaves one open. */
export interface TakedownConditions {
  /** Uuid of a story. */
  article: string | null;
  state: TakedownState | null;
  /** Open ones whose time has passed. */
  overdue: boolean;
}

/** A page of orders, newest first. */
export interface TakedownsPage extends TakedownConditions {
  after: { at: Date; uuid: string } | null;
  size: number;
}

/** An order with what it is about. */
export interface ListedTakedown {
  row: TakedownRow;
  cause: Pick<TakedownCauseRow, 'kind' | 'editionCode' | 'revision' | 'imageCode' | 'noticeCode' | 'noticeVersion'>;
  story: UrnParts;
  replacement: UrnParts | null;
}

type Record = TakedownRow & {
  cause: ListedTakedown['cause'];
  domain: string;
  issuedOn: string;
  replacement: UrnParts | null;
};

const listed = ({ cause, domain, issuedOn, replacement, ...record }: Record): ListedTakedown => ({
  ...{ row: asRow(TakedownRow, record), cause, replacement },
  story: { domain, issuedOn, uuid: record.articleUuid },
});

const about = `json_build_object('kind', c.kind, 'editionCode', c.edition_code, 'revision', c.revision, 'imageCode', c.image_code,
    'noticeCode', c.notice_code, 'noticeVersion', c.notice_version) as cause,
  a.domain, a.issued_on as "issuedOn",
  case when b.uuid is not null then json_build_object('uuid', b.uuid, 'domain', b.domain, 'issuedOn', b.issued_on) end as replacement`;
const joins = `join takedown_cause c on c.event_uuid = o.event_uuid join article a on a.uuid = o.article_uuid left join article b on b.uuid = c.replaced_by`;

/**
 * Orders to all partners (null), or to each of some, newest first. By hand: a page for each of many partners in one statement, each read from
 * its place in an index.
 */
export async function takedownsOf(read: Read, partners: readonly string[] | null, page: TakedownsPage): Promise<ListedTakedown[]> {
  const { article, state, overdue, after, size } = page;
  const values = [partners, article, state, overdue, read.now, after?.at ?? null, after?.uuid ?? null, size];
  const rows = (whose: string): string =>
    `select * from takedown_order where ${whose} and ($2::uuid is null or article_uuid = $2) and ($3::text is null or state = $3)
       and (not $4::boolean or (state = 'OPEN' and due_at <= $5::timestamptz)) and ($6::timestamptz is null or (opened_at, uuid) < ($6, $7::uuid))
     order by opened_at desc, uuid desc limit $8`;
  const from =
    partners === null
      ? `(${rows('$1::text[] is null')}) o`
      : `unnest($1::text[]) p (code) cross join lateral (${rows('partner_code = p.code')}) o`;
  const records = await query<Record[]>(
    read,
    `select ${columnsOf(read.manager, TakedownRow, 'o')}, ${about} from ${from} ${joins} order by o.opened_at desc, o.uuid desc`,
    values,
  );
  return records.map(listed);
}

/** One order; null for none. By hand, as above. */
export async function takedownOf(read: Omit<Read, 'now'>, uuid: string): Promise<ListedTakedown | null> {
  const [record] = await query<Record[]>(
    read,
    `select ${columnsOf(read.manager, TakedownRow, 'o')}, ${about} from takedown_order o ${joins} where o.uuid = $1::uuid`,
    [uuid],
  );
  return record ? listed(record) : null;
}

/** All orders about a story, oldest first. By hand, as above. */
export async function takedownsOfStory(read: Read, article: string): Promise<ListedTakedown[]> {
  const records = await query<Record[]>(
    read,
    `select ${columnsOf(read.manager, TakedownRow, 'o')}, ${about} from takedown_order o ${joins}
     where o.article_uuid = $1::uuid order by o.opened_at, o.partner_code collate "C", o.uuid`,
    [article],
  );
  return records.map(listed);
}

/** An open order of a partner about a text, as an entry of a feed names it. */
export interface OpenTakedown {
  article: string;
  edition: string;
  uuid: string;
  dueAt: Date;
}

/** Open orders of a partner about texts of some stories, the one that is due first of each text. By hand: each order names several texts. */
export const openTakedowns = (read: Read, partner: string, articles: readonly string[]): Promise<OpenTakedown[]> =>
  query(
    read,
    `select distinct on (o.article_uuid, t.edition) o.article_uuid as article, t.edition, o.uuid, o.due_at as "dueAt"
     from takedown_order o cross join lateral jsonb_to_recordset(o.texts) as t (edition text)
     where o.partner_code = $1 and o.article_uuid = any($2::uuid[]) and o.state = 'OPEN'
     order by o.article_uuid, t.edition, o.due_at, o.uuid`,
    [partner, articles],
  );

/** How many orders are open, and how many of them are late. By hand: figures for operators, counted in an index. */
export async function countTakedowns(read: Read): Promise<{ open: number; overdue: number }> {
  const [counts] = await query<[{ open: number; overdue: number }]>(
    read,
    `select count(*)::int as open, (count(*) filter (where due_at <= $1))::int as overdue from takedown_order where state = 'OPEN'`,
    [read.now],
  );
  return counts;
}
