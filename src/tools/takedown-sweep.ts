import { sweepTakedowns } from '../ledger/takedown-sweep.js';
import { startWorkLoop } from '../lib/work-loop.js';
import type { StartWorker } from './serve.js';

/** Looks through the ledger for what must be taken down, beside requests. */
export const takedownSweep: StartWorker = ({ gateway: { dataSource, clock }, log }) =>
  startWorkLoop({
    turn: (signal) => sweepTakedowns({ manager: dataSource.manager, clock, signal }),
    pollMs: 1_000,
    log,
    says: { fails: 'the ledger cannot be looked through now; it is tried again', worksAgain: 'the ledger is looked through again' },
  });
