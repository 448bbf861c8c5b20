import type { EntityManager } from 'typeorm';
import { isUnavailable } from '../lib/unavailable.js';
import { within } from '../lib/within.js';
import type { TimerRow } from './event.js';
import type { RelayLog } from './relay-log.js';
import { dueTimers, passTimer } from './timer.queries.js';
import { type TimerWorks, timerWorks } from './timer-work.queries.js';

/** What the scheduler works with; `works` adds to what each kind of timer does, or replaces it. */
export interface SchedulerOptions {
  manager: EntityManager;
  clock: () => Date;
  works?: TimerWorks | undefined;
  log: RelayLog;
  signal?: AbortSignal | undefined;
}

/** Turns moments that pass into events. */
export interface Scheduler {
  /** Passes every timer that is due, each in a transaction of its own, and gives how many; one that fails is tried again later. */
  pass(): Promise<number>;
}

const page = 100;
const longestPauseMs = 60_000;

/** A scheduler; several may work on one database. */
export function makeScheduler({ manager, clock, works, log, signal }: SchedulerOptions): Scheduler {
  const workOf: TimerWorks = { ...timerWorks, ...works };
  const failed = new Map<string, { times: number; retryAt: number }>();

  /** Whether the timer passed. Throws when the database is gone. */
  const attempt = async (timer: TimerRow, now: Date): Promise<boolean> => {
    const work = workOf[timer.kind];
    const name = `${timer.kind} ${timer.key}`;
    const before = failed.get(name);
    if (!work || (before && before.retryAt > performance.now())) return false;
    try {
      const passed = await passTimer(manager, timer, now, work, signal);
      failed.delete(name);
      return passed;
    } catch (error) {
      if (isUnavailable(error) || signal?.aborted) throw error;
      // Somebody is at work on the story; nobody else waits for that.
      if (isLockTimeout(error)) return false;
      const times = (before?.times ?? 0) + 1;
      failed.set(name, { times, retryAt: performance.now() + Math.min(500 * 2 ** times, longestPauseMs) });
      if (times === 1) log.error({ err: error, timer: name }, 'a timer failed and is tried again');
      return false;
    }
  };

  return {
    async pass() {
      const now = clock();
      let passed = 0;
      let behind: TimerRow | undefined;
      for (;;) {
        const last = behind;
        const due = await within(manager, { milliseconds: 5_000, signal }, (own) => dueTimers(own, now, last, page));
        for (const timer of due) {
          if (signal?.aborted) return passed;
          if (await attempt(timer, now)) passed++;
        }
        if (due.length < page) return passed;
        behind = due.at(-1);
      }
    },
  };
}

const isLockTimeout = (error: unknown): boolean => (error as { driverError?: { code?: string } }).driverError?.code === '55P03';
