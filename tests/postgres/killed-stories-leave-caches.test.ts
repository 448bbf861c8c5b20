import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { type CachingProxy, cachingProxy } from '../support/caching-proxy.js';
import { build, type Running, run, serve } from '../support/program.js';
import { emptyDatabase } from '../support/server-database.js';
import { until } from '../support/until.js';

let database: Awaited<ReturnType<typeof emptyDatabase>>;
let cache: CachingProxy;
let gateways: Running[];
let key: string;
beforeAll(async () => {
  build();
  [database, cache] = [await emptyDatabase(), await cachingProxy()];
  const env = { DATABASE_URL: database.url, SEED: 'editions', CDN_PURGE_URL: cache.purgeUrl, CDN_PURGE_TOKEN: 'of-the-tests' };
  gateways = [await serve(env), await serve(env)];
  cache.front(gateways[0]!.url);
  key = (await run(['keys', 'create', '--name', 'Clara', '--role', 'en=CHIEF'], env)).stdout.trim();
}, 120_000);
afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.stop()));
  await cache.close();
  await database.drop();
}, 60_000);

const rows = async (statement: string): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  return client
    .query(statement)
    .then((result) => result.rows)
    .finally(() => client.end());
};

/** A mutation of the chief, sent to a gateway past the cache. */
async function mutate(document: string, input: object, gateway = 0): Promise<Record<string, string>> {
  const response = await fetch(`${gateways[gateway]!.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query: document, variables: { input } }),
  });
  const { data, errors } = (await response.json()) as { data?: { result: Record<string, string> }; errors?: object };
  if (!data?.result || data.result['code']) throw new Error(JSON.stringify({ data, errors }));
  return data.result;
}

/** A story that is out, and the addresses at which readers meet its headline. */
async function publish(headline: string): Promise<{ article: string; addresses: string[] }> {
  const { articleId: article } = await mutate(
    'mutation($input: CreateArticleInput!) { result: createArticle(input: $input) { ... on DraftText { articleId } ... on Problem { code } } }',
    { edition: 'en', text: { headline, blocks: [{ key: 'p1', type: 'paragraph', spans: [{ text: 'What happened.' }] }] } },
  );
  const { id, translation } = await mutate(
    'mutation($input: PublishDraftInput!) { result: publishDraft(input: $input) { ... on Published { id translation { slug } } ... on Problem { code } } }',
    { article, edition: 'en', expectedVersion: 1 },
  );
  const query = '{ articles(edition: "en", first: 5) { edges { served { translation { headline slug } } } } }';
  const list = `/graphql?query=${encodeURIComponent(query)}`;
  const { slug } = translation as unknown as { slug: string };
  return { article: article!, addresses: [`/items/${id}.ninjs`, '/feeds/en.json', `/read/en/${slug}`, list] };
}

const kill = (article: string, gateway = 0): Promise<unknown> =>
  mutate(
    'mutation($input: RetractWithNotesInput!) { result: retract(input: $input) { ... on Retracted { scope } ... on Problem { code } } }',
    { article, kind: 'KILL' },
    gateway,
  );

/** What the cache gives: whether from its own store, and whether with the headline. */
async function given(address: string, headline: string): Promise<string> {
  const response = await fetch(cache.url + address, { headers: { 'apollo-require-preflight': '1' } });
  const text = await response.text();
  return `${response.headers.get('x-cache')}, ${text.includes(headline) ? 'shown' : 'gone'}`;
}
const all = (addresses: readonly string[], headline: string): Promise<string[]> =>
  Promise.all(addresses.map((address) => given(address, headline)));

/** Waits until the cache keeps the headline at every address, which it does once nothing is purged any more. */
async function untilKept(addresses: readonly string[], headline: string): Promise<void> {
  let last: string[] = [];
  const kept = async (): Promise<boolean> => {
    last = await all(addresses, headline);
    return last.every((each) => each === 'hit, shown');
  };
  await until('keeping', kept).catch(() => expect(last).toEqual(addresses.map(() => 'hit, shown')));
}
const untilGone = (addresses: readonly string[], headline: string): Promise<number> =>
  until('leaving', async () => (await all(addresses, headline)).every((each) => each.endsWith('gone')), 30_000);

const figures = async (): Promise<{ settled: number; head: number }> =>
  (
    await rows(
      `select coalesce((select settled from consumer where name = 'cache-purge'), 0)::float8 as settled, coalesce(max(seq), 0)::float8 as head from event`,
    )
  )[0] as { settled: number; head: number };
const settled = (): Promise<number> => until('settling', async () => ((at) => at.settled === at.head)(await figures()), 60_000);

test('a story that is killed leaves item, feed, page and GraphQL within five seconds, whichever process kills it', async () => {
  for (const gateway of [0, 1]) {
    const headline = `Bridge closed by number ${gateway}`;
    const { article, addresses } = await publish(headline);
    await settled();
    await untilKept(addresses, headline);
    await kill(article, gateway);
    expect(await untilGone(addresses, headline)).toBeLessThan(5_000);
  }
  expect(new Set(cache.purges.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer of-the-tests']));
}, 120_000);

test('a cache that cannot be told for a while is told then, and keeps the story until then', async () => {
  const headline = 'Harbour flooded again';
  const { article, addresses } = await publish(headline);
  await settled();
  await untilKept(addresses, headline);
  cache.purging(503);
  const before = cache.attempts();
  await kill(article);
  await until('three attempts', () => cache.attempts() >= before + 3);
  expect(await all(addresses, headline)).toEqual(Array(4).fill('hit, shown'));
  cache.purging('obey');
  expect(await untilGone(addresses, headline)).toBeLessThan(5_000);
  expect(gateways.map(({ banner }) => banner()).join('\n')).not.toContain('of-the-tests');
}, 120_000);

test('a kill overtakes ten thousand events that wait', async () => {
  const headline = 'Ferry late for a day';
  const { article, addresses } = await publish(headline);
  await settled();
  await untilKept(addresses, headline);
  cache.purging(503);
  await rows(
    `insert into outbox (transaction, uuid, kind, article_uuid, edition_code, revision, at, data)
     select pg_current_xact_id()::text::bigint, gen_random_uuid(), 'CONFIRMED', gen_random_uuid(), 'ru', 1, now(), '{}' from generate_series(1, 10000)`,
  );
  await until('numbering', async () => (await rows('select from outbox')).length === 0);
  await until('failing', async () => gateways.some(({ banner }) => banner().includes('the consumer failed')));
  await kill(article);
  cache.purging('obey');
  expect(await untilGone(addresses, headline)).toBeLessThan(5_000);
  const { head, settled: at } = await figures();
  expect(head - at).toBeGreaterThan(5_000);
}, 120_000);

test('what an event changes is told to a cache that keeps it for longer than its readers', async () => {
  await settled();
  const headline = 'Market opens on Sunday';
  const response = await fetch(`${gateways[0]!.url}/feeds/en.json`);
  expect(response.headers.get('cache-control')).toBe('public, max-age=10, s-maxage=600, must-revalidate');
  expect(await given('/feeds/en.json', headline)).toMatch(/gone$/u);
  const { addresses } = await publish(headline);
  expect(await until('appearing', async () => (await given(addresses[1]!, headline)).endsWith('shown'))).toBeLessThan(5_000);
}, 120_000);
