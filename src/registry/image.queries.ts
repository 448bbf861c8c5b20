import type { EntityManager } from 'typeorm';
import { ImageRendition, ImageWording } from '../images/image.js';
import { insertRows } from '../lib/insert-rows.js';
import { asRow, columnsOf } from '../lib/load.js';

/** The files of a picture, widest first. */
export async function renditionsOf(manager: EntityManager, imageCode: string): Promise<ImageRendition[]> {
  const records: object[] = await manager.query(
    `select ${columnsOf(manager, ImageRendition, 'f')} from image_rendition f where f.image_code = $1 order by f.width desc, f.ratio`,
    [imageCode],
  );
  return records.map((record) => asRow(ImageRendition, record));
}

/**
 * The first of some files that a picture other than this one has, or had and was taken back; undefined for none. By hand: a file is looked for
 * by where it is, whatever picture has it.
 */
export async function fileOfAnother(manager: EntityManager, imageCode: string, urls: readonly string[]): Promise<string | undefined> {
  const [found] = await manager.query<{ url: string }[]>(
    `select url from image_rendition where image_code <> $1 and url = any($2::text[])
     union all select f.url from former_file f join image i on i.code = f.image_code
       where f.image_code <> $1 and f.url = any($2::text[]) and i.retracted_at is not null limit 1`,
    [imageCode, urls],
  );
  return found?.url;
}

/** Puts files in the place of those a picture has. By hand: those that are gone are deleted by what is not among the new ones. */
export async function replaceRenditions(manager: EntityManager, imageCode: string, renditions: readonly ImageRendition[]): Promise<void> {
  await manager.query(
    `delete from image_rendition f where f.image_code = $1
       and not exists (select from json_to_recordset($2::json) as given(ratio text, width int) where given.ratio = f.ratio and given.width = f.width)`,
    [imageCode, JSON.stringify(renditions)],
  );
  await insertRows(
    manager,
    ImageRendition,
    renditions,
    '(image_code, ratio, width) do update set height = excluded.height, url = excluded.url, content_type = excluded.content_type',
  );
}

/** What editions say about a picture, with the versions of it, ordered by edition code. */
export async function wordingsOf(manager: EntityManager, imageCode: string): Promise<(ImageWording & { version: number })[]> {
  const records: object[] = await manager.query(
    `select ${columnsOf(manager, ImageWording, 'w')}, w.version from image_wording w where w.image_code = $1 order by w.edition_code collate "C"`,
    [imageCode],
  );
  return records.map((record) => asRow(ImageWording, record) as ImageWording & { version: number });
}
