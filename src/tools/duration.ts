import { InvalidArgumentError } from 'commander';

export const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** An option such as 90s, 15m, 1h or 2d in milliseconds. Throws InvalidArgumentError. */
export function duration(value: string): number {
  const match = /^(\d{1,6})([smhd])$/u.exec(value);
  if (!match) throw new InvalidArgumentError('Give a duration such as 15m.');
  return Number(match[1]) * units[match[2] as keyof typeof units];
}
