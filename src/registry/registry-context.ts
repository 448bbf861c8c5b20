import type { Caller } from '../desks/role.js';
import { Refusal } from '../lib/errors.js';
import type { Wording } from '../lib/wording.js';
import type { DeskContext } from '../publishing/desk-context.js';
import type { RegistryLoaders } from './registry.loaders.js';

/** What resolvers of the registry ask of a request. */
export interface RegistryContext extends DeskContext {
  load: DeskContext['load'] & RegistryLoaders;
  wording: Wording;
}

/** Throws FORBIDDEN for whoever is neither a desk nor an operator. */
export function mustBeInside(caller: Caller): void {
  if (!isInside(caller)) throw new Refusal('FORBIDDEN', {});
}

/** Whether somebody is a desk or an operator. */
export const isInside = ({ kind }: Caller): boolean => kind === 'DESK' || kind === 'OPERATOR';
