import type { FastifyBaseLogger } from 'fastify';
import { sweepTakedowns as sweep } from '../ledger/takedown-sweep.js';
import { startWorkLoop, type Worker } from '../lib/work-loop.js';
import type { Gateway } from './context.js';

/** Looks through the ledger for what must be taken down, beside requests. */
export const sweepTakedowns = ({ gateway: { dataSource, clock }, log }: { gateway: Gateway; log: FastifyBaseLogger }): Worker =>
  startWorkLoop({
    ...{ turn: (signal) => sweep({ manager: dataSource.manager, clock, signal }), pollMs: 1_000, log },
    says: { fails: 'the ledger cannot be looked through now; it is tried again', worksAgain: 'the ledger is looked through again' },
  });
