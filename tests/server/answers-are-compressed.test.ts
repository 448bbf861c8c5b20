import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Fastify, { type LightMyRequestResponse } from 'fastify';
import { Role } from '../../src/desks/role.js';
import { EventKind } from '../../src/publishing/event.js';
import { writeEvents } from '../../src/publishing/event.queries.js';
import { compress } from '../../src/server/compress.js';
import { deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';
import { paragraph } from '../support/make-story.js';
import { blanked } from '../support/read-feed.js';
import { until } from '../support/until.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
});
afterAll(() => gateway.close());

const decoders = { gzip: gunzipSync, br: brotliDecompressSync };
type Encoding = keyof typeof decoders;
const opened = ({ rawPayload, headers }: LightMyRequestResponse): string =>
  decoders[headers['content-encoding'] as Encoding](rawPayload).toString('utf8');
const asked = (url: string, encoding: string, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> =>
  gateway.get(url, { 'accept-encoding': encoding, ...headers });
const tagOf = ({ headers }: LightMyRequestResponse): string => String(headers['etag']);

const feed = '/feeds/ru.atom';
const everything = '{ articles(edition: "ru", first: 20) { edges { served { translation { headline dek } } } } }';
const list = `/graphql?query=${encodeURIComponent(everything)}`;
const texts = [
  ...[feed, '/feeds/ru.rss', '/feeds/tt.json', '/feeds/fa.ninjs', '/feeds/hy.newsml', '/sitemap.xml'],
  ...['/feeds/about', '/read/en/saiga-return', list],
];
const preflight = { 'apollo-require-preflight': '1' };

describe('a text', () => {
  test.each(texts)('is the same in every encoding: %s', async (url) => {
    const plain = await gateway.get(url, preflight);
    expect([plain.statusCode, plain.headers['content-encoding']]).toEqual([200, undefined]);
    expect(String(plain.headers['vary']).split(', ')).toContain('Accept-Encoding');
    for (const encoding of ['gzip', 'br'] as const) {
      const response = await asked(url, encoding, preflight);
      expect([response.headers['content-encoding'], response.headers['content-type']]).toEqual([encoding, plain.headers['content-type']]);
      expect(blanked(opened(response))).toBe(blanked(plain.body));
      expect(response.headers['content-length']).toBeUndefined();
      expect(response.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2 + 300);
      expect(response.headers['vary']).toBe(plain.headers['vary']);
    }
  });

  test('of one story is, too', async () => {
    const { items } = (await gateway.get('/feeds/ru.json')).json();
    for (const extension of ['ninjs', 'newsml', 'html', 'json']) {
      const url = `/items/${items.at(-1).id}.${extension}`;
      expect(opened(await asked(url, 'br'))).toBe((await gateway.get(url)).body);
    }
  });

  test('that is posted for with a key is, and stays private', async () => {
    const { headers } = await keyFor(gateway.dataSource, { operator: true });
    const payload = JSON.stringify({ query: everything });
    const post = (encoding: string) =>
      gateway.app.inject({
        method: 'POST',
        url: '/graphql',
        payload,
        headers: { ...headers, 'content-type': 'application/json', 'accept-encoding': encoding },
      });
    const response = await post('gzip');
    expect(response.headers).toMatchObject({ 'content-encoding': 'gzip', 'cache-control': 'private, no-store' });
    expect(JSON.parse(opened(response))).toEqual((await post('identity')).json());
  });

  test.each([
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['GZIP', 'gzip'],
    ['*', 'br'],
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['br;q=0.8, gzip;q=0.8', 'br'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0.0, *', 'gzip'],
    ['gzip;q=0, br;q=0', undefined],
    ['gzip;q=0, *;q=0', undefined],
    ['*;q=0', undefined],
    ['gzip;q=0.5, identity', undefined],
    ['gzip;q=0.5, identity;q=0.2', 'gzip'],
    ['identity', undefined],
    ['deflate, zstd', undefined],
    ['gzip;q=nonsense', undefined],
    ['gzip;q=2', undefined],
    [' gzip ; q=1 , , ;', 'gzip'],
    ['', undefined],
  ])('is sent to "%s" in %s', async (header, expected) => {
    const response = await asked(feed, header);
    expect([response.statusCode, response.headers['content-encoding']]).toEqual([200, expected]);
    expect(response.headers['vary']).toContain('Accept-Encoding');
  });

  test('that is small is sent as it is, an error too', async () => {
    for (const url of ['/feeds/xx.atom', '/sitemap-news/ru.xml', '/graphql?query={__typename}']) {
      const response = await asked(url, 'gzip, br', preflight);
      expect([response.headers['content-encoding'], response.rawPayload.length < 1024]).toEqual([undefined, true]);
      expect(response.headers['vary']).toContain('Accept-Encoding');
    }
  });

  test('HEAD is told what GET is, in every encoding', async () => {
    for (const url of texts.filter((each) => each !== list))
      for (const encoding of ['gzip', 'br', 'identity']) {
        const head = await gateway.app.inject({ method: 'HEAD', url, headers: { 'accept-encoding': encoding } });
        const { date: _, 'x-request-id': __, connection: ___, 'transfer-encoding': ____, ...told } = head.headers;
        const { headers } = await asked(url, encoding);
        for (const name of ['date', 'x-request-id', 'connection', 'transfer-encoding']) delete headers[name];
        expect(head.body).toBe('');
        expect(blanked(JSON.stringify(told))).toBe(blanked(JSON.stringify(headers)));
      }
  });
});

describe('what is left as it is', () => {
  test.each([['/media/saiga-1x1.svg'], ['/health/live']])('%s', async (url) => {
    const response = await asked(url, 'gzip, br');
    expect([response.statusCode, response.headers['content-encoding']]).toEqual([200, undefined]);
  });

  test('a preview, whose page holds what opens it', async () => {
    const chief = await deskOf(gateway, 'Clara', { en: Role.CHIEF });
    const long = { headline: 'Not yet out', blocks: [paragraph('Soon. '.repeat(500))] };
    const { draft } = await chief.createArticle({ edition: 'en', text: long });
    const document = 'mutation($input: PreviewLinkInput!) { previewLink(input: $input) { ... on PreviewLink { url } } }';
    const { data } = await chief.ask(document, { input: { article: draft.articleId, edition: 'en' } });
    const response = await asked(new URL(data.previewLink.url).pathname, 'gzip, br');
    expect([response.statusCode, response.headers['content-encoding']]).toEqual([200, undefined]);
    expect(response.body).toContain('Not yet out');
  });
});

describe('an entity tag', () => {
  test('is of one encoding, and any of them tells what is held', async () => {
    const tags = await Promise.all(['identity', 'gzip', 'br'].map(async (encoding) => tagOf(await asked(feed, encoding))));
    expect(new Set(tags).size).toBe(3);
    expect(tags.every((tag) => /^"[\w-]+"$/u.test(tag))).toBe(true);
    for (const tag of tags)
      for (const encoding of ['identity', 'gzip', 'br'])
        for (const method of ['GET', 'HEAD'] as const) {
          const response = await gateway.app.inject({
            method,
            url: feed,
            headers: { 'accept-encoding': encoding, 'if-none-match': `"other", ${tag}` },
          });
          expect([response.statusCode, response.headers['etag'], response.body]).toEqual([304, tag, '']);
          expect([response.headers['content-encoding'], response.headers['content-length']]).toEqual([undefined, undefined]);
          expect(response.headers['vary']).toContain('Accept-Encoding');
        }
  });

  test('that a proxy has made weak is taken and given back', async () => {
    const weak = `W/${tagOf(await asked(feed, 'gzip'))}`;
    const response = await asked(feed, 'gzip', { 'if-none-match': weak });
    expect([response.statusCode, response.headers['etag']]).toEqual([304, weak]);
  });

  test('of what is sent goes with a 304 for another reason; of several that are held, the one that fits', async () => {
    await asked(feed, 'gzip');
    gateway.at(new Date(testNow.getTime() + 60_000));
    const first = await asked(feed, 'gzip');
    const tags = ['identity', 'br', 'gzip'].map(async (encoding) => tagOf(await asked(feed, encoding)));
    for (const held of [
      { 'if-none-match': '*' },
      { 'if-modified-since': String(first.headers['last-modified']) },
      { 'if-none-match': (await Promise.all(tags)).join(', ') },
    ]) {
      const response = await asked(feed, 'gzip', held);
      expect([response.statusCode, response.headers['etag']]).toEqual([304, tagOf(first)]);
    }
    gateway.at(testNow);
  });

  test.each(['"other-gzip"', '"-gzip"', '-gzip', '"gzip"', 'W/"x-br"', ''])('of another text holds nothing: %s', async (tag) => {
    const response = await asked(feed, 'gzip', { 'if-none-match': tag });
    expect([response.statusCode, response.headers['content-encoding']]).toEqual([200, 'gzip']);
  });

  test('of an older text holds nothing once the text has changed', async () => {
    const tag = tagOf(await asked(feed, 'br'));
    await gateway.dataSource.query(`update notice set must_carry = not must_carry where code = 'about'`);
    await writeEvents(gateway.dataSource.manager, [
      { kind: EventKind.REGISTRY_CHANGED, at: testNow, data: { kind: 'notice', code: 'about' } },
    ]);
    const response = await asked(feed, 'br', { 'if-none-match': tag });
    expect([response.statusCode, tagOf(response) === tag]).toEqual([200, false]);
  });
});

test('an answer that comes piece by piece goes piece by piece, and waits for who reads slowly', async () => {
  const app = Fastify({ forceCloseConnections: true });
  compress(app);
  const pieces = 2000;
  let made = 0;
  const noise = (): string => Array.from({ length: 2000 }, () => Math.random().toString(36)).join('');
  app.get('/feeds/long.json', (_, reply) =>
    // A length that is told is that of the plain text.
    reply.headers({ 'content-type': 'application/json', 'content-length': 50_000_000 }).send(
      Readable.from(
        (async function* () {
          for (; made < pieces; made += 1) yield noise();
        })(),
      ),
    ),
  );
  await app.listen({ host: '127.0.0.1', port: 0 });
  try {
    for (const encoding of ['gzip', 'br']) {
      made = 0;
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const { port } = app.server.address() as AddressInfo;
        const headers = { 'accept-encoding': encoding };
        httpRequest({ host: '127.0.0.1', port, path: '/feeds/long.json', headers, agent: false }, resolve).on('error', reject).end();
      });
      expect([response.headers['content-encoding'], response.headers['content-length']]).toEqual([encoding, undefined]);
      await new Promise((resolve) => response.once('readable', resolve));
      let before = -1;
      await until('standing still while nobody reads', async () => {
        const stands = made === before;
        before = made;
        await new Promise((resolve) => setTimeout(resolve, 300));
        return stands;
      });
      expect(made).toBeLessThan(pieces);
      response.destroy();
    }
  } finally {
    await app.close();
  }
});
