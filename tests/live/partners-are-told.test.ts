import { readFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { revokeKey } from '../../src/desks/api-key.queries.js';
import { seed } from '../../src/ingest/seed.js';
import { makeLiveFigures } from '../../src/server/live-figures.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';
import { connect, listening, readEvents, results, tellAll } from '../support/live-clients.js';
import { makeStory, paragraph, urnOf, write } from '../support/make-story.js';
import { type Operator, operatorOf } from '../support/partners.js';
import { until } from '../support/until.js';

let gateway: TestGateway;
let url: string;
let operator: Operator;
const figures = makeLiveFigures();
const held: unknown[] = [];
beforeAll(async () => {
  gateway = await openGateway({ samples: false, liveFigures: figures, noteHoldings: (...given) => void held.push(given) });
  await seed(gateway.dataSource, 'editions', { domain: 'meridian.example', now: testNow });
  operator = await operatorOf(gateway);
  url = await listening(gateway);
}, 60_000);
afterAll(() => gateway.close());

const ago = (minutes: number): string => new Date(testNow.getTime() - minutes * 60_000).toISOString();
let stories = 0;
const publish = async (editions: Record<string, object> = { en: {} }, more: object = {}) => {
  const story = makeStory({ id: `told-${stories++}`, editions, ...more });
  await write(gateway, [story]);
  await tellAll(gateway);
  return story;
};
const everything = readFileSync('schema/subscriptions/follow-events.graphql', 'utf8');

async function partner(code: string, terms: object, delaySeconds = 0) {
  await operator.savePartner({ code, name: code, delaySeconds, expectedVersion: 0 });
  const entitlement = await operator.saveEntitlement({
    partner: code,
    expectedVersion: 0,
    terms: { validFrom: ago(100_000), machine: true, ...terms },
  });
  await tellAll(gateway);
  const key = await keyFor(gateway.dataSource, { partnerCode: code });
  return { ...key, entitlement, authorization: key.headers.authorization };
}
const kindsIn = (told: { data: { events: { kind: string; articleId: string } } }[]) => told.map(({ data }) => data.events.articleId);

test('a partner is told of what it is entitled to, by either way to show its key, and what it was given is noted', async () => {
  const { authorization } = await partner('russians', { editions: ['ru'] });
  const byPayload = connect(url, { params: { authorization } });
  const byHeader = await readEvents(url, { query: everything, headers: { authorization } });
  const heard = byPayload.subscribe(everything);
  await sleep(400);
  await publish({ en: {} });
  const both = await publish({ en: {}, ru: {} });
  const told = await results(heard, 1);
  expect(told.map(({ data }) => data.events.texts.map((each: { translationId: string }) => each.translationId))).toEqual([
    [urnOf(both, 'ru')],
  ]);
  await until('the event', () => byHeader.events.length > 0);
  expect(byHeader.events.map(({ data }) => data.data.events.id)).toEqual([told[0].data.events.id]);
  expect(held.at(-1)).toMatchObject(['russians', 'SUBSCRIPTION', [{ editionCode: 'ru', revision: 1 }]]);
  byHeader.stop();
  await byPayload.client.dispose();
}, 30_000);

test('early copy comes early to whom it may; others get nothing of it', async () => {
  const { authorization } = await partner('early', { early: true });
  const early = connect(url, { params: { authorization } });
  const open = connect(url);
  const [heard, everybody] = [early.subscribe(everything), open.subscribe(everything)];
  await sleep(300);
  const secret = await publish(
    { en: {} },
    { publishedAt: testNow.toISOString(), embargoUntil: new Date(testNow.getTime() + 3_600_000).toISOString() },
  );
  const plain = await publish();
  await until('the last', () => kindsIn(heard.results).at(-1) === urnOf(plain));
  // Its embargo is an event of its own.
  expect([...new Set(kindsIn(heard.results))]).toEqual([urnOf(secret), urnOf(plain)]);
  expect(kindsIn(await results(everybody, 1))).toEqual([urnOf(plain)]);
  await Promise.all([early.client.dispose(), open.client.dispose()]);
}, 30_000);

test('who is told late is told once its horizon has passed', async () => {
  const { authorization } = await partner('late', {}, 600);
  const { subscribe, client } = connect(url, { params: { authorization } });
  const heard = subscribe(everything);
  await sleep(300);
  const story = await publish({ en: {} }, { publishedAt: testNow.toISOString() });
  await sleep(300);
  expect(heard.results).toEqual([]);
  gateway.at(new Date(testNow.getTime() + 601_000));
  expect(kindsIn(await results(heard, 1)).at(-1)).toBe(urnOf(story));
  gateway.at(testNow);
  await client.dispose();
}, 30_000);

test('a cursor is one reader’s alone', async () => {
  const { authorization } = await partner('curious', {});
  const mine = connect(url, { params: { authorization } });
  const [told] = await results(mine.subscribe(everything, { after: 'start' }), 1);
  const open = connect(url);
  const refused = open.subscribe(everything, { after: told.data.events.cursor });
  await until('the refusal', () => refused.ended !== undefined);
  expect(refused.ended[0].extensions.code).toBe('INVALID_CURSOR');
  await Promise.all([mine.client.dispose(), open.client.dispose()]);
}, 30_000);

test('a key that is revoked closes its connections within five seconds', async () => {
  const { authorization, uuid } = await partner('leaving', {});
  const socket = connect(url, { params: { authorization } });
  const events = await readEvents(url, { query: everything, headers: { authorization } });
  const heard = socket.subscribe(everything);
  await sleep(300);
  await revokeKey(gateway.dataSource.manager, uuid, testNow);
  await until('the end', () => heard.ended !== undefined && events.state.isOver, 5_000);
  expect(heard.ended[0].extensions.code).toBe('UNAUTHENTICATED');
  expect(events.events.at(-2)!.data.errors[0].extensions.code).toBe('UNAUTHENTICATED');
  await until('the closing', () => socket.closed.length > 0);
  expect(socket.closed[0]!.code).toBe(4403);
}, 30_000);

test('what may not be had any more is not told, and the stream ends within five seconds with CURSOR_OUTDATED', async () => {
  const { authorization, entitlement } = await partner('narrowed', {});
  const { subscribe, client } = connect(url, { params: { authorization } });
  const heard = subscribe(everything);
  await sleep(300);
  const saved = await operator.saveEntitlement({
    partner: 'narrowed',
    entitlement: entitlement.id,
    expectedVersion: 1,
    terms: { validFrom: ago(100_000), machine: true, editions: ['ru'] },
  });
  expect(saved.id).toBe(entitlement.id);
  await publish({ en: {} });
  await until('the end', () => heard.ended !== undefined, 5_000);
  expect(heard.ended[0].extensions.code).toBe('CURSOR_OUTDATED');
  expect(JSON.stringify(heard.results)).not.toContain('urn:');
  await client.dispose();
}, 30_000);

test('what is about one partner alone is told to it and to nobody else', async () => {
  const { authorization } = await partner('asked', {});
  const mine = connect(url, { params: { authorization } });
  const open = connect(url);
  const query = 'subscription { events { kind takedown notice noticeVersion texts { translationId } } }';
  const [heard, everybody] = [mine.subscribe(query), open.subscribe(query)];
  await sleep(300);
  await gateway.dataSource.query(
    `insert into outbox (transaction, uuid, kind, at, data) values (1, gen_random_uuid(), 'TAKEDOWN_OPENED', $1, '{"partner":"asked","takedown":"t-1"}')`,
    [testNow],
  );
  await tellAll(gateway);
  await publish();
  expect((await results(heard, 2))[0].data.events).toEqual({
    kind: 'TAKEDOWN_OPENED',
    takedown: 't-1',
    notice: null,
    noticeVersion: null,
    texts: [],
  });
  expect((await results(everybody, 1)).map(({ data }) => data.events.kind)).toEqual(['PUBLISHED']);
  await Promise.all([mine.client.dispose(), open.client.dispose()]);
}, 30_000);

test('a client that does not read is cut at a mebibyte with 4413, the others are told on, and it goes on behind its cursor', async () => {
  const body = 'Long. '.repeat(30_000);
  const query = 'subscription($after: String) { events(after: $after) { cursor articleId texts { translation { body { text } } } } }';
  const slow = new WebSocket(`${url.replace('http', 'ws')}/graphql`, ['graphql-transport-ws']);
  const got: { payload: { data: { events: { cursor: string; articleId: string } } } }[] = [];
  slow.on('message', (data) => {
    const message = JSON.parse(String(data));
    if (message.type === 'connection_ack') slow.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
    if (message.type === 'next') got.push(message);
  });
  slow.once('open', () => slow.send('{"type":"connection_init"}'));
  const closed = new Promise<number>((resolve) => slow.once('close', resolve));
  const quick = connect(url);
  const heard = quick.subscribe(query);
  await sleep(400);
  await publish();
  await until('the first', () => got.length === 1);
  slow.pause();
  const cutBefore = figures.cut;
  let published = 1;
  while (figures.cut === cutBefore && published < 120) {
    await publish({ en: { blocks: [paragraph(body)] } });
    published++;
  }
  expect(figures.cut).toBe(cutBefore + 1);
  slow.resume();
  expect(await closed).toBe(4413);
  await results(heard, published);
  const again = connect(url);
  const resumed = again.subscribe(query, { after: got.at(-1)!.payload.data.events.cursor });
  await results(resumed, published - got.length);
  expect([...got.map(({ payload }) => payload), ...resumed.results].map(({ data }) => data.events.articleId)).toEqual(
    kindsIn(heard.results),
  );
  await Promise.all([quick.client.dispose(), again.client.dispose()]);
}, 60_000);

test('a gateway that stops closes what is open in order, and soon', async () => {
  const other = await openGateway({ over: gateway });
  const address = await listening(other);
  const socket = connect(address);
  const heard = socket.subscribe(everything);
  const events = await readEvents(address, { query: everything });
  const bare = connectTcp(Number(new URL(address).port), '127.0.0.1');
  await sleep(400);
  bare.destroy();
  const started = performance.now();
  await other.close();
  expect(performance.now() - started).toBeLessThan(4_000);
  await until('the ends', () => heard.ended !== undefined && events.state.isOver);
  expect(socket.closed[0]!.code).toBe(1001);
}, 30_000);
