import { z } from 'zod';
import { isTerritory } from '../lib/territories.js';
import { Redistribution } from '../rights/redistribution.js';

const code = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/u);
const territory = z.string().refine(isTerritory, 'expected a country (ISO 3166-1, UA) or a part of one (UA-43)');

/** Names by canonical BCP 47 tag; `language` is the tag of the name shown where a language has none. */
const named = z.strictObject({ code, language: z.string(), names: z.record(z.string(), z.string().min(1)) });

/** To whom something may be passed on, and where (empty: everywhere). */
const redistributed = {
  redistribution: z.enum(Redistribution).default(Redistribution.ENTITLED),
  redistributionTerritories: z.array(territory).default([]),
};

const addressPattern = z.url().regex(/^https?:\/\/[^/]+\/[^?#]*\{slug\}/u, 'needs {slug} in its path');

const edition = z.strictObject({
  code,
  tag: z.string(),
  primary: z.boolean(),
  htmlLang: z.string(),
  formatLocale: z.string(),
  script: z.string().length(4),
  direction: z.enum(['LTR', 'RTL']),
  calendar: z.string(),
  numberingSystem: z.string(),
  timeZone: z.string(),
  nativeName: z.string(),
  publisherName: z.string(),
  siteUrl: z.url().nullable(),
  /** Address of an article at the edition's own site, with {slug} and, optionally, {yyyymmdd}. */
  articleUrl: addressPattern.nullable(),
  /** Patterns the addresses once had. */
  formerArticleUrls: z.array(addressPattern).default([]),
  hreflang: z.string().nullable(),
  fallbacks: z.array(code),
  /** Tags this edition may also answer although their script differs. */
  equivalents: z.array(z.string()),
  desk: z.string(),
  region: z.string(),
  /** PostgreSQL text-search configuration; `simple` where the language has none. */
  searchConfig: z.enum(['simple', 'english', 'russian', 'armenian', 'romanian', 'serbian', 'hungarian', 'arabic']),
  /** Whether its readers are told that a text is behind its source, also where nothing was wrong. */
  staleNotices: z.boolean().default(false),
  active: z.boolean(),
});

const image = z.strictObject({
  code,
  /** The point to keep when cropping, as shares of width and height, 0 to 1 from the top left. */
  focalX: z.number().min(0).max(1),
  focalY: z.number().min(0).max(1),
  retractedAt: z.iso.datetime().optional(),
  ...redistributed,
  credits: z.array(
    z.union([
      z.strictObject({ role: z.enum(['PHOTO', 'VIDEO']), person: code }),
      z.strictObject({ role: z.enum(['PHOTO', 'VIDEO']), agency: code }),
    ]),
  ),
  renditions: z
    .array(
      z.strictObject({
        ratio: z.enum(['RATIO_16X9', 'RATIO_4X3', 'RATIO_3X2', 'RATIO_1X1', 'RATIO_9X16']),
        width: z.number().int().positive(),
        height: z.number().int().positive(),
        url: z.string(),
        contentType: z.string(),
      }),
    )
    .min(1),
  /** Alt text and caption by edition code. */
  wordings: z.record(code, z.strictObject({ alt: z.string(), caption: z.string().optional() })),
});

const notice = z.strictObject({
  code,
  kind: z.enum(['LEGAL', 'SAFETY', 'ABOUT', 'PARTNER']),
  placement: z.enum(['ABOVE_HEADLINE', 'BEFORE_BODY', 'AFTER_BODY', 'ABOUT_BOX']),
  mustCarry: z.boolean(),
  position: z.number().int(),
  version: z.number().int().positive(),
  /** Key in locales/<tag>/notices.json. */
  wording: z.string(),
  /** Numbers inserted through the plural keys of the same names (languages: 27 → languages_many). */
  values: z.record(z.string(), z.number()),
  /** The language it is shown in where a reader's language has no wording. */
  legalLanguage: z.string(),
  territories: z.array(territory),
  excludedTerritories: z.array(territory),
  /** Empty: every edition. */
  editions: z.array(code),
  /** Empty: every channel. */
  channels: z.array(z.enum(['WEB', 'APP', 'FEED', 'EMAIL', 'SOCIAL'])),
  effectiveFrom: z.iso.datetime(),
  effectiveUntil: z.iso.datetime().nullable(),
  linkUrl: z.url().nullable(),
  linkWording: z.string().nullable(),
  image: code.nullable(),
});

/** The rows stories refer to by code. */
export const registry = z.strictObject({
  editions: z.array(edition),
  topics: z.array(named),
  people: z.array(named),
  places: z.array(named),
  agencies: z.array(named.extend(redistributed)),
  images: z.array(image),
  notices: z.array(notice),
});

export type Registry = z.infer<typeof registry>;
