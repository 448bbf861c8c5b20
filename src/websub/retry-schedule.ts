const [second, minute, hour] = [1_000, 60_000, 3_600_000];

/** How long to wait after the first, second … failed attempt; then no more, until there is something new to send. */
const pauses = [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour];

/** When what failed so often is tried again; null for not any more. `chance`, from 0 to 1, moves it by a fifth either way. */
export function retryAt(failed: number, now: Date, chance: number): Date | null {
  const pause = pauses[failed - 1];
  return pause === undefined ? null : new Date(now.getTime() + Math.round(pause * (0.8 + 0.4 * chance)));
}

/** When an intent that could not be asked about so often is asked about again; null for not any more. */
export function askAgainAt(failed: number, now: Date): Date | null {
  const pause = [5 * second, minute][failed - 1];
  return pause === undefined ? null : new Date(now.getTime() + pause);
}
