import { z } from 'zod';

// What is longer is looked at no further: to write a host as browsers do may take the square of its length.
const address = z.string().max(2048, { abort: true });

/** A web address a reader may follow: http, https or mailto only. */
export const webAddress = address
  .regex(/^(https?:\/\/|mailto:)[^\s<>"]+$/iu, 'not an http(s) or mailto address')
  .refine((url) => URL.canParse(url));
/** A recording, or a file of its captions: http or https. */
const fileAddress = webAddress.regex(/^https?:/iu, 'not an http(s) address');
/** A picture by its address, or by a path on the gateway. */
const picture = address.regex(/^(https?:\/\/|\/(?!\/))[^\s<>"\\]+$/iu).refine((url) => URL.canParse(url, 'https://gateway.invalid'));

const languageTag = z.string().max(100).refine(isLanguageTag, 'not a language tag');
const key = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/u);

/** A run of text with its inline marks; `lang` marks words in another language than the text around them. */
export const span = z.strictObject({
  text: z.string().min(1),
  strong: z.boolean().optional(),
  em: z.boolean().optional(),
  href: webAddress.optional(),
  lang: languageTag.optional(),
});
const spans = z.array(span).min(1);
const captions = z.array(z.strictObject({ lang: languageTag, url: fileAddress })).optional();
const seconds = z.number().int().positive().optional();

/** One block of a body, close to Portable Text; `key` is stable over revisions and languages. */
export const block = z.discriminatedUnion('type', [
  z.strictObject({ key, type: z.literal('paragraph'), spans }),
  z.strictObject({ key, type: z.literal('heading'), level: z.number().int().min(2).max(4), spans }),
  z.strictObject({ key, type: z.literal('quote'), spans, attribution: z.string().optional() }),
  z.strictObject({ key, type: z.literal('list'), ordered: z.boolean(), items: z.array(spans).min(1) }),
  z.strictObject({
    key,
    type: z.literal('table'),
    caption: z.string().optional(),
    header: z.array(spans).optional(),
    rows: z.array(z.array(spans)).min(1),
  }),
  z.strictObject({ key, type: z.literal('image'), image: z.string() }),
  z.strictObject({ key, type: z.literal('audio'), url: fileAddress, title: z.string(), seconds, captions }),
  z.strictObject({ key, type: z.literal('video'), url: fileAddress, title: z.string(), poster: picture.optional(), seconds, captions }),
  z.strictObject({ key, type: z.literal('embed'), provider: z.string(), url: webAddress, title: z.string(), fallback: z.string() }),
  z.strictObject({ key, type: z.literal('related'), articles: z.array(z.string()).min(1) }),
]);

export type SpanData = z.infer<typeof span>;
export type BlockData = z.infer<typeof block>;

function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
