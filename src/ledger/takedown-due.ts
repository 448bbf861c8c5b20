import type { TakedownKind } from './takedown.js';

const minute = 60_000;

/** How long a partner has, by what it is asked for: what `PARTNERS.md` says; data, for whoever makes the contracts to argue about. */
export const minutesToTakeDown: Readonly<Record<Exclude<TakedownKind, 'CHANGED'>, number>> = {
  KILL: 15,
  WITHHOLD: 15,
  WITHDRAW: 60,
  REPLACE: 60,
  EXPIRED: 60,
  REMOVED: 24 * 60,
  RECALLED: 24 * 60,
};

/** By when an answer is due to an order that is opened at a moment: whoever is told late has as long as anybody. */
export const takedownDue = (kind: keyof typeof minutesToTakeDown, openedAt: Date): Date =>
  new Date(openedAt.getTime() + minutesToTakeDown[kind] * minute);

const second = 1_000;
const hour = 60 * minute;

// Holdings are written behind the request, or when a slow receiver has answered, or when the database can be written again.
const looksAfterMs: readonly number[] = [
  ...[0, 2 * second, 5 * second, 10 * second, 20 * second, 40 * second],
  ...[1.5 * minute, 3 * minute, 5 * minute, 10 * minute, 30 * minute, hour, 6 * hour, 24 * hour],
];

/** How many milliseconds after its cause the ledger is looked at for the `looks`-th time, counted from 0; null for never again. */
export const lookAfter = (looks: number): number | null => looksAfterMs[looks] ?? null;

/** The same as a moment. */
export function lookAt(causedAt: Date, looks: number): Date | null {
  const after = lookAfter(looks);
  return after === null ? null : new Date(causedAt.getTime() + after);
}
