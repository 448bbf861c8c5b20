import type { Report } from './report.js';

/** The table a run prints: each ratio beside what the budget asks for. */
export function tableOf({ rows, limits, memory, readyMs, about }: Report): string {
  const results = rows.map(({ operation, bytes, medians, floor, toFloor, workToFloor, toBare, statements, budget }) => [
    ['work', operation],
    ['kB', (bytes / 1000).toFixed(0)],
    ['gateway/s', short(medians.gateway.perSecond)],
    ['p50 ms', short(medians.gateway.p50)],
    ['p99', short(medians.gateway.p99)],
    ['batches/s', short(medians.batches.perSecond)],
    ['single/s', short(medians.single.perSecond)],
    ['bare/s', short(medians.bare.perSecond)],
    ['to floor', toFloor.toFixed(2)],
    ['(by work)', workToFloor?.toFixed(2) ?? '–'],
    ['cold', `≥${budget.cold}`],
    ['warm', `≥${budget.warm}`],
    ['to bare', toBare.toFixed(3)],
    ['cached', `≥${budget.cached}`],
    ['SQL', String(statements.gateway)],
    ['most', `≤${limits.statements}`],
    ['floor', String(statements[floor])],
  ]);
  const head = results[0]?.map(([title]) => title!) ?? [];
  const lines = [head, ...results.map((row) => row.map(([, value]) => value!))];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const used = memory ? `idle ${memory.idle} MB (≤${limits.idle}), peak ${memory.peak} MB (≤${limits.peak})` : 'unknown here';
  return [
    ...lines.map((line) =>
      line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
    ),
    '',
    `memory of the gateway: ${used}; start to ready: ${Math.round(readyMs)} ms (≤${limits.readyMs})`,
    Object.entries(about)
      .map(([name, value]) => `${name}: ${value}`)
      .join(' · '),
    '',
  ].join('\n');
}

const short = (value: number): string => (value < 100 ? value.toFixed(1) : value.toFixed(0));
