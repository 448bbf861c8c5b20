import type { FeedContext } from '../feeds/feed-context.js';

/**
 * What somebody is told by who did not ask just now: a context for everybody (null), or for a partner by its code, as things stand at this moment.
 * Null for a partner whose keys open nothing.
 */
export type ContextOf = (partner: string | null) => Promise<FeedContext | null>;
