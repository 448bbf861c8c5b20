import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Editions } from '../editions/edition.loaders.js';
import { planLocale } from '../editions/resolve-locale.js';
import { canonicalTag } from '../lib/scalars.js';
import { cleanDeep } from '../lib/text.js';
import { StoryRefused } from './plan-story.js';
import { type Story, story } from './story.js';

const mostTags = 1000;

const written = z.string().regex(/\S/u, 'is empty');

/** One line of `stories/*.jsonl`. Strict: a key that nobody reads would be content that is lost. */
const shape = z.strictObject({
  id: written.max(200),
  origin: written,
  sourceLocale: z.string(),
  editions: z.array(
    z.strictObject({
      locale: z.string(),
      source: z.boolean(),
      headline: written,
      dek: z.string().nullish(),
      blocks: z.array(z.strictObject({ type: z.literal('paragraph'), text: z.string() })),
    }),
  ),
});

/** A line of the file, cleaned and of the right shape. */
export type JsonlStory = z.infer<typeof shape>;

/** What a line lacks is given by these. */
export interface JsonlOptions {
  publishedAt: Date;
  wireFromOrigin: boolean;
  /** The share of translations to keep, 0 to 1; a source is always kept. */
  keep: number;
  /** What `keep` chooses by. */
  seed: number;
}

/** A story of the file, the agency its WIRE credit names, and what was left out of it. */
export interface ReadStory {
  story: Story;
  agency: { code: string; name: string } | undefined;
  problems: string[];
}

/** The story that a line of the file holds, before editions are looked up. Throws StoryRefused. */
export function parseLine(text: string): JsonlStory {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new StoryRefused(`not JSON: ${(error as Error).message}`);
  }
  const parsed = shape.safeParse(cleanDeep(value));
  if (parsed.success) return parsed.data;
  const all = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the line'}: ${message}`);
  throw new StoryRefused([...all.slice(0, 3), ...(all.length > 3 ? [`and ${all.length - 3} more`] : [])].join('; '));
}

/** The story of a line under this database's editions; a text in a language that none has is left out and told. Throws StoryRefused. */
export function readStory(line: JsonlStory, editionOf: (locale: string) => string | undefined, options: JsonlOptions): ReadStory {
  const homeEdition = sourceEdition(line, editionOf);
  const problems: string[] = [];
  const translations = new Map<string, JsonlStory['editions'][number]>();
  for (const given of line.editions) {
    const edition = editionOf(given.locale);
    if (edition === undefined) problems.push(`${given.locale}: no edition has this language`);
    else if (translations.has(edition)) throw new StoryRefused(`${given.locale}: edition ${edition} is given twice`);
    else translations.set(edition, given);
  }
  const kept = [...translations].filter(([edition]) => edition === homeEdition || shareOf(options.seed, line.id, edition) < options.keep);
  const agency = options.wireFromOrigin ? agencyOf(line.origin) : undefined;
  return {
    story: story.parse({
      id: line.id,
      homeEdition,
      publishedAt: options.publishedAt.toISOString(),
      credits: agency ? [{ role: 'WIRE', agency: agency.code }] : [],
      translations: kept.map(([edition, given]) => ({ edition, revisions: [revisionOf(given)] })),
    }),
    agency,
    problems,
  };
}

/** Gives the code of the primary edition that speaks exactly the language of a tag, however the tag is written; undefined for none. */
export function editionFinder(editions: Editions): (locale: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  const find = (locale: string): string | undefined => {
    try {
      const plan = planLocale({ locales: [canonicalTag(locale)], policy: 'STRICT' }, editions.active);
      return plan.steps.find((step) => step.reason === 'EXACT' && step.edition !== undefined)?.edition ?? undefined;
    } catch {
      return undefined; // not a language tag
    }
  };
  return (locale) => {
    if (known.has(locale)) return known.get(locale);
    const edition = find(locale);
    // A file may make up as many tags as it has lines.
    if (known.size < mostTags) known.set(locale, edition);
    return edition;
  };
}

function sourceEdition({ sourceLocale, editions }: JsonlStory, editionOf: (locale: string) => string | undefined): string {
  const sources = editions.filter(({ source }) => source);
  if (sources.length !== 1)
    throw new StoryRefused(`${sources.length === 0 ? 'no edition is' : 'several editions are'} marked as the source`);
  const home = editionOf(sourceLocale);
  if (home === undefined) throw new StoryRefused(`${sourceLocale}: no edition has this language, and it is that of the source`);
  const marked = sources[0]!.locale;
  if (editionOf(marked) !== home) throw new StoryRefused(`the source is in ${sourceLocale}, but ${marked} is marked as the source`);
  return home;
}

// A paragraph keeps its key in every language, also where one has left the paragraph empty.
const revisionOf = ({ headline, dek, blocks }: JsonlStory['editions'][number]) => ({
  headline,
  ...(dek && /\S/u.test(dek) && { dek }),
  blocks: blocks
    .map(({ text }, index) => ({ key: `p${index + 1}`, type: 'paragraph' as const, spans: [{ text }] }))
    .filter(({ spans }) => /\S/u.test(spans[0]!.text)),
});

/** A number from 0 to 1 that is the same whenever and wherever it is asked for. */
const shareOf = (seed: number, id: string, edition: string): number =>
  createHash('sha256')
    .update(JSON.stringify([seed, id, edition]))
    .digest()
    .readUIntBE(0, 6) /
  2 ** 48;

function agencyOf(origin: string): { code: string; name: string } {
  const code = origin
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '-')
    .replace(/^-|-$/gu, '')
    .slice(0, 64);
  if (!code) throw new StoryRefused(`no agency code can be made from the origin "${origin}"`);
  return { code, name: origin };
}
