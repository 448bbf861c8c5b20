import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createClient as createSseClient } from 'graphql-sse';
import { WebSocket } from 'ws';
import { Role } from '../../src/desks/role.js';
import { seed } from '../../src/ingest/seed.js';
import { deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { connect, type Heard, listening, readEvents, results, type SseEvent, tellAll } from '../support/live-clients.js';
import { makeStory, paragraph, urnOf, write } from '../support/make-story.js';
import { until } from '../support/until.js';

let gateway: TestGateway;
let url: string;
beforeAll(async () => {
  gateway = await openGateway({ samples: false });
  await seed(gateway.dataSource, 'editions', { domain: 'meridian.example', now: testNow });
  url = await listening(gateway);
}, 60_000);
afterAll(() => gateway.close());

const everything = `subscription($after: String, $filter: NewsFilter) { events(after: $after, filter: $filter) { id cursor kind articleId texts { translationId edition { code } revision translation { headline body { text } } gone { kind } } } }`;
let stories = 0;
const publish = async (editions: Record<string, object> = { en: {} }, more: object = {}) => {
  const story = makeStory({ id: `live-${stories++}`, editions, ...more });
  await write(gateway, [story]);
  await tellAll(gateway);
  return story;
};

test('what was published is told from the start, and then what comes, once each', async () => {
  const first = await publish();
  const second = await publish({ en: {}, ru: {} });
  const { subscribe, client } = connect(url);
  const heard = subscribe(everything, { after: 'start' });
  await results(heard, 3);
  const third = await publish();
  const told = await results(heard, 4);
  const texts = told.flatMap(({ data }) => data.events.texts.map((each: { translationId: string }) => each.translationId));
  expect(texts).toEqual([urnOf(first, 'en'), urnOf(second, 'en'), urnOf(second, 'ru'), urnOf(third, 'en')]);
  expect(told[0].data.events).toMatchObject({
    kind: 'PUBLISHED',
    articleId: urnOf(first),
    texts: [{ translation: { headline: 'live-0 in en' }, gone: null }],
  });
  await client.dispose();
}, 30_000);

test('while stories are published without a pause, each subscriber is told of each once, wherever it goes on from', async () => {
  const from = stories;
  let isPublishing = true;
  const publishing = (async () => {
    while (isPublishing) {
      await publish();
      await sleep(5);
    }
  })();
  const clients: (ReturnType<typeof connect> & { heard: Heard; index: number })[] = [];
  for (let index = 0; index < 8; index++) {
    const each = connect(url);
    const heard = each.subscribe(everything, { after: index % 2 === 0 ? 'start' : 'now' });
    clients.push({ ...each, heard, index });
    await sleep(60);
  }
  await sleep(300);
  // One that goes on from the middle of what it heard.
  const whole = clients[0]!.heard;
  const middle = whole.results[Math.floor(whole.results.length / 2)].data.events;
  const again = connect(url);
  const resumed = again.subscribe(everything, { after: middle.cursor });
  await sleep(200);
  isPublishing = false;
  await publishing;
  const last = urnOf(makeStory({ id: `live-${stories - 1}` }));
  const hasLast = ({ results: told }: { results: { data: { events: { articleId: string } } }[] }): boolean =>
    told.at(-1)?.data.events.articleId === last;
  await until('all are told of the last', () => clients.every(({ heard }) => hasLast(heard)) && hasLast(resumed));
  await sleep(50);
  const idsOf = ({ results: told }: typeof whole): string[] => told.map(({ data }) => data.events.id);
  const all = idsOf(whole);
  expect(all).toHaveLength(new Set(all).size);
  expect(all.length).toBeGreaterThanOrEqual(stories - from);
  for (const { heard, index } of clients) {
    const ids = idsOf(heard);
    expect(ids).toEqual(index % 2 === 0 ? all : all.slice(-ids.length));
    expect(ids.length).toBeGreaterThan(0);
  }
  expect(idsOf(resumed)).toEqual(all.slice(all.indexOf(middle.id) + 1));
  await Promise.all([...clients.map(({ client }) => client.dispose()), again.client.dispose()]);
}, 30_000);

test('a filter leaves out what it does not name', async () => {
  const { subscribe, client } = connect(url);
  const russian = subscribe(everything, { filter: { editions: ['ru'] } });
  const culture = subscribe(everything, { filter: { topic: 'culture' } });
  const none = subscribe('subscription { articlePublished(filter: { kinds: [RETRACTED] }) { id } }');
  const published = subscribe('subscription { articlePublished { kind articleId } }');
  await sleep(200);
  const plain = await publish({ en: {} });
  const both = await publish({ en: {}, ru: {} }, { topics: ['culture'] });
  expect((await results(russian, 1)).map(({ data }) => data.events.texts[0].translationId)).toEqual([urnOf(both, 'ru')]);
  expect((await results(culture, 2)).map(({ data }) => data.events.articleId)).toEqual([urnOf(both), urnOf(both)]);
  expect((await results(published, 3)).map(({ data }) => data.articlePublished.articleId)).toEqual([
    urnOf(plain),
    urnOf(both),
    urnOf(both),
  ]);
  expect(none.results).toEqual([]);
  await client.dispose();
}, 30_000);

test('one story is followed through a revision to its retraction, with what is told of it', async () => {
  const desk = await deskOf(gateway, 'Anna', { en: Role.CHIEF });
  const story = await publish({ en: {}, ru: {} });
  const { subscribe, client } = connect(url);
  const fields = 'kind texts { edition { code } revision translation { headline } served { notices { code } } gone { kind title note } }';
  const heard = subscribe(`subscription($article: ID!) { translationChanged(article: $article, edition: "en") { ${fields} } }`, {
    article: urnOf(story),
  });
  await sleep(200);
  await publish();
  const text = { headline: 'Better', blocks: [paragraph('Better.')] };
  const corrected = await desk.correct({
    article: urnOf(story),
    edition: 'en',
    expectedRevision: 1,
    text,
    meaning: { note: 'It was worse.' },
  });
  expect(corrected).toMatchObject({ revision: 2 });
  await tellAll(gateway);
  await results(heard, 1);
  const gone = await desk.retract({ article: urnOf(story), kind: 'KILL', notes: [{ lang: 'en', text: 'It was wrong.' }] });
  expect(gone).toMatchObject({ scope: 'STORY' });
  await tellAll(gateway);
  const told = (await results(heard, 2)).map(({ data }) => data.translationChanged);
  expect(told[0]).toMatchObject({
    kind: 'CORRECTED',
    texts: [{ edition: { code: 'en' }, revision: 2, translation: { headline: 'Better' }, gone: null }],
  });
  expect(told[0].texts[0].served.notices.length).toBeGreaterThan(0);
  expect(told.at(-1)).toMatchObject({
    kind: 'RETRACTED',
    texts: [{ translation: null, served: null, gone: { kind: 'KILL', note: 'It was wrong.' } }],
  });
  await client.dispose();
}, 30_000);

test('what is under embargo is told when that ends, and not a letter before', async () => {
  const until = new Date(testNow.getTime() + 60_000);
  const { subscribe, client } = connect(url);
  const heard = subscribe(everything);
  await sleep(200);
  const secret = await publish({ en: {} }, { publishedAt: testNow.toISOString(), embargoUntil: until.toISOString() });
  const open = await publish();
  await results(heard, 1);
  expect(JSON.stringify(heard.results)).not.toContain(urnOf(secret));
  expect(heard.results[0].data.events.articleId).toBe(urnOf(open));
  await client.dispose();
}, 30_000);

test('a stream of events has cursors as ids, and goes on behind the last one that was seen', async () => {
  const first = await readEvents(url, { query: everything, variables: { after: 'start', filter: { kinds: ['PUBLISHED'] } } });
  expect(first.response.status).toBe(200);
  await until('three events', () => first.events.length >= 3);
  const [one, two, three] = first.events as [SseEvent, SseEvent, SseEvent];
  expect(one.id).toBe(one.data.data.events.cursor);
  first.stop();
  const query = 'subscription { articlePublished { id } }';
  const second = await readEvents(url, { query, headers: { 'last-event-id': one.id! }, method: 'POST' });
  await until('two events', () => second.events.length >= 2);
  expect(second.events.slice(0, 2).map(({ data }) => data.data.articlePublished.id)).toEqual(
    [two, three].map(({ data }) => data.data.events.id),
  );
  second.stop();
}, 30_000);

test('the client of graphql-sse understands it, refusals too', async () => {
  const client = createSseClient({ url: `${url}/graphql/stream`, retryAttempts: 0 });
  const heard: unknown[] = [];
  const stop = client.subscribe(
    { query: 'subscription { events(after: "start") { kind } }' },
    { next: (each) => void heard.push(each), error: () => {}, complete: () => {} },
  );
  await until('a message', () => heard.length > 0);
  expect(heard[0]).toEqual({ data: { events: { kind: 'PUBLISHED' } } });
  stop();
  const refused = await new Promise<unknown>((resolve) => {
    client.subscribe({ query: 'subscription { nothing }' }, { next: resolve, error: resolve, complete: () => {} });
  });
  expect(refused).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
  client.dispose();
}, 30_000);

test.each([
  ['a query', '{ editions { code } }', {}, 'BAD_REQUEST'],
  ['no document', 'subscription {', {}, 'GRAPHQL_PARSE_FAILED'],
  ['an unknown field', 'subscription { events { nothing } }', {}, 'GRAPHQL_VALIDATION_FAILED'],
  ['two fields', 'subscription { events { id } articlePublished { id } }', {}, 'GRAPHQL_VALIDATION_FAILED'],
  ['a field that may be left out', 'subscription($a: Boolean!) { events @skip(if: $a) { id } }', { a: false }, 'GRAPHQL_VALIDATION_FAILED'],
  ['a field that is left out never', 'subscription { events @skip(if: false) { id } }', {}, 'BAD_USER_INPUT'],
  ['an edition that is none', everything, { filter: { editions: ['xx'] } }, 'UNKNOWN_EDITION'],
  ['a topic that is none', everything, { filter: { topic: 'nothing' } }, 'UNKNOWN_NAME'],
  ['a variable of another type', everything, { after: 3 }, 'BAD_USER_INPUT'],
  ['a cursor that is none', everything, { after: 'abc' }, 'INVALID_CURSOR'],
  ['a story that is none', everything, { filter: { article: 'abc' } }, 'BAD_USER_INPUT'],
  [
    'a document that is too deep',
    `subscription { events { texts { translation { ${'edition { fallbacks { '.repeat(14)} code ${'} } '.repeat(14)} } } } }`,
    {},
    'DOCUMENT_TOO_DEEP',
  ],
  [
    'too many aliases',
    `subscription { events { ${Array.from({ length: 61 }, (_, index) => `a${index}: id`).join(' ')} } }`,
    {},
    'TOO_MANY_ALIASES',
  ],
])(
  '%s is refused, and the connection stays',
  async (_, query, variables, code) => {
    const { subscribe, client, closed } = connect(url, { headers: { 'accept-language': 'de' } });
    const heard = subscribe(query, variables);
    await until('the refusal', () => heard.ended !== undefined);
    expect(heard.ended[0].extensions.code).toBe(code);
    const good = subscribe('subscription { events(after: "start") { id } }');
    await results(good, 1);
    expect(closed).toEqual([]);
    await client.dispose();
  },
  20_000,
);

test('an operation that is too costly is refused as at /graphql, and subscriptions are refused there', async () => {
  const { errors } = await gateway.ask('subscription { events { id } }');
  expect(errors?.[0]?.extensions.code).toBe('BAD_REQUEST');
  const aliases = Array.from({ length: 50 }, (_, index) => `a${index}: body { html text markdown }`).join(' ');
  const { subscribe, client } = connect(url);
  const heard = subscribe(`subscription { events { texts { translation { ${aliases} } } } }`);
  await until('the refusal', () => heard.ended !== undefined);
  expect(heard.ended[0].extensions.code).toBe('DOCUMENT_TOO_COSTLY');
  await client.dispose();
});

/** A connection of one's own, to say what no client says. */
async function raw(
  said: readonly string[],
  { protocols = 'graphql-transport-ws', headers = {} }: { protocols?: string; headers?: Record<string, string> } = {},
) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, protocols ? [protocols] : [], { headers });
  const received: { type: string; id?: string; payload?: { extensions: { code: string } }[] }[] = [];
  socket.on('message', (data) => void received.push(JSON.parse(String(data))));
  const closed = new Promise<number>((resolve) => {
    socket.once('close', resolve);
    socket.once('unexpected-response', (_, response) => resolve(response.statusCode!));
    socket.once('error', () => {});
  });
  socket.once('open', () => {
    for (const each of said) socket.send(each);
  });
  return { socket, received, closed };
}
const init = '{"type":"connection_init"}';
const subscribeTo = (id: string): string => JSON.stringify({ type: 'subscribe', id, payload: { query: 'subscription { events { id } }' } });

test.each([
  ['what is no JSON', ['{'], 4400],
  ['a message that is none', [init, '{"type":"start"}'], 4400],
  ['a subscription before the beginning', [subscribeTo('1')], 4401],
  ['two beginnings', [init, init], 4429],
  ['a key that is none', ['{"type":"connection_init","payload":{"Authorization":"Bearer dgm_nothing"}}'], 4403],
])('%s closes the connection', async (_, said, code) => {
  const { closed } = await raw(said);
  expect(await closed).toBe(code);
});

test('the same id twice closes the connection', async () => {
  const { socket, closed, received } = await raw([init]);
  await until('the beginning', () => received.length > 0);
  socket.send(subscribeTo('1'));
  socket.send(subscribeTo('1'));
  expect(await closed).toBe(4409);
});

test('the twenty-first subscription of a connection is refused, the others stay', async () => {
  const { socket, received } = await raw([init]);
  await until('the beginning', () => received.length > 0);
  for (let index = 0; index < 21; index++) socket.send(subscribeTo(`s${index}`));
  await until('the refusal', () => received.length >= 2);
  expect(received[1]).toMatchObject({ type: 'error', id: 's20', payload: [{ extensions: { code: 'RATE_LIMITED' } }] });
  await sleep(100);
  await publish();
  await until('twenty messages', () => received.length >= 22);
  socket.close();
});

test.each([
  ['a page of another’s', { headers: { origin: 'https://elsewhere.example' } }, 403],
  ['another protocol', { protocols: 'graphql-ws' }, 400],
])('%s is refused before the connection is made', async (_, options, status) => {
  expect(await (await raw([init], options)).closed).toBe(status);
});

test('a page of an origin that is allowed is let in', async () => {
  const { socket, received } = await raw([init], { headers: { origin: 'https://desk.example' } });
  await until('the beginning', () => received[0]?.type === 'connection_ack');
  socket.close();
});
