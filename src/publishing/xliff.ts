import type { BlockData } from '../articles/body.js';

/** Namespaces of XLIFF 2.1: the core's is still that of 2.0. */
export const namespaces = {
  core: 'urn:oasis:names:tc:xliff:document:2.0',
  metadata: 'urn:oasis:names:tc:xliff:metadata:2.0',
  its: 'http://www.w3.org/2005/11/its',
  itsm: 'urn:oasis:names:tc:xliff:itsm:2.1',
} as const;

/** How far a segment has come, in the order it goes. */
export const xliffStates = ['initial', 'translated', 'reviewed', 'final'] as const;
export type XliffState = (typeof xliffStates)[number];

/** What of a story is translated: the words of one revision or draft. */
export interface StoryText {
  headline: string;
  dek: string | null;
  blocks: readonly BlockData[];
}

/** The metadata in which a file says what its source texts are. */
export const provenance = { category: 'dragoman', edition: 'source-edition', revision: 'source-revision' } as const;
