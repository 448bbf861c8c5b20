import { Parameters } from '../articles/article-conditions.queries.js';
import type { UrnParts } from '../articles/urn.js';
import { asRow, columnsOf, query, type Read } from '../lib/load.js';
import { counted, cursorOf, type Page, placeOf } from '../lib/relay.js';
import { AuditRow } from './audit.js';
import { articleOf } from './event-log.queries.js';

/** Which entries: all conditions hold. */
export interface AuditConditions {
  /** The URN of a story. */
  article?: string | null | undefined;
  edition?: string | null | undefined;
  /** The lasting id of a caller. */
  caller?: string | null | undefined;
  action?: string | null | undefined;
  from?: Date | null | undefined;
  until?: Date | null | undefined;
}

/** An entry of the audit with what names its story, and its place. */
export interface Audited {
  cursor: string;
  row: AuditRow;
  story: UrnParts | null;
}

/** A page of the audit, newest first. */
export interface AuditPage {
  items: Audited[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
}

const list = 'AUDIT';

/**
 * A page of the audit: all of it, or what was done in some editions and with stories whose home they are. By hand, because each edition is
 * read in order from an index of its own and cut to the page, in both ways it may concern somebody, before the page is made of all.
 * Throws INVALID_CURSOR, BAD_USER_INPUT for what is no story's URN.
 */
export async function readAudit(read: Read, whose: 'ALL' | readonly string[], conditions: AuditConditions, page: Page): Promise<AuditPage> {
  const parameters = new Parameters();
  const direction = page.backwards ? 'asc' : 'desc';
  const order = `order by at ${direction}, id ${direction} limit ${parameters.add(page.size + 1)}`;
  const holds = [...conditionsOf(conditions, parameters), ...boundsOf(page, parameters)];
  const branch = (more: readonly string[]): string =>
    `select at, id from audit where ${['true', ...more, ...holds].join(' and ')} ${order}`;
  const found = whose === 'ALL' ? branch([]) : inEditions(parameters.add(whose), branch);
  const { manager } = read;
  const records = await query<({ domain: string | null; issuedOn: string | null } & AuditRow)[]>(
    read,
    `select ${columnsOf(manager, AuditRow, 'e')}, a.domain, a.issued_on as "issuedOn"
     from (select at, id from (${found}) found ${order}) page join audit e on e.id = page.id left join article a on a.uuid = e.article_uuid
     order by page.at ${direction}, page.id ${direction}`,
    parameters.values,
  );
  const more = records.length > page.size;
  const items = records.slice(0, page.size).map(({ domain, issuedOn, ...record }) => {
    const row = asRow(AuditRow, record);
    const story = domain === null || issuedOn === null ? null : { domain, issuedOn, uuid: row.articleUuid! };
    return { row, story, cursor: cursorOf({ list, at: row.at, id: row.id }) };
  });
  if (page.backwards) items.reverse();
  return {
    items,
    hasNextPage: page.backwards ? page.before !== undefined : more,
    hasPreviousPage: page.backwards ? more : page.after !== undefined,
  };
}

/** What was done in editions, and with stories whose home they are; once where both is so. */
const inEditions = (codes: string, branch: (more: readonly string[]) => string): string =>
  ['edition_code', 'home_edition_code']
    .map((column) => `select f.at, f.id from unnest(${codes}::text[]) code cross join lateral (${branch([`${column} = code`])}) f`)
    .join(' union ');

function conditionsOf({ article, edition, caller, action, from, until }: AuditConditions, parameters: Parameters): string[] {
  const given: [unknown, (value: string) => string][] = [
    [article == null ? null : articleOf(article), (value) => `article_uuid = ${value}::uuid`],
    [edition, (value) => `edition_code = ${value}`],
    [caller, (value) => `caller_id = ${value}`],
    [action, (value) => `action = ${value}`],
    [from, (value) => `at >= ${value}::timestamptz`],
    [until, (value) => `at < ${value}::timestamptz`],
  ];
  return given.flatMap(([value, condition]) => (value == null ? [] : [condition(parameters.add(value))]));
}

/** Newest first: what comes behind a cursor is older. */
const boundsOf = ({ after, before }: Page, parameters: Parameters): string[] =>
  [after, before].flatMap((cursor, index) => {
    if (cursor === undefined) return [];
    const { at, id } = placeOf(cursor, list, counted);
    return [`(at, id) ${index === 0 ? '<' : '>'} (${parameters.add(at)}::timestamptz, ${parameters.add(id)}::bigint)`];
  });
