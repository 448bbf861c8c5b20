import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inPackage } from '../../src/lib/root.js';
import { loadWording } from '../../src/lib/wording.js';
import { EventKind } from '../../src/publishing/event.js';
import { numberEvents, setTimers, writeEvents } from '../../src/publishing/event.queries.js';
import { makeApp } from '../../src/server/http.js';
import { makeMetrics, serveMetrics } from '../../src/server/metrics.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { testNow } from '../support/gateway.js';
import { gatewayParts } from '../support/gateway-parts.js';
import { testFindCaller } from '../support/keys.js';
import { until } from '../support/until.js';

let database: TestDatabase;
let app: Awaited<ReturnType<typeof makeApp>>;
let server: Server;
beforeAll(async () => {
  database = await openTestDatabase();
  const { dataSource } = database;
  const clock = (): Date => testNow;
  const metrics = makeMetrics({ dataSource, clock });
  app = await makeApp(
    {
      ...gatewayParts,
      ...{ dataSource, clock },
      wording: await loadWording(inPackage('locales')),
      findCaller: testFindCaller(dataSource, { clock }),
    },
    async () => null,
    {
      ...{ development: false, introspection: true, corsOrigins: [], trustProxy: false, requestTimeoutMs: 10_000, bodyLimitBytes: 100_000 },
      ...{ logLevel: 'silent', plugins: [metrics.plugin] },
    },
  );
  server = await serveMetrics(metrics, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  server.close();
  await app.close();
  await database.close();
});

const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
const text = async (): Promise<string> => (await get('/metrics')).text();
/** The value of one figure; its labels as they are printed. */
const figure = async (name: string): Promise<string | undefined> =>
  (await text())
    .split('\n')
    .find((line) => line.startsWith(`${name} `))
    ?.slice(name.length + 1);

const ask = (query: string) =>
  app.inject({ method: 'POST', url: '/graphql', headers: { 'content-type': 'application/json' }, payload: JSON.stringify({ query }) });

test('the port answers /metrics as Prometheus reads it, and nothing else', async () => {
  const answer = await get('/metrics');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  for (const path of ['/', '/graphql', '/metrics/x', '/health/live']) expect((await get(path)).status).toBe(404);
});

test('the relay’s figures are those of this moment', async () => {
  const { manager } = database.dataSource;
  expect([await figure('dragoman_relay_outbox_events'), await figure('dragoman_relay_lag_seconds')]).toEqual(['0', '0']);
  await writeEvents(manager, [{ kind: EventKind.CONFIRMED, at: new Date(0) }]);
  await setTimers(manager, [{ kind: 'DRAFT', key: 'a', at: testNow }]);
  await manager.query(`insert into consumer (name, settled) values ('feeds', 0)`);
  expect(await figure('dragoman_relay_outbox_events')).toBe('1');
  expect(Number(await figure('dragoman_relay_lag_seconds'))).toBeLessThan(60);
  expect(await figure('dragoman_relay_due_timers')).toBe('1');
  await until('numbering', async () => (await numberEvents(manager, 10)) === 1);
  expect(await figure('dragoman_relay_outbox_events')).toBe('0');
  expect(await figure('dragoman_relay_last_event')).toBe('1');
  expect(await figure('dragoman_consumer_behind_events{consumer="feeds"}')).toBe('1');
  expect(await figure('dragoman_database_up')).toBe('1');
});

test('operations are counted by the names we know, whatever names are sent', async () => {
  await ask('query FrontPage { editions { code } }');
  await ask('query Whatever123 { editions { code } }');
  await ask('{ editions { code } }');
  await ask('query FrontPage { nothing }');
  expect(await figure('dragoman_operations_total{operation="FrontPage",outcome="ok"}')).toBe('1');
  expect(await figure('dragoman_operations_total{operation="other",outcome="ok"}')).toBe('2');
  expect(await text()).not.toContain('Whatever123');
  expect((await text()).match(/^dragoman_operations_total\{.*outcome="refused"\} 1$/mu)).not.toBeNull();
});

test('the pool is shown where there is one', async () => {
  const shown = await text();
  if (!process.env.TEST_DATABASE_URL) return expect(shown).not.toContain('dragoman_pool_connections');
  for (const state of ['total', 'idle', 'waiting'])
    expect(shown).toMatch(new RegExp(`^dragoman_pool_connections\\{state="${state}"\\} \\d+$`, 'mu'));
});

test('without a database the figures are unknown, and the port still answers', async () => {
  const { dataSource } = database;
  const { manager } = dataSource;
  Object.defineProperty(dataSource, 'manager', {
    configurable: true,
    get: () => ({ query: async () => Promise.reject(new Error('gone')) }),
  });
  expect(await figure('dragoman_database_up')).toBe('0');
  expect(await figure('dragoman_relay_lag_seconds')).toBe('Nan');
  Object.defineProperty(dataSource, 'manager', { configurable: true, value: manager });
  expect(await figure('dragoman_database_up')).toBe('1');
});
