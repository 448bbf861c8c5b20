import type { FeedForm, FeedName } from './addresses.js';
import type { Feed } from './feed.js';
import type { FeedContext } from './feed-context.js';
import type { Entry } from './item.js';
import { readArchive } from './read-archive.js';
import { readEntry } from './read-entry.js';
import { readNewest } from './read-newest.js';
import { defaultLimit, readWalk } from './read-walk.js';
import { withTakedowns } from './with-takedowns.js';

/** Where a request's feeds and items come from. */
export interface FeedSource {
  /** The form of a feed that is asked for. */
  feed(name: FeedName, form: FeedForm): Promise<Feed>;
  /** The translation a URN names, or what stays of it; null when there is neither. */
  entry(id: string): Promise<Entry | null>;
}

/** What the gateway holds, as far as the caller may have it; a partner is told with what went which order it has about it. */
export const storedSource = (context: FeedContext): FeedSource => ({
  feed: async (name, form) => {
    const feed = await read(name, form, context);
    return { ...feed, batches: ordered(feed.batches, context) };
  },
  entry: async (id) => {
    const entry = await readEntry(id, context);
    return entry && (await withTakedowns([entry], context))[0]!;
  },
});

function read(name: FeedName, { after, archive, limit = defaultLimit }: FeedForm, context: FeedContext): Promise<Feed> {
  if (after !== undefined) return readWalk(name, { after, limit }, context);
  return archive === undefined ? readNewest(name, context) : readArchive(name, archive, context);
}

async function* ordered(batches: Feed['batches'], context: FeedContext): AsyncIterable<Entry[]> {
  for await (const batch of batches) yield await withTakedowns(batch, context);
}
