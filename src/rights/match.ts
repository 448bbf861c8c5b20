import type { Access } from './access.js';
import { explain } from './explain.js';
import type { EntitlementTerms, RightsFacts } from './facts.js';

/**
 * What entitlements give of a text at a moment: the one decision, for feeds, pushes and GraphQL alike. Adding an entitlement takes nothing
 * away, their order does not matter, and one outside its time counts for nothing.
 */
export const match = (facts: RightsFacts, entitlements: readonly EntitlementTerms[], at: Date, delaySeconds?: number): Access<'ENTITLED'> =>
  explain(facts, entitlements, at, delaySeconds).access;
