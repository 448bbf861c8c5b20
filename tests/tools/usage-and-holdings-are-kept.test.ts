import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { build, type Running, run, serve, temporaryFolder } from '../support/program.js';
import { until } from '../support/until.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let env: Record<string, string>;
let server: Running;
beforeAll(async () => {
  build();
  folder = await temporaryFolder();
  env = { DATA_DIR: join(folder.path, 'data'), SEED: 'samples' };
  server = await serve(env);
}, 300_000);
afterAll(async () => {
  await server.stop();
  await folder.remove();
});

// biome-ignore lint/suspicious/noExplicitAny: JSON as it comes
async function ask(query: string, key: string): Promise<any> {
  const response = await fetch(`${server.url}/graphql`, {
    ...{ method: 'POST', body: JSON.stringify({ query }) },
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
  });
  return ((await response.json()) as { data: unknown }).data;
}

test('what a partner used is written down by itself, and what the last seconds brought at the stop', async () => {
  const operator = (await readFile(join(env['DATA_DIR']!, 'operator.key'), 'utf8')).trim();
  const founding = 'savePartner(input: { code: "harbour", name: "The Harbour Post", expectedVersion: 0 })';
  await ask(`mutation { ${founding} { ... on SavedPartner { partner { code } } ... on Problem { message } } }`, operator);
  const key = (await run(['keys', 'create', '--name', 'Feeds', '--partner', 'harbour'], env)).stdout.trim();
  const requests = async (): Promise<number> =>
    (await ask('{ partner(code: "harbour") { usage { requests } } }', operator)).partner.usage.reduce(
      (sum: number, day: { requests: number }) => sum + day.requests,
      0,
    );
  for (let asked = 0; asked < 3; asked++) await ask('{ viewer { kind } }', key);
  await until('the usage being written', async () => (await requests()) === 3);
  for (let asked = 0; asked < 2; asked++) await ask('{ viewer { kind } }', key);
  await server.stop();
  server = await serve(env);
  expect(await requests()).toBe(5);
}, 300_000);

test('so is what it was given', async () => {
  const operator = (await readFile(join(env['DATA_DIR']!, 'operator.key'), 'utf8')).trim();
  const entitling = 'saveEntitlement(input: { partner: "harbour", expectedVersion: 0, terms: { editions: ["en"] } })';
  await ask(`mutation { ${entitling} { ... on Entitlement { id } ... on Problem { message } } }`, operator);
  const key = (await run(['keys', 'create', '--name', 'Items', '--partner', 'harbour'], env)).stdout.trim();
  const holdings = async (): Promise<{ translationId: string; channel: string }[]> =>
    (
      await ask('{ viewer { partner { holdings(first: 100) { edges { node { translationId channel } } } } } }', key)
    ).viewer.partner.holdings.edges.map(({ node }: { node: object }) => node);
  const get = async (path: string) => (await fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${key}` } })).json();
  const { items } = (await get('/feeds/en.json')) as { items: { id: string; _dragoman: { retracted: unknown } }[] };
  const given = items.filter(({ _dragoman }) => !_dragoman.retracted).map(({ id }) => id);
  expect(given.length).toBeGreaterThan(1);
  await until('what it was given being written', async () => (await holdings()).length === given.length);
  await get(`/items/${given[0]}.json`);
  await server.stop();
  server = await serve(env);
  const kept = await holdings();
  expect(kept.map(({ channel, translationId }) => `${channel} ${translationId}`).sort()).toEqual(
    [...given.map((id) => `FEED ${id}`), `ITEM ${given[0]}`].sort(),
  );
}, 300_000);
