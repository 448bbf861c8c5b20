import type { Read } from '../lib/load.js';
import type { Entitlement } from './entitlement.js';
import type { Partner } from './partner.js';
import { entitlementsOf, findPartner } from './partner.queries.js';

/** What a partner reads by, for one request. */
export interface Scope {
  partner: Partner;
  /** All that it has, had and will have. */
  entitlements: readonly Entitlement[];
  /** Whether it may have some stories under embargo. */
  early: boolean;
  /** As of when it is given texts; null: as they are now. */
  horizon: Date | null;
}

/** What a partner reads by now; null for a code that no partner has. */
export async function scopeOf(read: Read, code: string): Promise<Scope | null> {
  const [partner, entitlements] = await Promise.all([findPartner(read, code), entitlementsOf(read, [code])]);
  if (!partner) return null;
  const { delaySeconds } = partner;
  return {
    ...{ partner, entitlements },
    early: current(entitlements, read.now).some(({ early }) => early),
    horizon: delaySeconds === 0 ? null : new Date(read.now.getTime() - delaySeconds * 1000),
  };
}

/** Whether any entitlement that holds at a moment is for an edition: of others nothing need be read to know that nothing is given. */
export const reaches = (entitlements: readonly Entitlement[], edition: string, at: Date): boolean =>
  current(entitlements, at).some(({ editions }) => editions.length === 0 || editions.includes(edition));

/** Those entitlements that hold at a moment. */
export const current = (entitlements: readonly Entitlement[], at: Date): Entitlement[] =>
  entitlements.filter(({ validFrom, validUntil }) => validFrom <= at && (validUntil === null || validUntil > at));
