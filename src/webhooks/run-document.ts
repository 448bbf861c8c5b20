import type { FeedContext } from '../feeds/feed-context.js';

/**
 * The answer to an endpoint's own document, as JSON (`{"data":…,"errors":…}`): executed with what the partner may have now, its declared variables set from what
 * is told (`event`, `story`, `translation`).
 */
export type RunDocument = (document: string, variables: Record<string, unknown>, context: FeedContext) => Promise<string>;
