import { createHash } from 'node:crypto';
import type { BlockData } from './body.js';

/** The text of a revision, as its hash sees it. */
export interface Content {
  headline: string;
  dek: string | null;
  body: readonly BlockData[];
}

/** SHA-256 of headline, dek and body as canonical JSON, hex: the same text has the same hash, whatever the order of its keys. */
export const contentHash = ({ headline, dek, body }: Content): string =>
  createHash('sha256').update(canonical({ headline, dek, body })).digest('hex');

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join()}}`;
}
