import type { FeedContext } from '../feeds/feed-context.js';

/**
 * The answer to an endpoint's own document, as JSON (`{"data":…,"errors":…}`): executed with what the partner may have now. `variables` are the
 * endpoint's own and, of `documentVariables`, what the event has. Throws where it is the gateway that fails: then it is tried again later.
 */
export type RunDocument = (document: string, variables: Record<string, unknown>, context: FeedContext) => Promise<string>;
