/** The keys that answers are tagged with, and by which a cache is told to forget them (`Surrogate-Key`). */
export const surrogateKeys = {
  /** Every answer that may be kept. */
  everything: 'all',
  /** Every feed, in all its forms: an entry leads to other editions of its story. */
  feeds: 'feeds',
  sitemaps: 'sitemap',
  graphql: 'graphql',
  media: 'media',
} as const;

/** The key of an edition's feeds. */
export const editionKey = (code: string): string => `edition-${code}`;

/** The key of a story's items and pages in all editions. */
export const storyKey = (uuid: string): string => `story-${uuid}`;

/** Keys without repeats, the first first; whoever forgets everything is told nothing else. */
export function fewestKeys(keys: Iterable<string>): string[] {
  const different = new Set(keys);
  return different.has(surrogateKeys.everything) ? [surrogateKeys.everything] : [...different];
}
