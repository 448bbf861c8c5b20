import type { FeedForm, FeedName } from './addresses.js';
import type { Feed } from './feed.js';
import type { FeedContext } from './feed-context.js';
import type { Entry } from './item.js';
import { readArchive } from './read-archive.js';
import { readEntry } from './read-entry.js';
import { readNewest } from './read-newest.js';
import { defaultLimit, readWalk } from './read-walk.js';

/** Where a request's feeds and items come from. */
export interface FeedSource {
  /** The form of a feed that is asked for. */
  feed(name: FeedName, form: FeedForm): Promise<Feed>;
  /** The translation a URN names, or what stays of it; null when there is neither. */
  entry(id: string): Promise<Entry | null>;
}

/** What the gateway holds, as far as the caller may have it. */
export const storedSource = (context: FeedContext): FeedSource => ({
  feed: (name, { after, archive, limit = defaultLimit }) => {
    if (after !== undefined) return readWalk(name, { after, limit }, context);
    return archive === undefined ? readNewest(name, context) : readArchive(name, archive, context);
  },
  entry: (id) => readEntry(id, context),
});
