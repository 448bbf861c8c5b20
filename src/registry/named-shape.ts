import { z } from 'zod';
import { code } from '../lib/code.js';
import { shownLine } from '../lib/shape-words.js';
import { askedTermsShape, redistributedShape } from './redistributed-shape.js';
import { tag } from './tag-shape.js';

const mostNames = 200;

/** A topic, person, place or agency: names by canonical BCP 47 tag; `language` is the tag of the name shown where a language has none. */
export const namedShape = z
  .strictObject({
    code,
    language: tag,
    names: z.record(tag, shownLine(200)).refine((names) => Object.keys(names).length <= mostNames, `expected at most ${mostNames} names`),
  })
  .refine(({ language, names }) => names[language] !== undefined, { path: ['names'], message: 'has no name in its own language' });

/** An agency, with what it allows of its copy and pictures. */
export const agencyShape = namedShape.safeExtend(redistributedShape);

/** The same as a save gives it. */
export const savedAgencyShape = namedShape.safeExtend(askedTermsShape);
