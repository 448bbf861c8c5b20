import type { EntityManager } from 'typeorm';
import { Refusal } from '../lib/errors.js';
import type { Draft, SourceRevision } from './draft.js';
import type { Slot } from './draft.queries.js';
import { lostSources } from './retract.queries.js';

/** Which sources that were taken back a text may still be made from. */
export interface LostAllowed {
  /** What the edition's present text was made from: its readers have it on that already. */
  present?: readonly SourceRevision[] | undefined;
  /** Only those of `present` against which the edition has confirmed its text since. */
  confirmed?: boolean;
}

/** Throws BASIS_UNKNOWN, which names it, for a source that was taken back: what readers must not have does not come back in another language. */
export async function mustStandAsBasis(
  manager: EntityManager,
  slot: Slot,
  basis: readonly SourceRevision[],
  { present = [], confirmed = false }: LostAllowed = {},
): Promise<void> {
  if (basis.length === 0) return;
  for (const lost of await lostSources(manager, slot, basis)) {
    const { edition, revision } = lost;
    const isPresent = present.some((source) => source.edition === edition && source.revision === revision);
    if (!isPresent || (confirmed && !lost.confirmed)) throw new Refusal('BASIS_UNKNOWN', { edition, revision });
  }
}

/**
 * Throws BASIS_UNKNOWN for a draft made from what was taken back since, unless its readers have the text on that already and its edition has
 * confirmed it. `present` is what the present text was made from, and a draft that names nothing.
 */
export function mustStandAsDraft(manager: EntityManager, draft: Draft, present: readonly SourceRevision[] = []): Promise<void> {
  const basis = draft.basis.length > 0 ? draft.basis : present;
  return mustStandAsBasis(manager, draft, basis, { present, confirmed: true });
}
