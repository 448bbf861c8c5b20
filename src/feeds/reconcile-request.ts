import type { Editions } from '../editions/edition.loaders.js';
import { Refusal } from '../lib/errors.js';
import type { ReconcileScope } from './reconcile.js';

const dayMs = 86_400_000;
const usualDays = 30;
const moment = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/u;

/**
 * The scope that the query of an address asks for: all open editions and the last thirty days, where it does not say. `days`: whole days of UTC, the span
 * widened to them. Throws BAD_USER_INPUT, UNKNOWN_EDITION, EDITION_CLOSED.
 */
export function scopeAsked(
  query: Readonly<Record<string, unknown>>,
  editions: Editions,
  { now, days }: { now: Date; days: boolean },
): ReconcileScope {
  const codes = [query['edition'] ?? []].flat() as string[];
  const until = timeIn(query, 'until') ?? now;
  const since = timeIn(query, 'since') ?? new Date(midnight(until).getTime() - usualDays * dayMs);
  if (since >= until) throw new Refusal('BAD_USER_INPUT', { detail: 'since is before until' });
  return {
    editions: codes.length === 0 ? editions.active : [...new Set(codes)].map((code) => editions.open(code)),
    since: days ? midnight(since) : since,
    until: days ? new Date(midnight(new Date(until.getTime() - 1)).getTime() + dayMs) : until,
  };
}

const midnight = (at: Date): Date => new Date(Math.floor(at.getTime() / dayMs) * dayMs);

/** Whether the calendar has it: JavaScript takes 31 February for 3 March. */
const isDay = (day: string): boolean => !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day);

function timeIn(query: Readonly<Record<string, unknown>>, name: string): Date | undefined {
  const value = query[name];
  if (value === undefined) return undefined;
  const at = typeof value === 'string' && moment.test(value) && isDay(value.slice(0, 10)) ? new Date(value) : undefined;
  if (at && !Number.isNaN(at.getTime())) return at;
  throw new Refusal('BAD_USER_INPUT', { detail: `${name} is a time with its zone, or a day: 2026-11-01T06:00Z, 2026-11-01` });
}
