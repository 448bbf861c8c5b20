import { query, type Read } from '../lib/load.js';

/** Codes of the editions that have published a text of a story, whether it may be seen or not, in their order. */
export async function publishedEditions(read: Read, articleUuid: string): Promise<string[]> {
  const rows = await query<{ code: string }[]>(
    read,
    'select edition_code as code from translation where article_uuid = $1 and published_at is not null order by edition_code collate "C"',
    [articleUuid],
  );
  return rows.map(({ code }) => code);
}
