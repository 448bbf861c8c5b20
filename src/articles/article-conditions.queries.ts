import type { Edition } from '../editions/edition.js';
import { Refusal } from '../lib/errors.js';
import { clean } from '../lib/text.js';
import type { ArticleFilter } from './article-filter.js';
import { translationVisible } from './visible.js';

const mostCodes = 50;
const longestSearch = 200;

/** Values of a statement, each named by its place. */
export class Parameters {
  readonly values: unknown[] = [];

  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

/**
 * SQL conditions of a filter over `translation t join article a`; `searched` are the editions whose words a search meets, `updated` is when a text last
 * changed.
 * By hand, because they are parts of the list's statement and speak of its aliases.
 */
export function conditionsOf(
  filter: ArticleFilter,
  { searched, now, updated = 't.updated_at' }: { searched: readonly Edition[]; now: string; updated?: string },
  parameters: Parameters,
): string[] {
  const conditions: string[] = [];
  const when = <Value>(value: Value | null | undefined, condition: (value: Value) => string): void => {
    if (value != null) conditions.push(condition(value));
  };
  const codes = (list: readonly (string | number)[]): string => {
    if (list.length > mostCodes) throw new Refusal('TOO_MANY_VALUES', { max: mostCodes });
    return parameters.add(list);
  };
  const linked =
    (table: string) =>
    (list: readonly string[]): string =>
      `exists (select from ${table} l where l.article_uuid = t.article_uuid and l.code = any(${codes(list)}))`;
  const published = (list: string): string =>
    `select from translation x where x.article_uuid = t.article_uuid and x.edition_code = ${list} and ${translationVisible('x', 'a', now)}`;

  when(filter.topics, linked('article_topic'));
  when(filter.people, linked('article_person'));
  when(filter.agencies, linked('article_agency'));
  when(filter.place, (place) => linked('article_place')([place]));
  when(filter.kind, (kinds) => `a.kind = any(${codes(kinds)})`);
  when(filter.urgency, (urgencies) => `a.urgency = any(${codes(urgencies)}::int[])`);
  when(filter.publishedFrom, (from) => `t.published_at >= ${parameters.add(from)}`);
  when(filter.publishedBefore, (before) => `t.published_at < ${parameters.add(before)}`);
  when(filter.updatedSince, (since) => `${updated} >= ${parameters.add(since)}`);
  when(
    filter.translatedInto,
    (list) => `not exists (select from unnest(${codes(list)}::text[]) wanted where not exists (${published('wanted')}))`,
  );
  when(filter.missingIn, (list) => `not exists (${published(`any(${codes(list)})`)})`);
  when(filter.search, (words) => searchCondition(words, searched, parameters));
  return conditions;
}

/**
 * Where PostgreSQL stems the language, its own query syntax; elsewhere all words by their beginnings, or a headline that looks alike.
 * Serbian is stemmed to Latin letters, from Cyrillic with diacritics and from folded Latin without: a search asks for both.
 */
function searchCondition(words: string, searched: readonly Edition[], parameters: Parameters): string {
  if (words.length > longestSearch) throw new Refusal('BAD_USER_INPUT', { detail: `search has more than ${longestSearch} characters` });
  const terms = termsOf(words, /[\p{L}\p{M}\p{N}]+/gu);
  if (terms.length === 0) return 'false';
  const configs = [...new Set(searched.map((edition) => edition.searchConfig))];
  const given = parameters.add(clean(words));
  const text = `fold(${given})`;
  const stemmed = configs
    .filter((config) => config !== 'simple')
    .map((config) => `t.search @@ ${stemmedQuery(parameters.add(config), given, text)}`);
  // Folding may make several words of one, a quotation mark of a letter, or nothing: each term that is left goes in quoted.
  const begins = (terms: readonly string[]): string =>
    `t.search @@ to_tsquery('simple', (select string_agg(quote_literal(nullif(fold(term), '')) || ':*', ' & ') from unnest(${parameters.add(terms)}::text[]) term))`;
  // What a joiner parts is one word to some who wrote it and several to others.
  const joined = termsOf(words, /[\p{L}\p{M}\p{N}]+(?:[\u200C\u200D]+[\p{L}\p{M}\p{N}]+)*/gu);
  const asWritten = joined.length < terms.length ? [joined, terms] : [terms];
  const plain = configs.includes('simple') ? [...asWritten.map(begins), `t.fold %> ${text}`] : [];
  return `(${[...stemmed, ...plain].join(' or ')})`;
}

const termsOf = (words: string, term: RegExp): string[] => clean(words).match(term) ?? [];

function stemmedQuery(config: string, given: string, folded: string): string {
  const query = (words: string): string => `websearch_to_tsquery(${config}::text::regconfig, ${words})`;
  return `(${query(folded)} || ${query(given)} || fold(${query(folded)}::text)::tsquery)`;
}
