import type { EntityManager } from 'typeorm';
import { Article } from '../articles/article.js';
import type { TombstoneRow } from '../articles/tombstone.js';
import type { TranslationRow } from '../articles/translation.js';
import { revisionRetracted } from '../articles/visible.js';
import type { CreditRow } from '../credits/credit.js';
import { insertRows, type Values } from '../lib/insert-rows.js';
import { columnOf, columnsOf, tableOf } from '../lib/load.js';

/** What is there already of a translation. */
export interface StoredTranslation extends Omit<TranslationRow, 'isOriginal' | 'search' | 'fold' | 'expiresAt' | 'pendingCorrectionAt'> {
  /** Of its present revision. */
  contentHash: string;
  /** Of its revisions that were taken back. */
  retractedHashes: string[];
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

/** Those of some tombstones whose story or edition has none yet, be it an import's or a desk's. By hand: nullable columns are compared. */
export async function freshTombstones(manager: EntityManager, tombstones: readonly TombstoneRow[]): Promise<TombstoneRow[]> {
  if (tombstones.length === 0) return [];
  const rows: { uuid: string }[] = await manager.query(
    `select given.uuid from json_to_recordset($1::json) as given(uuid uuid, "articleUuid" uuid, "editionCode" text)
     where not exists (select from tombstone x where x.article_uuid = given."articleUuid"
       and x.edition_code is not distinct from given."editionCode" and x.revision is null)`,
    [JSON.stringify(tombstones.map(({ uuid, articleUuid, editionCode }) => ({ uuid, articleUuid, editionCode })))],
  );
  const fresh = new Set(rows.map(({ uuid }) => uuid));
  return tombstones.filter(({ uuid }) => fresh.has(uuid));
}

/** Which of some stories have facts that a desk has changed: an import does not add to those any more. By hand: readers do not select the column. */
export async function changedByDesks(manager: EntityManager, uuids: readonly string[]): Promise<Set<string>> {
  const rows: { uuid: string }[] = await manager.query('select uuid from article where uuid = any($1::uuid[]) and version is not null', [
    uuids,
  ]);
  return new Set(rows.map(({ uuid }) => uuid));
}

/** Those of some credits that nobody has or had in the same role: a desk has given the others itself, or has ended them. By hand: it is asked for each, and nullable columns are compared. */
export async function newCredits(manager: EntityManager, credits: readonly CreditRow[]): Promise<CreditRow[]> {
  if (credits.length === 0) return [];
  const rows: { uuid: string }[] = await manager.query(
    `select given.uuid from json_to_recordset($1::json) as given(uuid uuid, "articleUuid" uuid, "editionCode" text, role text, "personCode" text, "agencyCode" text)
     where not exists (select from credit c where c.article_uuid = given."articleUuid" and c.edition_code is not distinct from given."editionCode"
       and c.role = given.role and c.person_code is not distinct from given."personCode" and c.agency_code is not distinct from given."agencyCode")`,
    [JSON.stringify(credits)],
  );
  const fresh = new Set(rows.map(({ uuid }) => uuid));
  return credits.filter(({ uuid }) => fresh.has(uuid));
}

/** The translations that are there of some stories, each with the hash of its present text. */
export const storedTranslations = (manager: EntityManager, uuids: readonly string[]): Promise<StoredTranslation[]> =>
  // By hand, because row and present revision come in one statement and the body stays where it is.
  manager.query(
    `select t.article_uuid as "articleUuid", t.edition_code as "editionCode", t.revision, t.slug, t.published_at as "publishedAt",
            t.updated_at as "updatedAt", t.retracted_at as "retractedAt", r.content_hash as "contentHash",
            array(select g.content_hash from revision g where g.article_uuid = t.article_uuid and g.edition_code = t.edition_code and ${revisionRetracted('g')}) as "retractedHashes"
     from translation t join revision r on r.article_uuid = t.article_uuid and r.edition_code = t.edition_code and r.number = t.revision
     where t.article_uuid = any($1::uuid[])`,
    [uuids],
  );
