import { z } from 'zod';
import { scriptOf } from '../editions/resolve-locale.js';
import { code, distinct } from '../lib/code.js';
import { shownLine } from '../lib/shape-words.js';
import { directionOf } from '../topics/name-in.js';
import { tag } from './tag-shape.js';

/** PostgreSQL's text-search configurations for the languages of editions; `simple` where a language has none. */
export const searchConfigs = ['simple', 'english', 'russian', 'armenian', 'romanian', 'serbian', 'hungarian', 'arabic'] as const;

const webAddress = z.url({ protocol: /^https?$/u, error: 'expected an address with http or https' }).max(2048);
const addressPattern = webAddress.regex(/^https?:\/\/[^/]+\/[^?#]*\{slug\}/u, 'needs {slug} in its path');
const label = shownLine(200);

const isTimeZone = (name: string): boolean => {
  try {
    // Fixed distances from UTC are no places.
    return /^[A-Za-z]/u.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
};

/** An edition, with everything that can be told from it alone. */
export const editionShape = z
  .strictObject({
    code,
    tag,
    primary: z.boolean(),
    htmlLang: tag,
    formatLocale: tag,
    script: z.string().length(4),
    direction: z.enum(['LTR', 'RTL']),
    calendar: z.string().refine((name) => Intl.supportedValuesOf('calendar').includes(name), 'expected a calendar (CLDR name)'),
    numberingSystem: z
      .string()
      .refine((name) => Intl.supportedValuesOf('numberingSystem').includes(name), 'expected a numbering system (CLDR name)'),
    timeZone: z.string().refine(isTimeZone, 'expected a time zone (IANA name)'),
    nativeName: label,
    publisherName: label,
    siteUrl: webAddress.nullable(),
    /** Address of an article at the edition's own site, with {slug} and, optionally, {yyyymmdd}. */
    articleUrl: addressPattern.nullable(),
    /** Patterns the addresses once had. */
    formerArticleUrls: z.array(addressPattern).max(50).default([]),
    hreflang: tag.nullable(),
    fallbacks: z.array(code).max(20).refine(distinct, 'names an edition twice'),
    /** Tags this edition may also answer although their script differs. */
    equivalents: z.array(tag).max(20).refine(distinct, 'names a tag twice'),
    desk: label,
    region: label,
    searchConfig: z.enum(searchConfigs),
    /** Whether its readers are told that a text is behind its source, also where nothing was wrong. */
    staleNotices: z.boolean().default(false),
    active: z.boolean(),
  })
  .refine((edition) => edition.script === scriptOf(edition.tag), { path: ['script'], message: 'is not the script of the tag' })
  .refine((edition) => edition.direction === directionOf(edition.tag), {
    path: ['direction'],
    message: 'is not the direction of the script',
  })
  .refine((edition) => !edition.fallbacks.includes(edition.code), { path: ['fallbacks'], message: 'an edition is not its own fallback' });

export type EditionValues = z.output<typeof editionShape>;
