import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { openGateway, type TestGateway } from '../support/gateway.js';
import { blanked } from '../support/read-feed.js';

let gateway: TestGateway;
let item: string;
beforeAll(async () => {
  gateway = await openGateway();
  item = `/items/${(await gateway.get('/feeds/ru.json')).json().items.at(-1).id}.ninjs`;
});
afterEach(() => void jest.restoreAllMocks());
afterAll(() => gateway.close());

const paths = (): string[] => [
  '/feeds/ru.atom',
  '/feeds/ru/culture.json',
  item,
  '/sitemap.xml',
  '/sitemap-news/ru.xml',
  '/read/en/saiga-return',
];

test.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('%s is none of the methods of feeds, items and sitemaps', async (method) => {
  for (const url of paths()) {
    const response = await gateway.app.inject({
      method,
      url: `${url}?x=1`,
      headers: { 'content-type': 'application/json' },
      payload: '{}',
    });
    expect([url, response.statusCode, response.headers['allow'], response.headers['cache-control']]).toEqual([
      ...[url, 405, 'GET, HEAD', 'no-store'],
    ]);
    expect(response.json().errors[0].extensions.code).toBe('BAD_REQUEST');
  }
});

test('OPTIONS says which there are', async () => {
  for (const url of paths()) {
    const response = await gateway.app.inject({ method: 'OPTIONS', url });
    expect([response.statusCode, response.headers['allow'], response.body]).toEqual([204, 'GET, HEAD', '']);
  }
});

test('HEAD is served wherever GET is', async () => {
  for (const url of [...paths(), '/feeds/about', '/health/live', '/media/saiga-1x1.svg']) {
    const head = await gateway.app.inject({ method: 'HEAD', url });
    const { statusCode, headers } = await gateway.get(url);
    expect([url, head.statusCode, head.body, head.headers['content-length']]).toEqual([url, statusCode, '', headers['content-length']]);
  }
});

test('a part of a text is not to be had: the whole is sent', async () => {
  for (const url of paths())
    for (const headers of [
      { range: 'bytes=0-9' },
      { range: 'bytes=-5, 7-' },
      { range: 'bytes=99999999-' },
      { range: 'lines=1-2' },
      { range: 'bytes=0-9', 'if-range': '"x"' },
      { range: 'bytes=0-9', 'accept-encoding': 'gzip' },
    ]) {
      const response = await gateway.get(url, headers as unknown as Record<string, string>);
      expect([response.statusCode, response.headers['content-range']]).toEqual([200, undefined]);
      if (!url.startsWith('/read')) expect(response.headers['accept-ranges']).toBe('none');
      if (!('accept-encoding' in headers)) expect(blanked(response.body)).toBe(blanked((await gateway.get(url)).body));
    }
});

test('while the database is away, a feed says when to come again', async () => {
  jest.spyOn(gateway.dataSource, 'query').mockRejectedValue(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }));
  for (const url of ['/feeds/ru.atom', '/sitemap.xml', '/read/en/saiga-return']) {
    const response = await gateway.get(url);
    expect([response.statusCode, response.headers['retry-after'], response.headers['cache-control']]).toEqual([503, '5', 'no-store']);
  }
});
