import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something holds, and gives how many milliseconds it took; fails when it does not in time. */
export async function until(what: string, holds: () => Promise<boolean> | boolean, withinMs = 20_000): Promise<number> {
  const started = performance.now();
  while (!(await holds())) {
    if (performance.now() - started > withinMs) throw new Error(`${what} did not happen within ${withinMs} ms`);
    await sleep(10);
  }
  return performance.now() - started;
}
