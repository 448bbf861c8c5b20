import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { TombstoneRow, tombstoneRow } from '../articles/tombstone.js';
import { wasPublic } from '../articles/visible.js';
import { insertRows } from '../lib/insert-rows.js';
import type { SourceRevision } from './draft.js';
import type { RevisionKey } from './history.queries.js';

/** Stores tombstones of what is stored already. By hand: whether each is public is read from the story it is of. */
export async function insertTombstones(manager: EntityManager, tombstones: readonly TombstoneRow[]): Promise<void> {
  await insertRows(manager, TombstoneRow, tombstones);
  await manager.query(
    `update tombstone x set was_public = true where x.uuid = any($1::uuid[]) and exists (
       select from article a left join translation t on t.article_uuid = a.uuid and t.edition_code = x.edition_code
       where a.uuid = x.article_uuid and ${wasPublic('x', 'a', 't')})`,
    [tombstones.map(({ uuid }) => uuid)],
  );
}

/** Stores what stays of something that is taken back. */
export const storeTombstones = (manager: EntityManager, of: readonly Omit<Parameters<typeof tombstoneRow>[0], 'uuid'>[]): Promise<void> =>
  insertTombstones(
    manager,
    of.map((each) => tombstoneRow({ uuid: randomUUID(), ...each })),
  );

/** Takes a story (no editions), or editions of it, away from a time on, or brings them back (null). By hand: it changes one column of rows that are there. */
export async function setRetracted(
  manager: EntityManager,
  { articleUuid, editions, at }: { articleUuid: string; editions: readonly string[] | null; at: Date | null },
): Promise<void> {
  if (editions === null) await manager.query('update article set retracted_at = $2 where uuid = $1', [articleUuid, at]);
  else
    await manager.query('update translation set retracted_at = $2 where article_uuid = $1 and edition_code = any($3)', [
      articleUuid,
      at,
      editions,
    ]);
}

/** Takes the tombstone of a story, or of one edition of it, away. By hand: it is deleted by what it is of, not by its key. */
export const forgetTombstone = (manager: EntityManager, articleUuid: string, edition: string | null): Promise<void> =>
  manager.query('delete from tombstone where article_uuid = $1 and edition_code is not distinct from $2 and revision is null', [
    articleUuid,
    edition,
  ]);

/** Lets a revision be read in the history again; that it was taken back stays known. By hand, as above. */
export const restoreRevisionRow = (manager: EntityManager, { articleUuid, editionCode, number }: RevisionKey, at: Date): Promise<void> =>
  manager.query(
    'update tombstone set restored_at = $4 where article_uuid = $1 and edition_code = $2 and revision = $3 and restored_at is null',
    [articleUuid, editionCode, number, at],
  );

/** Whether no other story's text of an edition has a slug now. By hand, as above. */
export async function isFreeSlug(
  manager: EntityManager,
  { articleUuid, editionCode }: Pick<RevisionKey, 'articleUuid' | 'editionCode'>,
  slug: string,
): Promise<boolean> {
  const others = await manager.query<object[]>('select from translation where edition_code = $1 and slug = $2 and article_uuid <> $3', [
    editionCode,
    slug,
    articleUuid,
  ]);
  return others.length === 0;
}

/** A revision that was taken back, by itself or with its edition, and whether an edition made from it has said since that its text stands. */
export interface LostSource extends SourceRevision {
  confirmed: boolean;
}

/** Which of the revisions that a text of an edition is made from were taken back. By hand, as above: what was is told by two kinds of rows. */
export const lostSources = (
  manager: EntityManager,
  { articleUuid, editionCode }: Pick<RevisionKey, 'articleUuid' | 'editionCode'>,
  basis: readonly SourceRevision[],
): Promise<LostSource[]> =>
  manager.query(
    `select k.edition, k.revision, exists (
       select from confirmation c where c.article_uuid = $1 and c.edition_code = $2 and c.source_edition_code = k.edition
         and c.confirmed_at > greatest(t.retracted_at, x.retracted_at)
     ) as confirmed
     from unnest($3::text[], $4::int[]) as k (edition, revision)
     left join translation t on t.article_uuid = $1 and t.edition_code = k.edition
     left join tombstone x on x.article_uuid = $1 and x.edition_code = k.edition and x.revision = k.revision and x.restored_at is null
     where t.retracted_at is not null or x.retracted_at is not null`,
    [articleUuid, editionCode, basis.map(({ edition }) => edition), basis.map(({ revision }) => revision)],
  );

/**
 * Editions of a story that are out and that the log has never told of: their time came while they or the story were taken back. By hand: what
 * is not numbered yet is in the outbox, and one statement sees an event in one of the two.
 */
export const untoldPublications = (
  manager: EntityManager,
  articleUuid: string,
  now: Date,
): Promise<{ editionCode: string; revision: number }[]> =>
  manager.query(
    `select t.edition_code as "editionCode", t.revision from translation t join article a on a.uuid = t.article_uuid
     where a.uuid = $1 and t.published_at <= $2 and t.retracted_at is null and a.retracted_at is null and not exists (
       select from (select article_uuid, edition_code, kind from event union all select article_uuid, edition_code, kind from outbox) told
       where told.article_uuid = a.uuid and told.edition_code = t.edition_code and told.kind = 'PUBLISHED'
     ) order by t.published_at, t.edition_code collate "C"`,
    [articleUuid, now],
  );
