import type { Measured } from './measure.js';

/** The budget of a row: the least ratio to the floor without and with a revision cache, and to the bare server with a cache of answers. */
const budget = {
  Q1: { cold: 0.5, warm: 1, cached: 0.8 },
  Q1b: { cold: 0.65, warm: 2, cached: 0.8 },
  Q2: { cold: 0.35, warm: 0.6, cached: 0.8 },
  Q3: { cold: 0.5, warm: 1, cached: 0.8 },
};

/** The budget of a process. */
const limits = { statements: 8, idle: 180, peak: 300, readyMs: 2000 };

/** A run with its ratios, as it is written to a file. */
export interface Report extends Measured {
  rows: (Measured['rows'][number] & { floor: 'batches' | 'single'; toFloor: number; toBare: number; budget: (typeof budget)['Q1'] })[];
  limits: typeof limits;
  about: Record<string, string | number | boolean>;
}

/** Adds ratios and budget to what was measured; the faster of the two floors counts. */
export function reportOf(measured: Measured, about: Report['about']): Report {
  const rows = measured.rows.map((row) => {
    const { gateway, batches, single, bare } = row.loads;
    const floor = batches.perSecond >= single.perSecond ? ('batches' as const) : ('single' as const);
    return {
      ...row,
      floor,
      toFloor: gateway.perSecond / row.loads[floor].perSecond,
      toBare: gateway.perSecond / bare.perSecond,
      budget: budget[row.operation],
    };
  });
  return { ...measured, rows, limits, about };
}

/** The table a run prints. */
export function tableOf({ rows, memory, readyMs, about }: Report): string {
  const head = [
    'work',
    'kB',
    'gateway/s',
    'p50',
    'p99 ms',
    'batches/s',
    'single/s',
    'bare/s',
    'to floor',
    'cold',
    'warm',
    'to bare',
    'cached',
    'SQL',
    'most',
    'floor',
  ];
  const lines = rows.map(({ operation, bytes, loads, toFloor, toBare, statements, floor, budget: { cold, warm, cached } }) => [
    ...[operation, (bytes / 1000).toFixed(0), ...[loads.gateway.perSecond, loads.gateway.p50, loads.gateway.p99].map(short)],
    ...[loads.batches.perSecond, loads.single.perSecond, loads.bare.perSecond].map(short),
    ...[toFloor.toFixed(2), `≥${cold}`, `≥${warm}`, toBare.toFixed(3), `≥${cached}`],
    ...[String(statements.gateway), `≤${limits.statements}`, String(statements[floor])],
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...lines.map((line) => line[column]!.length)));
  const shown = [head, ...lines].map((line) =>
    line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  );
  const used = memory ? `idle ${memory.idle} MB (≤${limits.idle}), peak ${memory.peak} MB (≤${limits.peak})` : 'unknown here';
  return [
    ...shown,
    '',
    `memory of the gateway: ${used}; start to ready ${Math.round(readyMs)} ms (≤${limits.readyMs})`,
    Object.entries(about)
      .map(([name, value]) => `${name}: ${value}`)
      .join(' · '),
    '',
  ].join('\n');
}

const short = (value: number): string => (value < 100 ? value.toFixed(1) : value.toFixed(0));
