import type { EntityManager } from 'typeorm';
import type { EventRow } from './event.js';

/**
 * Who is told of every event, in the order of the log. `handle` writes through the manager it is given, in the transaction that settles
 * the events; what it does elsewhere it may do again after a fault, and tells repeats apart by the events' ids. It waits for the outside
 * before it writes, if at all, for less than three seconds between two statements: from its first write on, the numbering of events waits
 * for it, and a process that is silent for longer is taken for dead.
 */
export interface Consumer {
  /** Lasting: its place in the log is kept under it. */
  name: string;
  handle(events: readonly EventRow[], manager: EntityManager): Promise<void>;
}
