import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { build, type Finished, type Running, run, serve, temporaryFolder } from '../support/program.js';

interface Line {
  id: string;
  version: number;
  publishedAt: string;
  notices?: string[];
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: Running;
let key: string;
let texts: Line[];
const file = (name: string): string => join(folder.path, name);
beforeAll(async () => {
  build();
  folder = await temporaryFolder();
  const env = { DATA_DIR: file('data') };
  server = await serve(env);
  const operator = readFileSync(file('data/operator.key'), 'utf8').trim();
  for (const [input, name, given] of [
    ['SavePartnerInput', 'savePartner', { code: 'harbour-post', name: 'Harbour Post', expectedVersion: 0 }],
    ['SaveEntitlementInput', 'saveEntitlement', { partner: 'harbour-post', expectedVersion: 0, terms: { editions: ['tt', 'ru'] } }],
  ] as const)
    await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${operator}` },
      body: JSON.stringify({ query: `mutation($input: ${input}!) { ${name}(input: $input) { __typename } }`, variables: { input: given } }),
    });
  key = (await run(['keys', 'create', '--name', 'Feeds', '--partner', 'harbour-post'], env)).stdout.trim();
  await writeFile(file('key'), `${key}\n`);
  texts = await pull();
}, 120_000);
afterAll(async () => {
  await server.stop();
  await folder.remove();
});

/** The Tatar texts that the newest form of the feed gives. */
async function pull(): Promise<Line[]> {
  const response = await fetch(`${server.url}/feeds/tt.json`, { headers: { authorization: `Bearer ${key}` } });
  interface Item {
    id: string;
    date_published: string;
    _dragoman: { revision: number; retracted: object | null; notices: { code: string; version: number }[] };
  }
  const { items } = (await response.json()) as { items: Item[] };
  return items
    .filter(({ _dragoman: { retracted } }) => retracted === null)
    .map(({ id, date_published: publishedAt, _dragoman: { revision, notices } }) => ({
      ...{ id, version: revision, publishedAt },
      notices: notices.map(({ code, version }) => `${code}@${version}`),
    }));
}

async function reconcile(lines: readonly object[] | string, more: string[] = [], env: Record<string, string> = {}): Promise<Finished> {
  const held = typeof lines === 'string' ? lines : lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  await writeFile(file('held.ndjson'), held);
  const since = texts.map(({ publishedAt }) => publishedAt).sort()[0]!;
  return run(['reconcile', '--url', server.url, '--since', since.slice(0, 10), ...more, file('held.ndjson')], env);
}
const withKey = (lines: readonly object[] | string, more: string[] = []): Promise<Finished> =>
  reconcile(lines, ['--key-file', file('key'), ...more]);

test('it says 0 and nothing where there is no difference, with the key in a file or in the environment', async () => {
  expect(texts.length).toBeGreaterThan(3);
  const told = `tt: compared ${texts.length}; 0 to be done.\n`;
  expect(await withKey(texts)).toEqual({ code: 0, stdout: '', stderr: told });
  expect(await reconcile(texts, [], { DRAGOMAN_KEY: key })).toEqual({ code: 0, stdout: '', stderr: told });
  expect(await withKey(texts.map(({ notices: _, ...line }) => line))).toEqual({ code: 0, stdout: '', stderr: told });
});

test('it says 1, and what to fetch, refresh and take down', async () => {
  const [lacking, older, renoticed, ...same] = texts;
  const never = { ...same[0]!, id: same[0]!.id.replace(/[0-9a-f]{12}\.tt$/u, '000000000000.tt') };
  const held = [{ ...older!, version: older!.version + 1 }, { ...renoticed!, notices: ['about@999'] }, never, ...same];
  const { code, stdout, stderr } = await withKey(held);
  expect(stdout.trimEnd().split('\n').sort()).toEqual(
    [
      `fetch\t${lacking!.id}\t${server.url}/items/${lacking!.id}.json`,
      `fetch\t${older!.id}\t${server.url}/items/${older!.id}.json`,
      `refresh\t${renoticed!.id}\t${server.url}/items/${renoticed!.id}.json`,
      `take-down\t${never.id}\tUNKNOWN`,
    ].sort(),
  );
  expect([code, stderr]).toEqual([1, `tt: compared ${held.length}; 4 to be done.\n`]);
});

test('texts of other days are left aside, and an edition may be asked for of which nothing is held', async () => {
  const old = { ...texts[0]!, id: texts[0]!.id.replace(/[0-9a-f]{12}\.tt$/u, '000000000000.tt'), publishedAt: '2020-01-01T00:00:00Z' };
  const { code, stderr } = await withKey([...texts, old]);
  expect([code, stderr]).toEqual([0, `tt: compared ${texts.length}, left 1 of other days aside; 0 to be done.\n`]);
  const russian = await withKey(texts, ['--edition', 'ru']);
  expect([russian.code, russian.stdout.split('\n', 1)[0]]).toEqual([1, expect.stringMatching(/^fetch\turn:newsml:.*\.ru\t/u)]);
});

test('texts of longer ago than thirty days are compared too, where no span is given', async () => {
  const old = { ...texts[0]!, id: texts[0]!.id.replace(/[0-9a-f]{12}\.tt$/u, '000000000000.tt'), publishedAt: '2025-01-01T00:00:00Z' };
  await writeFile(file('old.ndjson'), [...texts, old].map((line) => `${JSON.stringify(line)}\n`).join(''));
  const { code, stdout, stderr } = await run(['reconcile', '--url', server.url, '--key-file', file('key'), file('old.ndjson')], {});
  expect([code, stdout, stderr]).toEqual([1, `take-down\t${old.id}\tUNKNOWN\n`, `tt: compared ${texts.length + 1}; 1 to be done.\n`]);
});

test.each([
  ['a key that is wrong', () => reconcile(texts, [], { DRAGOMAN_KEY: `${key.slice(0, -1)}_` }), /answered 401: /u],
  ['no key', () => reconcile(texts), /DRAGOMAN_KEY/u],
  ['a line that is no text', () => withKey(`${JSON.stringify(texts[0])}\n{"id":"x"}\n`), /Line 2: id: expected the id/u],
  ['a line that is not JSON', () => withKey('{'), /Line 1 is not JSON/u],
  ['an edition there is not', () => withKey(texts, ['--edition', 'nowhere']), /answered 404: .*nowhere/u],
  ['an address that others can read', () => withKey(texts, ['--url', 'http://news.example']), /Give https:/u],
  ['an address where nobody is', () => withKey(texts, ['--url', 'http://127.0.0.1:1']), /fetch failed/u],
])('it says 2 and why with %s, and never the key', async (_, asked, why) => {
  const { code, stdout, stderr } = await asked();
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(why);
  expect(stderr).not.toContain(key.slice(0, -1));
});
