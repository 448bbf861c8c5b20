import { Edition } from '../editions/edition.js';
import { query, type Read, tableOf } from '../lib/load.js';
import type { TranslationKey } from '../publishing/staleness.queries.js';

/** A published text, with the parts of its URN. */
export interface RecentText extends TranslationKey {
  domain: string;
  issuedOn: string;
}

/**
 * The newest texts of each edition since a moment, under embargo or not, those that were taken back or have come to their end left out; the newest first, and at most `most` of an
 * edition. `complete` says whether these are all. By hand: each edition's index is read from its end.
 */
export async function recentTexts(
  read: Read,
  { since, most }: { since: Date; most: number },
): Promise<{ texts: RecentText[]; complete: boolean }> {
  const { manager, now } = read;
  const rows = await query<(RecentText & { place: number })[]>(
    read,
    `select t.article_uuid as "articleUuid", t.edition_code as "editionCode", t.domain, t.issued_on as "issuedOn", t.place::int as place
     from ${tableOf(manager, Edition)} e cross join lateral (
       select t.*, a.domain, a.issued_on, row_number() over (order by t.published_at desc, t.article_uuid) as place
       from translation t join article a on a.uuid = t.article_uuid
       where t.edition_code = e.code and t.published_at > $1 and t.published_at <= $2 and t.retracted_at is null and a.retracted_at is null
         and (t.expires_at is null or t.expires_at > $2)
       order by t.published_at desc, t.article_uuid limit $3
     ) t order by t.published_at desc, t.article_uuid, t.edition_code`,
    [since, now, most + 1],
  );
  const texts = rows.filter(({ place }) => place <= most);
  return { texts, complete: texts.length === rows.length };
}
