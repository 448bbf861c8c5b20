import type { EntityManager } from 'typeorm';
import { Article } from '../articles/article.js';
import type { TombstoneRow } from '../articles/tombstone.js';
import type { TranslationRow } from '../articles/translation.js';
import { insertRows, type Values } from '../lib/insert-rows.js';
import { columnOf, columnsOf, tableOf } from '../lib/load.js';

/** What is there already of a translation. */
export interface StoredTranslation extends Omit<TranslationRow, 'isOriginal' | 'search' | 'fold' | 'expiresAt' | 'pendingCorrectionAt'> {
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

/** Which of some tombstones are there, by uuid. */
export async function storedTombstones(manager: EntityManager, tombstones: readonly TombstoneRow[]): Promise<Set<string>> {
  const rows: { uuid: string }[] = await manager.query('select uuid from tombstone where uuid = any($1::uuid[])', [
    tombstones.map(({ uuid }) => uuid),
  ]);
  return new Set(rows.map(({ uuid }) => uuid));
}

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
