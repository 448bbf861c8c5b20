import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SeenIds } from '../../src/ingest/seen-ids.js';
import { build, type Finished, run, temporaryFolder } from '../support/program.js';
import { edition, line } from './given.js';

const paragraphs = Array.from({ length: 40 }, () => 'It was a bright cold day in April, and the clocks were striking thirteen. '.repeat(4));

/** Lines with ids as long as they may be, of stories in a language no edition has, and then long stories that go to the database. */
function* lines(ids: number, stories: number): Generator<string> {
  for (let index = 0; index < ids; index++) {
    yield `${line(String(index).padStart(200, 'x'), [edition('tr', 'x', [], true)], { sourceLocale: 'tr' })}\n`;
  }
  for (let index = 0; index < stories; index++) yield `${line(`story-${index}`, [edition('en', 'A headline', paragraphs, true)])}\n`;
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  build();
  folder = await temporaryFolder();
  const env = { DATA_DIR: join(folder.path, 'data') };
  await run(['migrate'], env);
  await run(['seed', 'editions'], env);
}, 300_000);
afterAll(() => folder.remove());

const mebibyte = 1024 * 1024;
// An address, because an option of the environment can hold neither a space nor a double quote.
const tellPeak = `data:text/javascript,process.on('exit',()=>process.stderr.write('peak:'+process.resourceUsage().maxRSS*1024))`;

/** Imports a file of these lines as an operator does, with little room for JavaScript's own objects. */
async function rehearse(ids: number, stories: number): Promise<Finished & { peak: number }> {
  const file = join(folder.path, 'stories.jsonl');
  await pipeline(Readable.from(lines(ids, stories)), createWriteStream(file));
  const finished = await run(['import', file, '--dry-run'], {
    DATA_DIR: join(folder.path, 'data'),
    NODE_OPTIONS: `--max-old-space-size=112 --max-semi-space-size=2 --import ${tellPeak}`,
  });
  expect({ ...finished, stderr: finished.stderr.slice(-300) }).toMatchObject({
    code: 0,
    stdout: `Would import ${stories} stories with ${stories} translations; 0 translations were there already; ${ids} refused.\n`,
  });
  return { ...finished, peak: Number(/peak:(\d+)$/u.exec(finished.stderr)?.[1]) };
}

test('a file many times as large takes as much memory, but for the few bytes of each line', async () => {
  const small = await rehearse(1_000, 1_500);
  const large = await rehearse(250_000, 3_000);
  expect(large.peak).toBeGreaterThan(100 * mebibyte);
  expect(large.peak - small.peak).toBeLessThan(48 * mebibyte);
}, 300_000);

test('an id that was given before is known with its line, however many there are', () => {
  const seen = new SeenIds();
  const count = 50_000;
  const ids = Array.from({ length: count }, (_, index) => `id-${index}`);
  expect(ids.filter((id, index) => seen.add(id, index + 1) !== undefined)).toEqual([]);
  expect(ids.filter((id, index) => seen.add(id, count + 1) !== index + 1)).toEqual([]);
  expect(seen.add('', 7)).toBeUndefined();
  expect(seen.add('', 8)).toBe(7);
});
