/** What an edition's addresses are made of. */
export interface EditionSite {
  code: string;
  /** Pattern with {slug} and optionally {yyyymmdd}; null: the gateway's own page. */
  articleUrl: string | null;
  /** Patterns of addresses it once had. */
  formerArticleUrls: readonly string[];
}

/** The address of a text at its edition's site, or the gateway's `/read/{edition}/{slug}`. */
export function addressOf(
  { code, articleUrl }: Pick<EditionSite, 'code' | 'articleUrl'>,
  parts: { slug: string; yyyymmdd: string },
  publicUrl: string,
): string {
  const slug = encodeURIComponent(parts.slug);
  return articleUrl === null
    ? `${publicUrl}/read/${code}/${slug}`
    : articleUrl.replace('{slug}', slug).replace('{yyyymmdd}', parts.yyyymmdd);
}

/** The edition and slug an address names, by the patterns of the editions, present or former, and the gateway's own; query and fragment do not matter. */
export function readAddress(
  url: string,
  editions: readonly EditionSite[],
  publicUrl: string,
): { edition: string; slug: string } | undefined {
  const { origin, pathname } = new URL(url);
  const address = origin + pathname;
  const find = (patternsOf: (edition: EditionSite) => readonly (string | null)[]): { edition: string; slug: string } | undefined => {
    for (const edition of editions) {
      for (const pattern of patternsOf(edition)) {
        const slug = pattern === null ? undefined : slugIn(address, pattern);
        if (slug !== undefined) return { edition: edition.code, slug };
      }
    }
    return undefined;
  };
  // A site that one edition has left may be another's now.
  return find(({ code, articleUrl }) => [articleUrl, `${publicUrl}/read/${code}/{slug}`]) ?? find((edition) => edition.formerArticleUrls);
}

function slugIn(address: string, pattern: string): string | undefined {
  // The pattern as browsers write it: host in Punycode, path and braces percent-encoded.
  const { origin, pathname } = new URL(pattern);
  const source = (origin + pathname)
    .split(/(%7Bslug%7D|%7Byyyymmdd%7D)/u)
    .map((part) =>
      part === '%7Bslug%7D' ? '([^/]+)' : part === '%7Byyyymmdd%7D' ? '\\d{8}' : part.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&'),
    )
    .join('');
  // Both of http and https lead to the same text.
  const match = new RegExp(`^${source.replace(/^https?:/u, 'https?:')}/?$`, 'u').exec(address);
  try {
    return match?.[1] === undefined ? undefined : decodeURIComponent(match[1]).normalize('NFC');
  } catch {
    return undefined;
  }
}
