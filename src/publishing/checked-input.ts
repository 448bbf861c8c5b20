import type { z } from 'zod';
import { Refusal } from '../lib/errors.js';
import { shapeWords } from '../lib/shape-words.js';
import { cleanInput, cleanLine, forbiddenCharacter } from './clean-input.js';

/**
 * An input made of short values as it is stored: every string one clean line, all of it as its shape says.
 * Throws TEXT_REFUSED for a character that cannot be published, FIELD_REFUSED for the first value that does not fit.
 */
export function checkedInput<Shape extends z.ZodType>(shape: Shape, input: z.input<Shape>, field = ''): z.output<Shape> {
  const fault = forbiddenCharacter(input, field);
  if (fault) throw new Refusal('TEXT_REFUSED', { field: fault.path, offset: fault.offset });
  const read = shape.safeParse(linesOf(input), { error: shapeWords });
  if (read.success) return read.data;
  const { path, message } = read.error.issues[0]!;
  throw new Refusal('FIELD_REFUSED', { field: [field, ...path].filter((each) => each !== '').join('.'), detail: message });
}

function linesOf(value: unknown): unknown {
  if (typeof value === 'string') return cleanLine(value);
  if (Array.isArray(value)) return value.map(linesOf);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, linesOf(inner)]));
}

/** Notes of a desk as they are stored, each a clean text of however many lines. Throws TEXT_REFUSED. */
export function cleanNotes<Notes extends object>(notes: Notes): Notes {
  const cleaned = cleanInput(notes);
  if (!cleaned.ok) throw new Refusal('TEXT_REFUSED', { field: cleaned.fault.path, offset: cleaned.fault.offset });
  return cleaned.value;
}
