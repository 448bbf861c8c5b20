import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startCounting, type UsageCounter } from '../../src/partners/count-usage.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';
import { type Operator, operatorOf } from '../support/partners.js';
import { until } from '../support/until.js';

let gateway: TestGateway;
let operator: Operator;
beforeAll(async () => {
  gateway = await openGateway();
  operator = await operatorOf(gateway);
});
afterAll(() => gateway.close());
beforeEach(() => gateway.at(testNow));
const counters: UsageCounter[] = [];
afterEach(async () => {
  for (const each of counters.splice(0)) await each.stop(1_000);
});

const rows = <Row>(statement: string, values: unknown[] = []): Promise<Row[]> => gateway.dataSource.query(statement, values);
const daysAgo = (days: number): Date => new Date(testNow.getTime() - days * 86_400_000);
const fields = 'day channel requests notModified refused items bytes';
let count = 0;
async function founded(): Promise<{ code: string; headers: { authorization: string } }> {
  const code = `reader-${++count}`;
  await operator.savePartner({ code, name: 'A reader', expectedVersion: 0 });
  return { code, headers: (await keyFor(gateway.dataSource, { name: code, partnerCode: code })).headers };
}
/** What operators are told a partner has used. */
const used = async (code: string, days?: number) => {
  const { data, errors } = await operator.ask(
    `query($code: String!, $days: Int! = 30) { partner(code: $code) { usage(days: $days) { ${fields} } } }`,
    { code, ...(days !== undefined && { days }) },
  );
  return data?.partner?.usage ?? errors[0].extensions.code;
};
const counter = (log: string[] = [], everyMs = 3_600_000): UsageCounter => {
  const { manager } = gateway.dataSource;
  const started = startCounting({ manager, clock: () => testNow, log: { warn: (_, message) => log.push(message) }, everyMs });
  counters.push(started);
  return started;
};
const none = { requests: 0, notModified: 0, refused: 0, items: 0, bytes: 0 };

test('what a partner asks of GraphQL is counted, and it sees its own', async () => {
  const [one, other] = [await founded(), await founded()];
  const asked = await gateway.app.inject({
    ...{ method: 'POST', url: '/graphql', payload: { query: '{ viewer { name } }' } },
    headers: one.headers,
  });
  const refused = await gateway.app.inject({
    ...{ method: 'POST', url: '/graphql', payload: { query: '{ nothing }' } },
    headers: { ...one.headers, accept: 'application/graphql-response+json' },
  });
  expect(refused.statusCode).toBe(400);
  await gateway.ask('{ viewer { name } }');
  expect(await used(one.code)).toEqual([]);
  await gateway.usage.write();
  const bytes = asked.rawPayload.length + refused.rawPayload.length;
  const expected = [{ ...none, day: '2026-11-23', channel: 'GRAPHQL', requests: 2, refused: 1, bytes }];
  expect(await used(one.code)).toEqual(expected);
  expect(await used(other.code)).toEqual([]);
  expect((await gateway.ask(`{ viewer { partner { usage { ${fields} } } } }`, {}, one.headers)).data.viewer.partner.usage).toEqual(
    expected,
  );
  expect((await gateway.ask('{ viewer { partner { usage { day } } } }', {}, other.headers)).data.viewer.partner.usage).toEqual([]);
  // Nobody else is a partner whose usage could be written down.
  expect(await rows('select distinct partner_code from partner_usage')).toEqual([{ partner_code: one.code }]);
});

test('comparisons are counted as such, and the sandbox not at all', async () => {
  const { code, headers } = await founded();
  const sandbox = await keyFor(gateway.dataSource, { name: code, partnerCode: code, test: true });
  expect((await gateway.app.inject({ url: '/feeds/en.json', headers: sandbox.headers })).statusCode).toBe(200);
  const digest = await gateway.app.inject({ url: '/partner/digest', headers });
  const found = await gateway.app.inject({
    ...{ method: 'POST', url: '/partner/reconcile?since=nonsense', payload: '[]' },
    headers: { ...headers, 'content-type': 'application/json' },
  });
  expect([digest.statusCode, found.statusCode]).toEqual([200, 400]);
  await gateway.usage.write();
  const [one, ...others] = await used(code);
  expect(one).toMatchObject({ day: '2026-11-23', channel: 'RECONCILE', requests: 2, refused: 1, items: 0 });
  expect([one.bytes, others]).toEqual([digest.rawPayload.length, []]);
});

test('each answer counts as what it was: given, known already, gone, or refused', async () => {
  const { code } = await founded();
  const { count, write } = counter();
  count(code, 'FEED', { status: 200, items: 12, bytes: 3_456 });
  count(code, 'FEED', { status: 304, items: 12, bytes: 3_456 });
  count(code, 'FEED', { status: 429, bytes: 100 });
  count(code, 'ITEM', { status: 410, items: 1, bytes: 50 });
  count(code, 'ITEM', { status: 404, bytes: 10 });
  count(code, 'ITEM', { status: 503, bytes: 10 });
  await write();
  expect(await used(code)).toEqual([
    { day: '2026-11-23', channel: 'FEED', requests: 3, notModified: 1, refused: 1, items: 12, bytes: 3_556 },
    { ...none, day: '2026-11-23', channel: 'ITEM', requests: 3, items: 1, bytes: 70 },
  ]);
});

test('processes add to one another, also at the same time and in large numbers', async () => {
  const partners = [await founded(), await founded(), await founded()].map(({ code }) => code);
  const several = [counter(), counter(), counter(), counter()];
  for (const [index, { count }] of several.entries())
    for (const code of index % 2 === 0 ? partners : partners.toReversed())
      count(code, 'FEED', { status: 200, items: 1, bytes: 3_000_000_000 });
  await Promise.all(several.map(({ write }) => write()));
  for (const code of partners)
    expect(await used(code)).toEqual([{ ...none, day: '2026-11-23', channel: 'FEED', requests: 4, items: 4, bytes: 12_000_000_000 }]);
});

test('days are those of UTC, the newest first, as many as are asked for', async () => {
  const { code } = await founded();
  for (const at of [daysAgo(40), daysAgo(1), new Date('2026-11-22T23:59:59.999Z'), new Date('2026-11-23T00:00:00.000Z')]) {
    gateway.at(at);
    gateway.usage.count(code, 'RECONCILE', { status: 200 });
  }
  await gateway.usage.write();
  gateway.at(testNow);
  const days = async (asked?: number) => (await used(code, asked)).map(({ day, requests }: Record<string, unknown>) => [day, requests]);
  expect(await days()).toEqual([
    ['2026-11-23', 1],
    ['2026-11-22', 2],
  ]);
  expect(await days(1)).toEqual([['2026-11-23', 1]]);
  expect(await days(41)).toHaveLength(3);
  expect(await days(40)).toHaveLength(2);
  expect([await used(code, 0), await used(code, 401)]).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT']);
});

test('while it cannot be written it is kept, said once, and written when it can be', async () => {
  const { code } = await founded();
  const log: string[] = [];
  const { count, write } = counter(log);
  await rows('alter table partner_usage rename to away');
  try {
    count(code, 'FEED', { status: 200, items: 1, bytes: 1 });
    await write();
    count(code, 'FEED', { status: 200, items: 2, bytes: 2 });
    await write();
  } finally {
    await rows('alter table away rename to partner_usage');
  }
  expect(log).toEqual(['what partners use cannot be written down now and is kept']);
  expect(await used(code)).toEqual([]);
  await write();
  await write();
  expect(await used(code)).toEqual([{ ...none, day: '2026-11-23', channel: 'FEED', requests: 2, items: 3, bytes: 3 }]);
});

test('it is written every few seconds and at the stop, and forgotten after 400 days', async () => {
  const { code } = await founded();
  const days = () => rows<{ day: string }>('select day::text as day from partner_usage where partner_code = $1 order by day', [code]);
  await rows(`insert into partner_usage select $1, $2::date - n, 'FEED', 1, 0, 0, 0, 0 from unnest(array[400, 401]) n`, [
    code,
    testNow.toISOString().slice(0, 10),
  ]);
  const { count, stop } = counter([], 20);
  count(code, 'FEED', { status: 200 });
  await until('the usage being written', async () => (await used(code)).length === 1 && (await days()).length === 2);
  expect(await days()).toEqual([{ day: '2025-10-19' }, { day: '2026-11-23' }]);
  const last = counter();
  last.count(code, 'FEED', { status: 200 });
  await last.stop(1_000);
  await stop(1_000);
  expect(await used(code)).toMatchObject([{ requests: 2 }]);
});

test('what a partner pulls is counted by what it is given: feeds, items, nothing new, and what there is not', async () => {
  const { code, headers } = await founded();
  const terms = { editions: ['ru'], level: 'FULL', images: true };
  expect(await operator.saveEntitlement({ partner: code, expectedVersion: 0, terms })).toMatchObject({ version: 1 });
  const feed = await gateway.get('/feeds/ru.json', headers);
  const { items } = feed.json();
  expect(items.length).toBeGreaterThan(1);
  expect((await gateway.get('/feeds/ru.json', { ...headers, 'if-none-match': String(feed.headers['etag']) })).statusCode).toBe(304);
  const item = await gateway.get(`/items/${items.at(-1).id}.ninjs`, headers);
  expect((await gateway.get('/items/nonsense.ninjs', headers)).statusCode).toBe(404);
  expect((await gateway.get('/feeds/ru.json?limit=5', headers)).statusCode).toBe(400);
  await gateway.get('/feeds/ru.json');
  await gateway.usage.write();
  const day = testNow.toISOString().slice(0, 10);
  const all = await used(code);
  expect(all).toEqual(
    expect.arrayContaining([
      { ...none, day, channel: 'FEED', requests: 3, notModified: 1, refused: 1, items: items.length, bytes: feed.rawPayload.length },
      { ...none, day, channel: 'ITEM', requests: 2, items: 1, bytes: item.rawPayload.length },
    ]),
  );
});

test('HEAD is given nothing, and comparisons have a channel of their own', async () => {
  const { code, headers } = await founded();
  await operator.saveEntitlement({ partner: code, expectedVersion: 0, terms: { editions: ['ru'], level: 'FULL' } });
  expect((await gateway.app.inject({ method: 'HEAD', url: '/feeds/ru.json', headers })).statusCode).toBe(200);
  const list = { method: 'POST', url: '/partner/reconcile', payload: '[]' } as const;
  const compared = await gateway.app.inject({ ...list, headers: { ...headers, 'content-type': 'application/json' } });
  const digest = await gateway.get('/partner/digest', headers);
  expect([compared.statusCode, digest.statusCode]).toEqual([200, 200]);
  await gateway.usage.write();
  const day = testNow.toISOString().slice(0, 10);
  const all = await used(code);
  expect(all).toHaveLength(2);
  const bytes = compared.rawPayload.length + digest.rawPayload.length;
  expect(all).toEqual(
    expect.arrayContaining([
      { ...none, day, channel: 'FEED', requests: 1 },
      { ...none, day, channel: 'RECONCILE', requests: 2, bytes },
    ]),
  );
});

test('bytes of GraphQL are those before compression too', async () => {
  const { code, headers } = await founded();
  const ask = (encoding: string) =>
    gateway.app.inject({
      ...{ method: 'POST', url: '/graphql', payload: { query: '{ editions { code nativeName tag publisherName } }' } },
      headers: { ...headers, 'accept-encoding': encoding },
    });
  const [plain, compressed] = [await ask('identity'), await ask('gzip')];
  expect(compressed.headers['content-encoding']).toBe('gzip');
  await gateway.usage.write();
  expect(await used(code)).toMatchObject([{ channel: 'GRAPHQL', requests: 2, bytes: 2 * plain.rawPayload.length }]);
});
