import { z } from 'zod';
import { code } from '../lib/code.js';

/** A party in a role, by its code in the registry. */
export type PartyInRole = z.infer<typeof storyCredit>;

/** Who may be credited for a story or an edition of it: people who wrote, translated or edited it, agencies whose copy was used. */
export const storyCredit = z.union(
  [
    z.strictObject({ role: z.enum(['AUTHOR', 'TRANSLATOR', 'EDITOR', 'PHOTO', 'VIDEO']), person: code }),
    z.strictObject({ role: z.enum(['WIRE', 'PHOTO', 'VIDEO']), agency: code }),
  ],
  { error: 'expected a person who is AUTHOR, TRANSLATOR, EDITOR, PHOTO or VIDEO, or an agency that is WIRE, PHOTO or VIDEO' },
);

/** Who may be credited for a picture. */
export const imageCredit = z.union(
  [z.strictObject({ role: z.enum(['PHOTO', 'VIDEO']), person: code }), z.strictObject({ role: z.enum(['PHOTO', 'VIDEO']), agency: code })],
  { error: 'expected a person or an agency that is PHOTO or VIDEO' },
);
