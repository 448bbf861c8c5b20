import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { formats } from '../../src/feeds/formats.js';
import { inPackage } from '../../src/lib/root.js';
import { openGateway, type TestGateway } from '../support/gateway.js';
import { operatorOf } from '../support/partners.js';
import { blanked } from '../support/read-feed.js';
import { savesOf } from '../support/registry.js';
import { entitlements, numberAll, partnersOf } from '../support/rights-matrix/fixture.js';
import { idsToCome, secretWord, writeSecrets, writeSoonOut, writeWithheld } from '../support/secret-stories.js';

type Asked = { method: 'GET' | 'HEAD' | 'POST'; url: string; payload?: string; headers?: Record<string, string> };
type Answers = Map<string, string>;

const folder = inPackage('schema', 'operations');
const operations = readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`, 'utf8'));
const get = (url: string): Asked => ({ method: 'GET', url });
const post = (query: string): Asked => ({ method: 'POST', url: '/graphql', payload: JSON.stringify({ query }) });

let gateway: TestGateway;
let callers: Record<string, Record<string, string>>;
let requests: Asked[];
const before = new Map<string, Answers>();
const after = new Map<string, Answers>();
const withheld = new Map<string, Answers>();

beforeAll(async () => {
  gateway = await openGateway();
  const operator = await operatorOf(gateway);
  const names = [{ lang: 'en', text: 'TASS' }];
  const saved = await savesOf(operator.ask)('saveAgency', {
    code: 'tass',
    expectedVersion: 1,
    language: 'en',
    names,
    redistribution: 'NONE',
  });
  expect(saved).toMatchObject({ code: 'tass', version: 2 });
  callers = { public: {}, ...(await partnersOf(gateway)) } as Record<string, Record<string, string>>;
  await numberAll(gateway);
}, 120_000);
afterAll(() => gateway.close());

/** Everything a caller without rights may send: what is listed, what is searched for, and what is guessed. */
function everything(guessed: readonly string[]): Asked[] {
  const feeds = formats
    .filter(({ feed }) => feed)
    .flatMap(({ extension }) =>
      ['ru', 'hy', 'ru/culture'].flatMap((of) =>
        ['', '?after=start', '?archive=2026-11-22'].map((form) => get(`/feeds/${of}.${extension}${form}`)),
      ),
    );
  const items = formats.filter(({ item }) => item).flatMap(({ extension }) => guessed.map((urn) => get(`/items/${urn}.ru.${extension}`)));
  const slugs = ['embargoed-0', 'killed-0', 'to-come-0', 'draft-0'].map((each) => `${secretWord}-${each}`);
  const list = (args: string) =>
    post(
      `{ articles(${args}) { totalCount pageInfo { endCursor hasNextPage } edges { cursor node { id } served { translation { headline } } } } }`,
    );
  return [
    ...feeds,
    ...items,
    ...[
      '/sitemap.xml',
      '/sitemap-news/ru.xml',
      '/sitemap-news/tt.xml',
      '/feeds/xx.json',
      '/feeds/ru/xx.json',
      '/feeds/ru.json?limit=3',
      '/feeds/ru.json?after=now',
    ].map(get),
    ...slugs.map((slug) => get(`/read/ru/${slug}`)),
    ...[`/media/${secretWord}-16x9.svg`, '/media/nothing-16x9.svg'].map(get),
    ...['/feeds/ru.atom', '/feeds/ru.json?after=start', '/sitemap.xml'].map((url): Asked => ({ method: 'HEAD', url })),
    { ...get('/feeds/ru.atom'), headers: { 'if-none-match': '"nothing"', range: 'bytes=0-10' } },
    ...operations.map(post),
    ...['edition: "ru"', 'edition: "hy", policy: CHAIN', 'first: 100, orderBy: UPDATED_DESC', 'filter: { missingIn: ["ka"] }'].map(list),
    ...['"ru"', '"tt"', '"hy"'].map((edition) => list(`edition: ${edition}, filter: { search: "${secretWord}" }`)),
    list('filter: { topics: ["politics"], people: ["joe-biden"], urgency: [1] }'),
    ...slugs.map((slug) => post(`{ articleBySlug(edition: "ru", slug: "${slug}") { __typename } }`)),
    post(`{ nodes(ids: ${JSON.stringify(guessed.flatMap((urn) => [urn, `${urn}.ru`]))}) { __typename id } }`),
    ...guessed.slice(0, 4).map((urn) => post(`{ article(id: "${urn}") { __typename } draft(article: "${urn}", edition: "ru") { id } }`)),
    ...guessed.slice(0, 4).map((urn) => post(`mutation { setEmbargo(article: "${urn}") { __typename } }`)),
    post(`{ registryImage(code: "${secretWord}-picture") { code } }`),
    post('{ events(first: 10) { endCursor } audit(first: 10) { edges { cursor } } }'),
    post('{ viewer { kind partner { code version entitlements { id version } } } topics { code version } agencies { code version } }'),
  ];
}

/** The whole of an answer: its status, its headers and its bytes, but for the time of the clock on the wall and for cursors. */
async function answerTo({ method, url, payload, headers }: Asked, key: Record<string, string>): Promise<string> {
  const sent = { 'x-request-id': 'the-same-for-all', ...(payload && { 'content-type': 'application/json' }), ...headers, ...key };
  const response = await gateway.app.inject({ method, url, headers: sent, ...(payload && { payload }) });
  const { date: _, ...told } = response.headers;
  return blanked(`${response.statusCode} ${JSON.stringify(told)}\n${response.body}`);
}

async function ask(into: Map<string, Answers>, names = Object.keys(callers)): Promise<void> {
  for (const name of names) {
    const key = callers[name]!;
    const answers: Answers = new Map();
    for (const asked of requests)
      answers.set(`${asked.method} ${asked.url} ${JSON.stringify(asked.headers ?? {})} ${asked.payload ?? ''}`, await answerTo(asked, key));
    into.set(name, answers);
  }
}

/** What is not the same byte by byte, as the requests and what was answered at first and then. */
const differences = (first: Answers, then: Answers): string[] =>
  [...first].flatMap(([asked, answer]) =>
    then.get(asked) === answer ? [] : [`${asked}\n- ${cut(answer, then.get(asked)!)}\n+ ${cut(then.get(asked)!, answer)}`],
  );

/** An answer from a little before where it differs from another. */
function cut(answer: string, other: string): string {
  const at = [...answer].findIndex((letter, index) => letter !== other[index]);
  return answer.slice(Math.max(0, at - 80), at + 200);
}

describe('with 190 secret stories in the database, and desks at work on them', () => {
  beforeAll(async () => {
    requests = everything(idsToCome);
    await ask(before);
    const { data } = await gateway.ask('{ articles(first: 1) { edges { node { id } } } }');
    await writeSecrets(gateway, data.articles.edges[0].node.id);
    await ask(after);
  }, 300_000);

  test('something was asked, and answered', () => {
    const answers = [...before.get('public')!.values()];
    expect(answers.filter((each) => each.startsWith('200 ')).length).toBeGreaterThan(60);
    expect(answers.filter((each) => each.includes(secretWord) && !each.startsWith('404 '))).toEqual([]);
  });

  test.each(['public', ...Object.keys(entitlements)])('%s is answered the same, byte by byte', (caller) => {
    expect(differences(before.get(caller)!, after.get(caller)!)).toEqual([]);
  });
});

describe('with stories that everybody may read, and no partner', () => {
  beforeAll(async () => {
    await writeWithheld(gateway);
    await ask(withheld);
  }, 120_000);

  test('everybody is told of them', () => {
    expect(differences(after.get('public')!, withheld.get('public')!).length).toBeGreaterThan(10);
  });

  test.each(Object.keys(entitlements))('a partner (%s) is answered the same, byte by byte', (caller) => {
    expect(differences(after.get(caller)!, withheld.get(caller)!)).toEqual([]);
  });
});

// Answers to everybody may be kept until the next of them changes: so much is told, seconds before, of what is about to come out.
describe('with a secret that comes out in four seconds', () => {
  const soon = new Map<string, Answers>();
  beforeAll(async () => {
    await writeSoonOut(gateway);
    await ask(soon, ['public', 'early']);
  }, 120_000);

  const unaged = (answers: Answers): Answers => new Map([...answers].map(([asked, answer]) => [asked, answer.replace(/max-age=\d+/u, '')]));

  test('everybody is told how long answers may be kept, and nothing more', () => {
    const [first, then] = [withheld.get('public')!, soon.get('public')!];
    expect(differences(first, then).length).toBeGreaterThan(10);
    expect(differences(unaged(first), unaged(then))).toEqual([]);
  });

  test('a partner is not told that', () => {
    expect(differences(withheld.get('early')!, soon.get('early')!)).toEqual([]);
  });
});
