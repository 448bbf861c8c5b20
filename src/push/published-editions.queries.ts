import type { UrnParts } from '../articles/urn.js';
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

/** What names a story, whether it may be seen or not; null where there is none. By hand: a reader's loaders give what may be seen alone. */
export async function storyParts(read: Read, uuid: string): Promise<UrnParts | null> {
  const [parts] = await query<UrnParts[]>(read, 'select domain, issued_on as "issuedOn", uuid from article where uuid = $1', [uuid]);
  return parts ?? null;
}
