import DataLoader from 'dataloader';
import { grouped, type Read } from '../lib/load.js';
import type { Entitlement } from './entitlement.js';
import { entitlementsOf } from './partner.queries.js';

export interface EntitlementLoaders {
  /** All that a partner has, had and will have, by its code; the earliest first. */
  entitlementsOfPartner: DataLoader<string, Entitlement[]>;
}

export const entitlementLoaders = (read: Read): EntitlementLoaders => ({
  entitlementsOfPartner: new DataLoader(async (codes) => grouped(codes, await entitlementsOf(read, codes), (each) => each.partnerCode)),
});
