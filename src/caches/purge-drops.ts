import type { EntityManager } from 'typeorm';
import { WakeUp } from '../lib/wake-up.js';
import type { RelayLog } from '../publishing/relay-log.js';
import { claimDrops, putOffDrops, settleDrops } from './drop.queries.js';
import type { Purger } from './purger.js';
import { surrogateKeys } from './surrogate-keys.js';

/** Purges what must be forgotten at once, for as long as the process serves. */
export interface DropPurge {
  /** Something was taken back, here or elsewhere: look at once. */
  wake(): void;
  /** Ends after what is being done, at the latest after so many milliseconds. */
  stop(withinMs: number): Promise<void>;
}

const pollMs = 1_000;
const batch = 1_000;

/**
 * Tells a cache to forget everything whenever the database says that something must be forgotten at once (`cache_drop`), past the log and whatever waits
 * there. What fails is tried again every second or two; it survives the database and the cache going away, and says so once.
 */
export function startDropPurge({ manager, purger, log }: { manager: EntityManager; purger: Purger; log: RelayLog }): DropPurge {
  const wakeUp = new WakeUp();
  const abandon = new AbortController();
  const { signal } = abandon;
  let stopping = false;
  let failures = 0;

  /** Whether there was anything to forget. */
  const turn = async (): Promise<boolean> => {
    const claimed = await claimDrops(manager, batch, signal);
    if (claimed.length === 0) return false;
    await purger.purge([surrogateKeys.everything]).catch(async (error: unknown) => {
      await putOffDrops(manager, claimed, signal);
      throw error;
    });
    await settleDrops(manager, claimed, signal);
    if (failures > 0) log.info({ failures }, 'caches forget at once again what is taken back');
    failures = 0;
    return true;
  };
  const run = async (): Promise<void> => {
    while (!stopping) {
      const more = await turn().catch((error: unknown) => {
        failures++;
        if (failures === 1 && !stopping)
          log.error({ err: error }, 'caches cannot be told to forget at once what is taken back: tried again');
        return false;
      });
      if (!more && !stopping) await wakeUp.wait(pollMs);
    }
  };
  const running = run();

  return {
    wake: () => wakeUp.wake(),
    async stop(withinMs) {
      stopping = true;
      wakeUp.wake();
      const late = setTimeout(() => abandon.abort(), withinMs);
      await running;
      clearTimeout(late);
    },
  };
}
