import { z } from 'zod';
import { RetractionKind } from '../articles/tombstone.js';
import { Refusal } from '../lib/errors.js';
import { checkedInput } from './checked-input.js';

/**
 * What readers are told of a retraction, by language tag, each one clean line; `tags` are the languages in which editions are read. Throws TEXT_REFUSED,
 * FIELD_REFUSED, and NOTE_REQUIRED for a story that is withdrawn without a word.
 */
export function retractionNotes(
  kind: RetractionKind,
  given: readonly { lang: string; text: string }[],
  tags: ReadonlySet<string>,
): Record<string, string> {
  const note = z.strictObject({
    lang: z.string().refine((lang) => tags.has(lang), 'no edition is in this language'),
    text: z.string().min(1, 'the note is empty').max(1000, 'the note has more than 1000 characters'),
  });
  const shape = z
    .array(note)
    .refine((notes) => new Set(notes.map(({ lang }) => lang)).size === notes.length, 'has two notes in one language');
  const notes = checkedInput(shape, [...given], 'notes');
  if (kind === RetractionKind.WITHDRAW && notes.length === 0) throw new Refusal('NOTE_REQUIRED', {});
  return Object.fromEntries(notes.map(({ lang, text }) => [lang, text]));
}
