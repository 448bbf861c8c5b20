/** The ranges of an Accept-Language value (RFC 9110 §12.5.4), best first: ties keep their order, malformed ones are left out. */
export interface AcceptedLanguages {
  ranges: string[];
  /** Tags given q=0. */
  excluded: string[];
}

const item = /^(\*|[a-z0-9]{1,8}(?:-[a-z0-9]{1,8})*)(?:\s*;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/iu;

/** Reads at most 50 ranges; tags that Intl refuses are left out, as a browser's odd setting must not cost an answer. */
export function parseAcceptLanguage(header: string): AcceptedLanguages {
  const items = header
    .split(',', 50)
    .map((part) => item.exec(part.trim()))
    .flatMap((match) => (match ? [{ tag: canonical(match[1]!), quality: Number(match[2] ?? 1) }] : []))
    .filter((each): each is { tag: string; quality: number } => each.tag !== undefined);
  return {
    ranges: items
      .filter((each) => each.quality > 0)
      .sort((a, b) => b.quality - a.quality)
      .map((each) => each.tag),
    excluded: items.filter((each) => each.quality === 0).map((each) => each.tag),
  };
}

function canonical(tag: string): string | undefined {
  if (tag === '*') return tag;
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}
