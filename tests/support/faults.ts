/** Whether only a short form of the fault tests is to run. */
const short = process.env['FAULTS'] === 'short';

/** How many of something: in full, or in the short form. */
export const many = (full: number, shortened: number): number => (short ? shortened : full);

/** Prints what a fault test has measured. */
export const figures = (what: string, measured: Record<string, number | string>): void => {
  const parts = Object.entries(measured).map(
    ([name, value]) => `${typeof value === 'number' ? Math.round(value * 10) / 10 : value} ${name}`,
  );
  process.stdout.write(`${what}: ${parts.join(', ')}\n`);
};
