import DataLoader from 'dataloader';
import { grouped, type Read } from '../lib/load.js';
import type { NoticeDutyRow } from './notice-duty.js';
import { dutiesOf } from './notice-duty.queries.js';
import { type ListedTakedown, type TakedownsPage, takedownsOf } from './takedown-list.queries.js';

/** A page of the orders to one partner. */
export interface TakedownsKey {
  partner: string;
  page: TakedownsPage;
}

/** Notices of whose change one partner was told; `open`: those that it has, or has not, acknowledged. */
export interface DutiesKey {
  partner: string;
  open: boolean | null;
}

export interface TakedownLoaders {
  /** The orders to a partner; the same page of many partners is one statement. */
  takedownsOfPartner: DataLoader<TakedownsKey, ListedTakedown[], string>;
  /** What a partner was told of changed notices, newest first. */
  dutiesOfPartner: DataLoader<DutiesKey, NoticeDutyRow[], string>;
}

export const takedownLoaders = (read: Read): TakedownLoaders => ({
  takedownsOfPartner: new DataLoader(
    async (keys) => {
      const byPage = new Map<string, Promise<ListedTakedown[]>>();
      for (const { page } of keys) {
        const name = JSON.stringify(page);
        const partners = keys.filter((each) => JSON.stringify(each.page) === name).map(({ partner }) => partner);
        if (!byPage.has(name)) byPage.set(name, takedownsOf(read, partners, page));
      }
      return Promise.all(
        keys.map(async ({ partner, page }) => (await byPage.get(JSON.stringify(page))!).filter(({ row }) => row.partnerCode === partner)),
      );
    },
    { cacheKeyFn: (key) => JSON.stringify(key) },
  ),
  dutiesOfPartner: new DataLoader(
    async (keys) => {
      const partners = [...new Set(keys.map(({ partner }) => partner))];
      const byPartner = grouped(partners, await dutiesOf(read, partners), ({ partnerCode }) => partnerCode);
      return keys.map(({ partner, open }) =>
        byPartner[partners.indexOf(partner)]!.filter((duty) => open === null || open === (duty.acknowledgedAt === null)),
      );
    },
    { cacheKeyFn: (key) => JSON.stringify(key) },
  ),
});
