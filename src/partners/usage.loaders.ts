import DataLoader from 'dataloader';
import { grouped, type Read } from '../lib/load.js';
import { daysBefore } from './days.js';
import type { PartnerUsage } from './usage.js';
import { usageSince } from './usage.queries.js';

export interface UsageLoaders {
  /** What a partner used in so many days, today the last of them; newest first. */
  usageOfPartner: DataLoader<{ partner: string; days: number }, PartnerUsage[], string>;
}

export const usageLoaders = (read: Read): UsageLoaders => ({
  usageOfPartner: new DataLoader(
    async (keys) => {
      const since = (days: number): string => daysBefore(read.now, days - 1);
      const partners = [...new Set(keys.map(({ partner }) => partner))];
      const rows = await usageSince(read, partners, since(Math.max(...keys.map(({ days }) => days))));
      const byPartner = grouped(partners, rows, ({ partnerCode }) => partnerCode);
      return keys.map(({ partner, days }) => byPartner[partners.indexOf(partner)]!.filter(({ day }) => day >= since(days)));
    },
    { cacheKeyFn: ({ partner, days }) => `${days} ${partner}` },
  ),
});
