import { Refusal } from '../lib/errors.js';
import type { FeedForm } from './addresses.js';

const longestWait = 30;
const [mostPublic, mostOfKey] = [100, 5000];

/** What the query of a feed's address asks for. */
export interface FeedRequest extends FeedForm {
  /** Code of the partner whose own feed it is. */
  for?: string | undefined;
  /** How many seconds to wait for something to tell, with `after`. */
  wait: number;
}

/**
 * Reads the query of a feed's address; parameters of others' are left alone. `isKeyed`: whether a key was shown, with which pages may be longer.
 * Throws BAD_USER_INPUT.
 */
export function feedRequestOf(query: Readonly<Record<string, unknown>>, isKeyed: boolean): FeedRequest {
  const text = (name: string): string | undefined => {
    const value = query[name];
    if (value === undefined || typeof value === 'string') return value;
    throw new Refusal('BAD_USER_INPUT', { detail: `${name} is given once` });
  };
  const whole = (name: string, least: number, most: number): number | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    const number = /^\d{1,6}$/u.test(value) ? Number(value) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new Refusal('BAD_USER_INPUT', { detail: `${name} is a whole number from ${least} to ${most}` });
  };
  const asked = {
    ...{ after: text('after'), archive: text('archive'), for: text('for') },
    limit: whole('limit', 1, isKeyed ? mostOfKey : mostPublic),
    wait: whole('wait', 0, longestWait) ?? 0,
  };
  if (asked.after === undefined && (asked.limit !== undefined || asked.wait > 0))
    throw new Refusal('BAD_USER_INPUT', { detail: 'limit and wait go with after' });
  if (asked.after !== undefined && asked.archive !== undefined)
    throw new Refusal('BAD_USER_INPUT', { detail: 'after and archive are two forms of a feed' });
  return asked;
}
