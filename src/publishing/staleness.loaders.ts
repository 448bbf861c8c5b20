import DataLoader from 'dataloader';
import type { Read } from '../lib/load.js';
import { type Lag, type Staleness, worstOf } from './staleness.js';
import { lagsOf, nameOf, type TranslationKey } from './staleness.queries.js';

/** A text by its place and its revision: that of a draft is known before it is asked for, any other's is the present one. */
type TextKey = TranslationKey & { revision: number };

export interface StalenessLoaders {
  /** What the present text of a translation lacks of its sources; one statement for all keys of a tick. */
  missedOfTranslation: DataLoader<TextKey, Lag, string>;
  /** The worst it comes to; together with the above still one statement. */
  stalenessOfTranslation: { load(key: TextKey): Promise<Staleness> };
}

/** Reads of how stale translations are; they ask for the present revision, whoever may see it. */
export function stalenessLoaders({ manager, now }: Read): StalenessLoaders {
  const missedOfTranslation = new DataLoader<TextKey, Lag, string>(
    async (keys) => (await lagsOf(manager, keys, now)).map((lag, index) => lag ?? new Error(`no translation ${nameOf(keys[index]!)}`)),
    { cacheKeyFn: (key) => `${nameOf(key)} ${key.revision}` },
  );
  return { missedOfTranslation, stalenessOfTranslation: { load: async (key) => worstOf(await missedOfTranslation.load(key)) } };
}
