import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import type { RelayLog } from '../publishing/relay-log.js';
import { type EndpointNews, type Settlement, settleAttempts } from './attempt.queries.js';
import { mostFailingMs } from './schedule.js';

/** What came of one claimed delivery; `endpoint` where something was sent. */
export interface Result {
  settlement: Settlement;
  endpoint: EndpointNews | null;
}

/** Writes results down, as many at once as have come in meanwhile. */
export interface Settler {
  /** Resolves once it is written. Rejects only when the settler was stopped first: then the delivery is repeated, by whoever claims it next. */
  settle(result: Result): Promise<void>;
  /** Gives up what cannot be written by now. */
  abandon(): void;
}

const longestPauseMs = 2_000;

/** A settler; while the database is away it keeps what there is, which is never more than what is under way. */
export function makeSettler({ manager, log }: { manager: EntityManager; log: RelayLog }): Settler {
  let waiting: { result: Result; done(): void; failed(error: Error): void }[] = [];
  let running = false;
  let abandoned = false;
  const run = async (): Promise<void> => {
    running = true;
    let failures = 0;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        const settlements = batch.map(({ result }) => result.settlement);
        const endpoints = lastOfEach(batch.flatMap(({ result }) => result.endpoint ?? []));
        const disabled = await settleAttempts(manager, { settlements, endpoints, mostFailingMs });
        for (const { uuid, because } of disabled) log.info({ endpoint: uuid, because }, 'an endpoint was disabled');
        for (const { done } of batch) done();
        failures = 0;
      } catch (error) {
        if (abandoned) {
          for (const { failed } of [...batch, ...waiting.splice(0)]) failed(error as Error);
          break;
        }
        waiting = [...batch, ...waiting];
        failures++;
        if (failures === 1) log.error({ err: error }, 'what came of deliveries cannot be written now: tried again');
        await sleep(Math.min(100 * 2 ** failures, longestPauseMs));
      }
    }
    running = false;
  };
  return {
    settle: (result) =>
      new Promise((done, failed) => {
        waiting.push({ result, done, failed });
        // After what else has ended in this turn of the loop.
        if (!running) {
          running = true;
          setImmediate(() => void run());
        }
      }),
    abandon() {
      abandoned = true;
    },
  };
}

/** What several attempts came to for an endpoint: by the last of them, but one that says that it is gone is. */
function lastOfEach(news: readonly EndpointNews[]): EndpointNews[] {
  const last = new Map<string, EndpointNews>();
  for (const each of news) {
    const before = last.get(each.uuid);
    const times = [before && !each.took ? before.notBefore : null, each.notBefore].flatMap((at) => at?.getTime() ?? []);
    last.set(each.uuid, {
      ...each,
      isGone: each.isGone || (before?.isGone ?? false),
      notBefore: times.length > 0 ? new Date(Math.max(...times)) : null,
    });
  }
  return [...last.values()].sort((one, other) => (one.uuid < other.uuid ? -1 : 1));
}
