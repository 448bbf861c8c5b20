import { z } from 'zod';
import { code } from '../lib/code.js';
import { editionShape } from '../registry/edition-shape.js';
import { imageShape, wordingShape } from '../registry/image-shape.js';
import { agencyShape, namedShape } from '../registry/named-shape.js';
import { noticeShape } from '../registry/notice-shape.js';

const image = imageShape.extend({
  retractedAt: z.iso.datetime().optional(),
  /** Alt text and caption by edition code. */
  wordings: z.record(code, wordingShape.extend({ caption: wordingShape.shape.caption.default(null) })),
});

const notice = noticeShape.safeExtend({ version: z.number().int().positive() });

/** The rows stories refer to by code. */
export const registry = z.strictObject({
  editions: z.array(editionShape),
  topics: z.array(namedShape),
  people: z.array(namedShape),
  places: z.array(namedShape),
  agencies: z.array(agencyShape),
  images: z.array(image),
  notices: z.array(notice),
});

export type Registry = z.infer<typeof registry>;
