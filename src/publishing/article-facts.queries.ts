import type { EntityManager } from 'typeorm';
import type { Article } from '../articles/article.js';
import { ArticleAgency, ArticlePerson, ArticlePlace, ArticleTopic } from '../articles/article-links.js';
import { insertRows } from '../lib/insert-rows.js';
import { tableOf } from '../lib/load.js';

/** What a story names of the registry, by codes in the desk's order. */
export type NamedFacts = Record<'topics' | 'people' | 'places' | 'agencies', string[]>;

const links = { topics: ArticleTopic, people: ArticlePerson, places: ArticlePlace, agencies: ArticleAgency };

/** The lists of what a story names. */
export const namedLists = Object.keys(links) as (keyof NamedFacts)[];

/** What a story names, and how often desks have changed its facts, from 1. By hand: four lists in one statement. */
export async function namedFacts(manager: EntityManager, uuid: string): Promise<NamedFacts & { version: number }> {
  const lists = Object.entries(links).map(
    ([name, row]) => `array(select l.code from ${tableOf(manager, row)} l where l.article_uuid = a.uuid order by l.position) as ${name}`,
  );
  const [found] = await manager.query<[NamedFacts & { version: number }]>(
    `select coalesce(a.version, 1) as version, ${lists.join(', ')} from article a where a.uuid = $1`,
    [uuid],
  );
  return found;
}

/** Puts codes in the place of those a story names in one list. By hand: what is gone is deleted by its story. */
export async function replaceNamed(
  manager: EntityManager,
  articleUuid: string,
  list: keyof NamedFacts,
  codes: readonly string[],
): Promise<void> {
  await manager.query(`delete from ${tableOf(manager, links[list])} where article_uuid = $1`, [articleUuid]);
  await insertRows<ArticleTopic>(
    manager,
    links[list],
    codes.map((code, position) => ({ articleUuid, code, position })),
  );
}

/** Stores a story's own facts under their next version. By hand: it changes some columns of a row that is there. */
export const storeFacts = (
  manager: EntityManager,
  { uuid, kind, urgency, imageCode, version }: Pick<Article, 'uuid' | 'kind' | 'urgency' | 'imageCode'> & { version: number },
): Promise<void> =>
  manager.query('update article set kind = $2, urgency = $3, image_code = $4, version = $5 where uuid = $1', [
    ...[uuid, kind, urgency, imageCode, version],
  ]);
