import { z } from 'zod';
import { code, codes, distinct } from '../lib/code.js';
import { outwards } from '../lib/territories.js';
import { generatedCodes } from '../notices/compose-notices.js';
import { territories } from './redistributed-shape.js';
import { tag } from './tag-shape.js';

const key = z.string().regex(/^[a-z][A-Za-z0-9]{0,63}$/u, 'expected a key of locales/*/notices.json');
const instant = z.iso.datetime();

/** A notice of the registry, with everything that can be told from it alone. */
export const noticeShape = z
  .strictObject({
    code: code.refine((name) => !generatedCodes.has(name), 'is the code of a notice that texts call for by themselves'),
    kind: z.enum(['LEGAL', 'SAFETY', 'ABOUT', 'PARTNER']),
    placement: z.enum(['ABOVE_HEADLINE', 'BEFORE_BODY', 'AFTER_BODY', 'ABOUT_BOX']),
    mustCarry: z.boolean(),
    position: z.number().int().min(0).max(10_000),
    /** Key in locales/<tag>/notices.json. */
    wording: key.refine((name) => !generatedCodes.has(name), 'is the wording of a notice that texts call for by themselves'),
    /** Numbers inserted through the plural keys of the same names (languages: 27 → languages_many). */
    values: z
      .record(key, z.number().int().min(0).max(1_000_000_000))
      .refine((values) => Object.keys(values).length <= 20, 'has more than 20'),
    /** The language it is shown in where a reader's language has no wording. */
    legalLanguage: tag,
    territories,
    excludedTerritories: territories,
    /** Empty: every edition. */
    editions: codes(200),
    /** Empty: every channel. */
    channels: z.array(z.enum(['WEB', 'APP', 'FEED', 'EMAIL', 'SOCIAL'])).refine(distinct, 'names a channel twice'),
    effectiveFrom: instant,
    effectiveUntil: instant.nullable(),
    linkUrl: z
      .url({ protocol: /^https?$/u, error: 'expected an address with http or https' })
      .max(2048)
      .nullable(),
    linkWording: key.nullable(),
    image: code.nullable(),
  })
  .refine((notice) => notice.effectiveUntil === null || Date.parse(notice.effectiveUntil) > Date.parse(notice.effectiveFrom), {
    path: ['effectiveUntil'],
    message: 'is not after effectiveFrom',
  })
  .refine(
    ({ territories, excludedTerritories }) => !territories.some((each) => outwards(each).some((all) => excludedTerritories.includes(all))),
    {
      path: ['excludedTerritories'],
      message: 'takes a whole territory away that is named in territories',
    },
  )
  .refine((notice) => (notice.linkUrl === null) === (notice.linkWording === null), {
    path: ['linkWording'],
    message: 'a link needs an address and a wording',
  });

export type NoticeValues = z.output<typeof noticeShape>;
