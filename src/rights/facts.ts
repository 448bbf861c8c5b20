import type { Level } from './access.js';

/** What an agency, or a picture, allows: the values of Redistribution, and where (empty: everywhere). */
export interface Terms {
  redistribution: 'FREE' | 'ENTITLED' | 'NONE';
  territories: readonly string[];
}

export interface AgencyTerms extends Terms {
  agency: string;
}

/** A picture of a text: its lead, or one that its body shows; or a video of its body, where agencies are credited for video. */
export interface PictureTerms extends Terms {
  /** As the text names it: its code, or the address of a file. */
  image: string;
  /** Whether it is a video. */
  video?: true;
  /** Agencies that are credited for it. */
  agencies: readonly AgencyTerms[];
}

/** All of a text that rights depend on. */
export interface RightsFacts {
  edition: string;
  topics: readonly string[];
  kind: string;
  origin: 'HUMAN' | 'MACHINE' | 'MACHINE_REVIEWED';
  /** Agencies whose copy is in the text, also by way of what it was made from. */
  wires: readonly AgencyTerms[];
  pictures: readonly PictureTerms[];
  /** Since when it is published; null: it is not. */
  publishedAt: Date | null;
  /** Or when its embargo was lifted early; null for none. */
  embargoUntil: Date | null;
  /** To know who is to be told of a retraction, or of an end, ask with null: whoever might have had the text. */
  retractedAt: Date | null;
  /** When the text comes to its end. */
  expiresAt: Date | null;
}

/** What a partner may have, as the row of an entitlement says it; an empty list names all. */
export interface EntitlementTerms {
  uuid: string;
  editions: readonly string[];
  topics: readonly string[];
  kinds: readonly string[];
  excludedAgencies: readonly string[];
  territories: readonly string[];
  level: Level;
  images: boolean;
  machine: boolean;
  early: boolean;
  validFrom: Date;
  validUntil: Date | null;
}
