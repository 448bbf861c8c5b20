import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { insertKey } from '../../src/desks/api-key.queries.js';
import { makeKey } from '../../src/desks/make-key.js';
import { openGateway, type TestGateway } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';
import { makeStory, paragraph, write } from '../support/make-story.js';
import { numberAll } from '../support/number-all.js';
import { operatorOf } from '../support/partners.js';
import { build, type Running, serve } from '../support/program.js';

/** 5,000 stories of one day in four editions, each text some 5 kB, and a server of its own process that gives all of them to a partner at once. */
const stories = 5000;
const secret = 'of this test, and long enough to be a secret';
const mebibyte = 1024 * 1024;
let gateway: TestGateway;
let server: Running;
let headers: { authorization: string };

beforeAll(async () => {
  build();
  gateway = await openGateway();
  const words = 'A sentence of a story that is as long as stories are. '.repeat(90);
  for (let from = 0; from < stories; from += 250)
    await write(
      gateway,
      Array.from({ length: 250 }, (_, index) =>
        makeStory({
          ...{ id: `of-many-${from + index}`, image: 'aral-sea', topics: ['media'], people: ['joe-biden'] },
          publishedAt: new Date(Date.parse('2026-11-01T00:00:00Z') + (from + index) * 10_000).toISOString(),
          credits: [{ role: 'AUTHOR', person: 'anna-marsh' }],
          editions: { mk: { blocks: [paragraph(`Story ${from + index}. ${words}`)] }, sq: {}, ro: {}, hy: {} },
        }),
      ),
    );
  await numberAll(gateway);
  await gateway.dataSource.query('analyze');
  const operator = await operatorOf(gateway);
  await operator.savePartner({ code: 'of-all', name: 'Of All', expectedVersion: 0 });
  await operator.saveEntitlement({ partner: 'of-all', expectedVersion: 0, terms: { validFrom: '2026-01-01T00:00:00Z', images: true } });
  const wish = { name: 'Feeds', operator: false, roles: {}, partnerCode: 'of-all', test: false, expiresAt: null };
  const { key, row } = makeKey(Buffer.from(secret), wish, new Date());
  await insertKey(gateway.dataSource.manager, row);
  headers = { authorization: `Bearer ${key}` };
  const { url } = gateway.dataSource.options as { url: string };
  // With a heap that is not let grow for comfort, so that what is measured is what is held.
  const NODE_OPTIONS = '--max-old-space-size=160 --max-semi-space-size=8';
  server = await serve({ DATABASE_URL: url, KEY_SECRET: secret, REQUEST_TIMEOUT_MS: '120000', SEED: 'none', NODE_OPTIONS });
}, 300_000);
afterAll(async () => {
  await server?.stop();
  await gateway?.close();
});

/** Asks and reads to the end, holding nothing: how many items there were. */
async function countItems(path: string): Promise<{ items: number; bytes: number }> {
  const response = await fetch(`${server.url}${path}`, { headers });
  expect([path, response.status]).toEqual([path, 200]);
  let [items, bytes, rest] = [0, 0, ''];
  const decoder = new TextDecoder();
  for await (const chunk of response.body!) {
    bytes += chunk.length;
    const text = rest + decoder.decode(chunk, { stream: true });
    const found = [...text.matchAll(/Story \d+\. A sentence/gu)];
    items += found.length;
    const last = found.at(-1);
    // What may be the beginning of the next one.
    rest = text.slice(Math.max(last ? last.index + last[0].length : 0, text.length - 40));
  }
  return { items, bytes };
}

const statusOf = async (field: 'VmHWM' | 'VmRSS'): Promise<number> => {
  const status = await readFile(`/proc/${server.child.pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`, 'u').exec(status)![1]) * 1024;
};

test.each([
  ['/feeds/mk.atom?after=start&limit=5000'],
  ['/feeds/mk.json?after=start&limit=5000'],
  ['/feeds/mk.atom?archive=2026-11-01'],
  ['/feeds/mk.json?archive=2026-11-01'],
])(
  '%s takes the memory of a part of it',
  async (path) => {
    // What a server that is at work has anyway: code, and room for young objects.
    for (let round = 0; round < 3; round++) await countItems('/feeds/mk.atom?after=start&limit=1000');
    await writeFile(`/proc/${server.child.pid}/clear_refs`, '5');
    const before = await statusOf('VmRSS');
    const { items, bytes } = await countItems(path);
    const grown = (await statusOf('VmHWM')) - before;
    process.stdout.write(`${path}: ${items} items, ${(bytes / mebibyte).toFixed(1)} MiB, grown by ${(grown / mebibyte).toFixed(1)} MiB\n`);
    // Of a walk a few are samples, which are first in the log.
    expect(items).toBeGreaterThan(4990);
    expect(grown).toBeLessThan(64 * mebibyte);
  },
  180_000,
);

test('each further hundred takes as many statements', async () => {
  const own = await keyFor(gateway.dataSource, { partnerCode: 'of-all' });
  const statements: string[] = [];
  const silent = (): void => {};
  const { logger } = gateway.dataSource;
  gateway.dataSource.logger = {
    ...{ logQueryError: silent, logQuerySlow: silent, logSchemaBuild: silent, logMigration: silent, log: silent },
    logQuery: (sql) => void statements.push(sql),
  };
  const taken = async (limit: number): Promise<number> => {
    statements.length = 0;
    expect((await gateway.get(`/feeds/mk.json?after=start&limit=${limit}`, own.headers)).statusCode).toBe(200);
    return statements.length;
  };
  // The first answer says whose feed it is; samples, which are first in the log, say more than these.
  const [one, two, ten] = [await taken(1000), await taken(1100), await taken(2000)];
  gateway.dataSource.logger = logger;
  const each = two - one;
  process.stdout.write(`statements: ${one} for a thousand, ${each} for each further hundred\n`);
  expect(each).toBeLessThanOrEqual(50);
  // Where a page ends decides how many events are looked at behind it.
  expect(Math.abs(ten - two - 9 * each)).toBeLessThanOrEqual(each);
}, 120_000);
