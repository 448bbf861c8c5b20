import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { isObjectType } from 'graphql';
import { formats } from '../../src/feeds/formats.js';
import { wordsOfTranslation } from '../../src/ledger/note-answers.js';
import { makeSchema } from '../../src/server/schema.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';
import { makeStory, paragraph, urnOf, write } from '../support/make-story.js';
import { numberAll } from '../support/number-all.js';
import { type Operator, operatorOf } from '../support/partners.js';

// biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of what it asked for
type Any = any;
type Headers = Record<string, string>;

const day = 86_400_000;
const en = {};
const [ru, tt] = [{ blocks: [paragraph('Words.')] }, {}];
const stories = {
  whole: makeStory({ id: 'whole', topics: ['media'], publishedAt: '2026-11-22T09:00:00Z', editions: { en, ru, tt } }),
  other: makeStory({ id: 'other', topics: ['media'], publishedAt: '2026-11-22T10:00:00Z', related: ['whole'], editions: { en, ru } }),
  killed: makeStory({
    ...{ id: 'killed', topics: ['media'], publishedAt: '2026-11-22T08:00:00Z', editions: { en, tt } },
    retracted: { kind: 'KILL', at: '2026-11-23T09:00:00Z' },
  }),
};

let gateway: TestGateway;
let operator: Operator;
beforeAll(async () => {
  gateway = await openGateway();
  operator = await operatorOf(gateway);
  await write(gateway, Object.values(stories));
  await numberAll(gateway);
});
afterAll(() => gateway.close());
afterEach(() => gateway.at(testNow));

let count = 0;
async function partnerWith(...terms: object[]): Promise<{ code: string; headers: Headers }> {
  const code = `holder-${++count}`;
  await operator.savePartner({ code, name: code, expectedVersion: 0 });
  for (const each of terms) {
    const validFrom = new Date(testNow.getTime() - 60 * day);
    expect(await operator.saveEntitlement({ partner: code, expectedVersion: 0, terms: { validFrom, ...each } })).toMatchObject({
      version: 1,
    });
  }
  return { code, headers: (await keyFor(gateway.dataSource, { partnerCode: code })).headers };
}

/** All that a partner is told it holds, a few at a time: `channel urn revision code:version …`, sorted. */
async function heldBy(headers: Headers, first = 100): Promise<string[]> {
  await gateway.holdings.write();
  const all: string[] = [];
  for (let after: string | null = null; ; ) {
    const { data, errors }: Any = await gateway.ask(
      `query($first: Int, $after: String) { viewer { partner { holdings(first: $first, after: $after) {
         edges { node { translationId revision channel notices { code version } } } pageInfo { hasNextPage endCursor } } } } }`,
      { first, after },
      headers,
    );
    expect(errors).toBeUndefined();
    const { edges, pageInfo } = data.viewer.partner.holdings;
    all.push(...edges.map(({ node }: Any) => line(node.channel, { id: node.translationId, ...node })));
    if (!pageInfo.hasNextPage) return all.sort();
    after = pageInfo.endCursor;
  }
}
const line = (channel: string, { id, revision, notices }: { id: string; revision: number; notices: Any[] }): string =>
  [channel, id, revision, ...notices.map(({ code, version }) => `${code}:${version}`).sort()].join(' ');
const short = (lines: readonly string[]): string[] => lines.map((each) => each.replace(/urn:\S+:\d{8}:/u, ''));
const pathOf = (url: string): string => url.replace('http://gateway.test', '');

/** The lines of the texts in a JSON Feed. */
const linesOf = (items: Any[]): string[] =>
  items
    .filter((each) => !each._dragoman.retracted)
    .map(({ id, _dragoman: { revision, notices } }) => line('FEED', { id, revision, notices }));

describe('feeds', () => {
  test.each([
    [1, {}],
    [3, { level: 'HEADLINE' }],
    [50, { topics: ['media'] }],
  ])('a walk, %i at a time, is held as it was given: with revisions, and notices in their versions', async (limit, terms) => {
    const { headers } = await partnerWith({ machine: true, ...terms });
    const given: string[] = [];
    for (const edition of ['en', 'tt']) {
      for (let url = `/feeds/${edition}.json?after=start&limit=${limit}`, pages = 0; pages < 6; pages++) {
        const { items, next_url } = (await gateway.get(url, headers)).json();
        if (items.length === 0) break;
        given.push(...linesOf(items));
        url = `${pathOf(next_url).replace(/&limit=\d+/u, '')}&limit=${limit}`;
      }
    }
    expect(given.length).toBeGreaterThan(1);
    expect(given.some((each) => each.includes(':1'))).toBe(true);
    expect(await heldBy(headers, 7)).toEqual([...new Set(given)].sort());
  });

  test.each(formats.flatMap(({ feed, extension }) => (feed ? [[extension]] : [])))(
    'the newest texts as %s, an archive, and a wait',
    async (extension) => {
      const { headers } = await partnerWith({ editions: ['en'] });
      const of = async (form: string): Promise<string[]> => linesOf((await gateway.get(`/feeds/en.json${form}`)).json().items);
      const [newest, archive] = [await of(''), await of('?archive=2026-11-22')];
      expect(Math.min(newest.length, archive.length)).toBeGreaterThan(0);
      expect((await gateway.get(`/feeds/en.${extension}?archive=2026-11-22`, headers)).statusCode).toBe(200);
      const ids = (lines: string[]): string[] => [...new Set(lines.map((each) => each.split(' ').slice(0, 3).join(' ')))].sort();
      expect(ids(await heldBy(headers))).toEqual(ids(archive));
      expect((await gateway.get(`/feeds/en.${extension}`, headers)).statusCode).toBe(200);
      expect(ids(await heldBy(headers))).toEqual(ids([...archive, ...newest]));
    },
  );

  test('a wait notes what it ends with', async () => {
    const { headers } = await partnerWith({ editions: ['ru'], topics: ['media'] });
    const begun = (await gateway.get('/feeds/ru.json?after=now', headers)).json();
    const waiting = gateway.get(`${pathOf(begun.next_url)}&wait=20`, headers);
    const late = makeStory({ id: 'late', topics: ['media'], publishedAt: '2026-11-23T11:59:00Z', editions: { ru } });
    await write(gateway, [late]);
    await numberAll(gateway);
    expect((await waiting).json().items).toHaveLength(1);
    expect(short(await heldBy(headers))[0]).toMatch(/^FEED [0-9a-f-]{36}\.ru 1/u);
    expect(await heldBy(headers)).toHaveLength(1);
  });

  test('what is gone is not held, and what was given stays noted when it goes', async () => {
    const { headers } = await partnerWith({ editions: ['tt'] });
    const { items } = (await gateway.get('/feeds/tt.json', headers)).json();
    const id = urnOf(stories.killed, 'tt');
    expect(items.find((each: Any) => each.id === id)._dragoman.retracted).not.toBeNull();
    expect((await gateway.get(`/items/${id}.json`, headers)).statusCode).toBe(410);
    const held = await heldBy(headers);
    expect([held.length > 0, held.filter((each) => each.includes(id))]).toEqual([true, []]);
  });
});

describe('nothing is held', () => {
  test('by HEAD, by 304, by what there is not, by a comparison', async () => {
    const { headers } = await partnerWith({ editions: ['en'] });
    const item = `/items/${urnOf(stories.whole, 'en')}.json`;
    for (const url of ['/feeds/en.json', item]) {
      const { statusCode, headers: answered } = await gateway.app.inject({ method: 'HEAD', url, headers });
      expect(statusCode).toBe(200);
      const known = { ...headers, 'if-none-match': String(answered['etag']) };
      expect((await gateway.get(url, known)).statusCode).toBe(304);
    }
    expect((await gateway.get(`/items/${urnOf(stories.whole, 'tt')}.json`, headers)).statusCode).toBe(404);
    const list = { method: 'POST', url: '/partner/reconcile', payload: '[]' } as const;
    const compared = await gateway.app.inject({ ...list, headers: { ...headers, 'content-type': 'application/json' } });
    expect([compared.statusCode, compared.body.includes('urn:')]).toEqual([200, true]);
    expect(await heldBy(headers)).toEqual([]);
  });

  test('by the public, a desk or the sandbox', async () => {
    const { code } = await partnerWith({ editions: ['en'] });
    const sandbox = await keyFor(gateway.dataSource, { partnerCode: code, test: true });
    const desk = await keyFor(gateway.dataSource, { roles: {} });
    await gateway.holdings.write();
    const all = () => gateway.dataSource.query('select count(*)::int as count from holding');
    const before = await all();
    for (const headers of [{}, sandbox.headers, desk.headers])
      expect((await gateway.get('/feeds/en.json', headers)).json().items.length).toBeGreaterThan(0);
    await gateway.ask('{ articles(edition: "en") { edges { served { translation { headline } } } } }');
    await gateway.holdings.write();
    expect(await all()).toEqual(before);
  });
});

test('a text asked for alone is held by that channel too, in every format', async () => {
  const { headers } = await partnerWith({ editions: ['en'] });
  const id = urnOf(stories.whole, 'en');
  const items = formats.filter(({ item }) => item);
  for (const { extension } of items) expect((await gateway.get(`/items/${id}.${extension}`, headers)).statusCode).toBe(200);
  const held = await heldBy(headers);
  expect(held).toHaveLength(1);
  expect(held[0]).toMatch(new RegExp(`^ITEM ${id} 1 \\S`, 'u'));
});

describe('GraphQL', () => {
  const ids = { whole: urnOf(stories.whole), other: urnOf(stories.other) };
  const held = async (query: string, ...terms: object[]): Promise<string[]> => {
    const { headers } = await partnerWith(...(terms.length > 0 ? terms : [{}]));
    expect((await gateway.ask(query, {}, headers)).errors).toBeUndefined();
    return heldBy(headers);
  };
  const [whole, other] = [ids.whole, ids.other].map((id) => (edition: string) => `GRAPHQL ${id}.${edition} 1`) as [Any, Any];
  const list = (fields: string, args = 'edition: "ru"') =>
    `{ articles(${args}, filter: { topics: ["media"] }, orderBy: PUBLISHED_DESC) { edges { node { id alternates { url } } served { ${fields} } } } }`;

  test('a list: what it serves, and no other edition of it', async () => {
    const given = await held(list('translation { headline }'), { topics: ['media'] });
    expect(given).toEqual(expect.arrayContaining([whole('ru'), other('ru')]));
    expect(given.filter((each) => !each.includes('.ru '))).toEqual([]);
  });

  test('an id, an address, a date or a number is no text', async () => {
    const bare = 'id slug url revision publishedAt updatedAtText origin wordCount edition { code }';
    expect(await held(list(`translation { ${bare} related { ${bare} } } notices { code version }`))).toEqual([]);
  });

  test.each([...wordsOfTranslation].filter((each) => each !== 'kicker' && each !== 'creditLine'))('by its %s', async (field) => {
    const selection = { body: 'body { text }', credits: 'credits { name }', image: 'image { alt }' }[field] ?? field;
    const pictured = makeStory({
      ...{ id: `by-${field}`, publishedAt: '2026-11-22T07:00:00Z', image: 'aral-sea', credits: [{ role: 'AUTHOR', person: 'anna-marsh' }] },
      editions: { en, ru },
    });
    for (const { revisions } of pictured.translations) revisions[0]!.dek = 'The summary.';
    await write(gateway, [pictured]);
    const id = urnOf(pictured, 'en');
    expect(await held(`{ node(id: "${id}") { ... on Translation { ${selection} } } }`, { images: true })).toEqual([`GRAPHQL ${id} 1`]);
  });

  test('not by a part that is left out of it', async () => {
    const query = `{ node(id: "${ids.whole}.ru") { ... on Translation { body { text } dek image { alt } } } }`;
    expect(await held(query, { level: 'HEADLINE' })).toEqual([]);
    expect(await held(query, { level: 'FULL' })).toEqual([whole('ru')]);
  });

  test('by whatever way: original, translations, related, aliases, and each once', async () => {
    const query = `{ article(id: "${ids.other}") { ... on Article {
      original { a: headline b: headline related { headline } } translations(editions: ["ru"]) { body { html } } served(edition: "ru") { translation { headline } } } } }`;
    expect(await held(query)).toEqual([other('en'), other('ru'), whole('en')].sort());
  });

  test('with the notices that were asked for, and no others', async () => {
    const query = (more: string) =>
      `{ article(id: "${ids.whole}") { ... on Article { served(edition: "ru") { translation { headline } ${more} } } } }`;
    const { headers } = await partnerWith({});
    const { data } = await gateway.ask(query('notices(territory: "RU") { code version }'), {}, headers);
    const { notices } = data.article.served;
    expect(notices.length).toBeGreaterThan(0);
    expect(await heldBy(headers)).toEqual([line('GRAPHQL', { id: `${ids.whole}.ru`, revision: 1, notices })]);
    await gateway.ask(query(''), {}, headers);
    expect(await heldBy(headers)).toEqual([whole('ru')]);
  });

  test('nothing of a document that is refused or fails', async () => {
    const { headers } = await partnerWith({});
    const { errors } = await gateway.ask(
      `{ node(id: "${ids.whole}.ru") { ... on Translation { headline revisions { edges { cursor } } } } partners { code } }`,
      {},
      headers,
    );
    expect(errors!.map(({ extensions }) => extensions.code)).toContain('FORBIDDEN');
    expect(await heldBy(headers)).toEqual([]);
  });

  test('every field of a text is known to give words of it, or none', () => {
    const none =
      'id edition lang script direction isOriginal revision publishedAt publishedAtText updatedAt updatedAtText expiresAt related slug url wordCount readingMinutes origin significance staleness missed revisions revisionDiff omitted';
    const type = makeSchema().getType('Translation');
    const fields = isObjectType(type) ? Object.keys(type.getFields()) : [];
    expect(fields.toSorted()).toEqual([...wordsOfTranslation, ...none.split(' ')].sort());
  });
});

test('a request of a partner sends no statement more', async () => {
  const { headers } = await partnerWith({});
  const statements: string[] = [];
  const { logger } = gateway.dataSource;
  const nothing = (): void => {};
  const silent = { logQueryError: nothing, logQuerySlow: nothing, logSchemaBuild: nothing, logMigration: nothing, log: nothing };
  gateway.dataSource.logger = { ...silent, logQuery: (sql) => statements.push(sql) };
  await gateway.get('/feeds/en.json', headers);
  await gateway.ask('{ articles(edition: "en") { edges { served { translation { headline } } } } }', {}, headers);
  const [asked] = [statements.length];
  expect(statements.filter((each) => each.includes('holding'))).toEqual([]);
  await gateway.holdings.write();
  gateway.dataSource.logger = logger;
  // However many texts, one statement.
  expect([asked > 0, statements.slice(asked).filter((each) => each.includes('holding')).length]).toEqual([true, 1]);
});
