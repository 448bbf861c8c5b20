import { Article } from '../articles/article.js';
import { articlesAsOf, translationsAsOf } from '../articles/as-of.queries.js';
import { TranslationRow } from '../articles/translation.js';
import { Translation } from '../articles/translation.type.js';
import { translationVisible } from '../articles/visible.js';
import type { Edition } from '../editions/edition.js';
import { asRow, columnsOf, query, type Read } from '../lib/load.js';

/** A span of publication times, its end not in it, and behind which text of it to go on. */
export interface Span {
  since: Date;
  until: Date;
  after: { at: Date; uuid: string } | null;
}

/** Which texts of an edition: some stories', or the first of a span, ordered by publication. */
export type Wanted = { uuids: readonly string[] } | (Span & { most: number });

/**
 * Texts of an edition that stand, as the loader of a story's translations gives them, with their stories. By hand: that loader reads all editions of a story and
 * keeps them, of which a hundred thousand are too many; and a list goes no further back than now.
 */
export async function standingTexts(read: Read, edition: Edition, wanted: Wanted): Promise<Translation[]> {
  const { manager, now } = read;
  const values: unknown[] = [edition.code, now];
  const named = (value: unknown): string => `$${values.push(value)}`;
  const which =
    'uuids' in wanted
      ? `t.article_uuid = any(${named(wanted.uuids)})`
      : [
          `t.published_at >= ${named(wanted.since)} and t.published_at < ${named(wanted.until)}`,
          wanted.after
            ? ` and (t.published_at, t.article_uuid) > (${named(wanted.after.at)}::timestamptz, ${named(wanted.after.uuid)}::uuid)`
            : '',
          ` order by t.published_at, t.article_uuid limit ${named(wanted.most)}`,
        ].join('');
  // A closed edition serves its originals alone.
  const served = edition.active ? '' : ' and t.is_original';
  const records: Record<string, unknown>[] = await query(
    read,
    `select ${columnsOf(manager, Article, 'a', 'a_')}, ${columnsOf(manager, TranslationRow, 't', 't_')}
     from ${translationsAsOf(read)} t join ${articlesAsOf(read)} a on a.uuid = t.article_uuid
     where t.edition_code = $1 and ${translationVisible('t', 'a', '$2', read)}${served} and ${which}`,
    values,
  );
  return records.map(
    (record) => new Translation(asRow(Article, partOf(record, 'a_')), asRow(TranslationRow, partOf(record, 't_')), edition),
  );
}

const partOf = (record: Record<string, unknown>, prefix: string): object =>
  Object.fromEntries(Object.entries(record).flatMap(([name, value]) => (name.startsWith(prefix) ? [[name.slice(2), value]] : [])));
