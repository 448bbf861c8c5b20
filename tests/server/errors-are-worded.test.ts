import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import { Role } from '../../src/desks/role.js';
import { cursorOf } from '../../src/lib/relay.js';
import { inPackage } from '../../src/lib/root.js';
import { openGateway, type TestGateway } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
});
afterAll(() => gateway.close());
afterEach(() => void jest.restoreAllMocks());

interface Refused {
  response: LightMyRequestResponse;
  message: string;
  code: string;
  requestId: string;
}

const sentences = (tag: string): Record<string, string> => JSON.parse(readFileSync(inPackage('locales', tag, 'errors.json'), 'utf8'));
/** A sentence of `locales/<tag>/errors.json` with its values. */
const worded = (tag: string, code: string, values: Record<string, string | number> = {}): string =>
  Object.entries(values).reduce(
    (text, [name, value]) => text.replace(`{{${name}}}`, String(value)),
    sentences(tag)[code] ?? `no sentence for ${code}`,
  );

const refused = (response: LightMyRequestResponse): Refused => {
  const [error] = response.json().errors;
  return { response, message: error.message, code: error.extensions.code, requestId: error.extensions.requestId };
};
const post = (payload: unknown, headers: Record<string, string> = {}, app = gateway.app): Promise<LightMyRequestResponse> =>
  app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { 'content-type': 'application/json', ...headers },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });
const ask = async (query: string, variables: unknown = {}, headers: Record<string, string> = {}): Promise<Refused> =>
  refused(await post({ query, variables }, headers));
const list = (given: string): string => `{ articles(${given}) { edges { cursor node { id } } } }`;

describe('each mistake has a code of its own and a sentence with its value', () => {
  test.each([
    ['a language tag in the document', list('locales: ["ru", "en_US"]'), {}, 'INVALID_LANGUAGE_TAG', { value: 'en_US' }],
    [
      'a language tag in variables',
      'query($of: [LanguageTag!]) { articles(locales: $of) { totalCount } }',
      { of: ['x-foo'] },
      'INVALID_LANGUAGE_TAG',
      { value: 'x-foo' },
    ],
    ['a language tag that was grandfathered', list('locales: ["i-klingon"]'), {}, 'INVALID_LANGUAGE_TAG', { value: 'i-klingon' }],
    ['an edition that does not exist', list('edition: "xx"'), {}, 'UNKNOWN_EDITION', { value: 'xx' }],
    [
      'an edition in variables',
      'query($of: EditionCode!) { articleBySlug(edition: $of, slug: "a") { __typename } }',
      { of: 'xx' },
      'UNKNOWN_EDITION',
      { value: 'xx' },
    ],
    ['an edition that cannot be one', '{ edition(code: "RU!") { code } }', {}, 'UNKNOWN_EDITION', { value: 'RU!' }],
    ['an edition for a name', '{ topics { name(edition: "xx") { text } } }', {}, 'UNKNOWN_EDITION', { value: 'xx' }],
    ['an edition and locales', list('edition: "ru", locales: ["ru"]'), {}, 'EDITION_AND_LOCALES', {}],
    ['first and last', list('first: 1, last: 1'), {}, 'FIRST_AND_LAST', {}],
    ['a page of nothing', list('first: 0'), {}, 'PAGE_SIZE', { max: 100 }],
    ['a page that is too large', list('last: 101'), {}, 'PAGE_SIZE', { max: 100 }],
    ['a cursor that is none', list('after: "garbage"'), {}, 'INVALID_CURSOR', {}],
    ['a cursor that is empty', list('after: ""'), {}, 'INVALID_CURSOR', {}],
    [
      'a cursor that holds something else',
      list(`before: "${Buffer.from('["PUBLISHED_DESC","now","me"]').toString('base64url')}"`),
      {},
      'INVALID_CURSOR',
      {},
    ],
    ['a territory', '{ articles { edges { served { notices(territory: "UK") { text } } } } }', {}, 'INVALID_TERRITORY', { value: 'UK' }],
    [
      'a territory in variables',
      'query($in: Territory!) { articles { edges { served { notices(territory: $in) { text } } } } }',
      { in: 'Ukraine' },
      'INVALID_TERRITORY',
      { value: 'Ukraine' },
    ],
    ['an address that is none', '{ articleByUrl(url: "saiga") { __typename } }', {}, 'INVALID_URL', { value: 'saiga' }],
    [
      'an address of a file',
      'query($url: URL!) { articleByUrl(url: $url) { __typename } }',
      { url: 'file:///etc/passwd' },
      'INVALID_URL',
      { value: 'file:///etc/passwd' },
    ],
    ['too many ids', 'query($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: Array(101).fill('a') }, 'TOO_MANY_VALUES', { max: 100 }],
    [
      'too many locales',
      'query($of: [LanguageTag!]) { articles(locales: $of) { totalCount } }',
      { of: Array(21).fill('ru') },
      'TOO_MANY_VALUES',
      { max: 20 },
    ],
    [
      'too many codes',
      'query($of: [String!]) { articles(filter: { topics: $of }) { totalCount } }',
      { of: Array(51).fill('ru') },
      'TOO_MANY_VALUES',
      { max: 50 },
    ],
    ['too many tokens', `{ ${'__typename '.repeat(2000)} }`, {}, 'DOCUMENT_TOO_LONG', { max: 2000 }],
    ['too many levels', `{ ${'a { '.repeat(15)} b ${'}'.repeat(15)} }`, {}, 'DOCUMENT_TOO_DEEP', { max: 15 }],
    [
      'too many aliases',
      `{ ${Array.from({ length: 61 }, (_, index) => `a${index}: __typename`).join(' ')} }`,
      {},
      'TOO_MANY_ALIASES',
      { max: 60 },
    ],
    [
      'too many points',
      '{ articles(first: 100) { edges { node { translations { related { related { id } } } } } } }',
      {},
      'DOCUMENT_TOO_COSTLY',
      undefined,
    ],
  ])('%s', async (_, query, variables, code, values) => {
    const error = await ask(query, variables);
    expect([error.response.statusCode, error.code]).toEqual([200, code]);
    if (values) expect(error.message).toBe(worded('en', code, values));
    expect(error.requestId).toBe(error.response.headers['x-request-id']);
  });

  test.each([
    ['before the first year', '0000-01-01T00:00:00Z'],
    ['behind the last, by its distance from UTC', '9999-12-31T23:59:59-14:00'],
  ])('a time %s is a mistake of the request wherever one is given', async (_, time) => {
    const { headers } = await keyFor(gateway.dataSource, { name: 'Clara', roles: { en: Role.CHIEF } });
    const strict = { ...headers, accept: 'application/graphql-response+json' };
    const urn = 'urn:newsml:meridian.example:20261101:00000000-0000-4000-8000-000000000000';
    for (const query of [
      'query($at: DateTimeISO!) @asOf(at: $at) { editions { code } }',
      'query($at: DateTimeISO!) { articles(filter: { publishedFrom: $at }) { totalCount } }',
      `mutation($at: DateTimeISO!) { setEmbargo(article: "${urn}", until: $at) { __typename } }`,
      `mutation($at: DateTimeISO!) { setExpiry(input: { article: "${urn}", edition: "en", until: $at }) { __typename } }`,
      `mutation($at: DateTimeISO!) { scheduleDraft(input: { article: "${urn}", edition: "en", expectedVersion: 1, at: $at }) { __typename } }`,
      'mutation($at: DateTimeISO!) { createArticle(input: { edition: "en", embargoUntil: $at, text: { headline: "x", blocks: [] } }) { __typename } }',
    ])
      for (const [document, variables] of [
        [query, { at: time }],
        [query.replace('($at: DateTimeISO!)', '').replace('$at', `"${time}"`), {}],
      ] as const)
        expect(await ask(document, variables, strict)).toMatchObject({
          code: 'BAD_USER_INPUT',
          message: worded('en', 'BAD_USER_INPUT', { detail: 'DateTimeISO: the year is from 1 to 9999 in UTC' }),
          response: { statusCode: 400 },
        });
  });

  test('what the GraphQL library finds keeps its detail, which names the place', async () => {
    expect(await ask('{ articles( }')).toMatchObject({
      code: 'GRAPHQL_PARSE_FAILED',
      message: expect.stringContaining('Expected Name, found "}"'),
    });
    expect(await ask('{ artikles }')).toMatchObject({
      code: 'GRAPHQL_VALIDATION_FAILED',
      message: expect.stringContaining('Did you mean "articles"'),
    });
    expect(await ask('query A { __typename } query B { __typename }')).toMatchObject({ code: 'OPERATION_RESOLUTION_FAILURE' });
    expect(await ask('query($first: Int) { articles(first: $first) { totalCount } }', { first: 'ten' })).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('$first'),
    });
    expect(await ask('query($code: EditionCode!) { edition(code: $code) { code } }')).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('$code'),
    });
    expect(await ask('{ articles(filter: { publishedFrom: "yesterday" }) { totalCount } }')).toMatchObject({
      code: 'GRAPHQL_VALIDATION_FAILED',
      message: expect.stringContaining('yesterday'),
    });
  });

  test('an error says where it happened, and the rest of the answer is there', async () => {
    const { data, errors } = await gateway.ask(
      '{ good: edition(code: "ru") { code } bad: articleBySlug(edition: "xx", slug: "a") { __typename } }',
    );
    expect(data).toEqual({ good: { code: 'ru' }, bad: null });
    expect(errors).toMatchObject([{ path: ['bad'], locations: [{ line: 1 }], extensions: { code: 'UNKNOWN_EDITION' } }]);
  });

  test('many mistakes are cut to ten, and what was sent comes back shortened', async () => {
    const response = await post({ query: `{ ${Array.from({ length: 300 }, (_, index) => `f${index}`).join(' ')} ${'y'.repeat(5000)} }` });
    expect(response.json().errors).toHaveLength(11);
    const { message } = await ask(`{ ${'z'.repeat(5000)} }`);
    expect(message.length).toBeLessThan(700);
    const values = await post({
      query: 'query($of: [ArticleKind!]) { articles(filter: { kind: $of }) { totalCount } }',
      variables: { of: Array(50).fill('A') },
    });
    expect(values.json().errors.map((error: { extensions: { code: string } }) => error.extensions.code)).toEqual(
      Array(11).fill('BAD_USER_INPUT'),
    );
  });
});

describe('a cursor', () => {
  const place = { at: new Date('2026-10-01T09:12:00.000Z'), id: '8031128d-fe15-583d-8be2-499fb36414dc' };

  test('of another order is refused', async () => {
    const { data } = await gateway.ask(list('first: 1'));
    const cursor = data.articles.edges[0].cursor;
    expect((await gateway.ask(list(`first: 1, after: "${cursor}"`))).errors).toBeUndefined();
    for (const order of ['PUBLISHED_ASC', 'UPDATED_DESC', 'UPDATED_ASC'])
      expect(await ask(list(`orderBy: ${order}, after: "${cursor}"`))).toMatchObject({ code: 'INVALID_CURSOR' });
  });

  test('that was cut or written over is refused', async () => {
    const cursor = cursorOf({ list: 'PUBLISHED_DESC', ...place });
    for (const tampered of [cursor.slice(0, -4), cursor.slice(4), `x${cursor}`, cursor.replace(/.{10}$/u, 'AAAAAAAAAA')]) {
      expect(await ask(list(`after: "${tampered}"`))).toMatchObject({ code: 'INVALID_CURSOR' });
    }
  });

  test.each([
    ['an id of dashes', ['PUBLISHED_DESC', 0, '-'.repeat(36)]],
    ['a time before PostgreSQL’s first', ['PUBLISHED_DESC', -8.64e15, place.id]],
    ['a time at the end of all', ['PUBLISHED_DESC', 8.64e15, place.id]],
    ['half a millisecond', ['PUBLISHED_DESC', 0.5, place.id]],
  ])('forged with %s is never our failure', async (_, parts) => {
    const { errors } = await gateway.ask(list(`after: "${Buffer.from(JSON.stringify(parts)).toString('base64url')}"`));
    for (const { extensions } of errors ?? []) expect(['INVALID_CURSOR', 'BAD_USER_INPUT']).toContain(extensions.code);
  });
});

test.each([
  ['an urgency beyond smallint', '{ articles(filter: { urgency: 2147483647 }) { totalCount } }'],
  ['a date before PostgreSQL’s first', '{ articles(filter: { publishedFrom: "-271820-01-01T00:00:00Z" }) { totalCount } }'],
  ['the last date', '{ articles(filter: { publishedBefore: "9999-12-31T23:59:59Z" }) { totalCount } }'],
  ['an address with an escaped U+0000', '{ articleByUrl(url: "http://gateway.test/read/ru/%00") { __typename } }'],
  ['search words of operators', '{ articles(filter: { search: "& | ! <-> :* \\\\ \' ( ) %" }) { totalCount } }'],
])('%s is never our failure', async (_, query) => {
  const { errors } = await gateway.ask(query);
  for (const { message, extensions } of errors ?? []) {
    expect(['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED']).toContain(extensions.code);
    expect(message).not.toMatch(/smallint|encoding|select|timestamp/u);
  }
});

describe('the HTTP layer speaks the same way', () => {
  const json = { 'content-type': 'application/json' };

  test.each([
    ['nothing at an address', { method: 'GET', url: '/nothing?secret=1' }, 404, 'NOT_FOUND'],
    ['a method the endpoint has not', { method: 'DELETE', url: '/graphql' }, 405, 'BAD_REQUEST'],
    ['another, with a body that is no JSON', { method: 'PUT', url: '/graphql?a', headers: json, payload: '{' }, 405, 'BAD_REQUEST'],
    ['a method of an address that is not there', { method: 'PUT', url: '/nothing' }, 404, 'NOT_FOUND'],
    ['a page of nothing', { method: 'GET', url: '/read/ru/nothing' }, 404, 'NOT_FOUND'],
    ['a file that is not there', { method: 'GET', url: '/media/nothing.svg' }, 404, 'NOT_FOUND'],
    ['a path out of the folder', { method: 'GET', url: '/media/..%2f..%2fseed.ts' }, 404, 'NOT_FOUND'],
    ['an address with a broken escape', { method: 'GET', url: '/read/ru/%E0%A4%A' }, 400, 'BAD_REQUEST'],
    ['an address that is too long', { method: 'GET', url: `/read/ru/${'a'.repeat(1500)}` }, 414, 'BAD_REQUEST'],
    [
      'a body that is too large',
      { method: 'POST', url: '/graphql', headers: json, payload: JSON.stringify({ query: 'x'.repeat(100_000) }) },
      413,
      'BODY_TOO_LARGE',
    ],
    ['a body that is no JSON', { method: 'POST', url: '/graphql', headers: json, payload: '{"query"' }, 400, 'BAD_REQUEST'],
    ['an empty body', { method: 'POST', url: '/graphql', headers: json, payload: '' }, 400, 'BAD_REQUEST'],
    [
      'another type of content',
      { method: 'POST', url: '/graphql', headers: { 'content-type': 'application/xml' }, payload: '<a/>' },
      415,
      'BAD_REQUEST',
    ],
    ['a batch', { method: 'POST', url: '/graphql', headers: json, payload: '[{"query":"{ __typename }"}]' }, 400, 'BAD_REQUEST'],
    ['a request another site could make', { method: 'GET', url: '/graphql?query=%7B__typename%7D' }, 400, 'BAD_REQUEST'],
    [
      'a mutation by GET',
      { method: 'GET', url: '/graphql?query=mutation%7B__typename%7D', headers: { 'apollo-require-preflight': '1' } },
      405,
      'BAD_REQUEST',
    ],
    [
      'a type nobody can answer in',
      { method: 'POST', url: '/graphql', headers: { ...json, accept: 'image/png' }, payload: '{"query":"{ __typename }"}' },
      406,
      'BAD_REQUEST',
    ],
  ] as const)('%s', async (_, request, status, code) => {
    const { headers = {} } = request as { headers?: Record<string, string> };
    const response = await gateway.app.inject({ ...request, headers: { ...headers, 'accept-language': 'ru' } });
    const error = refused(response);
    expect([response.statusCode, error.code]).toEqual([status, code]);
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(error.requestId).toBe(response.headers['x-request-id']);
    expect(error.message.startsWith((sentences('ru')[code] ?? '').split('{{')[0] ?? '')).toBe(true);
    expect(Object.keys(response.json())).toEqual(['errors']);
    expect(JSON.stringify(response.json())).not.toMatch(/stack|node_modules|\.ts:/u);
  });

  test.each(['PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND'] as const)('%s at /graphql names the methods there are', async (method) => {
    const response = await gateway.app.inject({ method: method as 'PUT', url: '/graphql' });
    expect([response.statusCode, response.headers.allow]).toEqual([405, 'GET, HEAD, POST']);
    expect(refused(response).message).toBe(
      worded('en', 'BAD_REQUEST', { detail: `${method} is none of its methods, which are GET, HEAD, POST` }),
    );
  });

  test('a body that is too large names the limit', async () => {
    expect(refused(await post({ query: 'x'.repeat(100_000) })).message).toBe(worded('en', 'BODY_TOO_LARGE', { max: 100_000 }));
  });
});

describe('the language of errors is the caller’s', () => {
  test.each([
    ['ru', 'ru'],
    ['tt', 'tt'],
    ['fa', 'fa'],
    ['fa-IR, en;q=0.5', 'fa'],
    ['prs', 'fa-AF'],
    ['sr-ME', 'sr-ME'],
    ['xx, tt;q=0.5, ru;q=0.9', 'ru'],
    ['ru;q=0, tt', 'tt'],
    ['', 'en'],
    ['zz', 'en'],
    ['*', 'en'],
    ['!!!,,;q=,', 'en'],
    [`${'x'.repeat(5000)}, ru`, 'en'],
  ])('%s gives %s', async (header, tag) => {
    const headers = { 'accept-language': header };
    expect((await ask(list('edition: "xx"'), {}, headers)).message).toBe(worded(tag, 'UNKNOWN_EDITION', { value: 'xx' }));
    expect(refused(await gateway.get('/nothing', headers)).message).toBe(worded(tag, 'NOT_FOUND'));
  });

  test.each(readdirSync(inPackage('locales')).filter((tag) => existsSync(inPackage('locales', tag, 'errors.json'))))(
    'a limit is a number to type into code, in %s too',
    async (tag) => {
      const { message } = await ask(list('first: 101'), {}, { 'accept-language': tag });
      expect(message).toBe(worded(tag, 'PAGE_SIZE', { max: 100 }));
      expect(Object.values(sentences(tag)).join(' ')).not.toMatch(/(?![0-9])\p{Nd}/u);
    },
  );

  test('a value keeps its letters and stands in the sentence once', async () => {
    const { message } = await ask(list('locales: ["<b>{{value}}$t(x)</b>"]'), {}, { 'accept-language': 'ru' });
    expect(message).toBe(worded('ru', 'INVALID_LANGUAGE_TAG', { value: '<b>{{value}}$t(x)</b>' }));
  });

  test('content never is: the same bytes for every reader', async () => {
    const query = `{ articles(policy: CHAIN, edition: "tt", first: 5) { edges { node { id topics { name { text lang } } }
      served { resolution { reason } translation { headline kicker byline publishedAtText } notices { text lang } } } }
      editions { labels { text } } }`;
    const plain = await post({ query });
    expect(plain.json().errors).toBeUndefined();
    for (const language of ['ru', 'fa', 'tt;q=0.1, *', 'xx'])
      expect((await post({ query }, { 'accept-language': language })).body).toBe(plain.body);
    const page = await gateway.get('/read/en/saiga-return');
    expect((await gateway.get('/read/en/saiga-return', { 'accept-language': 'ru' })).body).toBe(page.body);
    expect(page.statusCode).toBe(200);
  });

  test('an error is not kept by caches, which would give it to readers of other languages', async () => {
    const responses = [
      await post({ query: list('edition: "xx"') }),
      await post({ query: `{ ${'a { '.repeat(20)} b ${'}'.repeat(20)} }` }),
      await gateway.get('/nothing'),
      await gateway.get('/read/ru/nothing'),
    ];
    expect(responses.map(({ headers }) => headers['cache-control'])).toEqual(Array(4).fill('no-store'));
  });
});

describe('a failure of ours', () => {
  const broken = (error: Error): void => void jest.spyOn(gateway.dataSource, 'query').mockRejectedValue(error);
  const secret = 'connect to 10.1.2.3:5432 as dragoman failed';

  test.each(['ECONNREFUSED', 'ECONNRESET', '57P01', '53300'])(
    'the database away (%s) is SERVICE_UNAVAILABLE and says nothing about it',
    async (code) => {
      broken(Object.assign(new Error(secret), { code }));
      const error = await ask(list('first: 1'), {}, { 'accept-language': 'ru' });
      expect([error.code, error.message]).toEqual(['SERVICE_UNAVAILABLE', worded('ru', 'SERVICE_UNAVAILABLE')]);
      const page = refused(await gateway.get('/read/ru/a'));
      expect([page.code, page.response.statusCode, page.response.headers['retry-after']]).toEqual(['SERVICE_UNAVAILABLE', 503, '5']);
      expect(error.response.body + page.response.body).not.toMatch(/10\.1\.2\.3|dragoman failed|stack/u);
    },
  );

  test('a pool without a connection to spare is SERVICE_UNAVAILABLE', async () => {
    broken(new Error('timeout exceeded when trying to connect'));
    expect(await ask(list('first: 1'))).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  test('anything else is INTERNAL_SERVER_ERROR with the request id and nothing more', async () => {
    broken(new Error(secret));
    const error = await ask(list('first: 1'), {}, { 'accept-language': 'tt' });
    expect([error.code, error.message]).toEqual(['INTERNAL_SERVER_ERROR', worded('tt', 'INTERNAL_SERVER_ERROR')]);
    expect(error.requestId).toBe(error.response.headers['x-request-id']);
    const page = refused(await gateway.get('/read/ru/a'));
    expect([page.code, page.response.statusCode]).toEqual(['INTERNAL_SERVER_ERROR', 500]);
    expect(error.response.body + page.response.body).not.toMatch(/10\.1\.2\.3|dragoman failed|stack/u);
  });

  test('a schema that is behind is SERVICE_UNAVAILABLE, and names no table', async () => {
    await gateway.dataSource.query('alter table edition rename to hidden');
    try {
      const error = await ask('{ editions { code } }');
      expect([error.code, error.message]).toEqual(['SERVICE_UNAVAILABLE', worded('en', 'SERVICE_UNAVAILABLE')]);
      expect(error.response.body).not.toMatch(/relation|select/u);
    } finally {
      await gateway.dataSource.query('alter table hidden rename to edition');
    }
    expect((await gateway.ask('{ editions { code } }')).errors).toBeUndefined();
  });

  test('shows its stack in development, a mistake of the caller’s never does', async () => {
    const development = await openGateway({ samples: false, development: true });
    try {
      jest.spyOn(development.dataSource, 'query').mockRejectedValue(new Error('planted'));
      const [error] = (await development.ask('{ editions { code } }')).errors ?? [];
      expect(error?.extensions).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', stacktrace: expect.arrayContaining(['Error: planted']) });
      jest.restoreAllMocks();
      const [mistake] = (await development.ask(list('first: 0'))).errors ?? [];
      expect(Object.keys(mistake?.extensions ?? {})).toEqual(['code', 'requestId']);
    } finally {
      await development.close();
    }
  });
});

describe('an answer that takes too long', () => {
  test('is given up, and the next one is answered', async () => {
    const slow = await openGateway({ samples: false, requestTimeoutMs: 150 });
    try {
      const query = slow.dataSource.query.bind(slow.dataSource);
      const spy = jest.spyOn(slow.dataSource, 'query').mockImplementation((async (...given: Parameters<typeof query>) => {
        await sleep(400);
        return query(...given);
      }) as typeof query);
      const started = performance.now();
      const error = refused(await post({ query: '{ editions { code } }' }, { 'accept-language': 'ru' }, slow.app));
      expect(performance.now() - started).toBeLessThan(390);
      expect([error.response.statusCode, error.code, error.message]).toEqual([
        503,
        'REQUEST_TIMEOUT',
        worded('ru', 'REQUEST_TIMEOUT', { seconds: 1 }),
      ]);
      expect(error.requestId).toBe(error.response.headers['x-request-id']);
      // What was under way comes to its end after the answer was sent, and must not fail there.
      await sleep(400);
      spy.mockRestore();
      expect((await slow.ask('{ editions { code } }')).errors).toBeUndefined();
    } finally {
      await slow.close();
    }
  });
});
