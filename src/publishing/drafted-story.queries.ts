import { Article } from '../articles/article.js';
import { TranslationRow } from '../articles/translation.js';
import { translationVisible } from '../articles/visible.js';
import { query, type Read, tableOf } from '../lib/load.js';
import { Draft } from './draft.js';

/**
 * Which of some stories the desks of `editions` have more of than readers may see: a draft, a text that is not out, or the story itself as
 * their own. By hand, because a list asks it of all its stories at once, and most have nothing.
 */
export async function storiesAtWork(read: Read, uuids: readonly string[], editions: readonly string[]): Promise<Set<string>> {
  const { manager, now } = read;
  const rows = await query<{ uuid: string }[]>(
    read,
    `select a.uuid from ${tableOf(manager, Article)} a where a.uuid = any($1) and (a.retracted_at is null or a.retracted_at > $3) and (
       (a.home_edition_code = any($2) and a.published_at is null)
       or exists (select from ${tableOf(manager, Draft)} d where d.article_uuid = a.uuid and d.edition_code = any($2))
       or exists (select from ${tableOf(manager, TranslationRow)} t where t.article_uuid = a.uuid and t.edition_code = any($2)
         and ${translationVisible('t', 'a', '$3')} is not true))`,
    [uuids, editions, now],
  );
  return new Set(rows.map(({ uuid }) => uuid));
}
