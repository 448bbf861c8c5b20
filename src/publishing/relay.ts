import type { EntityManager } from 'typeorm';
import { WakeUp } from '../lib/wake-up.js';
import { within } from '../lib/within.js';
import type { Consumer } from './consumer.js';
import { makeCourier } from './courier.js';
import { numberEvents } from './event.queries.js';
import { prune } from './prune.queries.js';
import type { RelayLog } from './relay-log.js';
import { waitingFor } from './relay-state.queries.js';
import { makeScheduler } from './scheduler.js';
import type { TimerWorks } from './timer-work.queries.js';

/** What the relay of a process works with. */
export interface RelayOptions {
  manager: EntityManager;
  clock: () => Date;
  consumers: readonly Consumer[];
  works?: TimerWorks | undefined;
  log: RelayLog;
}

/** Gives events their numbers, hands them to consumers and passes due timers, for as long as the process serves. */
export interface Relay {
  /** Something was committed, here or elsewhere: look at once. */
  wake(): void;
  /** Ends after what is being done, at the latest after so many milliseconds. */
  stop(withinMs: number): Promise<void>;
}

const batch = 1_000;
const pollMs = 250;
const longestPauseMs = 2_000;
const pruneEveryMs = 60_000;
// Timers wait no longer than so many batches when a large import is numbered.
const batchesATurn = 5;

/** Starts the relay; every process of one database may run one. It survives the database going away, and says so once. */
export function startRelay({ manager, clock, consumers, works, log }: RelayOptions): Relay {
  const wakeUp = new WakeUp();
  const abandon = new AbortController();
  const { signal } = abandon;
  const scheduler = makeScheduler({ manager, clock, works, log, signal });
  const couriers = consumers.map((consumer) => makeCourier({ manager, consumer, log, signal }));
  let stopping = false;
  let pruneAt = performance.now();

  /** Whether there may be more to do at once. */
  const turn = async (): Promise<boolean> => {
    const now = clock();
    const { outbox, due, head, settled } = await within(manager, { milliseconds: 5_000, signal }, (own) => waitingFor(own, now));
    let numbered = 0;
    for (let round = 0; outbox && round < batchesATurn && !stopping; round++) {
      const more = await numberEvents(manager, batch, signal);
      numbered += more;
      if (more < batch) break;
    }
    const passed = due && !stopping ? await scheduler.pass() : 0;
    if (!stopping && performance.now() >= pruneAt) {
      pruneAt = performance.now() + pruneEveryMs;
      await prune(manager, now, batch, signal);
    }
    if (!stopping) for (const courier of couriers) if ((settled[courier.name] ?? 0) < head + numbered) courier.go();
    return numbered > 0 || passed > 0;
  };

  const run = async (): Promise<void> => {
    let failures = 0;
    while (!stopping) {
      try {
        const more = await turn();
        if (failures > 0) log.info({ failures }, 'the relay works again');
        failures = 0;
        if (!more) await wakeUp.wait(pollMs);
      } catch (error) {
        if (stopping) return;
        failures++;
        if (failures === 1) log.error({ err: error }, 'the relay cannot work now and keeps trying');
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
      await Promise.all([running, ...couriers.map((courier) => courier.stop())]);
      clearTimeout(late);
    },
  };
}
