import DataLoader from 'dataloader';
import { grouped, type Read } from '../lib/load.js';
import { type HeldText, type HoldingsPage, holdingsOf } from './holding.queries.js';

/** A page of what one partner holds. */
export interface HoldingsKey {
  partner: string;
  page: HoldingsPage;
}

export interface HoldingLoaders {
  /** What a partner holds; the same page of many partners is one statement. */
  holdingsOfPartner: DataLoader<HoldingsKey, HeldText[], string>;
}

export const holdingLoaders = (read: Read): HoldingLoaders => ({
  holdingsOfPartner: new DataLoader(
    async (keys) => {
      const names = keys.map(({ page }) => JSON.stringify(page));
      const pages = new Map<string, Promise<Map<string, HeldText[]>>>();
      for (const name of new Set(names)) {
        const same = keys.filter((_, at) => names[at] === name);
        pages.set(name, pageOfEach(read, same));
      }
      return Promise.all(keys.map(async ({ partner }, at) => (await pages.get(names[at]!))!.get(partner)!));
    },
    { cacheKeyFn: ({ partner, page }) => JSON.stringify([partner, page]) },
  ),
});

async function pageOfEach(read: Read, keys: readonly HoldingsKey[]): Promise<Map<string, HeldText[]>> {
  const partners = keys.map(({ partner }) => partner);
  const rows = grouped(partners, await holdingsOf(read, partners, keys[0]!.page), ({ partnerCode }) => partnerCode);
  return new Map(partners.map((partner, at) => [partner, rows[at]!]));
}
