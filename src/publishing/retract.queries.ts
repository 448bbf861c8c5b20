import type { EntityManager } from 'typeorm';

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
  manager.query('delete from tombstone where article_uuid = $1 and edition_code is not distinct from $2', [articleUuid, edition]);
