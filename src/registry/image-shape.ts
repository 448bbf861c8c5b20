import { z } from 'zod';
import { imageCredit } from '../credits/party-in-role.js';
import { code } from '../lib/code.js';
import { shownLine } from '../lib/shape-words.js';
import { askedTermsShape, redistributedShape } from './redistributed-shape.js';

const fileAddress = z
  .string()
  .max(2048)
  .refine(
    (url) => /^\/media\/[\w.-]+$/u.test(url) || (/^https?:\/\//u.test(url) && URL.canParse(url)),
    'expected an address with http or https, or /media/ and the name of a file',
  )
  // As browsers read it: one file has one address here.
  .transform((url) => (url.startsWith('/') ? url : new URL(url).href));
const pixels = z.number().int().min(1).max(100_000);

const rendition = z.strictObject({
  ratio: z.enum(['RATIO_16X9', 'RATIO_4X3', 'RATIO_3X2', 'RATIO_1X1', 'RATIO_9X16']),
  width: pixels,
  height: pixels,
  url: fileAddress,
  contentType: z.string().regex(/^image\/[\w.+-]{1,80}$/u, 'expected a media type such as image/jpeg'),
});

/** A picture without words: its files, and who took it. */
export const imageShape = z.strictObject({
  code,
  /** The point to keep when cropping, as shares of width and height, 0 to 1 from the top left. */
  focalX: z.number().min(0).max(1),
  focalY: z.number().min(0).max(1),
  ...redistributedShape,
  credits: z.array(imageCredit),
  renditions: z
    .array(rendition)
    .min(1)
    .max(50)
    .refine(
      (files) => new Set(files.map(({ ratio, width }) => `${ratio} ${width}`)).size === files.length,
      'has two files of one ratio and width',
    ),
});

/** The same as a save gives it. */
export const savedImageShape = imageShape.extend(askedTermsShape);

/** What an edition says about a picture: one without an alt text is not published. */
export const wordingShape = z.strictObject({
  alt: shownLine(1000),
  caption: shownLine(2000).nullable(),
});

export type ImageValues = z.output<typeof savedImageShape>;
