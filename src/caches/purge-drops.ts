import type { EntityManager } from 'typeorm';
import { startWorkLoop, type Worker } from '../lib/work-loop.js';
import type { RelayLog } from '../publishing/relay-log.js';
import { claimDrops, putOffDrops, settleDrops } from './drop.queries.js';
import type { Purger } from './purger.js';
import { surrogateKeys } from './surrogate-keys.js';

const pollMs = 1_000;
const batch = 1_000;

/**
 * Tells a cache to forget everything whenever the database says that something must be forgotten at once (`cache_drop`), past the log and whatever waits
 * there. What fails is tried again every second or two; it survives the database and the cache going away.
 */
export const startDropPurge = ({ manager, purger, log }: { manager: EntityManager; purger: Purger; log: RelayLog }): Worker =>
  startWorkLoop({
    ...{ pollMs, log },
    says: {
      fails: 'caches cannot be told to forget at once what is taken back: tried again',
      worksAgain: 'caches forget at once again what is taken back',
    },
    async turn(signal) {
      const claimed = await claimDrops(manager, batch, signal);
      if (claimed.length === 0) return null;
      await purger.purge([surrogateKeys.everything]).catch(async (error: unknown) => {
        await putOffDrops(manager, claimed, signal);
        throw error;
      });
      await settleDrops(manager, claimed, signal);
      return true;
    },
  });
