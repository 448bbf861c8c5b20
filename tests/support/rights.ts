import type { AgencyTerms, EntitlementTerms, PictureTerms, RightsFacts } from '../../src/rights/facts.js';

/** The moment that tests of rights decide at. */
export const rightsNow = new Date('2026-11-23T12:00:00.000Z');

export const later = (days: number): Date => new Date(rightsNow.getTime() + days * 86_400_000);

/** An agency’s terms: as nobody has ruled, unless a test does. */
export const agencyTerms = (agency: string, terms: Partial<AgencyTerms> = {}): AgencyTerms => ({
  ...{ agency, redistribution: 'ENTITLED', territories: [] },
  ...terms,
});

/** A picture’s terms. */
export const pictureTerms = (image: string, terms: Partial<PictureTerms> = {}): PictureTerms => ({
  ...{ image, redistribution: 'ENTITLED', territories: [], agencies: [] },
  ...terms,
});

/** A published text of the Tatar edition, with one picture and no agency’s copy. */
export const textFacts = (facts: Partial<RightsFacts> = {}): RightsFacts => ({
  ...{ edition: 'tt', topics: ['russia', 'politics'], kind: 'NEWS', origin: 'HUMAN', wires: [], pictures: [pictureTerms('lead')] },
  ...{ publishedAt: later(-1), embargoUntil: null, retractedAt: null, expiresAt: null },
  ...facts,
});

/** An entitlement to everything that everybody may read, with pictures. */
export const entitlementTerms = (terms: Partial<EntitlementTerms> = {}): EntitlementTerms => ({
  ...{ uuid: '00000000-0000-4000-8000-000000000001', editions: [], topics: [], kinds: [], excludedAgencies: [], territories: [] },
  ...{ level: 'FULL', images: true, machine: false, early: false, validFrom: later(-30), validUntil: null },
  ...terms,
});
