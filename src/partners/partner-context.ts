import type { KeyLoaders } from '../desks/key.loaders.js';
import type { DeskContext } from '../publishing/desk-context.js';
import type { EntitlementLoaders } from '../rights/entitlement.loaders.js';
import type { UsageLoaders } from './usage.loaders.js';

/** What resolvers of partners ask of a request. */
export interface PartnerContext extends DeskContext {
  load: DeskContext['load'] & EntitlementLoaders & KeyLoaders & UsageLoaders;
}
