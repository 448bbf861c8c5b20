import { type EntityManager, QueryFailedError } from 'typeorm';
import { isUnavailable } from '../lib/unavailable.js';
import type { Consumer } from './consumer.js';
import { deliverEvents } from './consumer.queries.js';
import type { RelayLog } from './relay-log.js';

/** Brings one consumer its events; several processes may have one for it, of which one delivers at a time. */
export interface Courier {
  name: string;
  /** Delivers what waits, unless it is at it or pauses after a failure. Returns at once. */
  go(): void;
  /** Ends after the delivery under way. */
  stop(): Promise<void>;
}

const batch = 100;
const longestPauseMs = 60_000;

/** A courier for a consumer; one that throws is tried again after a pause that grows from a second to a minute. */
export function makeCourier({
  manager,
  consumer,
  log,
  signal,
}: {
  manager: EntityManager;
  consumer: Consumer;
  log: RelayLog;
  signal?: AbortSignal | undefined;
}): Courier {
  let stopping = false;
  let under: Promise<void> | undefined;
  let failures = 0;
  let retryAt = 0;
  // After a failure of many, each by itself, so that those before the bad one are settled.
  let singly = 0;

  const deliver = async (): Promise<void> => {
    while (!stopping) {
      const most = singly > 0 ? 1 : batch;
      try {
        const delivered = await deliverEvents(manager, consumer, most, signal);
        if (failures > 0) log.info({ consumer: consumer.name, failures }, 'the consumer takes events again');
        failures = 0;
        if (delivered === 0) return;
        singly = Math.max(singly - 1, 0);
      } catch (error) {
        if (most > 1) {
          singly = most;
          continue;
        }
        failures++;
        retryAt = performance.now() + Math.min(500 * 2 ** failures, longestPauseMs);
        if (failures === 1 && !(error instanceof QueryFailedError && isUnavailable(error)))
          log.error({ err: error, consumer: consumer.name }, 'the consumer failed and is tried again');
        return;
      }
    }
  };

  return {
    name: consumer.name,
    go() {
      if (under || stopping || performance.now() < retryAt) return;
      under = deliver().finally(() => {
        under = undefined;
      });
    },
    async stop() {
      stopping = true;
      await under;
    },
  };
}
