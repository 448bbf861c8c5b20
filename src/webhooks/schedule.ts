const [second, minute, hour] = [1_000, 60_000, 3_600_000];

/** How long after a failed attempt the next one follows, in milliseconds: of the first at once, then nine more (Standard Webhooks). */
export const pauses: readonly number[] = [
  ...[0, 5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour],
  ...[10 * hour, 14 * hour, 20 * hour, 24 * hour],
];

/** By what part a pause is longer or shorter, so that what failed together does not come again together. */
export const jitter = 0.2;

/** An endpoint that has taken nothing for so long is disabled. */
export const mostFailingMs = 5 * 24 * hour;

/** However long a receiver asks to be left alone, it is asked again after this. */
export const longestRetryAfterMs = 24 * hour;

/** How long a receiver that is overloaded and does not say is left alone. */
export const usualThrottleMs = 30 * second;

/**
 * How long to wait after so many failed attempts; null when that was the last one. `chance` is from 0 to 1, of which a half gives the pause as it
 * stands in the schedule.
 */
export function pauseAfter(attempts: number, chance: number): number | null {
  const pause = pauses[attempts];
  return pause === undefined ? null : Math.round(pause * (1 + jitter * (2 * chance - 1)));
}

/**
 * Until when a receiver wants to be left alone, by its `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), no further ahead than a day; null for
 * none, for one that is over, and for anything else.
 */
export function retryAfter(header: string | undefined, now: Date): Date | null {
  const text = header?.trim();
  if (!text) return null;
  const at = /^\d+$/u.test(text) ? now.getTime() + Number(text.slice(0, 12)) * second : dateOf(text);
  if (Number.isNaN(at) || at <= now.getTime()) return null;
  return new Date(Math.min(at, now.getTime() + longestRetryAfterMs));
}

/** `Sun, 06 Nov 1994 08:49:37 GMT`; what else the engine would take for a date is none. */
const dateOf = (text: string): number =>
  /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/u.test(text) ? Date.parse(text) : Number.NaN;
