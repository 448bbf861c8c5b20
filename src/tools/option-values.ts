import { InvalidArgumentError } from 'commander';
import { z } from 'zod';

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const moment = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

/** A share from 0 to 1. Throws InvalidArgumentError, as all of these do. */
export function share(value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !(number >= 0 && number <= 1)) throw new InvalidArgumentError('Give a number from 0 to 1.');
  return number;
}

/** A whole number of at most nine digits. */
export function whole(value: string): number {
  if (!/^\d{1,9}$/u.test(value)) throw new InvalidArgumentError('Give a whole number.');
  return Number(value);
}

/** A moment that is the same in every process: a time with its zone, or a date, which is its midnight in UTC. */
export function instant(value: string): Date {
  const withSeconds = value.replace(/(?<=T\d\d:\d\d)(?=[Z+-])/u, ':00');
  if (!moment.safeParse(withSeconds).success)
    throw new InvalidArgumentError(
      'Give a time with its zone, such as 2026-11-01T06:00Z or 2026-11-01T06:00+03:00, or a date, midnight UTC.',
    );
  return new Date(withSeconds);
}

/** A duration such as `15m`, in milliseconds. */
export function duration(value: string): number {
  const match = /^(\d{1,6})([smhd])$/u.exec(value);
  if (!match) throw new InvalidArgumentError('Give a duration such as 15m.');
  return Number(match[1]) * units[match[2] as keyof typeof units];
}
