import { WakeUp } from './wake-up.js';

/** What works beside requests for as long as the process serves. */
export interface Worker {
  /** There may be something to do, here or told by another process: look at once. */
  wake(): void;
  /** Ends after what is being done, at the latest after so many milliseconds. */
  stop(withinMs: number): Promise<void>;
}

export interface WorkLoop {
  /** Does what waits and says whether there may be more; null where nothing was tried. What it asks of others is given up once `signal` is aborted. */
  turn(signal: AbortSignal): Promise<boolean | null>;
  /** How long nothing is looked for unless somebody wakes. */
  pollMs: number;
  log: { info(facts: object, message: string): void; error(facts: object, message: string): void };
  /** What is said of the first failure of many, and when it works again. */
  says: { fails: string; worksAgain: string };
}

const longestPauseMs = 2_000;

/** Turn after turn, without a pause while there is more to do. One that fails is tried again after a pause that grows to two seconds, and said once. */
export function startWorkLoop({ turn, pollMs, log, says }: WorkLoop): Worker {
  const wakeUp = new WakeUp();
  const abandon = new AbortController();
  let stopping = false;
  const run = async (): Promise<void> => {
    let failures = 0;
    while (!stopping) {
      try {
        const more = await turn(abandon.signal);
        if (failures > 0 && more !== null) {
          log.info({ failures }, says.worksAgain);
          failures = 0;
        }
        if (!more && !stopping) await wakeUp.wait(pollMs);
      } catch (error) {
        if (stopping) return;
        failures++;
        if (failures === 1) log.error({ err: error }, says.fails);
        await wakeUp.wait(Math.min(100 * 2 ** failures, longestPauseMs));
      }
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
