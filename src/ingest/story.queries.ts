import type { EntityManager } from 'typeorm';
import { Article } from '../articles/article.js';
import type { FormerSlug, TranslationRow } from '../articles/translation.js';
import { columnOf, columnsOf, tableOf } from '../lib/load.js';
import { insertRows, type Values } from './insert-rows.js';

/** A translation as it is to be stored; the database makes its search columns from the two texts. */
export interface TranslationText extends Omit<TranslationRow, 'search' | 'fold'> {
  /** Headline and dek. */
  head: string;
  /** The words of the body. */
  text: string;
}

/** What is there already of a translation. */
export interface StoredTranslation extends Omit<TranslationRow, 'isOriginal' | 'search' | 'fold'> {
  /** Of its present revision. */
  contentHash: string;
}

/**
 * Inserts stories, and locks those that are there until the transaction ends. One that is there is only ever completed: a draft gets its
 * publication, a story its retraction, a given embargo replaces the former one; nothing is taken back.
 */
export const upsertArticles = (manager: EntityManager, articles: readonly Values<Article>[]): Promise<void> =>
  insertRows(
    manager,
    Article,
    // In one order for every writer, so that two imports wait for each other and never both ways.
    [...articles].sort((a, b) => (a.uuid < b.uuid ? -1 : 1)),
    `(uuid) do update set
       published_at = coalesce(t.published_at, excluded.published_at),
       embargo_until = coalesce(excluded.embargo_until, t.embargo_until),
       retracted_at = coalesce(t.retracted_at, excluded.retracted_at)
     where (t.published_at is null and excluded.published_at is not null)
        or (excluded.embargo_until is not null and excluded.embargo_until is distinct from t.embargo_until)
        or (t.retracted_at is null and excluded.retracted_at is not null)`,
  );

/** The rows of the stories that are there. */
export const storedArticles = (manager: EntityManager, uuids: readonly string[]): Promise<Article[]> =>
  manager.query(
    `select ${columnsOf(manager, Article, 'a')} from ${tableOf(manager, Article)} a where a.${columnOf(manager, Article, 'uuid')} = any($1::uuid[])`,
    [uuids],
  );

/** The translations that are there of some stories, each with the hash of its present text. */
export const storedTranslations = (manager: EntityManager, uuids: readonly string[]): Promise<StoredTranslation[]> =>
  // By hand, because row and present revision come in one statement and the body stays where it is.
  manager.query(
    `select t.article_uuid as "articleUuid", t.edition_code as "editionCode", t.revision, t.slug, t.published_at as "publishedAt",
            t.updated_at as "updatedAt", t.retracted_at as "retractedAt", r.content_hash as "contentHash"
     from translation t join revision r on r.article_uuid = t.article_uuid and r.edition_code = t.edition_code and r.number = t.revision
     where t.article_uuid = any($1::uuid[])`,
    [uuids],
  );

/** Inserts translations, or brings those that are there to what is given. */
export async function upsertTranslations(manager: EntityManager, translations: readonly TranslationText[]): Promise<void> {
  if (translations.length === 0) return;
  // By hand, because the search columns are computed by PostgreSQL with the edition's own configuration. The join is an outer one so that
  // an unknown edition meets its foreign key instead of vanishing.
  await manager.query(
    `insert into translation (article_uuid, edition_code, is_original, revision, slug, published_at, updated_at, retracted_at, search, fold)
     select r."articleUuid", r."editionCode", r."isOriginal", r.revision, r.slug, r."publishedAt", r."updatedAt", r."retractedAt",
            to_tsvector(coalesce(e.search_config, 'simple')::regconfig, searched(r.head || ' ' || r.text)), fold(r.head)
     from json_to_recordset($1::json) as r("articleUuid" uuid, "editionCode" text, "isOriginal" boolean, revision int, slug text,
          "publishedAt" timestamptz, "updatedAt" timestamptz, "retractedAt" timestamptz, head text, text text)
     left join edition e on e.code = r."editionCode"
     on conflict (article_uuid, edition_code) do update set revision = excluded.revision, slug = excluded.slug,
       published_at = excluded.published_at, updated_at = excluded.updated_at, retracted_at = excluded.retracted_at, search = excluded.search, fold = excluded.fold`,
    [JSON.stringify(translations)],
  );
}

/** Keeps former slugs. By hand, because a slug that is another story's must fail, and the same one again must not. */
export async function insertFormerSlugs(manager: EntityManager, slugs: readonly FormerSlug[]): Promise<void> {
  if (slugs.length === 0) return;
  await manager.query(
    `insert into former_slug (edition_code, slug, article_uuid)
     select distinct r."editionCode", r.slug, r."articleUuid"
     from json_to_recordset($1::json) as r("editionCode" text, slug text, "articleUuid" uuid)
     where not exists (select from former_slug f where f.edition_code = r."editionCode" and f.slug = r.slug and f.article_uuid = r."articleUuid")`,
    [JSON.stringify(slugs)],
  );
}
