import type { RetractionKind } from '../articles/tombstone.js';
import type { Origin, Significance } from '../articles/translation.js';
import type { RoleName } from '../credits/compose-credits.js';
import type { Direction } from '../editions/edition.js';
import type { AspectRatio } from '../images/image.js';
import type { ComposedNotice } from '../notices/compose-notices.js';
import type { Omission } from '../rights/access.js';
import type { Name } from '../topics/named.js';

/** The edition an entry belongs to, as formats name it. */
export interface EntryEdition {
  code: string;
  tag: string;
  htmlLang: string;
  direction: Direction;
  hreflang: string | null;
  nativeName: string;
  publisherName: string;
  siteUrl: string | null;
}

export interface EntryCredit {
  role: RoleName;
  /** `person:…` or `agency:…`. */
  id: string;
  name: string;
  lang: string;
}

/** A topic, person or place a story names; `id` is that of its node. */
export interface EntryName extends Name {
  id: string;
}

export interface EntryPicture {
  code: string;
  alt: string;
  caption: string | null;
  lang: string;
  direction: Direction;
  creditLine: string | null;
  /** Absolute addresses, widest first. */
  renditions: readonly { url: string; ratio: AspectRatio; width: number; height: number; contentType: string }[];
}

export interface EntryNotice extends ComposedNotice {
  picture: EntryPicture | null;
}

/** The same story in another edition that the caller may have too. */
export interface EntryAlternate {
  id: string;
  edition: string;
  lang: string;
  hreflang: string | null;
  url: string;
  isOriginal: boolean;
}

/** One translation as every format takes it: what GraphQL answers, read and worded once. */
export interface Item {
  /** URN of the translation: guid, atom:id, ninjs uri and the path below `/items/`. */
  id: string;
  articleId: string;
  /** The one version number. */
  revision: number;
  edition: EntryEdition;
  url: string;
  headline: string;
  /** Null where there is none, or the caller may have the headline alone. */
  dek: string | null;
  /** Null where the caller may not have the text. */
  body: { html: string; text: string; showsLead: boolean } | null;
  kicker: string | null;
  kind: string;
  /** 1 (highest) to 9. */
  urgency: number;
  byline: string | null;
  creditLine: string | null;
  credits: readonly EntryCredit[];
  notices: readonly EntryNotice[];
  topics: readonly EntryName[];
  people: readonly EntryName[];
  places: readonly EntryName[];
  image: EntryPicture | null;
  publishedAt: Date;
  /** Never moved by a MINOR revision. */
  updatedAt: Date;
  /** As the edition writes dates. */
  publishedAtText: string;
  origin: Origin;
  isOriginal: boolean;
  significance: Significance;
  /** The latest correction, with what it tells the reader. */
  correction: { note: string; revision: number } | null;
  alternates: readonly EntryAlternate[];
  rights: { holder: string; notice: string };
  /** Where the caller may show it (ISO 3166); empty: everywhere. */
  territories: readonly string[];
  /** The same as a sentence in the edition's language; null for everywhere. */
  usageTerms: string | null;
  /** Until when it may be shown; null for no end. */
  expiresAt: Date | null;
  omitted: readonly Omission[];
  contentHash: string;
  /** In a walk of the log: the id of the event by which it is told. */
  event?: string;
}

/** How a translation went: the kinds of retraction; its own end; or that it is not for this reader any more. */
export type GoneKind = keyof typeof RetractionKind | 'EXPIRED' | 'REMOVED';

/** What stays of a translation that was taken back, or is not for its reader any more: never its headline. */
export interface Gone {
  id: string;
  articleId: string;
  /** The last one that was served. */
  revision: number;
  edition: EntryEdition;
  kind: GoneKind;
  retractedAt: Date;
  /** The standing sentence of the kind, in the edition's language. */
  title: string;
  /** What the editors tell the public in that language; null where they wrote nothing. */
  note: string | null;
  /** The text of the same edition that stands in its place, where there is one for the reader. */
  replacedBy?: string;
  /** The open order to take it down, where the reader is a partner that has one. */
  takedown?: { id: string; dueAt: Date };
  /** In a walk of the log: the id of the event by which it is told. */
  event?: string;
}

export type Entry = Item | Gone;

export const isGone = (entry: Entry): entry is Gone => 'retractedAt' in entry;

/** What stands above the entries of a feed. */
export interface FeedHead {
  /** Where it can be subscribed to (WebSub); null of what is no topic of the hub. */
  hubUrl: string | null;
  /** Lasting and independent of any host (tag URI, RFC 4151). */
  id: string;
  edition: EntryEdition;
  topic: EntryName | null;
  title: string;
  subtitle: string;
  selfUrl: string;
  /** Where to ask for what follows in the log. */
  nextUrl: string;
  /** The texts of an earlier day; null where there are none. */
  prevArchiveUrl: string | null;
  /** Of the texts of one day: the newest texts, and whether the day is over; null for any other form. */
  archive: { currentUrl: string; closed: boolean } | null;
  homeUrl: string;
  /** Where the extension is described. */
  aboutUrl: string;
  /** When an entry last changed in a way that matters; null for a feed without entries. */
  updatedAt: Date | null;
  rights: string;
}

/** The file of a picture to show where there is room for one: 16:9 where there is that, else the widest. */
export const mainFile = ({ renditions }: EntryPicture): EntryPicture['renditions'][number] | undefined =>
  renditions.find((each) => each.ratio === 'RATIO_16X9') ?? renditions[0];
