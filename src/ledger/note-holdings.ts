import type { EntityManager } from 'typeorm';
import { within } from '../lib/within.js';
import type { NoteHoldings } from './hold.js';
import type { HoldingRow } from './holding.js';
import { holdingKey, holdingRows, joined, keepHoldings } from './holding.queries.js';

/** What partners are given, noted in this process and written down within a second. */
export interface HoldingNoter {
  note: NoteHoldings;
  /** Writes down what was noted; what cannot be written is kept for the next time. */
  write(): Promise<void>;
  /** Ends, at the latest after so many milliseconds, once what was noted is written down. */
  stop(withinMs: number): Promise<void>;
}

export interface NotingOptions {
  manager: EntityManager;
  clock: () => Date;
  log: { warn(facts: object, message: string): void; error(facts: object, message: string): void };
  everyMs?: number;
  /** How many holdings are kept at most while they cannot be written. */
  mostWaiting?: number;
}

// What a kill loses is texts at partners of which nobody knows.
const writeEveryMs = 1_000;
const patienceMs = 5_000;
const mostInAStatement = 5_000;
// Some 50 MB. Without a database nobody is given anything new, so that no more come than were on their way.
const mostKept = 100_000;

/** Begins to note what partners hold, at the times of the clock. */
export function startNotingHoldings(options: NotingOptions): HoldingNoter {
  const { manager, clock, log, everyMs = writeEveryMs, mostWaiting = mostKept } = options;
  let waiting = new Map<string, HoldingRow>();
  const abandon = new AbortController();
  let [failing, losing] = [false, false];
  let writing = Promise.resolve();

  const add = (row: HoldingRow): void => {
    const key = holdingKey(row);
    const before = waiting.get(key);
    if (before || waiting.size < mostWaiting) waiting.set(key, before ? joined(before, row) : row);
    else if (!losing) {
      losing = true;
      log.error({ mostWaiting }, 'what partners are given is not noted any more: too much of it cannot be written down');
    }
  };

  const flush = async (): Promise<void> => {
    const taken = [...waiting.values()];
    waiting = new Map();
    let written = 0;
    try {
      for (; written < taken.length; written += mostInAStatement) {
        const rows = taken.slice(written, written + mostInAStatement);
        await within(manager, { milliseconds: patienceMs, signal: abandon.signal }, (own) => keepHoldings(own, rows));
      }
      [failing, losing] = [false, false];
    } catch (error) {
      for (const row of taken.slice(written)) add(row);
      if (!failing) log.warn({ err: error }, 'what partners hold cannot be written down now and is kept');
      failing = true;
    }
  };
  const write = (): Promise<void> => (writing = writing.then(flush));

  let timer: NodeJS.Timeout | undefined;
  let stopping = false;
  const wait = (): void => {
    if (stopping) return;
    timer = setTimeout(() => write().then(wait), everyMs);
    timer.unref();
  };
  wait();

  return {
    note(partner, channel, texts) {
      for (const row of holdingRows({ partner, channel, at: clock() }, texts)) add(row);
    },
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
