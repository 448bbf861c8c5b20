/** How much of a text, each with the ones before it: the values of ContentLevel, least first. */
export const levels = ['HEADLINE', 'SUMMARY', 'FULL'] as const;
export type Level = (typeof levels)[number];

/** What of a story can be left out by itself: its dek, its text, one of its pictures or videos. The headline goes with the story. */
export type Part = 'DEK' | 'TEXT' | 'IMAGE' | 'VIDEO';

/** Why a part was left out, or a story was not given at all; stable codes. The later in the list, the nearer it came to being given. */
export const denials = [
  'NO_ENTITLEMENT',
  'NOT_PUBLISHED',
  'RETRACTED',
  'EXPIRED',
  'ENTITLEMENT_ENDED',
  'ENTITLEMENT_NOT_BEGUN',
  'EDITION_NOT_INCLUDED',
  'KIND_NOT_INCLUDED',
  'TOPIC_NOT_INCLUDED',
  'MACHINE_NOT_INCLUDED',
  'EMBARGOED',
  'DELAYED',
  'REDISTRIBUTION_NONE',
  'AGENCY_EXCLUDED',
  'REDISTRIBUTION_TERRITORIES',
  'IMAGES_NOT_INCLUDED',
  'LEVEL_HEADLINE',
  'LEVEL_SUMMARY',
] as const;
export type Denial = (typeof denials)[number];

/** The denial that came nearest to giving; undefined for none. */
export const nearest = (found: readonly Denial[]): Denial | undefined => denials.findLast((each) => found.includes(each));

/** A part that is left out. */
export interface Omission {
  part: Part;
  /** IMAGE, VIDEO: which, as the text names it: a picture’s code, or the address of a file. */
  image: string | null;
  reason: Denial;
}

/** What somebody may have of one text: the public, or a partner by what it is entitled to. */
export type Access<Given extends 'PUBLIC' | 'ENTITLED' = 'PUBLIC' | 'ENTITLED'> =
  | {
      allowed: true;
      level: Level;
      /** Whether any pictures are given; those in `omitted` are not. */
      images: boolean;
      /** Where it may be shown, sorted; empty: everywhere. */
      territories: readonly string[];
      omitted: readonly Omission[];
      reason: Given;
    }
  | { allowed: false; level: null; images: false; territories: readonly []; omitted: readonly []; reason: Denial };

/** What everybody may have of what is public: all that stands on the publisher’s own pages. */
export const publicAccess: Access<'PUBLIC'> = {
  allowed: true,
  level: 'FULL',
  images: true,
  territories: [],
  omitted: [],
  reason: 'PUBLIC',
};

/** Whether a picture may be given, by the name the text has for it. */
export const givesImage = ({ images, omitted }: Access, image: string): boolean => images && !omitted.some((each) => each.image === image);

/** Whether a video may be given, by its address: with the text, but where an agency’s terms keep it back. */
export const givesVideo = ({ omitted }: Access, url: string): boolean =>
  !omitted.some((each) => each.part === 'VIDEO' && each.image === url);
