import { request as httpRequest, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { inPackage } from '../../src/lib/root.js';
import { loadWording } from '../../src/lib/wording.js';
import { type EdgeOptions, makeApp } from '../../src/server/http.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { gatewayParts } from '../support/gateway-parts.js';
import { testFindCaller } from '../support/keys.js';

let database: TestDatabase;
let reason: string | null = null;
const open: FastifyInstance[] = [];

/** A front door of a test's own over the shared database, with the log it writes. */
async function front(options: Partial<EdgeOptions> = {}): Promise<{ app: FastifyInstance; log: () => string }> {
  const lines: string[] = [];
  const gateway = {
    ...gatewayParts,
    dataSource: database.dataSource,
    wording: await loadWording(inPackage('locales')),
    clock: () => new Date('2026-11-23T12:00:00Z'),
    findCaller: testFindCaller(database.dataSource, { clock: () => new Date('2026-11-23T12:00:00Z') }),
  };
  const app = await makeApp(gateway, async () => reason, {
    development: false,
    introspection: true,
    corsOrigins: [],
    trustProxy: false,
    requestTimeoutMs: 10_000,
    bodyLimitBytes: 100_000,
    logLevel: 'trace',
    logTo: { write: (line) => void lines.push(line) },
    ...options,
  });
  open.push(app);
  await app.ready();
  // What it says of itself while it starts is another matter.
  lines.length = 0;
  return { app, log: () => lines.join('') };
}

let app: FastifyInstance;
beforeAll(async () => {
  database = await openTestDatabase({ samples: true });
  ({ app } = await front());
});
afterAll(async () => {
  for (const each of open) await each.close();
  await database.close();
});

const query = (text = '{ __typename }') =>
  ({ method: 'POST', url: '/graphql', headers: { 'content-type': 'application/json' }, payload: JSON.stringify({ query: text }) }) as const;

describe('health', () => {
  test('live says that the process answers, with no look at the database', async () => {
    const spy = jest.spyOn(database.dataSource, 'query').mockRejectedValue(new Error('away'));
    const { statusCode, headers } = await app.inject('/health/live').finally(() => spy.mockRestore());
    expect([statusCode, headers['cache-control']]).toEqual([200, 'no-store']);
    expect((await app.inject('/health/live')).json()).toEqual({ status: 'live' });
  });

  test('ready says yes, or 503 and why not, and changes its mind', async () => {
    expect(await app.inject('/health/ready').then((response) => [response.statusCode, response.json()])).toEqual([
      200,
      { status: 'ready' },
    ]);
    reason = 'the database cannot be reached';
    const refused = await app.inject('/health/ready');
    reason = null;
    expect([refused.statusCode, refused.json(), refused.headers['cache-control'], refused.headers['retry-after']]).toEqual([
      503,
      { status: 'not ready', reason: 'the database cannot be reached' },
      'no-store',
      '5',
    ]);
    expect((await app.inject('/health/ready')).statusCode).toBe(200);
  });

  test('probes leave no line in the log', async () => {
    const { app: logged, log } = await front({ logLevel: 'info' });
    for (const path of ['live', 'ready']) await logged.inject(`/health/${path}`);
    expect(log()).toBe('');
    await logged.inject(query());
    expect(log()).toContain('/graphql');
  });
});

describe('sites that may ask from a browser', () => {
  const desk = 'https://desk.example';
  const preflight = (origin: string) =>
    ({
      method: 'OPTIONS',
      url: '/graphql',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    }) as const;

  test('none, when none are named', async () => {
    const response = await app.inject({ ...query(), headers: { ...query().headers, origin: desk } });
    expect(response.headers['access-control-allow-origin']).toBeUndefined();
    expect((await app.inject(preflight(desk))).headers['access-control-allow-origin']).toBeUndefined();
  });

  test('those that are named, and no other', async () => {
    const { app: named } = await front({ corsOrigins: [desk] });
    const asked = await named.inject(preflight(desk));
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': desk,
      'access-control-allow-methods': 'GET, POST',
      'access-control-max-age': '600',
    });
    const answer = await named.inject({ ...query(), headers: { ...query().headers, origin: desk } });
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': desk,
      'access-control-expose-headers': 'x-request-id, ratelimit-limit, ratelimit-remaining, ratelimit-reset, retry-after',
      vary: 'Origin, Accept-Encoding, Authorization',
    });
    for (const origin of ['https://evil.example', `${desk}.evil.example`, 'http://desk.example', 'null']) {
      expect((await named.inject(preflight(origin))).headers['access-control-allow-origin']).toBeUndefined();
      expect(
        (await named.inject({ ...query(), headers: { ...query().headers, origin } })).headers['access-control-allow-origin'],
      ).toBeUndefined();
    }
  });

  test('who asks which methods there are, and is no browser, is told by Allow', async () => {
    const headers = [{}, { origin: desk }, { 'access-control-request-method': 'POST' }];
    for (const given of headers) {
      const response = await app.inject({ method: 'OPTIONS', url: '/graphql', headers: given });
      expect([response.statusCode, response.body, response.headers.allow]).toEqual([204, '', 'GET, HEAD, POST']);
    }
    expect((await app.inject({ method: 'OPTIONS', url: '/health/live' })).headers.allow).toBe('GET, HEAD');
  });

  test('any, when a star stands for them, and never with credentials', async () => {
    const { app: any } = await front({ corsOrigins: ['*'] });
    const { headers } = await any.inject({ ...query(), headers: { ...query().headers, origin: 'https://anybody.example' } });
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers['access-control-allow-credentials']).toBeUndefined();
  });
});

describe('headers of every answer', () => {
  const paths = [
    '/health/live',
    '/read/en/saiga-return',
    '/read/en/nothing',
    '/media/saiga-1x1.svg',
    '/explorer/',
    '/',
    '/nothing',
    '/read/ru/%E0%A4%A',
    '/graphql?query=x',
  ];

  test.each(paths)('%s has a request id, and nosniff', async (path) => {
    const { headers } = await app.inject(path);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['x-request-id']).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/u);
    expect(Object.keys(headers)).not.toContain('x-powered-by');
  });

  const directives = (policy: unknown): Record<string, string> =>
    Object.fromEntries(
      String(policy)
        .split(';')
        .map((part) => part.trim().split(/ (.*)/u) as [string, string]),
    );

  test('a page lets nothing run, frame it, or send a form', async () => {
    const { headers, body } = await app.inject('/read/en/saiga-return');
    const policy = directives(headers['content-security-policy']);
    expect(policy).toMatchObject({ 'default-src': "'none'", 'base-uri': "'none'", 'form-action': "'none'", 'frame-ancestors': "'none'" });
    expect(policy).not.toHaveProperty('script-src');
    expect(JSON.stringify(policy)).not.toMatch(/unsafe|\*(?!\/)/u);
    expect(policy['style-src']).toMatch(/^'sha256-[\w+/]{43}='$/u);
    expect(body.match(/<style>/gu)).toHaveLength(1);
    expect(headers['referrer-policy']).toBe('no-referrer');
  });

  test('the explorer runs its own scripts and no inline one, also where it was not built', async () => {
    const { headers } = await app.inject('/explorer/');
    const policy = directives(headers['content-security-policy']);
    expect(policy).toMatchObject({ 'default-src': "'none'", 'script-src': "'self'", 'connect-src': "'self'", 'frame-ancestors': "'none'" });
    expect(policy['script-src']).not.toContain('unsafe');
    expect((await app.inject('/')).headers.location).toBe('/explorer/');
  });

  test('a picture cannot run as a page of its own', async () => {
    const { headers } = await app.inject('/media/saiga-1x1.svg');
    expect(headers['content-type']).toBe('image/svg+xml');
    expect(directives(headers['content-security-policy'])).toMatchObject({ 'default-src': "'none'" });
  });
});

describe('a request id', () => {
  const withId = (id: string) => app.inject({ ...query('{ nothing }'), headers: { ...query().headers, 'x-request-id': id } });

  test.each(['desk-0001', 'a.b:c_d-e.f', '7d3c1c4e-2f7a-4a37-9c0f-1d4a2d2f1a10', 'x'.repeat(128)])(
    'that a caller gives is kept: %s',
    async (id) => {
      const response = await withId(id);
      expect(response.headers['x-request-id']).toBe(id);
      expect(response.json().errors[0].extensions.requestId).toBe(id);
    },
  );

  test.each([
    'short',
    'x'.repeat(129),
    '<script>alert(1)</script>',
    'with space',
    '../../../etc/passwd',
    '"quoted"',
    'ид-запроса',
    'jndi:ldap://a/{b}',
  ])('that could do harm is replaced: %s', async (id) => {
    const response = await withId(id);
    expect(response.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/u);
    expect(response.json().errors[0].extensions.requestId).toBe(response.headers['x-request-id']);
  });

  test('given twice is replaced', async () => {
    const response = await app.inject({ ...query(), headers: { ...query().headers, 'x-request-id': ['desk-0001', 'desk-0002'] as never } });
    expect(response.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/u);
  });

  test('differs for every request', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, async () => (await app.inject('/health/live')).headers['x-request-id']));
    expect(new Set(ids).size).toBe(20);
  });
});

describe('what a caller sends into headers and the log', () => {
  test('a slug with a line break makes no header of its own', async () => {
    for (const path of [
      '/read/tt/tatar-yazuy%0d%0aset-cookie:a=b',
      '/read/en/x%0d%0ax-evil:1',
      '/explorer%0d%0ax-evil:1',
      '/%0d%0ax-evil:1',
    ]) {
      const { headers } = await app.inject(path);
      expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['set-cookie']));
      expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['x-evil']));
    }
  });

  test('a former slug with letters of any script leads to an address of plain ASCII', async () => {
    const { statusCode, headers } = await app.inject('/read/en/putin-foreign-ministry-speech');
    expect([statusCode, headers.location]).toEqual([301, '/read/en/putin-2021-speech-dialogue']);
    expect(headers.location).toMatch(/^[\x21-\x7e]+$/u);
  });

  test('two slashes in front do not lead to another site', async () => {
    const port = await listening();
    for (const path of [
      '//evil.example',
      '//evil.example/explorer',
      '/\\evil.example',
      '/explorer//evil.example',
      '/read/en//evil.example',
    ]) {
      const { status, headers } = await raw({ port, path });
      expect([path, status, headers.location]).toEqual([path, expect.any(Number), undefined]);
    }
  });

  test('the log has no query string, no secret, no document, and no line of the caller’s making', async () => {
    const { app: logged, log } = await front();
    const secret = 's3cr3t-Value';
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}`, cookie: `session=${secret}` };
    await logged.inject({
      method: 'POST',
      url: `/graphql?token=${secret}`,
      headers,
      payload: JSON.stringify({ query: `{ topic(code: "${secret}") { code } }` }),
    });
    await logged.inject({ method: 'GET', url: `/nothing?token=${secret}`, headers });
    await logged.inject({ method: 'GET', url: `/read/en/nothing?token=${secret}#${secret}`, headers });
    await logged.inject({ method: 'POST', url: '/graphql', headers, payload: `{"query":"${secret}` });
    await logged.inject({ method: 'GET', url: '/%0a%7B%22level%22:60,%22msg%22:%22forged%22%7D' });
    const text = log();
    expect(text).not.toContain(secret);
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { msg: string; req?: Record<string, unknown>; reqId?: string });
    expect(lines.some(({ msg }) => msg === 'forged')).toBe(false);
    expect(lines.flatMap(({ req }) => (req ? [Object.keys(req).sort().join()] : [])).every((keys) => keys === 'ip,method,path')).toBe(true);
    expect(lines.every(({ reqId }) => reqId !== undefined)).toBe(true);
  });

  test('a failing statement is logged under the request id, without the values it was given', async () => {
    const { app: logged, log } = await front({ logLevel: 'error' });
    await database.dataSource.query('alter table topic rename to hidden');
    const response = await logged
      .inject({
        ...query('query($code: String!) { topic(code: $code) { code } }'),
        payload: JSON.stringify({ query: 'query($code: String!) { topic(code: $code) { code } }', variables: { code: 'wanted-words' } }),
      })
      .finally(() => database.dataSource.query('alter table hidden rename to topic'));
    const [line] = log()
      .trim()
      .split('\n')
      .map((each) => JSON.parse(each));
    expect(line).toMatchObject({
      reqId: response.headers['x-request-id'],
      msg: 'operation failed',
      path: ['topic'],
      err: { message: expect.stringContaining('"topic" does not exist') },
    });
    expect(line.err.query).toContain('from "topic"');
    expect(log()).not.toContain('wanted-words');
    expect(response.json().errors[0].extensions.requestId).toBe(line.reqId);
  });

  test('a page that cannot be served is logged too', async () => {
    const { app: logged, log } = await front({ logLevel: 'error' });
    const spy = jest.spyOn(database.dataSource, 'query').mockRejectedValue(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }));
    const { statusCode, headers } = await logged.inject('/read/en/saiga-return').finally(() => spy.mockRestore());
    expect(statusCode).toBe(503);
    expect(JSON.parse(log())).toMatchObject({
      reqId: headers['x-request-id'],
      msg: 'request failed',
      err: { message: 'away', code: 'ECONNREFUSED' },
    });
  });

  test('a caller’s mistake is none of the log’s business', async () => {
    const { app: logged, log } = await front({ logLevel: 'error' });
    for (const text of [
      '{',
      '{ nothing }',
      '{ articles(first: 0) { totalCount } }',
      '{ edition(code: "xx") { code } articles(edition: "xx") { totalCount } }',
    ])
      await logged.inject(query(text));
    await logged.inject({ ...query(), payload: '{' });
    expect(log()).toBe('');
  });
});

/** The port of a gateway that really listens. */
async function listening(): Promise<number> {
  const { app: server } = await front({ logLevel: 'silent' });
  await server.listen({ host: '127.0.0.1', port: 0 });
  return (server.server.address() as AddressInfo).port;
}

/** A request as it is, with no client that would put it in order first. */
const raw = (options: RequestOptions): Promise<{ status: number | undefined; headers: IncomingHttpHeaders }> =>
  new Promise((resolve, reject) => {
    const sent = httpRequest({ host: '127.0.0.1', agent: false, ...options }, (response) => {
      response.resume();
      resolve({ status: response.statusCode, headers: response.headers });
    });
    sent.on('error', reject);
    sent.end();
  });

test('headers beyond measure are refused, and the next request is served', async () => {
  const port = await listening();
  // The connection is closed with the answer, which may or may not get through before.
  const refused = await raw({ port, path: '/health/live', headers: { 'x-long': 'a'.repeat(20_000) } }).catch(() => ({ status: 431 }));
  expect(refused.status).toBe(431);
  expect((await raw({ port, path: '/health/live' })).status).toBe(200);
});
