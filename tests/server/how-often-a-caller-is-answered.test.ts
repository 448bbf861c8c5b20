import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import { revokeKey } from '../../src/desks/api-key.queries.js';
import { Role } from '../../src/desks/role.js';
import { inPackage } from '../../src/lib/root.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';

const rateLimits = { public: 5, key: 8 };
let base: TestGateway;
let gateway: TestGateway;
beforeAll(async () => {
  base = await openGateway();
});
beforeEach(async () => {
  gateway = await openGateway({ over: base, rateLimits });
});
afterEach(async () => {
  await gateway.close();
});
afterAll(() => base.close());

type Headers = Record<string, string>;
const here = '192.0.2.1';
const get = (url: string, { from = here, headers = {}, over = gateway }: { from?: string; headers?: Headers; over?: TestGateway } = {}) =>
  over.app.inject({ method: 'GET', url, headers, remoteAddress: from });
const ask = ({ from = here, headers = {} }: { from?: string; headers?: Headers } = {}) =>
  gateway.app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    payload: JSON.stringify({ query: '{ __typename }' }),
    remoteAddress: from,
  });
const times = async (count: number, send: (index: number) => Promise<LightMyRequestResponse>): Promise<number[]> => {
  const statuses = [];
  for (let index = 0; index < count; index += 1) statuses.push((await send(index)).statusCode);
  return statuses;
};
const feed = '/feeds/ru.json';
const wrong = (index: number): Headers => ({ authorization: `Bearer dgm_live_${String(index).padStart(43, 'x')}` });

/** What is looked up by its hash, while something is done. */
async function lookUps(work: () => Promise<unknown>): Promise<number> {
  const { dataSource } = gateway;
  const { logger } = dataSource;
  const nothing = (): void => {};
  const found: string[] = [];
  const silent = { logQueryError: nothing, logQuerySlow: nothing, logSchemaBuild: nothing, logMigration: nothing, log: nothing };
  dataSource.logger = { ...silent, logQuery: (sql) => void found.push(sql) };
  try {
    await work();
  } finally {
    dataSource.logger = logger;
  }
  return found.filter((sql) => /from "?api_key/u.test(sql)).length;
}

describe('who shows no key', () => {
  test('is told with each answer how many are left, then to wait, and is free again after a minute', async () => {
    const at = (seconds: number): void => gateway.at(new Date(testNow.getTime() + seconds * 1000));
    const first = await get(feed);
    expect(first.headers).toMatchObject({ 'ratelimit-limit': '5', 'ratelimit-remaining': '4', 'ratelimit-reset': '60' });
    at(20);
    const others = [await get(feed, { headers: { 'if-none-match': String(first.headers['etag']) } }), await get('/feeds/xx.json')];
    expect(others.map(({ statusCode, headers }) => [statusCode, headers['ratelimit-remaining'], headers['ratelimit-reset']])).toEqual([
      [304, '3', '40'],
      [404, '2', '40'],
    ]);
    expect(others.map(({ headers }) => headers['retry-after'])).toEqual([undefined, undefined]);
    expect(await times(3, () => get('/sitemap.xml'))).toEqual([200, 200, 429]);
    const refused = await get(feed, { headers: { 'accept-language': 'tt' } });
    expect(refused.headers).toMatchObject({
      ...{ 'retry-after': '40', 'ratelimit-limit': '5', 'ratelimit-remaining': '0', 'ratelimit-reset': '40' },
      ...{ 'cache-control': 'no-store', 'content-type': 'application/json; charset=utf-8' },
    });
    const message = JSON.parse(readFileSync(inPackage('locales', 'tt', 'errors.json'), 'utf8')).RATE_LIMITED;
    expect(refused.json()).toEqual({
      errors: [{ message, extensions: { code: 'RATE_LIMITED', requestId: refused.headers['x-request-id'] } }],
    });
    at(59.9);
    expect((await get(feed)).statusCode).toBe(429);
    at(60);
    expect((await get(feed)).headers).toMatchObject({ 'ratelimit-remaining': '4', 'ratelimit-reset': '60' });
  });

  test('has one count for feeds, items, pages and GraphQL, HEAD like GET', async () => {
    expect((await ask()).statusCode).toBe(200);
    expect((await gateway.app.inject({ method: 'HEAD', url: feed, remoteAddress: here })).statusCode).toBe(200);
    expect(await times(4, (index) => get(['/items/x.json', '/read/en/saiga-return', '/sitemap-news/ru.xml', feed][index]!))).toEqual([
      ...[404, 200, 200, 429],
    ]);
    const refused = await ask();
    expect([refused.statusCode, refused.json().errors[0].extensions.code]).toEqual([429, 'RATE_LIMITED']);
  });

  test('is counted apart from other addresses, and by what one subscriber is given of IPv6', async () => {
    const from = (address: string): Promise<number[]> => times(1, () => get(feed, { from: address }));
    await times(5, (index) => get(feed, { from: `2001:db8:0:1::${index}` }));
    expect(await from('2001:db8:0:1:ffff::1')).toEqual([429]);
    expect(await from('2001:db8:0:2::1')).toEqual([200]);
    await times(5, () => get(feed));
    expect([await from(here), await from(`::ffff:${here}`), await from('192.0.2.2')]).toEqual([[429], [429], [200]]);
  });

  test('is no other address for saying so, but where a proxy is trusted to say it', async () => {
    const said = (index: number): Headers => ({ 'x-forwarded-for': `198.51.100.${index}`, forwarded: `for=198.51.100.${index}` });
    expect(await times(6, (index) => get(feed, { headers: said(index) }))).toEqual([200, 200, 200, 200, 200, 429]);
    const behind = await openGateway({ over: base, rateLimits, trustProxy: 1 });
    expect(await times(7, (index) => get(feed, { headers: said(index), over: behind }))).toEqual(Array(7).fill(200));
    // What stands before the proxy's own word is the caller's.
    const forged = (index: number): Headers => ({ 'x-forwarded-for': `203.0.113.${index}, 198.51.100.9` });
    expect(await times(6, (index) => get(feed, { headers: forged(index), over: behind }))).toEqual([200, 200, 200, 200, 200, 429]);
    await behind.close();
  });

  test.each(['/health/live', '/health/ready', '/media/saiga-1x1.svg', '/explorer/'])('is not limited at %s', async (url) => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => get(url)));
    expect(answers.map(({ statusCode }) => statusCode)).not.toContain(429);
    expect(answers[0]?.headers['ratelimit-limit']).toBeUndefined();
  });

  test('may ask whether a browser may ask, and is told why not', async () => {
    const headers = { origin: 'https://desk.example' };
    await times(5, () => get(feed));
    const preflight = { ...headers, 'access-control-request-method': 'POST' };
    expect((await gateway.app.inject({ method: 'OPTIONS', url: '/graphql', headers: preflight, remoteAddress: here })).statusCode).toBe(
      204,
    );
    const refused = await ask({ headers });
    expect(refused.statusCode).toBe(429);
    expect(refused.headers).toMatchObject({ 'access-control-allow-origin': 'https://desk.example' });
    expect(refused.headers['access-control-expose-headers']).toContain('retry-after');
  });
});

describe('who shows a key', () => {
  test('is counted by it, wherever they are', async () => {
    const { headers } = await keyFor(base.dataSource, { roles: { tt: Role.EDITOR } });
    const other = await keyFor(base.dataSource, { roles: { tt: Role.EDITOR } });
    const first = await ask({ headers });
    expect(first.headers).toMatchObject({ 'ratelimit-limit': '8', 'ratelimit-remaining': '7' });
    expect(await times(8, (index) => ask({ headers, from: `192.0.2.${index}` }))).toEqual([...Array(7).fill(200), 429]);
    expect((await ask({ headers: other.headers })).headers).toMatchObject({ 'ratelimit-remaining': '7' });
    expect((await ask()).headers).toMatchObject({ 'ratelimit-limit': '5', 'ratelimit-remaining': '4' });
  });

  test('has no more for writing it otherwise', async () => {
    const { key, headers } = await keyFor(base.dataSource, { roles: {} });
    const forms = (index: number): Headers => ({
      authorization: index % 2 ? `Bearer${' '.repeat(index + 1)}${key}` : `Basic ${Buffer.from(`${index}:${key}`).toString('base64')}`,
    });
    const from = (index: number): string => `192.0.2.${index}`;
    expect(await times(9, (index) => ask({ headers: forms(index), from: from(index) }))).toEqual([...Array(8).fill(200), 429]);
    expect((await ask({ headers, from: from(20) })).statusCode).toBe(429);
    expect(await lookUps(() => ask({ headers, from: from(21) }))).toBe(0);
  });

  test('is looked up once for each request, and not once they have asked too often', async () => {
    const { headers } = await keyFor(base.dataSource, { roles: {} });
    expect(await lookUps(() => times(8, () => ask({ headers })))).toBe(8);
    expect(await lookUps(() => times(8, () => ask({ headers })))).toBe(0);
  });

  test('is answered beside others of their address who have asked too often, or guessed', async () => {
    const { headers } = await keyFor(base.dataSource, { roles: {} });
    expect((await ask({ headers })).statusCode).toBe(200);
    await times(6, (index) => ask({ headers: wrong(index) }));
    await times(6, () => get(feed));
    expect([(await ask({ headers })).statusCode, (await ask()).statusCode, (await ask({ headers: wrong(7) })).statusCode]).toEqual([
      ...[200, 429, 429],
    ]);
  });

  test('is a stranger from the request on that follows its revocation', async () => {
    const { headers, uuid } = await keyFor(base.dataSource, { roles: {} });
    await ask({ headers });
    await revokeKey(base.dataSource.manager, uuid, testNow);
    expect(await times(9, () => ask({ headers }))).toEqual([401, 401, 401, 401, 401, 429, 429, 429, 429]);
  });
});

describe('who guesses keys', () => {
  test('is refused by address, a new key each time or the same', async () => {
    expect(await times(7, (index) => ask({ headers: wrong(index) }))).toEqual([401, 401, 401, 401, 401, 429, 429]);
    expect(await times(6, () => ask({ headers: wrong(1), from: '192.0.2.9' }))).toEqual([401, 401, 401, 401, 401, 429]);
  });

  test('costs no more looks than the public has requests, whatever is shown, and at once or one after another', async () => {
    const looks = await lookUps(() => Promise.all(Array.from({ length: 50 }, (_, index) => ask({ headers: wrong(index) }))));
    expect(looks).toBe(5);
    expect(await lookUps(() => times(20, (index) => ask({ headers: wrong(index + 100) })))).toBe(0);
  });

  test('is told how many are left', async () => {
    expect((await ask({ headers: wrong(1) })).headers).toMatchObject({ 'ratelimit-limit': '5', 'ratelimit-remaining': '4' });
  });
});

test('without limits nobody is counted', async () => {
  const free = await openGateway({ over: base, rateLimits: { public: 0, key: 0 } });
  const answers = await Promise.all(Array.from({ length: 20 }, () => get(feed, { over: free })));
  expect(answers.map(({ statusCode, headers }) => [statusCode, headers['ratelimit-limit']])).toEqual(Array(20).fill([200, undefined]));
  await free.close();
});
