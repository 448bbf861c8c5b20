/** How far a request may go from what it names. */
export type LocalePolicyName = 'STRICT' | 'LOOKUP' | 'CHAIN' | 'ANY';
export type LocaleReasonName = 'EXACT' | 'TRUNCATED' | 'EQUIVALENT' | 'FALLBACK' | 'ORIGINAL' | 'NONE';

/** What resolution needs to know of an edition. */
export interface EditionFacts {
  code: string;
  tag: string;
  primary: boolean;
  fallbacks: readonly string[];
  equivalents: readonly string[];
}

/** What a caller asks for: one edition by code, or language tags (canonical) in order; neither asks for the original. */
export interface LocaleRequest {
  edition?: string | undefined;
  locales?: readonly string[] | undefined;
  policy: LocalePolicyName;
}

/** One thing to try: a tag, and the edition it leads to, if any; `edition` null stands for the original, whatever its edition. */
export interface LocaleStep {
  tag: string | null;
  edition: string | null | undefined;
  reason: LocaleReasonName;
}

/** All a request may lead to, best first, before any article is looked at. */
export interface LocalePlan {
  requested: readonly string[];
  /** The edition the reader asked for: its language words the notices. */
  requestedEdition: string | undefined;
  steps: readonly LocaleStep[];
}

/** What a plan comes to for one article. */
export interface Resolution {
  served: string | undefined;
  reason: LocaleReasonName;
  tried: string[];
}

// CLDR takes bare `crh` for Cyrillic; Ukraine's alphabet for it has been Latin by law since 2021, and so is the edition.
const ownLikelyScript = new Map([['crh', 'Latn']]);

/** Intl takes its time over a tag, and tags come again: the last thousand answers are kept. */
function remember(answer: (tag: string) => string): (tag: string) => string {
  const known = new Map<string, string>();
  return (tag) => {
    const found = known.get(tag) ?? answer(tag);
    if (known.size >= 1000) known.clear();
    known.set(tag, found);
    return found;
  };
}

/** The script a tag stands for: its own, or the likely one of its language and region (UTS #35 likely subtags). */
export const scriptOf = remember((tag) => {
  const locale = new Intl.Locale(tag);
  return locale.script ?? ownLikelyScript.get(locale.language) ?? locale.maximize().script ?? 'Zzzz';
});

/** A tag without its script: what two texts have in common that differ in their letters only, as sr-Cyrl and sr-Latn do, and sr-ME does not. */
export const languageOf = remember((tag) => {
  const { language, region } = new Intl.Locale(tag);
  return region === undefined ? language : `${language}-${region}`;
});

/** Tags with one key are the same language in the same script and region: az and az-Latn, sr and sr-Cyrl, cnr and sr-Latn-ME. */
const exactKey = remember((tag) => {
  const { language, baseName, region } = new Intl.Locale(tag);
  // Extensions and private use stay in the key: they are part of what was asked for.
  const rest = tag.slice(baseName.length);
  const variants = baseName.split('-').filter((part, index) => index > 0 && (part.length > 4 || /^\d\w{3}$/u.test(part)));
  return [language, scriptOf(tag), region, ...variants].filter(Boolean).join('-') + rest;
});

/** The tag and its truncations, longest first (RFC 4647 §3.4): the last subtag goes, and all single letters before it; half an extension is skipped. */
export function truncations(tag: string): string[] {
  const parts = tag.split('-');
  const all: string[] = [];
  while (parts.length > 0) {
    const shorter = parts.join('-');
    // en-t-ru-m0, cut out of en-t-ru-m0-abc, is no tag.
    if (isTag(shorter)) all.push(shorter);
    parts.pop();
    while (parts.at(-1)?.length === 1) parts.pop();
  }
  return all;
}

function isTag(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}

/** Which editions a request may be served from, best first: pure, the same for one article and for a list. */
export function planLocale(request: LocaleRequest, editions: readonly EditionFacts[]): LocalePlan {
  const primaries = editions.filter((edition) => edition.primary);
  const byKey = new Map(primaries.map((edition) => [exactKey(edition.tag), edition]));
  const byCode = new Map(editions.map((edition) => [edition.code, edition]));
  const original: LocaleStep = { tag: null, edition: null, reason: 'ORIGINAL' };

  const named = request.edition === undefined ? undefined : byCode.get(request.edition);
  const ranges = named ? [named.tag] : (request.locales ?? []).filter((range) => range !== '*');
  const requested = named ? ranges : [...(request.locales ?? [])];
  if (ranges.length === 0) return { requested, requestedEdition: undefined, steps: [original] };

  const perRange = ranges.map((range) => lookUp(range, byKey, primaries));
  const home =
    named ??
    perRange
      .flatMap((steps) => steps.find((step) => step.edition !== undefined && step.reason !== 'EQUIVALENT') ?? [])
      .map((step) => byCode.get(step.edition ?? ''))[0];

  const steps: LocaleStep[] = named ? [{ tag: named.tag, edition: named.code, reason: 'EXACT' }] : [];
  for (const step of perRange.flat()) {
    if (request.policy === 'STRICT' && (named || step.reason !== 'EXACT')) continue;
    // Another edition with the very tag of the edition named is still another outlet.
    steps.push(named && step.reason === 'EXACT' ? { ...step, reason: 'EQUIVALENT' } : step);
  }
  if (request.policy === 'CHAIN' || request.policy === 'ANY') {
    for (const code of home?.fallbacks ?? []) {
      const fallback = byCode.get(code);
      if (fallback) steps.push({ tag: fallback.tag, edition: code, reason: 'FALLBACK' });
    }
  }
  if (request.policy === 'ANY') steps.push(original);
  return { requested, requestedEdition: home?.code, steps: firstOfEachEdition(steps) };
}

/** The steps RFC 4647 look-up takes for one range, within the script rule; without an edition where a truncation is refused. */
function lookUp(range: string, byKey: Map<string, EditionFacts>, primaries: readonly EditionFacts[]): LocaleStep[] {
  const script = scriptOf(range);
  return truncations(range).flatMap((tag, index): LocaleStep[] => {
    const sameScript = scriptOf(tag) === script;
    const found = sameScript ? byKey.get(exactKey(tag)) : undefined;
    const equivalents = sameScript
      ? primaries.filter((edition) => edition.equivalents.some((each) => exactKey(each) === exactKey(tag)))
      : [];
    return [
      { tag, edition: found?.code, reason: index === 0 ? 'EXACT' : 'TRUNCATED' },
      ...equivalents.map((edition): LocaleStep => ({ tag: edition.tag, edition: edition.code, reason: 'EQUIVALENT' })),
    ];
  });
}

function firstOfEachEdition(steps: readonly LocaleStep[]): LocaleStep[] {
  const seen = new Set<string | null>();
  return steps.filter((step) => {
    if (step.edition === undefined) return true;
    if (seen.has(step.edition)) return false;
    seen.add(step.edition);
    return true;
  });
}

/** The first step of a plan that this article can serve: `available` are the editions a reader may see, `original` the home edition. */
export function resolveLocale(plan: LocalePlan, available: ReadonlySet<string>, original: string): Resolution {
  const tried: string[] = [];
  for (const step of plan.steps) {
    if (step.tag !== null && !tried.includes(step.tag)) tried.push(step.tag);
    const edition = step.edition === null ? original : step.edition;
    if (edition !== undefined && available.has(edition)) return { served: edition, reason: step.reason, tried };
  }
  return { served: undefined, reason: 'NONE', tried };
}
