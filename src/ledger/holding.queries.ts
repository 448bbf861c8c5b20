import type { EntityManager } from 'typeorm';
import { Article } from '../articles/article.js';
import type { UrnParts } from '../articles/urn.js';
import { insertRows } from '../lib/insert-rows.js';
import { columnsOf, query, type Read, tableOf } from '../lib/load.js';
import type { Partner } from '../rights/partner.js';
import { partnersNamed } from '../rights/partner.queries.js';
import type { GivenText, HoldingChannel } from './hold.js';
import { HoldingRow } from './holding.js';

/** The rows of what a partner was given at one moment. */
export const holdingRows = (
  { partner, channel, at }: { partner: string; channel: HoldingChannel; at: Date },
  texts: readonly GivenText[],
): HoldingRow[] =>
  texts.map(({ articleUuid, editionCode, revision, notices }) => ({
    ...{ partnerCode: partner, articleUuid, editionCode, revision, channel, firstAt: at, lastAt: at },
    notices: Object.fromEntries(notices.map(({ code, version }) => [code, version])),
  }));

/** The key of a holding, in the order in which rows are written. */
export const holdingKey = ({ partnerCode, articleUuid, editionCode, revision, channel }: HoldingRow): string =>
  [partnerCode, articleUuid, editionCode, revision, channel].join(' ');

/** Two notes of one key, whichever was made first. */
export function joined(one: HoldingRow, other: HoldingRow): HoldingRow {
  const [earlier, later] = one.lastAt <= other.lastAt ? [one, other] : [other, one];
  return { ...later, firstAt: new Date(Math.min(earlier.firstAt.getTime(), later.firstAt.getTime())) };
}

/**
 * Writes holdings down in one statement: over the manager of a transaction, with what else is settled in it. What is held already is touched
 * when it was given with other notices, or a minute later than last noted: who asks for the same texts all day costs little. By hand: what
 * others have noted is joined, and not overwritten.
 */
export function keepHoldings(manager: EntityManager, rows: readonly HoldingRow[]): Promise<void> {
  const byKey = new Map<string, HoldingRow>();
  for (const row of rows) {
    const before = byKey.get(holdingKey(row));
    byKey.set(holdingKey(row), before ? joined(before, row) : row);
  }
  return insertRows(
    manager,
    HoldingRow,
    // In one order everywhere, so that no process waits for another that waits for it.
    [...byKey.keys()].sort().map((key) => byKey.get(key)!),
    `(partner_code, article_uuid, edition_code, revision, channel) do update set first_at = least(t.first_at, excluded.first_at),
       last_at = greatest(t.last_at, excluded.last_at),
       notices = case when excluded.last_at >= t.last_at then excluded.notices else t.notices end
     where excluded.last_at >= t.last_at + interval '1 minute' or excluded.first_at < t.first_at
       or (excluded.last_at >= t.last_at and excluded.notices <> t.notices)`,
  );
}

/** A holding, and the story it is of. */
export type HeldText = HoldingRow & { story: UrnParts };

interface HeldRecord extends HoldingRow {
  domain: string;
  issuedOn: string;
}

const withStory = ({ domain, issuedOn, ...row }: HeldRecord): HeldText => ({ ...row, story: { domain, issuedOn, uuid: row.articleUuid } });

/** Which holdings of partners are asked for, and behind which place; `size` of each partner. */
export interface HoldingsPage {
  edition: string | null;
  article: string | null;
  after: Pick<HoldingRow, 'lastAt' | 'articleUuid' | 'editionCode' | 'revision' | 'channel'> | null;
  size: number;
}

/**
 * What some partners hold, what was given last at the end. By hand: a page for each of many partners in one statement, each read from its
 * place in the index `holding_followed`.
 */
export async function holdingsOf(
  read: Read,
  partners: readonly string[],
  { edition, article, after, size }: HoldingsPage,
): Promise<HeldText[]> {
  const { manager } = read;
  const values: unknown[] = [partners];
  const conditions = ['h.partner_code = p.code'];
  const value = (each: unknown): string => `$${values.push(each)}`;
  if (edition !== null) conditions.push(`h.edition_code = ${value(edition)}`);
  if (article !== null) conditions.push(`h.article_uuid = ${value(article)}::uuid`);
  if (after !== null) {
    const { lastAt, articleUuid, editionCode, revision, channel } = after;
    const place = [
      `${value(lastAt)}::timestamptz`,
      `${value(articleUuid)}::uuid`,
      value(editionCode),
      `${value(revision)}::int`,
      value(channel),
    ];
    conditions.push(`(${order('h')}) > (${place.join(', ')})`);
  }
  const records = await query<HeldRecord[]>(
    read,
    `select h.*, a.domain, a.issued_on "issuedOn" from unnest($1::text[]) with ordinality p (code, nth)
     cross join lateral (select ${columnsOf(manager, HoldingRow, 'h')} from ${tableOf(manager, HoldingRow)} h
       where ${conditions.join(' and ')} order by ${order('h')} limit ${value(size)}) h
     join ${tableOf(manager, Article)} a on a.uuid = h."articleUuid"
     order by p.nth, h."lastAt", h."articleUuid", h."editionCode", h.revision, h.channel`,
    values,
  );
  return records.map(withStory);
}

const order = (alias: string): string =>
  ['last_at', 'article_uuid', 'edition_code', 'revision', 'channel'].map((column) => `${alias}.${column}`).join(', ');

/** A partner, and what it holds of a text. */
export interface HolderOfText {
  partner: Partner;
  holdings: HeldText[];
}

/**
 * The partners that hold a text, or revisions of it below `olderThan`, by code, from behind one code on; of each all such holdings. By hand:
 * so many partners are counted out before their rows are read.
 */
export async function holdersOf(
  read: Read,
  {
    text,
    olderThan,
    after,
    size,
  }: { text: { articleUuid: string; editionCode: string }; olderThan: number | null; after: string; size: number },
): Promise<HolderOfText[]> {
  const { manager } = read;
  const held = `h.article_uuid = $1 and h.edition_code = $2 and ($3::int is null or h.revision < $3) and h.partner_code > $4`;
  const records = await query<HeldRecord[]>(
    read,
    `select ${columnsOf(manager, HoldingRow, 'h')}, a.domain, a.issued_on "issuedOn"
     from ${tableOf(manager, HoldingRow)} h join ${tableOf(manager, Article)} a on a.uuid = h.article_uuid
     where ${held} and h.partner_code in
       (select distinct h.partner_code from ${tableOf(manager, HoldingRow)} h where ${held} order by h.partner_code limit $5)
     order by h.partner_code, h.revision, h.channel`,
    [text.articleUuid, text.editionCode, olderThan, after, size],
  );
  const rows = records.map(withStory);
  const codes = [...new Set(rows.map(({ partnerCode }) => partnerCode))];
  const partners = codes.length === 0 ? [] : await partnersNamed(read, codes);
  return partners.map((partner) => ({ partner, holdings: rows.filter(({ partnerCode }) => partnerCode === partner.code) }));
}

/** A story's URN and home, whoever may see it; null where there is none. By hand: no loader gives what is not out, or was taken back. */
export async function storyNamed(read: Read, uuid: string): Promise<(UrnParts & { home: string }) | null> {
  const [story] = await query<(UrnParts & { home: string })[]>(
    read,
    `select a.uuid, a.domain, a.issued_on "issuedOn", a.home_edition_code "home" from ${tableOf(read.manager, Article)} a where a.uuid = $1`,
    [uuid],
  );
  return story ?? null;
}
