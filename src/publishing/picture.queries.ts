import type { EntityManager } from 'typeorm';

/** A story that shows a picture: what its URN is made of, and its home edition. */
export interface StoryOfPicture {
  uuid: string;
  domain: string;
  issuedOn: string;
  home: string;
}

/**
 * The stories that show a picture, as lead picture or in the present text of an edition, whether or not readers may see them yet; not what was
 * retracted. By hand, as in `pictureVisible`: `offset 0` keeps PostgreSQL to the index of pictures.
 */
export const storiesShowing = (manager: EntityManager, code: string): Promise<StoryOfPicture[]> =>
  manager.query(
    `select a.uuid, a.domain, a.issued_on as "issuedOn", a.home_edition_code as home from article a where a.retracted_at is null and a.uuid in (
       select uuid from article where image_code = $1
       union all
       select r.article_uuid from (
         select r.article_uuid, r.edition_code, r.number from revision r
         where pictures_of(r.body) ?| (select array[$1] || coalesce(array_agg(url), '{}') from image_rendition where image_code = $1) offset 0
       ) r join translation t on t.article_uuid = r.article_uuid and t.edition_code = r.edition_code and t.revision = r.number
       where t.retracted_at is null
     ) order by a.uuid`,
    [code],
  );

/** Whether a notice shows a picture. By hand: nothing else is asked of notices here. */
export async function isInNotice(manager: EntityManager, code: string): Promise<boolean> {
  const rows = await manager.query<object[]>('select from notice where image_code = $1 limit 1', [code]);
  return rows.length > 0;
}

/**
 * A picture, with since when it is retracted; undefined for none. With `lock` nobody begins to show it until the transaction ends, and whoever
 * had begun has committed (see `holdPictures`). By hand, because of the lock.
 */
export async function pictureRow(manager: EntityManager, code: string, lock: boolean): Promise<{ retractedAt: Date | null } | undefined> {
  const [found] = await manager.query<{ retractedAt: Date | null }[]>(
    `select retracted_at as "retractedAt" from image where code = $1 ${lock ? 'for update' : ''}`,
    [code],
  );
  return found;
}

/** Takes a picture away from a time on, or brings it back (null). By hand: it changes one column of a row that is there. */
export const setPictureRetracted = (manager: EntityManager, code: string, { at, now }: { at: Date | null; now: Date }): Promise<void> =>
  manager.query('update image set retracted_at = $2, changed_at = $3 where code = $1', [code, at, now]);

/** Takes the tombstone of a picture away. By hand: it is deleted by what it is of, not by its key. */
export const forgetPictureTombstone = (manager: EntityManager, code: string): Promise<void> =>
  manager.query('delete from tombstone where image_code = $1', [code]);
