import type { Editions } from '../editions/edition.loaders.js';
import type { LocalePlan } from '../editions/resolve-locale.js';
import { Refusal } from '../lib/errors.js';
import { asRow, columnsOf, instant, query, type Read, tableOf } from '../lib/load.js';
import { cursorOf, type Page, placeOf } from '../lib/relay.js';
import { clean } from '../lib/text.js';
import { Article } from './article.js';
import { conditionsOf, Parameters } from './article-conditions.queries.js';
import type { ArticleFilter, ArticleOrder } from './article-filter.js';
import { updatedAsOf } from './as-of.queries.js';
import { correctionOf, type ServedText } from './correction.js';
import { Revision, TranslationRow } from './translation.js';
import { Translation } from './translation.type.js';
import type { UrnParts } from './urn.js';
import { articleVisible, revisionRetracted, translationKnown, translationVisible } from './visible.js';

/** What a list is asked for. */
export interface ListRequest {
  plan: LocalePlan;
  filter: ArticleFilter;
  orderBy: ArticleOrder;
  /** Whether every text that the plan may serve is listed by itself, and not each story once as its best. */
  each?: boolean;
}

/** One page: what each story is served as, with its cursor, in the order asked for. */
export interface ListPage {
  items: { cursor: string; translation: Translation }[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  /** Where a look at the list ended before the page was full: what lies behind has not been looked at. */
  reached?: string | undefined;
}

/**
 * By hand, because a list is one statement: for each edition the plan may serve, the visible translations that no better edition of the plan
 * has, read in order from that edition's index and cut to the page; then the page of all of them with story and present revision. With `read.asOf` it is
 * in the order of then.
 */
export async function listArticles(read: Read, editions: Editions, request: ListRequest, page: Page): Promise<ListPage> {
  const { manager } = read;
  const key = request.orderBy.startsWith('UPDATED') ? 'updated_at' : 'published_at';
  const descending = request.orderBy.endsWith('DESC') !== page.backwards;
  const parameters = new Parameters();
  const bounds = [page.after, page.before].flatMap((cursor, index) => {
    if (cursor === undefined) return [];
    const { at, id } = placeOf(cursor, request.orderBy);
    const beyond = (index === 0) === request.orderBy.endsWith('DESC') ? '<' : '>';
    const place = `(${parameters.add(at)}::timestamptz, ${parameters.add(id)}::uuid)`;
    return [(by: string): string => `(${by}, t.article_uuid) ${beyond} ${place}`];
  });
  const direction = descending ? 'desc' : 'asc';
  const limit = parameters.add(page.size + 1);
  const sorted = (branch: string, { by, only }: SortKey): string =>
    `(select t.article_uuid, t.edition_code, ${by} as key ${[branch, ...only, ...bounds.map((bound) => bound(by))].join(' and ')} order by ${by} ${direction}, t.article_uuid ${direction} limit ${limit})`;
  const keys = keysOf(read, key);
  const branches = branchesOf(read, editions, request, parameters).flatMap((branch) => keys.map((each) => sorted(branch, each)));
  if (branches.length === 0) return { items: [], hasNextPage: false, hasPreviousPage: false };
  const records: Record<string, unknown>[] = await query(
    read,
    `select ${columnsOf(manager, Article, 'a', 'a_')}, ${columnsOf(manager, TranslationRow, 't', 't_')}, ${columnsOf(manager, Revision, 'r', 'r_')},
       ${correctionOf(manager, 'r')} as r_correction, p.key as p_key
     from (select * from (${branches.join(request.each ? ' union ' : ' union all ')}) u order by key ${direction}, article_uuid ${direction} limit ${limit}) p
     join ${tableOf(manager, Article)} a on a.uuid = p.article_uuid
     join ${tableOf(manager, TranslationRow)} t on t.article_uuid = p.article_uuid and t.edition_code = p.edition_code
     join ${tableOf(manager, Revision)} r on r.article_uuid = t.article_uuid and r.edition_code = t.edition_code and r.number = t.revision
     order by p.key ${direction}, p.article_uuid ${direction}`,
    parameters.values,
  );
  const more = records.length > page.size;
  const shown = records.slice(0, page.size);
  if (page.backwards) shown.reverse();
  return {
    items: shown.map((record) => {
      const translation = translationOf(record, editions);
      return { translation, cursor: cursorOf({ list: request.orderBy, at: record.p_key as Date, id: translation.article.uuid }) };
    }),
    // The spec lets the far side be told only where it is known: behind a cursor there is at least that item.
    hasNextPage: page.backwards ? page.before !== undefined : more,
    hasPreviousPage: page.backwards ? more : page.after !== undefined,
  };
}

/** What a branch of a list is sorted by, and which of its rows. */
interface SortKey {
  by: string;
  only: string[];
}

/** A text that has changed since `read.asOf` stands where it stood then; those that have not, the most by far, are read from the index. */
function keysOf({ asOf }: Read, key: 'updated_at' | 'published_at'): SortKey[] {
  if (!asOf || key === 'published_at') return [{ by: `t.${key}`, only: [] }];
  const then = updatedAsOf(asOf);
  return [
    { by: `t.${key}`, only: [`t.${key} <= ${instant(asOf)}`] },
    { by: then, only: [`t.${key} > ${instant(asOf)}`, `${then} is not null`] },
  ];
}

/** How many stories the whole list holds. By hand, because it counts the branches of the list. */
export async function countArticles(read: Read, editions: Editions, request: ListRequest): Promise<number> {
  const parameters = new Parameters();
  const branches = branchesOf(read, editions, request, parameters);
  if (branches.length === 0) return 0;
  const [{ total }] = await query<[{ total: number }]>(
    read,
    `select (${branches.map((branch) => `(select count(*) ${branch})`).join(' + ')})::int as total`,
    parameters.values,
  );
  return total;
}

/** A branch for each edition the plan may serve: `from … where …` over what only that edition gives. */
function branchesOf(read: Read, editions: Editions, { plan, filter, each }: ListRequest, parameters: Parameters): string[] {
  const at = parameters.add(read.now);
  const better: string[] = [];
  const updated = read.asOf
    ? `case when t.updated_at > ${instant(read.asOf)} then ${updatedAsOf(read.asOf)} else t.updated_at end`
    : 't.updated_at';
  return plan.steps.flatMap(({ edition }) => {
    if (edition === undefined) return [];
    const chosen = edition === null ? 't.is_original' : `t.edition_code = ${parameters.add(edition)}`;
    const none =
      better.length === 0 || each
        ? []
        : [
            `not exists (select from translation b where b.article_uuid = t.article_uuid and b.edition_code = any(${parameters.add([...better])}) and ${translationVisible('b', 'a', at, read)})`,
          ];
    if (edition !== null) better.push(edition);
    const searched = edition === null ? editions.active : [editions.of(edition)];
    const conditions = [
      chosen,
      translationVisible('t', 'a', at, read),
      ...none,
      ...conditionsOf(filter, { searched, now: at, updated }, parameters),
    ];
    return [`from translation t join article a on a.uuid = t.article_uuid where ${conditions.join(' and ')}`];
  });
}

function translationOf(record: Record<string, unknown>, editions: Editions): Translation {
  const [article, row, text] = [new Article(), new TranslationRow(), new Revision()];
  const parts = { a_: article, t_: row, r_: text, p_: {} } as unknown as Record<string, Record<string, unknown>>;
  for (const name of Object.keys(record)) parts[name.slice(0, 2)]![name.slice(2)] = record[name];
  const translation = new Translation(article, row, editions.of(row.editionCode));
  translation.text = text as ServedText;
  return translation;
}

/**
 * The story an address names, by present or former slug; `visible` is false for one that stays only as a tombstone. A former slug of nothing
 * but revisions that were taken back names none: it says their words.
 * By hand: the union prefers the present owner of a slug, if readers know it.
 */
export async function articleOfSlug(read: Read, edition: string, given: string): Promise<{ article: Article; visible: boolean } | null> {
  const { manager, now } = read;
  const slug = given.normalize('NFC');
  if (slug.length > 300) throw new Refusal('BAD_USER_INPUT', { detail: 'a slug has at most 300 characters' });
  // With characters that no stored text has it is nobody's; some of them PostgreSQL refuses to hear.
  if (slug !== clean(slug)) return null;
  const [found] = await query<({ visible: boolean } & Article)[]>(
    read,
    `select ${columnsOf(manager, Article, 'a')}, ${articleVisible('a', '$3', read)} as visible from (
       select article_uuid, 0 as rank from translation where edition_code = $1 and slug = $2
       union all select f.article_uuid, 1 from former_slug f where f.edition_code = $1 and f.slug = $2 and not coalesce(
         (select bool_and(${revisionRetracted('r')}) from revision r where r.article_uuid = f.article_uuid and r.edition_code = $1 and r.slug = $2), false)
     ) named
     join ${tableOf(manager, Article)} a on a.uuid = named.article_uuid
     join ${tableOf(manager, TranslationRow)} t on t.article_uuid = a.uuid and t.edition_code = $1
     where ${translationKnown('t', 'a', '$3', read)} order by named.rank limit 1`,
    [edition, slug, now],
  );
  if (!found) return null;
  const { visible, ...row } = found;
  return { article: asRow(Article, row), visible };
}

/**
 * What the URN of a story is made of whose tombstone may be seen; null when it was asked for through an edition of it that nobody could see.
 * By hand: the loader of stories gives only what is not retracted.
 */
export async function retractedStory(read: Read, uuid: string, edition: string | null): Promise<UrnParts | null> {
  const { manager, now } = read;
  const [found] = await query<UrnParts[]>(
    read,
    `select a.uuid, a.domain, a.issued_on "issuedOn" from ${tableOf(manager, Article)} a where a.uuid = $1 and ($2::text is null or exists (
       select from ${tableOf(manager, TranslationRow)} t where t.article_uuid = a.uuid and t.edition_code = $2 and ${translationKnown('t', 'a', '$3', read)}))`,
    [uuid, edition, now],
  );
  return found ?? null;
}
