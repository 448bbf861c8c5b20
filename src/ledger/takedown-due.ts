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

/** How long after its cause the ledger is looked at again: holdings are written behind the request, or when a slow receiver has answered. */
const looksAfterMs: readonly number[] = [0, 2_000, 5_000, 15_000, minute, 10 * minute, 60 * minute, 6 * 60 * minute, 24 * 60 * minute];

/** How many milliseconds after its cause the ledger is looked at for the `looks`-th time, counted from 0; null for never again. */
export const lookAfter = (looks: number): number | null => looksAfterMs[looks] ?? null;

/** The same as a moment. */
export function lookAt(causedAt: Date, looks: number): Date | null {
  const after = lookAfter(looks);
  return after === null ? null : new Date(causedAt.getTime() + after);
}
