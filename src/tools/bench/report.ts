import type { Measured, Stretch } from './measure.js';
import { type TargetName, targetNames } from './targets.js';

/** The budget of a row: the least ratio to the floor without and with a revision cache, and to the bare server with a cache of answers. */
const budget = {
  Q1: { cold: 0.5, warm: 1, cached: 0.8 },
  Q1b: { cold: 0.65, warm: 2, cached: 0.8 },
  Q2: { cold: 0.35, warm: 0.6, cached: 0.8 },
  Q3: { cold: 0.5, warm: 1, cached: 0.8 },
};

/** The budget of a process. */
const limits = { statements: 8, idle: 180, peak: 300, readyMs: 2000 };

/** A row with what it comes to; the faster floor counts, and ratios are taken within each round. */
interface Row {
  operation: Measured['rows'][number]['operation'];
  bytes: number;
  medians: Record<TargetName, Stretch>;
  floor: 'batches' | 'single';
  toFloor: number;
  toBare: number;
  /** Processor time of the floor for that of the gateway: what the ratio would be if nothing else were on the machine and the database were free. */
  workToFloor: number | undefined;
  statements: Measured['rows'][number]['statements'];
  budget: (typeof budget)['Q1'];
}

/** A run with its ratios, as it is written to a file. */
export interface Report extends Omit<Measured, 'rows'> {
  rows: Row[];
  limits: typeof limits;
  about: Record<string, string | number>;
}

/** Adds ratios and budget to what was measured. */
export const reportOf = (measured: Measured, about: Report['about']): Report => ({
  ...measured,
  rows: measured.rows.map(rowOf),
  limits,
  about,
});

function rowOf({ operation, bytes, loads, statements }: Measured['rows'][number]): Row {
  const medians = Object.fromEntries(targetNames.map((name) => [name, medianOf(loads[name])])) as Row['medians'];
  const floor = medians.batches.perSecond >= medians.single.perSecond ? 'batches' : 'single';
  const ratio = (to: TargetName): number => median(loads.gateway.map((each, round) => each.perSecond / loads[to][round]!.perSecond));
  const works = loads.gateway.flatMap(({ processorMs }, round) => {
    const ofFloor = loads[floor][round]!.processorMs;
    return processorMs && ofFloor ? [ofFloor / processorMs] : [];
  });
  const workToFloor = works.length > 0 ? median(works) : undefined;
  return {
    operation,
    bytes,
    medians,
    floor,
    toFloor: ratio(floor),
    toBare: ratio('bare'),
    workToFloor,
    statements,
    budget: budget[operation],
  };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

function medianOf(stretches: readonly Stretch[]): Stretch {
  const of = (value: (each: Stretch) => number): number => median(stretches.map(value));
  const works = stretches.flatMap(({ processorMs }) => processorMs ?? []);
  return {
    requests: of((each) => each.requests),
    perSecond: of((each) => each.perSecond),
    p50: of((each) => each.p50),
    p99: of((each) => each.p99),
    processorMs: works.length > 0 ? median(works) : undefined,
  };
}
