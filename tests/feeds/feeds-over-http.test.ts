import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import { Role } from '../../src/desks/role.js';
import { formats } from '../../src/feeds/formats.js';
import { readXml } from '../../src/lib/xml-reader.js';
import { EventKind } from '../../src/publishing/event.js';
import { writeEvents } from '../../src/publishing/event.queries.js';
import { deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { makeStory, paragraph, urnOf, write } from '../support/make-story.js';
import { all, blanked, one, readers, textOf } from '../support/read-feed.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
});
afterAll(() => gateway.close());

const idsIn = (response: LightMyRequestResponse): string[] => readers['json']!(response.body).items.map(({ id }) => id);
const goneIn = (response: LightMyRequestResponse): string[] => readers['json']!(response.body).gone.map(({ id }) => id);
const codeOf = (response: LightMyRequestResponse): string => response.json().errors[0].extensions.code;
const day = 86_400_000;
const daysOn = (days: number): Date => new Date(testNow.getTime() + days * day);
const before = (milliseconds: number): string => new Date(testNow.getTime() - milliseconds).toISOString();

describe('a feed', () => {
  test.each([
    ['atom', 'application/atom+xml'],
    ['rss', 'application/rss+xml'],
    ['json', 'application/feed+json'],
    ['ninjs', 'application/json'],
    ['ninjs1', 'application/json'],
    ['newsml', 'application/vnd.iptc.g2.newsmessage+xml'],
  ])('in .%s says what it is, where it is at home, and how long it may be kept', async (extension, type) => {
    const { statusCode, headers } = await gateway.get(`/feeds/fa.${extension}`);
    expect([statusCode, headers['content-type']]).toEqual([200, `${type}; charset=utf-8`]);
    const url = `http://gateway.test/feeds/fa.${extension}`;
    expect(blanked(String(headers['link']))).toBe(
      `<${url}>; rel="self", <http://gateway.test/hub>; rel="hub", <${url}?after=CURSOR>; rel="next", <${url}?archive=2026-10-01>; rel="prev-archive"`,
    );
    expect(headers['etag']).toMatch(/^"[\w-]{20,}"$/u);
    expect(headers['vary']).toContain('Authorization');
    expect(headers['accept-ranges']).toBe('none');
    expect(headers['cache-control']).toBe('public, max-age=10, must-revalidate');
  });

  test('is kept no longer than until it changes by itself', async () => {
    const until = new Date(testNow.getTime() + day);
    await write(gateway, [
      makeStory({ id: 'in-a-day', embargoUntil: until.toISOString(), publishedAt: testNow.toISOString(), editions: { fa: {} } }),
    ]);
    gateway.at(new Date(until.getTime() - 4000));
    const early = await gateway.get('/feeds/fa.atom');
    expect(early.headers['cache-control']).toBe('public, max-age=4, must-revalidate');
    gateway.at(until);
    const due = await gateway.get('/feeds/fa.atom');
    expect([early, due].map(({ body }) => body.includes('in-a-day in fa'))).toEqual([false, true]);
    gateway.at(testNow);
  });

  test('is sent again only when it has changed, to who tells what they have', async () => {
    const url = '/feeds/ka.atom';
    const first = await gateway.get(url);
    expect(first.headers['last-modified']).toBeUndefined();
    // In a minute another process may have seen other bytes by the same time.
    const settled = new Date(testNow.getTime() + 60_000);
    gateway.at(settled);
    const etag = String(first.headers['etag']);
    const modified = String((await gateway.get(url)).headers['last-modified']);
    expect(modified).toBe(testNow.toUTCString());
    const asked = async (headers: Record<string, string>): Promise<number> => (await gateway.get(url, headers)).statusCode;
    expect(await asked({ 'if-none-match': etag })).toBe(304);
    expect(await asked({ 'if-none-match': `"other", W/${etag}` })).toBe(304);
    expect(await asked({ 'if-none-match': '"other"' })).toBe(200);
    expect(await asked({ 'if-modified-since': modified })).toBe(304);
    expect(await asked({ 'if-none-match': '"other"', 'if-modified-since': modified })).toBe(200);
    expect(await asked({ 'if-modified-since': new Date(Date.parse(modified) - 1000).toUTCString() })).toBe(200);
    // What was said by another process, of what this one may never have seen.
    expect(await asked({ 'if-modified-since': settled.toUTCString() })).toBe(200);
    expect((await gateway.get(url, { 'if-none-match': etag })).body).toBe('');
    const head = await gateway.app.inject({ method: 'HEAD', url });
    expect([head.statusCode, head.headers['etag'], head.headers['content-length'], head.body]).toEqual([
      ...[200, etag, first.headers['content-length'], ''],
    ]);
    expect(blanked((await gateway.get(url, { range: 'bytes=0-9' })).body)).toBe(blanked(first.body));
    // Within the same second, and no time of any story moves.
    await gateway.dataSource.query(`update notice set must_carry = not must_carry where code = 'about'`);
    await writeEvents(gateway.dataSource.manager, [
      { kind: EventKind.REGISTRY_CHANGED, at: testNow, data: { kind: 'notice', code: 'about' } },
    ]);
    expect(await asked({ 'if-none-match': etag })).toBe(200);
    expect(await asked({ 'if-modified-since': modified })).toBe(200);
    gateway.at(testNow);
  });

  test('of a topic holds what is filed under it', async () => {
    const { data } = await gateway.ask(
      '{ articles(edition: "ru", filter: { topics: ["culture"] }) { edges { served { translation { id } } } } }',
    );
    const ids = data.articles.edges.map((edge: { served: { translation: { id: string } } }) => edge.served.translation.id);
    expect(ids.length).toBeGreaterThan(1);
    const feed = await gateway.get('/feeds/ru/culture.json');
    expect(idsIn(feed)).toEqual(ids);
    expect(idsIn(await gateway.get('/feeds/ru.json')).length).toBeGreaterThan(ids.length);
    expect(goneIn(feed)).toEqual([]);
    expect(goneIn(await gateway.get('/feeds/ru/environment.json'))).toHaveLength(1);
    expect(feed.json().title).toBe('Меридиан · русский · Культура');
  });

  test('holds the edition’s own texts and no substitutes', async () => {
    const { edition } = await gateway.get('/feeds/crh.json').then((response) => response.json()._dragoman);
    expect(edition).toBe('crh');
    expect(idsIn(await gateway.get('/feeds/crh.json')).every((id) => id.endsWith('.crh'))).toBe(true);
  });

  test('that is empty is a feed all the same', async () => {
    for (const { extension } of formats.filter(({ feed }) => feed)) {
      const response = await gateway.get(`/feeds/crh/security.${extension}`);
      expect([response.statusCode, readers[extension]!(response.body)]).toEqual([200, { items: [], gone: [] }]);
    }
  });
});

describe('what is not there', () => {
  test.each([
    ['/feeds/xx.atom', 'UNKNOWN_EDITION'],
    ['/feeds/ru.docx', 'NOT_FOUND'],
    ['/feeds/ru', 'NOT_FOUND'],
    ['/feeds/ru.html', 'NOT_FOUND'],
    ['/feeds/ru/nonsense.rss', 'UNKNOWN_NAME'],
    ['/feeds/ru/a%00b.rss', 'UNKNOWN_NAME'],
    ['/feeds/xx/culture.rss', 'UNKNOWN_EDITION'],
    ['/items/nonsense.ninjs', 'NOT_FOUND'],
    ['/items/urn:newsml:meridian.example:20261110:1c608019-c552-5477-8313-e097533ffd3e.ninjs', 'NOT_FOUND'],
    ['/items/urn:newsml:meridian.example:20261110:1c608019-c552-5477-8313-e097533ffd3e.fa.rss', 'NOT_FOUND'],
    ['/items/urn:newsml:meridian.example:20261111:1c608019-c552-5477-8313-e097533ffd3e.fa.ninjs', 'NOT_FOUND'],
    ['/items/urn:newsml:meridian.example:20261110:1c608019-c552-5477-8313-e097533ffd3e.hu.ninjs', 'NOT_FOUND'],
    ['/sitemap-news/ru.txt', 'NOT_FOUND'],
    ['/sitemap-news/xx.xml', 'UNKNOWN_EDITION'],
  ])('%s is said in words', async (url, code) => {
    const response = await gateway.get(url, { 'accept-language': 'tt' });
    expect([response.statusCode, codeOf(response), response.headers['cache-control']]).toEqual([404, code, 'no-store']);
    expect(response.json().errors[0].message).toMatch(/\p{Script=Cyrillic}/u);
  });

  test('an edition that has closed has no feed', async () => {
    await gateway.dataSource.query(`update edition set active = false where code = 'hu'`);
    const response = await gateway.get('/feeds/hu.atom');
    expect([response.statusCode, codeOf(response)]).toEqual([404, 'EDITION_CLOSED']);
    await gateway.dataSource.query(`update edition set active = true where code = 'hu'`);
    expect((await gateway.get('/feeds/hu.atom')).statusCode).toBe(200);
  });
});

test('stories that nobody may see change no byte of any feed, sitemap or validator', async () => {
  const urls = [
    ...formats.flatMap(({ feed, extension }) => (feed ? [`/feeds/be.${extension}`] : [])),
    '/sitemap.xml',
    '/sitemap-news/be.xml',
  ];
  const seen = async (): Promise<unknown[]> =>
    Promise.all(
      urls.map((url) => gateway.get(url).then(({ headers, body }) => [headers['etag'], headers['last-modified'], blanked(body)])),
    );
  const [first] = [await seen()];
  const secret = makeStory({
    id: 'retracted-under-embargo',
    embargoUntil: '2026-11-25T00:00:00Z',
    publishedAt: '2026-11-20T00:00:00Z',
    editions: { be: {} },
  });
  const inHyAlone = makeStory({ id: 'retracted-draft', editions: { hy: {}, be: { publishedAt: null } } });
  await write(gateway, [
    makeStory({ id: 'draft', publishedAt: null, editions: { be: {} } }),
    makeStory({ id: 'embargoed', embargoUntil: '2026-11-25T00:00:00Z', publishedAt: '2026-11-20T00:00:00Z', editions: { be: {} } }),
    makeStory({ id: 'later', publishedAt: '2026-11-25T00:00:00Z', editions: { be: {} } }),
    { ...inHyAlone, retracted: { kind: 'KILL', at: '2026-11-21T00:00:00Z' } },
    { ...secret, retracted: { kind: 'KILL', at: '2026-11-21T00:00:00Z' } },
  ]);
  expect(await seen()).toEqual(first);
  const item = await gateway.get(`/items/${urnOf(secret, 'be')}.ninjs`);
  expect([item.statusCode, codeOf(item)]).toEqual([404, 'NOT_FOUND']);
});

describe('a story that is taken back', () => {
  const stories = (['KILL', 'WITHDRAW', 'WITHHOLD', 'REPLACE'] as const).map((kind) => ({
    kind,
    story: makeStory({
      id: `taken-back-${kind}`,
      editions: { ka: { headline: `Zzecret ${kind}`, blocks: [paragraph('Zzecret text.')] }, ro: { headline: `Zzecret ${kind}` } },
    }),
  }));
  const item = (id: string, extension: string): Promise<LightMyRequestResponse> => gateway.get(`/items/${id}.${extension}`);

  beforeAll(async () => {
    await write(
      gateway,
      stories.map(({ story }) => story),
    );
    const desk = await deskOf(gateway, 'Nino', { ka: Role.CHIEF });
    for (const { kind, story } of stories) {
      expect((await item(urnOf(story, 'ro'), 'json')).statusCode).toBe(200);
      const notes = [{ lang: 'ro', text: `De ce: ${kind}.` }];
      expect(await desk.retract({ article: urnOf(story), kind, notes })).toMatchObject({ articleId: urnOf(story) });
    }
  });

  test.each(stories)('by $kind stays in the feed of each edition for thirty days', async ({ story }) => {
    for (const edition of ['ka', 'ro']) {
      const feed = await gateway.get(`/feeds/${edition}.json`);
      expect([goneIn(feed).includes(urnOf(story, edition)), idsIn(feed).includes(urnOf(story, edition))]).toEqual([true, false]);
      expect(feed.body).not.toContain('Zzecret');
    }
    gateway.at(daysOn(29.9));
    expect(goneIn(await gateway.get('/feeds/ro.json'))).toContain(urnOf(story, 'ro'));
    gateway.at(daysOn(30.1));
    expect(goneIn(await gateway.get('/feeds/ro.json'))).not.toContain(urnOf(story, 'ro'));
    gateway.at(testNow);
  });

  test.each(stories.filter(({ kind }) => kind !== 'WITHHOLD'))(
    'by $kind is gone where it was, for good, and says why',
    async ({ kind, story }) => {
      for (const extension of ['json', 'ninjs', 'ninjs1', 'newsml', 'html']) {
        gateway.at(daysOn(400));
        const response = await item(urnOf(story, 'ro'), extension);
        gateway.at(testNow);
        expect(response.statusCode).toBe(410);
        expect(response.body).toContain(`De ce: ${kind}.`);
        expect(response.body).not.toContain('Zzecret');
        // What is gone is never "not modified".
        expect((await gateway.get(`/items/${urnOf(story, 'ro')}.${extension}`, { 'if-none-match': '*' })).statusCode).toBe(410);
      }
    },
  );

  test('by WITHHOLD is not found where it was, and no cache keeps that', async () => {
    const { story } = stories.find(({ kind }) => kind === 'WITHHOLD')!;
    const response = await item(urnOf(story, 'ro'), 'ninjs');
    expect([response.statusCode, codeOf(response), response.headers['cache-control']]).toEqual([404, 'NOT_FOUND', 'no-store']);
  });

  test('and brought back is an entry again, with the id it had', async () => {
    const { story } = stories.find(({ kind }) => kind === 'WITHHOLD')!;
    const desk = await deskOf(gateway, 'Nino', { ka: Role.CHIEF });
    await desk.restore({ article: urnOf(story), reason: 'It was checked.' });
    const feed = await gateway.get('/feeds/ro.json');
    expect([goneIn(feed).includes(urnOf(story, 'ro')), idsIn(feed).includes(urnOf(story, 'ro'))]).toEqual([false, true]);
    expect((await item(urnOf(story, 'ro'), 'ninjs')).statusCode).toBe(200);
  });
});

describe('many stories', () => {
  const made = Array.from({ length: 60 }, (_, index) =>
    makeStory({
      id: `many-${index}`,
      publishedAt: before(index * 3_600_000),
      image: 'aral-sea',
      topics: index < 1 ? ['media', 'security'] : ['media'],
      people: ['joe-biden'],
      credits: [
        { role: 'AUTHOR', person: 'anna-marsh' },
        { role: 'WIRE', agency: 'afp' },
      ],
      editions: { mk: { blocks: [paragraph('A story.'), { key: 'picture', type: 'image', image: 'saiga' }] }, sq: {} },
    }),
  );
  beforeAll(() => write(gateway, made));

  test('make a feed of the newest fifty, newest first', async () => {
    const newest = made.slice(0, 50).map((story) => urnOf(story, 'mk'));
    expect(idsIn(await gateway.get('/feeds/mk.json'))).toEqual(newest);
  });

  test('take as many statements as one', async () => {
    const statements: string[] = [];
    const { logger } = gateway.dataSource;
    const silent = (): void => {};
    gateway.dataSource.logger = {
      ...{ logQueryError: silent, logQuerySlow: silent, logSchemaBuild: silent, logMigration: silent, log: silent },
      logQuery: (sql) => void statements.push(sql),
    };
    const asked = async (url: string): Promise<[items: number, statements: number]> => {
      statements.length = 0;
      const feed = await gateway.get(url);
      return [idsIn(feed).length, statements.length];
    };
    const [one, fifty] = [await asked('/feeds/mk/security.json'), await asked('/feeds/mk/media.json')];
    gateway.dataSource.logger = logger;
    expect(one[0]).toBe(1);
    expect(fifty).toEqual([50, one[1]]);
    expect(one[1]).toBeLessThanOrEqual(23);
  });

  test('are in the news sitemap of their edition for two days, by a bare language code', async () => {
    const { body } = await gateway.get('/sitemap-news/mk.xml');
    const news = '{http://www.google.com/schemas/sitemap-news/0.9}';
    const urls = all(readXml(body), '{http://www.sitemaps.org/schemas/sitemap/0.9}url');
    expect(urls).toHaveLength(made.filter(({ publishedAt }) => Date.parse(publishedAt!) >= testNow.getTime() - 2 * day).length);
    const [first] = urls;
    expect(textOf(one(first, `${news}news`, `${news}title`))).toBe('many-0 in mk');
    const serbian = await gateway.get('/sitemap-news/sr-latn.xml');
    expect(serbian.body).not.toContain('sr-Latn</news:language>');
  });

  test('are in the sitemap in all their editions, each leading to every other and back', async () => {
    const { body } = await gateway.get('/sitemap.xml');
    const ns = '{http://www.sitemaps.org/schemas/sitemap/0.9}';
    const found = new Map(
      all(readXml(body), `${ns}url`).map((url) => [
        textOf(one(url, `${ns}loc`)),
        all(url, '{http://www.w3.org/1999/xhtml}link').map(({ attributes }) => String(attributes.get('href'))),
      ]),
    );
    expect(found.get('http://gateway.test/read/mk/many-0')?.sort() ?? [...found.keys()]).toEqual(
      expect.arrayContaining([expect.any(String)]),
    );
    for (const [url, alternates] of found)
      for (const other of alternates) expect([url, other, found.get(other)]).toEqual([url, other, alternates]);
    expect([...found.values()].some((alternates) => alternates.length > 3)).toBe(true);
  });
});

test('a page leads to the feed of its edition', async () => {
  const [{ slug }] = await gateway.dataSource.query<[{ slug: string }]>(
    `select slug from translation where edition_code = 'tt' and published_at is not null and retracted_at is null limit 1`,
  );
  const { body } = await gateway.get(`/read/tt/${encodeURIComponent(slug)}`);
  expect(body).toContain('<link rel="alternate" type="application/atom+xml" href="http://gateway.test/feeds/tt.atom">');
});

test('an item as a page runs nothing and tells nobody where its reader is', async () => {
  const [id] = idsIn(await gateway.get('/feeds/fa.json'));
  const { headers } = await gateway.get(`/items/${id}.html`);
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  expect(headers['content-security-policy']).toMatch(/^default-src 'none';/u);
  expect(headers['content-security-policy']).not.toContain('script');
  expect(headers['referrer-policy']).toBe('no-referrer');
});

test('the extension is described where a feed says it is', async () => {
  const feed = await gateway.get('/feeds/en.json');
  const { about, ...ofFeed } = feed.json()._dragoman;
  const page = await gateway.get(new URL(about).pathname);
  expect(page.headers['content-type']).toBe('text/plain; charset=utf-8');
  const names = [ofFeed, ...feed.json().items.map((item: { _dragoman: object }) => item._dragoman)].flatMap((each) => Object.keys(each));
  for (const name of new Set(names)) expect(page.body).toMatch(new RegExp(`\\b${name}\\b`, 'u'));
});
