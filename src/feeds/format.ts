import type { Entry, FeedHead } from './item.js';

/** A way to write entries down: what it can write of a list, of one entry, or of both. Pure: the same entries are the same bytes. */
export interface Format {
  /** What people call it. */
  name: string;
  /** Behind the last dot of an address. */
  extension: string;
  /** In pieces, so that a long list need not be held. */
  feed?: { mediaType: string; write(head: FeedHead, entries: Iterable<Entry>): Iterable<string> };
  item?: { mediaType: string; write(entry: Entry): string };
}
