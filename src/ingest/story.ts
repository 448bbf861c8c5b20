import { z } from 'zod';
import { block } from '../articles/body.js';
import { storyCredit as credit } from '../credits/party-in-role.js';
import { code } from '../lib/code.js';

const instant = z.iso.datetime({ offset: true });
/** The last part of an address: one segment of a path, which no browser rewrites. */
const slug = z
  .string()
  .min(1)
  .max(150)
  .regex(/^(?!\.{1,2}$)[^\s/\\\p{C}]+$/u, 'not a slug');
const worded = z.record(z.string(), z.string());

const retraction = z.strictObject({
  kind: z.enum(['KILL', 'WITHHOLD', 'WITHDRAW', 'REPLACE']),
  at: instant,
  /** Public note by language tag. */
  note: worded.optional(),
});

const revisionShape = z.strictObject({
  significance: z.enum(['MINOR', 'UPDATE', 'CORRECTION']).default('UPDATE'),
  origin: z.enum(['HUMAN', 'MACHINE', 'MACHINE_REVIEWED']).default('HUMAN'),
  headline: z.string().min(1),
  dek: z.string().optional(),
  blocks: z.array(block),
  /** What a CORRECTION tells the reader, in the edition's language. */
  note: z.string().optional(),
  /** When this revision was published; the first one's default is the translation's. */
  publishedAt: instant.optional(),
  /** The revisions it was made from: home edition or other editions of the same story. */
  basis: z.array(z.strictObject({ edition: code, revision: z.number().int().positive() })).default([]),
});

const revision = revisionShape.refine(({ significance, note }) => significance !== 'CORRECTION' || Boolean(note?.trim()), {
  path: ['note'],
  message: 'a correction needs a note for its readers',
});

const translation = z.strictObject({
  edition: code,
  slug: slug.optional(),
  formerSlugs: z.array(slug).default([]),
  /** Null for a draft; default: the story's. */
  publishedAt: instant.nullable().optional(),
  retracted: retraction.optional(),
  /** Credits of this edition only: translators, editors. */
  credits: z.array(credit).default([]),
  /** Oldest first; the last one is the present text. */
  revisions: z.array(revision).min(1),
});

/** The one shape that every importer gives: a story with all its editions, other rows named by code, stories by foreign id. */
export const story = z.strictObject({
  id: z.string().min(1).max(200),
  homeEdition: code,
  kind: z.enum(['NEWS', 'ANALYSIS', 'FEATURE', 'INTERVIEW', 'OPINION', 'EXPLAINER', 'LIVE', 'GALLERY', 'VIDEO', 'AUDIO']).default('NEWS'),
  urgency: z.number().int().min(1).max(9).default(5),
  topics: z.array(code).default([]),
  people: z.array(code).default([]),
  places: z.array(code).default([]),
  agencies: z.array(code).default([]),
  image: code.optional(),
  related: z.array(z.string()).default([]),
  publishedAt: instant.nullable(),
  embargoUntil: instant.optional(),
  retracted: retraction.optional(),
  /** Credits of the story, inherited by every edition: authors, wires. */
  credits: z.array(credit).default([]),
  translations: z.array(translation).min(1),
});

export type Story = z.infer<typeof story>;
export type StoryInput = z.input<typeof story>;
