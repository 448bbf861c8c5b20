import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import { Role } from '../../src/desks/role.js';
import { formats } from '../../src/feeds/formats.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';
import { operatorOf } from '../support/partners.js';
import { blanked, readers, readPage, wordsOf } from '../support/read-feed.js';

type Headers = { authorization: string };

let gateway: TestGateway;
let [tester, live, rival]: Headers[] = [] as Headers[];
beforeAll(async () => {
  gateway = await openGateway();
  const operator = await operatorOf(gateway);
  for (const code of ['harbour', 'rival']) await operator.savePartner({ code, name: code, expectedVersion: 0 });
  const terms = { editions: ['ru', 'tt', 'en', 'fa'], level: 'FULL', images: true };
  await operator.saveEntitlement({ partner: 'harbour', expectedVersion: 0, terms });
  tester = (await keyFor(gateway.dataSource, { partnerCode: 'harbour', test: true })).headers;
  live = (await keyFor(gateway.dataSource, { partnerCode: 'harbour' })).headers;
  rival = (await keyFor(gateway.dataSource, { partnerCode: 'rival', test: true })).headers;
});
afterAll(() => gateway.close());

const editions = ['en', 'fa', 'ru', 'tt'];
const inFeeds = formats.filter(({ feed }) => feed).map(({ extension }) => extension);
const ofItems = formats.filter(({ item }) => item).map(({ extension }) => extension);

const get = (url: string, headers: Record<string, string> = tester!): Promise<LightMyRequestResponse> => gateway.get(url, headers);
const codeOf = (response: LightMyRequestResponse): string => response.json().errors[0].extensions.code;
const nextOf = (response: LightMyRequestResponse): string => {
  const { pathname, search } = new URL(/<([^>]+)>; rel="next"/u.exec(String(response.headers['link']))![1]!);
  return pathname + search;
};
const idOf = async (story: string, edition = 'en'): Promise<string> => {
  const { items } = (await get(`/feeds/${edition}.json?after=start&limit=1`)).json();
  const found: Record<string, string> = {};
  let url = `/feeds/${edition}.json?after=start&limit=1`;
  for (let page = items; page.length > 0; ) {
    const response = await get(url);
    page = response.json().items;
    for (const each of page) if (each.url) found[each.url.replace(/^.*\/a\/(.*)\.html$/u, '$1')] = each.id;
    url = nextOf(response);
  }
  return found[story]!;
};

describe('a test key of a partner', () => {
  test('opens feeds and items of every gateway, and says what they are', async () => {
    const feed = await get('/feeds/tt.json');
    expect([feed.statusCode, feed.headers['dragoman-sandbox'], feed.headers['cache-control']]).toEqual([200, 'true', 'private, no-cache']);
    expect((await get('/feeds/tt.json', live!)).headers['dragoman-sandbox']).toBeUndefined();
    expect((await get('/feeds/xx.json')).headers['dragoman-sandbox']).toBe('true');
  });

  test('is no key on /graphql, nor anybody’s test key anywhere', async () => {
    const modern = { accept: 'application/graphql-response+json' };
    expect((await gateway.ask('{ viewer { kind } }', {}, { ...modern, ...tester })).status).toBe(401);
    for (const wish of [{ roles: { tt: Role.CHIEF } }, { operator: true }]) {
      const { headers } = await keyFor(gateway.dataSource, { ...wish, test: true });
      const response = await get('/feeds/tt.json', headers);
      expect([response.statusCode, codeOf(response)]).toEqual([401, 'UNAUTHENTICATED']);
    }
  });

  test('is refused once it is revoked', async () => {
    const { uuid, headers } = await keyFor(gateway.dataSource, { partnerCode: 'harbour', test: true });
    await gateway.dataSource.query('update api_key set revoked_at = $2 where uuid = $1', [uuid, new Date('2026-11-23T11:00:00Z')]);
    expect((await get('/feeds/tt.json', headers)).statusCode).toBe(401);
  });

  test('never sees a real story, and a real key never one of the sandbox', async () => {
    for (const edition of editions)
      for (const extension of inFeeds) {
        const [made, real] = [await get(`/feeds/${edition}.${extension}`), await get(`/feeds/${edition}.${extension}`, live!)];
        expect([made.statusCode, real.statusCode]).toEqual([200, 200]);
        expect(made.body).not.toMatch(/meridian/iu);
        expect(real.body).not.toContain('sandbox.example');
        expect(real.body).toContain('urn:newsml:meridian.example:');
        const [ofReal] = readers[extension]!(real.body).items;
        const [ofMade] = readers[extension]!(made.body).items;
        for (const format of ofItems) {
          expect((await get(`/items/${ofReal!.id}.${format}`)).statusCode).toBe(404);
          expect((await get(`/items/${ofMade!.id}.${format}`, live!)).statusCode).toBe(404);
          expect((await gateway.get(`/items/${ofMade!.id}.${format}`)).statusCode).toBe(404);
        }
      }
  });

  test('sees no edition or topic of the gateway, but those of the sandbox', async () => {
    expect(codeOf(await get('/feeds/uk.json'))).toBe('UNKNOWN_EDITION');
    expect(codeOf(await get('/feeds/tt/environment.json'))).toBe('UNKNOWN_NAME');
    expect((await get('/feeds/fa/culture.json')).json().title).toBe('خبرهای آزمایشی · فارسی · فرهنگ');
    for (const extension of inFeeds) {
      const response = await get(`/feeds/fa/empty.${extension}`);
      expect([response.statusCode, readers[extension]!(response.body)]).toEqual([200, { items: [], gone: [] }]);
    }
  });

  test('cannot use a cursor of a real feed, another feed or another partner, nor anybody its own', async () => {
    const [ofSandbox, ofReal] = [nextOf(await get('/feeds/tt.json')), nextOf(await get('/feeds/tt.json', live!))];
    const refused = async (url: string, headers: Record<string, string>): Promise<unknown[]> => {
      const response = await get(url, headers);
      return [response.statusCode, codeOf(response)];
    };
    for (const headers of [live!, rival!, {}]) expect(await refused(ofSandbox, headers)).toEqual([400, 'INVALID_CURSOR']);
    expect(await refused(ofReal, tester!)).toEqual([400, 'INVALID_CURSOR']);
    expect(await refused(ofSandbox.replace('/tt.', '/ru.'), tester!)).toEqual([400, 'INVALID_CURSOR']);
    expect((await get(ofSandbox.replace('.json', '.atom'))).statusCode).toBe(200);
  });

  test('that has what another partner has is told its own cursor with that', async () => {
    const etag = String((await get('/feeds/tt.json')).headers['etag']);
    const known = await get('/feeds/tt.json', { ...rival!, 'if-none-match': etag });
    expect(known.statusCode).toBe(304);
    expect((await get(nextOf(known), rival!)).statusCode).toBe(200);
  });

  test('names its own feed as a live one does', async () => {
    expect((await get('/feeds/tt.json?for=harbour')).json().feed_url).toContain('?for=harbour');
    expect(codeOf(await get('/feeds/tt.json?for=rival'))).toBe('FORBIDDEN');
  });

  test('sees it also where the gateway has no edition of its own', async () => {
    const empty = await openGateway({ samples: false });
    await (await operatorOf(empty)).savePartner({ code: 'first', name: 'First', expectedVersion: 0 });
    const { headers } = await keyFor(empty.dataSource, { partnerCode: 'first', test: true });
    expect((await empty.get('/feeds/tt.json', headers)).json().items).toHaveLength(7);
    await empty.close();
  });
});

describe.each(inFeeds)('the sandbox in .%s', (extension) => {
  test.each(editions)('carries in %s what it must', async (edition) => {
    const response = await get(`/feeds/${edition}.${extension}`);
    const read = readers[extension]!(response.body);
    expect(read.items).toHaveLength(5);
    const json = readers['json']!((await get(`/feeds/${edition}.json`)).body);
    const { _dragoman } = (await get(`/feeds/${edition}.json`)).json().items.at(-1);
    for (const [index, item] of read.items.entries()) {
      // ninjs has no place for territories: there they are in the usage terms alone.
      const { mustCarry, credits, html, territories, ...same } = item;
      const { mustCarry: musts, credits: named, html: _, territories: everywhere, ...baseline } = json.items[index]!;
      if (territories !== null) expect(territories).toEqual(everywhere);
      expect(same).toEqual(baseline);
      expect(credits.sort()).toEqual(named.sort());
      expect(musts!.length).toBeGreaterThan(0);
      if (mustCarry !== null) expect(mustCarry).toEqual(musts);
      for (const notice of musts!) expect(wordsOf(html)).toContain(notice);
    }
    expect(wordsOf(read.items.at(-1)!.html)).toContain(_dragoman.credit_line);
    expect(read.items.at(-1)!.direction).toBe(edition === 'fa' ? 'rtl' : 'ltr');
    expect(read.items.map(({ published }) => published)).toEqual(
      read.items
        .map(({ published }) => published)
        .sort()
        .reverse(),
    );
    expect(read.gone.map(({ id }) => id)).toEqual(json.gone.map(({ id }) => id));
    expect(read.gone).toHaveLength(2);
    for (const { words } of read.gone) expect(words[0]).not.toBe('');
    if (/^(json|ninjs|newsml)$/u.test(extension))
      for (const reason of ['IMAGES_NOT_INCLUDED', 'LEVEL_SUMMARY']) expect(response.body).toContain(reason);
  });

  test('is told step by step: published, corrected, taken back', async () => {
    const id = await idOf('bridge', 'ru');
    const steps: string[] = [];
    let url = `/feeds/ru.${extension}?after=start&limit=1`;
    for (let pages = 0; ; pages += 1) {
      expect(pages).toBeLessThan(20);
      const response = await get(url);
      const { items, gone } = readers[extension]!(response.body);
      if (items.length + gone.length === 0) break;
      expect(items.length + gone.length).toBe(1);
      for (const item of items) if (item.id === id) steps.push(`${item.revision} ${/девять (недель|дней)/u.exec(item.headline)![0]}`);
      for (const each of gone) if (each.id === id) steps.push(each.words.filter(Boolean).join(' '));
      url = nextOf(response);
    }
    expect(steps).toEqual([
      '1 девять недель',
      '2 девять дней',
      'Этот материал отозван и больше не доступен. Письмо, на котором основано сообщение, оказалось подделкой. Мост остаётся открытым.',
    ]);
  });

  test('is told at once as it is at the end, and what has ended with it', async () => {
    const { items, gone } = readers[extension]!((await get(`/feeds/en.${extension}?after=start`)).body);
    const newest = readers[extension]!((await get(`/feeds/en.${extension}`)).body);
    expect(items.map(({ id }) => id)).toEqual(expect.arrayContaining(newest.items.map(({ id }) => id)));
    expect(items).toHaveLength(newest.items.length);
    expect(gone).toHaveLength(3);
    expect(readers[extension]!((await get(`/feeds/en.${extension}?after=now`)).body)).toEqual({ items: [], gone: [] });
  });

  test('comes by the day, back to the first', async () => {
    let url = `/feeds/en.${extension}`;
    const days: string[] = [];
    const ids: string[] = [];
    for (;;) {
      const { headers } = await get(url);
      const before = /<([^>]+)>; rel="prev-archive"/u.exec(String(headers['link']))?.[1];
      if (before === undefined) break;
      url = new URL(before).pathname + new URL(before).search;
      days.push(url.slice(-10));
      ids.push(...readers[extension]!((await get(url)).body).items.map(({ id }) => id));
    }
    expect(days).toEqual(['2026-10-01']);
    expect(ids).toEqual([await idOf('ferry')]);
    expect((await get(`/feeds/en.${extension}?archive=2026-10-03`)).headers['link']).toContain('archive=2026-10-02>; rel="prev-archive"');
  });

  test('is sent again only when it is asked for anew', async () => {
    const { headers, body } = await get(`/feeds/en.${extension}`);
    expect((await get(`/feeds/en.${extension}`, { ...tester!, 'if-none-match': String(headers['etag']) })).statusCode).toBe(304);
    expect(blanked((await get(`/feeds/en.${extension}`)).body)).toBe(blanked(body));
    // What another reader was given at the same address is nothing to this one.
    for (const other of [live!, {}] as Record<string, string>[]) {
      const etag = String((await get(`/feeds/en.${extension}`, other)).headers['etag']);
      expect((await get(`/feeds/en.${extension}`, { ...tester!, 'if-none-match': etag })).statusCode).toBe(200);
    }
    expect((await get(`/feeds/en.${extension}`, { ...live!, 'if-none-match': String(headers['etag']) })).statusCode).toBe(200);
    gateway.at(new Date(testNow.getTime() + 60_000));
    const said = String((await get(`/feeds/en.${extension}`)).headers['last-modified']);
    expect((await get(`/feeds/en.${extension}`, { ...tester!, 'if-modified-since': said })).statusCode).toBe(304);
    gateway.at(testNow);
  });
});

describe('an item of the sandbox', () => {
  test.each(ofItems)('is in .%s what its feed says of it', async (extension) => {
    for (const { id, headline } of readers['json']!((await get('/feeds/fa.json')).body).items) {
      const response = await get(`/items/${id}.${extension}`);
      expect(response.statusCode).toBe(200);
      expect([response.headers['dragoman-sandbox'], response.headers['cache-control']]).toEqual(['true', 'private, no-cache']);
      if (extension === 'html') expect(readPage(response.body).headline).toBe(headline);
    }
  });

  test.each(ofItems)('that was killed is 410 in .%s, and 404 when it is withheld or has ended', async (extension) => {
    const killed = await get(`/items/${await idOf('bridge')}.${extension}`);
    expect([killed.statusCode, killed.body.includes('was forged')]).toEqual([410, true]);
    for (const story of ['survey', 'storm']) expect((await get(`/items/${await idOf(story)}.${extension}`)).statusCode).toBe(404);
  });

  test('has its picture where it says', async () => {
    const item = (await get(`/items/${await idOf('ferry')}.json`)).json();
    const picture = await gateway.get(new URL(item.image).pathname);
    expect([picture.statusCode, picture.headers['content-type']]).toEqual([200, 'image/svg+xml']);
    expect(picture.headers['content-security-policy']).toContain("default-src 'none'");
  });
});

describe('what is to go wrong', () => {
  const url = '/feeds/en.json';
  let origin: string;
  beforeAll(async () => {
    await gateway.app.listen({ host: '127.0.0.1', port: 0 });
    origin = `http://127.0.0.1:${(gateway.app.server.address() as AddressInfo).port}`;
  });

  /** What arrives, when, and whether it is all. */
  async function fetched(
    path: string,
  ): Promise<{ status: number; headers: IncomingHttpHeaders; bytes: number; length: number; pieces: number; ms: number; whole: boolean }> {
    const began = performance.now();
    const asked = request(`${origin}${path}`, { headers: tester!, agent: false });
    asked.end();
    const [response] = await once(asked, 'response');
    let [bytes, pieces, whole] = [0, 0, true];
    try {
      for await (const piece of response) [bytes, pieces] = [bytes + piece.length, pieces + 1];
    } catch {
      whole = false;
    }
    const length = Number(response.headers['content-length']);
    return { status: response.statusCode, headers: response.headers, bytes, length, pieces, ms: performance.now() - began, whole };
  }

  test.each([
    ['429', 429, 'RATE_LIMITED', '2'],
    ['500', 500, 'INTERNAL_SERVER_ERROR', undefined],
    ['503', 503, 'SERVICE_UNAVAILABLE', '5'],
  ])('?simulate=%s is that error, as it would come', async (fault, status, code, retryAfter) => {
    const item = `/items/${await idOf('ferry')}.ninjs`;
    for (const path of [`${url}?simulate=${fault}`, `${item}?simulate=${fault}`]) {
      const response = await get(path);
      expect([response.statusCode, codeOf(response), response.headers['retry-after']]).toEqual([status, code, retryAfter]);
      expect(response.headers['dragoman-sandbox']).toBe('true');
    }
  });

  test('?simulate=slow takes five seconds, byte by byte, for twenty at once', async () => {
    const all = await Promise.all(Array.from({ length: 25 }, () => fetched(`${url}?simulate=slow`)));
    const [slow, refused] = [all.filter(({ status }) => status === 200), all.filter(({ status }) => status === 503)];
    expect([slow.length, refused.length]).toEqual([20, 5]);
    for (const { bytes, length, pieces, ms, whole } of slow) {
      expect([bytes, whole]).toEqual([length, true]);
      expect(pieces).toBeGreaterThan(10);
      expect(ms).toBeGreaterThan(4000);
      expect(ms).toBeLessThan(9000);
    }
    // An error is no form of the document, which who is given it might take for what they have.
    for (const { headers } of refused)
      expect([headers['etag'], headers['link'], headers['cache-control']]).toEqual([undefined, undefined, 'no-store']);
    expect((await gateway.app.inject({ method: 'HEAD', url: `${url}?simulate=slow`, headers: tester! })).statusCode).toBe(200);
    // There is room again.
    const asked = request(`${origin}${url}?simulate=slow`, { headers: tester!, agent: false }).end();
    const [response] = await once(asked, 'response');
    expect(response.statusCode).toBe(200);
    asked.destroy();
  });

  test('?simulate=truncated ends in the middle', async () => {
    const { status, bytes, length, whole } = await fetched(`${url}?simulate=truncated`);
    expect([status, bytes, whole]).toEqual([200, Math.floor(length / 2), false]);
  });

  test.each([
    ['gap', 410, 'CURSOR_EXPIRED'],
    ['outdated', 409, 'CURSOR_OUTDATED'],
  ])('?simulate=%s is a cursor that is good no more, with where to start again', async (fault, status, code) => {
    const next = nextOf(await get(`${url}?after=start&limit=3`));
    const fine = await get(next);
    const response = await get(`${next}&simulate=${fault}`, { ...tester!, 'if-none-match': String(fine.headers['etag']) });
    expect([response.statusCode, codeOf(response)]).toEqual([status, code]);
    const { startUrl } = response.json().errors[0].extensions;
    expect(response.headers['link']).toBe(`<${startUrl}>; rel="start"`);
    expect((await get(`${new URL(startUrl).pathname}${new URL(startUrl).search}&simulate=${fault}`)).statusCode).toBe(200);
    expect(codeOf(await get(`${url}?simulate=${fault}`))).toBe('BAD_USER_INPUT');
  });

  test('?simulate=duplicate tells the last event again', async () => {
    const first = await get(`${url}?after=start&limit=1`);
    const next = nextOf(first);
    const event = (response: LightMyRequestResponse): string => response.json().items[0]._dragoman.event;
    expect(event(await get(`${next}&simulate=duplicate`))).toBe(event(first));
    expect(event(await get(next))).not.toBe(event(first));
  });

  test('is only for the sandbox, and only what there is', async () => {
    const item = readers['json']!((await get(url, live!)).body).items[0]!.id;
    for (const headers of [live!, {}] as Record<string, string>[])
      for (const path of [`${url}?simulate=500`, `${url}?simulate=nothing`, `/items/${item}.json?simulate=slow`]) {
        const response = await get(path, headers);
        expect([response.statusCode, codeOf(response), response.headers['dragoman-sandbox']]).toEqual([400, 'BAD_USER_INPUT', undefined]);
      }
    expect(codeOf(await get(`${url}?simulate=nothing`))).toBe('BAD_USER_INPUT');
    expect(codeOf(await get(`${url}?simulate=500&simulate=500`))).toBe('BAD_USER_INPUT');
  });

  test('leaves no failure in the log', async () => {
    const lines: string[] = [];
    const logging = await openGateway({ over: gateway, logTo: { write: (line) => void lines.push(line) } });
    expect((await logging.get(`${url}?simulate=500`, tester!)).statusCode).toBe(500);
    await logging.close();
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => JSON.parse(line).level >= 50)).toEqual([]);
  });
});

test('a walk that waits at the end of the sandbox is answered when its time is over', async () => {
  const began = performance.now();
  const response = await get('/feeds/en.json?after=now&wait=1');
  expect([response.statusCode, response.json().items]).toEqual([200, []]);
  expect(performance.now() - began).toBeGreaterThan(900);
});
