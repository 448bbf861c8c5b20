import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { inPackage } from '../../src/lib/root.js';
import { duration, instant, share, whole } from '../../src/tools/option-values.js';
import { build, run } from '../support/program.js';

describe('a moment', () => {
  const given = ['2026-10-01', '2026-10-01T06:00Z', '2026-10-01T06:00:00Z', '2026-10-01T06:00+05:30', '2026-10-01T06:00:00.123-02:30'];
  const meant = [
    '2026-10-01T00:00:00.000Z',
    '2026-10-01T06:00:00.000Z',
    '2026-10-01T06:00:00.000Z',
    '2026-10-01T00:30:00.000Z',
    '2026-10-01T08:30:00.123Z',
  ];
  beforeAll(build, 300_000);

  test.each(['UTC', 'Asia/Kolkata', 'America/St_Johns'])('is the same where the process is in %s', (zone) => {
    const program = `import { instant } from ${JSON.stringify(inPackage('dist', 'src', 'tools', 'option-values.js'))};
      console.log(JSON.stringify([new Date('2026-10-01T06:00').toISOString(), ...${JSON.stringify(given)}.map(instant)]));`;
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', program], { env: { TZ: zone }, encoding: 'utf8' });
    const [local, ...moments] = JSON.parse(said) as string[];
    // The zone is in force: a time without one would be read by it.
    expect(local === '2026-10-01T06:00:00.000Z').toBe(zone === 'UTC');
    expect(moments).toEqual(meant);
  });

  test.each(['2026-10-01T06:00', '2026-10-01T06:00:00', '2026-10-01 06:00Z', '2026-02-30', '2026-13-01T00:00Z', 'now', '1760000000', ''])(
    'is not %j, and what is expected is told',
    (value) => {
      expect(() => instant(value)).toThrow('Give a time with its zone, such as 2026-11-01T06:00Z');
    },
  );

  test('without a zone stops the import before it opens a database, and the help says what is meant', async () => {
    const { code, stderr } = await run(['import', 'x.jsonl', '--published-at', '2026-10-01T06:00'], { TZ: 'Asia/Kolkata' });
    expect(code).toBe(1);
    expect(stderr).toContain('Give a time with its zone');
    const { stdout } = await run(['import', '--help'], {});
    expect(stdout.replace(/\s+/gu, ' ')).toMatch(/with its zone, or a date, midnight UTC.*\(default: 15m\)/u);
  }, 300_000);
});

test('shares, numbers and durations are what they say, or refused', () => {
  expect([share('0'), share('0.6'), share('1'), whole('7'), duration('90s'), duration('2d')]).toEqual([0, 0.6, 1, 7, 90_000, 172_800_000]);
  for (const value of ['', ' ', '1.1', '-1', 'x']) expect(() => share(value)).toThrow('Give a number from 0 to 1.');
  for (const value of ['', '-1', '1.5', '1e3']) expect(() => whole(value)).toThrow('Give a whole number.');
  for (const value of ['', '15', 'm', '-1m', '1w']) expect(() => duration(value)).toThrow('Give a duration such as 15m.');
});
