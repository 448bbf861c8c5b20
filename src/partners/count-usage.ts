import type { EntityManager } from 'typeorm';
import { dayOf, daysBefore } from './days.js';
import { countsOf, type PartnerUsage, UsageChannel, type UsageCounts, type UsedAnswer } from './usage.js';
import { addUsage, forgetUsage } from './usage.queries.js';

/** Counts an answer that a partner was given; never waits, never throws. */
export type CountUsage = (partner: string, channel: keyof typeof UsageChannel, answer: UsedAnswer) => void;

/** What partners use, counted in this process and written down every few seconds. */
export interface UsageCounter {
  count: CountUsage;
  /** Writes down what was counted; what cannot be written is kept for the next time. */
  write(): Promise<void>;
  /** Ends, at the latest after so many milliseconds, once what was counted is written down. */
  stop(withinMs: number): Promise<void>;
}

export interface UsageOptions {
  manager: EntityManager;
  clock: () => Date;
  log: { warn(facts: object, message: string): void };
  everyMs?: number;
}

const writeEveryMs = 5_000;
const forgetEveryMs = 3_600_000;
/** How long it is kept, in days. */
export const usageKeptDays = 400;
// A few for each partner and day without a database; past that, what is new goes uncounted.
const mostWaiting = 10_000;

/** Begins to count. Days are those of the clock, in UTC. */
export function startCounting({ manager, clock, log, everyMs = writeEveryMs }: UsageOptions): UsageCounter {
  let waiting = new Map<string, PartnerUsage>();
  const abandon = new AbortController();
  let failing = false;
  let forgetAt = 0;
  let writing = Promise.resolve();
  let stopping = false;

  const add = (row: PartnerUsage): void => {
    const key = [row.day, row.partnerCode, row.channel].join(' ');
    const before = waiting.get(key);
    if (before || waiting.size < mostWaiting) waiting.set(key, before ? { ...row, ...sum(before, row) } : row);
  };

  const flush = async (): Promise<void> => {
    const taken = waiting;
    waiting = new Map();
    try {
      // In one order in every process, so that none waits for another that waits for it.
      if (taken.size > 0)
        await addUsage(
          manager,
          [...taken.keys()].sort().map((key) => taken.get(key)!),
          abandon.signal,
        );
      failing = false;
    } catch (error) {
      for (const row of taken.values()) add(row);
      if (!failing) log.warn({ err: error }, 'what partners use cannot be written down now and is kept');
      failing = true;
    }
  };
  const write = (): Promise<void> => (writing = writing.then(flush));

  const turn = async (): Promise<void> => {
    await write();
    if (failing || performance.now() < forgetAt) return;
    forgetAt = performance.now() + forgetEveryMs;
    await forgetUsage(manager, daysBefore(clock(), usageKeptDays), abandon.signal).catch(() => {});
  };
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    if (stopping) return;
    timer = setTimeout(() => turn().then(wait), everyMs);
    timer.unref();
  };
  wait();

  return {
    count: (partnerCode, channel, answer) => add({ partnerCode, day: dayOf(clock()), channel: UsageChannel[channel], ...countsOf(answer) }),
    write,
    async stop(withinMs) {
      stopping = true;
      clearTimeout(timer);
      const late = setTimeout(() => abandon.abort(), withinMs);
      await write();
      clearTimeout(late);
    },
  };
}

const sum = (one: UsageCounts, other: UsageCounts): UsageCounts => ({
  requests: one.requests + other.requests,
  notModified: one.notModified + other.notModified,
  refused: one.refused + other.refused,
  items: one.items + other.items,
  bytes: one.bytes + other.bytes,
});
