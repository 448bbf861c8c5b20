import { instant, type Read, tableOf } from '../lib/load.js';
import { Article } from './article.js';
import { TranslationRow } from './translation.js';
import { out, revisionRetracted } from './visible.js';

/** What stands for the table of stories in `from`; as of an earlier moment those that were out by then. What each of them is, it is now. */
export const articlesAsOf = (read: Read): string =>
  read.asOf ? `(select a.* from article a where ${out('a', instant(read.asOf), read)})` : tableOf(read.manager, Article);

/**
 * What stands for the table of translations; as of an earlier moment those published by then, each with the revision it had and what readers
 * were told of it. By hand: what a row of now says of its present text is found for the text of then, among revisions and obligations.
 */
export function translationsAsOf({ manager, asOf }: Omit<Read, 'now'>): string {
  if (!asOf) return tableOf(manager, TranslationRow);
  const at = instant(asOf);
  const then: Partial<Record<keyof TranslationRow, string>> = {
    revision: 'r.number',
    updatedAt: updatedThen,
    pendingCorrectionAt: pendingThen(at),
  };
  const columns = manager.connection
    .getMetadata(TranslationRow)
    .columns.map(
      ({ databaseName, propertyName }) => `${then[propertyName as keyof TranslationRow] ?? `t."${databaseName}"`} as "${databaseName}"`,
    );
  return `(select ${columns.join(', ')} from translation t cross join lateral (select r.number from ${revisionThen(at)}) r where t.published_at <= ${at})`;
}

/** When translation `t`, as it was at a moment, had last changed in a way that matters. */
export const updatedAsOf = (at: Date): string => `(select ${updatedThen} from ${revisionThen(instant(at))})`;

/** The revision `r` that translation `t` had at a moment, behind `from`. */
const revisionThen = (at: string): string => `revision r where r.article_uuid = t.article_uuid and r.edition_code = t.edition_code
      and coalesce(r.published_at, t.published_at) <= ${at} and not ${revisionRetracted('r')} order by r.number desc limit 1`;

/** When revision `r` of translation `t`, or the last before it that was more than MINOR, came out. */
const updatedThen = `(select coalesce(u.published_at, t.published_at) from revision u
    where u.article_uuid = t.article_uuid and u.edition_code = t.edition_code and u.number <= r.number and (u.significance <> 'MINOR' or u.number = 1)
    order by u.number desc limit 1)`;

/**
 * The earliest correction that translation `t` owed at a moment. An obligation holds its last opening; the log has those before, should it have
 * been opened again.
 */
const pendingThen = (at: string): string => `(select min(c.published_at) from obligation o
    join revision c on c.article_uuid = o.article_uuid and c.edition_code = o.source_edition_code and c.number = o.source_number
    where o.article_uuid = t.article_uuid and o.edition_code = t.edition_code and case when o.opened_at <= ${at}
      then coalesce(o.settled_at > ${at}, true)
      else (select e.kind = 'OBLIGATION_OPENED' from (
        select 0 as waits, seq as place, kind, article_uuid, edition_code, at, data from event
        union all select 1, id, kind, article_uuid, edition_code, at, data from outbox) e
        where e.article_uuid = o.article_uuid and e.edition_code = o.edition_code and e.kind in ('OBLIGATION_OPENED', 'OBLIGATION_SETTLED', 'OBLIGATION_CANCELLED')
          and e.data ->> 'source' = o.source_edition_code and (e.data ->> 'sourceRevision')::int = o.source_number and e.at <= ${at}
        order by e.waits desc, e.place desc limit 1) end)`;
