import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import type { GivenText } from '../../src/ledger/hold.js';
import { intentLimits } from '../../src/websub/intents.queries.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway } from '../support/gateway.js';
import { openHub, type Subscriber, subscriber } from '../support/hub.js';
import { keyFor } from '../support/keys.js';
import { makeStory, urnOf, write } from '../support/make-story.js';
import { type Operator, operatorOf } from '../support/partners.js';
import { until } from '../support/until.js';

let gateway: TestGateway;
let hub: Awaited<ReturnType<typeof openHub>>;
let desk: Desk;
let operator: Operator;
const held: { partner: string; channel: string; texts: readonly GivenText[] }[] = [];
beforeAll(async () => {
  gateway = await openGateway({
    outside: { allowHttp: true, allowInward: true },
    noteHoldings: (partner, channel, texts) => held.push({ partner, channel, texts }),
  });
  hub = await openHub(gateway);
  desk = await deskOf(gateway, 'Anna', { mk: Role.CHIEF, ro: Role.CHIEF });
  operator = await operatorOf(gateway);
});
afterAll(async () => {
  await hub.stop();
  await gateway.close();
  expect(hub.logged).toEqual([]);
});

const subscribers: Subscriber[] = [];
const listener = async (): Promise<Subscriber> => {
  const made = await subscriber();
  subscribers.push(made);
  return made;
};
afterEach(async () => {
  for (const each of subscribers.splice(0)) await each.close();
  await gateway.dataSource.query('delete from hub_subscription');
  await gateway.dataSource.query('delete from hub_intent');
});

/** The clock goes forth only: what is due later comes to be due. */
const now = (): Date => gateway.served.clock();
const pass = (milliseconds: number): void => gateway.at(new Date(now().getTime() + milliseconds));

const topicOf = (path: string): string => `http://gateway.test/feeds/${path}`;
const post = (form: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${hub.url}/hub`, { method: 'POST', headers, body: new URLSearchParams(form) });
const asks = (at: Subscriber, topic: string, more: Record<string, string> = {}): Record<string, string> => ({
  ...{ 'hub.mode': 'subscribe', 'hub.callback': at.callback, 'hub.topic': topic },
  ...more,
});
interface Kept {
  callback: string;
  lease_until: Date;
  attempts: number;
  next_at: Date | null;
  failing_since: Date | null;
  last_status: number | null;
  last_error: string | null;
  secret: string | null;
}
const kept = (): Promise<Kept[]> => gateway.dataSource.query('select * from hub_subscription order by created_at');
const intents = async (): Promise<number> => ((await gateway.dataSource.query('select from hub_intent')) as object[]).length;
const subscribed = async (
  at: Subscriber,
  topic: string,
  more: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<void> => {
  const response = await post(asks(at, topic, more), headers);
  expect([response.status, await response.text()]).toEqual([202, '']);
  await until('the verification', async () => (await kept()).some(({ callback }) => callback === at.callback));
};

let count = 0;
/** A story of the test's own that is out in an edition. */
const story = async (edition = 'mk'): Promise<{ urn: string; id: string }> => {
  const made = makeStory({ id: `hub-${++count}`, editions: { [edition]: {} } });
  await write(gateway, [made]);
  return { urn: urnOf(made), id: urnOf(made, edition) };
};
const settled = async (): Promise<void> => {
  const waiting = async (): Promise<{ events: number; topics: number }> =>
    (
      await gateway.dataSource.query(
        `select (select count(*) from hub_topic where due_at is not null)::int as topics,
         (select count(*) from outbox)::int
           + (select count(*) from event where seq > coalesce((select settled from consumer where name = 'websub'), 0))::int as events`,
      )
    )[0];
  await until('the marking of topics', async () => (await waiting()).events === 0);
  // Editions beside are looked at a second later.
  pass(1_001);
  await until('the looking at topics', async () => (await waiting()).topics === 0);
};

test('every feed says where it can be subscribed to, and no other form of it does', async () => {
  for (const extension of ['atom', 'rss', 'json', 'ninjs', 'newsml']) {
    const { headers, body } = await gateway.get(`/feeds/mk.${extension}`);
    expect(headers['link']).toContain(`<http://gateway.test/feeds/mk.${extension}>; rel="self", <http://gateway.test/hub>; rel="hub"`);
    if (extension === 'json') expect(JSON.parse(body).hubs).toEqual([{ type: 'WebSub', url: 'http://gateway.test/hub' }]);
    else if (extension !== 'ninjs' && extension !== 'newsml')
      expect(body).toMatch(/<(atom:)?link rel="hub" href="http:\/\/gateway\.test\/hub"\/>/u);
    for (const form of ['after=start', 'archive=2026-11-01'])
      expect((await gateway.get(`/feeds/mk.${extension}?${form}`)).headers['link']).not.toContain('rel="hub"');
  }
  expect((await gateway.get('/hub')).statusCode).toBe(405);
});

describe('a subscription', () => {
  test('is verified by its callback, renewed, sent each change once, and ended by its wish', async () => {
    const at = await listener();
    const topic = topicOf('mk.atom');
    await subscribed(at, topic, { 'hub.lease_seconds': '7200' });
    const [asked] = at.asked;
    expect(asked!.search.startsWith('?own=1&b=%20x&hub.mode=subscribe&')).toBe(true);
    expect([asked!.searchParams.get('hub.topic'), asked!.searchParams.get('hub.lease_seconds')]).toEqual([topic, '7200']);
    expect((await kept())[0]!.lease_until).toEqual(new Date(now().getTime() + 7_200_000));
    const verified = now();
    await settled();
    expect(at.got).toEqual([]);

    const { urn } = await story();
    await until('the distribution', () => at.got.length > 0);
    const [sent] = at.got;
    const present = await gateway.get('/feeds/mk.atom');
    expect(sent!.headers).toMatchObject({
      'content-type': present.headers['content-type'],
      'content-length': String(sent!.body.length),
      link: `<http://gateway.test/hub>; rel="hub", <${topic}>; rel="self"`,
    });
    expect(sent!.headers['x-hub-signature']).toBeUndefined();
    const withoutCursor = (body: string): string => body.replace(/after=[^"]+/gu, '');
    expect(withoutCursor(sent!.body.toString())).toBe(withoutCursor(present.body));
    expect(sent!.body.toString()).toContain(urn);

    // What is told of another edition alone changes nothing here.
    await story('ro');
    await settled();
    expect(at.got).toHaveLength(1);

    // Renewed: what it had goes on until the new one is verified.
    at.confirms(() => 404);
    await post(asks(at, topic, { 'hub.lease_seconds': '86400', 'hub.secret': 'new' }));
    await until('the refusal', async () => (await intents()) === 0);
    expect((await kept())[0]).toMatchObject({ lease_until: new Date(verified.getTime() + 7_200_000), secret: null });
    at.confirms((challenge) => challenge);
    await post(asks(at, topic, { 'hub.secret': 'new' }));
    await until('the renewal', async () => (await kept())[0]!.secret !== null);
    expect((await kept())[0]!.lease_until).toEqual(new Date(now().getTime() + 864_000_000));
    expect(at.got).toHaveLength(1);

    at.confirms(() => 'not the challenge');
    await post(asks(at, topic, { 'hub.mode': 'unsubscribe' }));
    await until('the refusal', async () => (await intents()) === 0);
    expect(await kept()).toHaveLength(1);
    at.confirms((challenge) => challenge);
    await post(asks(at, topic, { 'hub.mode': 'unsubscribe' }));
    await until('the end', async () => (await kept()).length === 0);
    expect(at.asked.at(-1)!.searchParams.has('hub.lease_seconds')).toBe(false);
    await story();
    await settled();
    expect(at.got).toHaveLength(1);
  });

  test('is told of a retraction within five seconds, though others hang', async () => {
    const at = await listener();
    const { urn, id } = await story();
    const hanging = await Promise.all(Array.from({ length: 5 }, listener));
    for (const each of hanging) {
      each.takes(() => {});
      await subscribed(each, topicOf('mk.json'));
    }
    await subscribed(at, topicOf('mk.json'));
    await story();
    await until('the hanging of five', () => hanging.every(({ got }) => got.length === 1) && at.got.length === 1);
    const began = performance.now();
    const done = await desk.retract({ article: urn, kind: 'KILL' });
    expect(done).toMatchObject({ articleId: urn });
    await until('the retraction', () => at.got.length >= 2);
    const entry = JSON.parse(at.got.at(-1)!.body.toString()).items.find((each: { id: string }) => each.id === id);
    expect(entry._dragoman.retracted).not.toBeNull();
    process.stdout.write(`a retraction reached the hub's subscriber in ${Math.round(at.got[1]!.at - began)} ms\n`);
    expect(at.got[1]!.at - began).toBeLessThan(5_000);
  });

  test.each(['sha1', 'sha256', 'sha384', 'sha512'])('with a secret is signed with %s', async (algorithm) => {
    const at = await listener();
    const secret = 'Тайна из букв, №1';
    await subscribed(at, topicOf('mk.rss'), { 'hub.secret': secret, ...(algorithm !== 'sha256' && { 'hub.algorithm': algorithm }) });
    await story();
    await until('the distribution', () => at.got.length > 0);
    const { headers, body } = at.got[0]!;
    expect(headers['x-hub-signature']).toBe(`${algorithm}=${createHmac(algorithm, Buffer.from(secret)).update(body).digest('hex')}`);
    expect(JSON.stringify(await gateway.dataSource.query('select * from hub_subscription'))).not.toContain(secret);
  });

  test('ends with its lease, and with 410', async () => {
    const [lapsing, leaving] = [await listener(), await listener()];
    await subscribed(lapsing, topicOf('mk.atom'), { 'hub.lease_seconds': '1' });
    pass(3_601_000);
    leaving.takes((response) => void response.writeHead(410).end());
    await subscribed(leaving, topicOf('mk.atom'));
    await story();
    await until('the end', async () => (await kept()).length === 0);
    expect([lapsing.got.length, leaving.got.length]).toEqual([0, 1]);
  });
});

describe('a subscriber that fails', () => {
  const failing: [string, (response: import('node:http').ServerResponse) => void, object][] = [
    ['500', (response) => void response.writeHead(500).end(), { last_status: 500, last_error: null }],
    ['a redirect', (response) => void response.writeHead(307, { location: '/elsewhere' }).end(), { last_status: 307, last_error: null }],
    ['a reset', (response) => void response.socket!.resetAndDestroy(), { last_status: null, last_error: 'CONNECTION_FAILED' }],
  ];
  test.each(failing)('by %s is tried again, with what there is by then', async (_, how, result) => {
    const at = await listener();
    const began = now();
    at.takes(how);
    await subscribed(at, topicOf('mk.atom'));
    const first = await story();
    await until('the failure', async () => (await kept())[0]!.attempts === 1);
    const [failed] = await kept();
    expect(failed).toMatchObject({ ...result, failing_since: began });
    const pause = failed!.next_at!.getTime() - began.getTime();
    expect(pause).toBeGreaterThanOrEqual(4_000);
    expect(pause).toBeLessThanOrEqual(6_000);
    pass(6_001);
    await until('the second failure', async () => (await kept())[0]!.attempts === 2);
    expect((await kept())[0]!.next_at!.getTime() - began.getTime()).toBeGreaterThan(240_000);
    // Something new is sent at once, and with it what it has missed.
    at.takes((response) => void response.writeHead(200).end());
    const second = await story();
    await until('the success', async () => (await kept())[0]!.failing_since === null);
    const last = at.got.at(-1)!.body.toString();
    expect([at.got.length, last.includes(first.urn), last.includes(second.urn)]).toEqual([3, true, true]);
    expect((await kept())[0]).toMatchObject({ attempts: 0, next_at: null, last_error: null });
  });
});

describe('a partner’s own feed', () => {
  const partner = async (code: string): Promise<Record<string, string>> => {
    await operator.savePartner({ code, name: code, delaySeconds: 0, expectedVersion: 0 });
    await operator.saveEntitlement({
      partner: code,
      expectedVersion: 0,
      terms: { editions: ['ro'], level: 'FULL', validFrom: new Date(0) },
    });
    return (await keyFor(gateway.dataSource, { partnerCode: code })).headers;
  };

  test('is subscribed to with its key alone, holds what it may have, is noted as held, and ends when it is not active', async () => {
    const [own, others] = [await partner('hub-own'), await partner('hub-others')];
    const at = await listener();
    const topic = topicOf('ro.json?for=hub-own');
    expect((await post(asks(at, topic))).status).toBe(401);
    expect((await post(asks(at, topic), others)).status).toBe(403);
    expect((await post(asks(at, topic), { authorization: 'Bearer wrong' })).status).toBe(401);
    await subscribed(at, topic, {}, own);
    held.splice(0);
    const { urn, id } = await story('ro');
    await until('the distribution', () => at.got.length > 0 && held.length > 0);
    expect(JSON.parse(at.got[0]!.body.toString()).items.map((each: { id: string }) => each.id)).toContain(id);
    expect(held[0]).toMatchObject({ partner: 'hub-own', channel: 'WEBSUB' });
    const uuid = urn.split(':').at(-1);
    expect(held[0]!.texts).toContainEqual({ articleUuid: uuid, editionCode: 'ro', revision: 1, notices: expect.any(Array) });

    const saved = await operator.savePartner({ code: 'hub-own', name: 'hub-own', delaySeconds: 0, active: false, expectedVersion: 1 });
    expect(saved.active).toBe(false);
    await until('the denial', () => at.asked.some(({ searchParams }) => searchParams.get('hub.mode') === 'denied'));
    const denied = at.asked.at(-1)!.searchParams;
    expect([denied.get('hub.topic'), denied.get('hub.reason')]).toEqual([topic, expect.stringContaining('not for its subscribers')]);
    expect(await kept()).toEqual([]);
    const before = at.got.length;
    await story('ro');
    await settled();
    expect(at.got).toHaveLength(before);
  });
});

describe('the door', () => {
  const callback = 'https://subscriber.example/in';
  const topic = topicOf('mk.atom');
  test.each([
    [{ 'hub.topic': topic, 'hub.callback': callback }, 400],
    [{ 'hub.mode': 'publish', 'hub.topic': topic, 'hub.callback': callback }, 400],
    [{ 'hub.mode': 'subscribe', 'hub.topic': topic }, 400],
    [{ 'hub.mode': 'subscribe', 'hub.topic': topic, 'hub.callback': 'ftp://subscriber.example/' }, 400],
    [{ 'hub.mode': 'subscribe', 'hub.topic': topic, 'hub.callback': callback, 'hub.secret': 'ж'.repeat(100) }, 400],
    [{ 'hub.mode': 'subscribe', 'hub.topic': topic, 'hub.callback': callback, 'hub.algorithm': 'md5' }, 400],
    [{ 'hub.mode': 'subscribe', 'hub.topic': topic, 'hub.callback': callback, 'hub.lease_seconds': '-1' }, 400],
    [{ 'hub.mode': 'subscribe', 'hub.topic': `${topic}?after=start`, 'hub.callback': callback }, 400],
    [{ 'hub.mode': 'subscribe', 'hub.topic': 'https://elsewhere.example/feeds/mk.atom', 'hub.callback': callback }, 400],
    [{ 'hub.mode': 'subscribe', 'hub.topic': topicOf('mk.exe'), 'hub.callback': callback }, 400],
    [{ 'hub.mode': 'subscribe', 'hub.topic': topicOf('zz.atom'), 'hub.callback': callback }, 404],
    [{ 'hub.mode': 'subscribe', 'hub.topic': topicOf('mk/no-topic.atom'), 'hub.callback': callback }, 404],
  ])('refuses %p', async (form, status) => {
    expect((await post(form as Record<string, string>)).status).toBe(status);
    expect(await intents()).toBe(0);
  });

  test('takes forms only, and short ones', async () => {
    const send = (body: string, type: string): Promise<Response> =>
      fetch(`${hub.url}/hub`, { method: 'POST', body, headers: { 'content-type': type } });
    expect((await send('{}', 'application/json')).status).toBe(415);
    expect((await send(`a=${'x'.repeat(20_000)}`, 'application/x-www-form-urlencoded')).status).toBe(413);
    expect((await fetch(`${hub.url}/hub`, { method: 'POST' })).status).toBeGreaterThanOrEqual(400);
  });

  test('lets no flood of unverified intents grow, of a host or of a caller', async () => {
    const at = await listener();
    at.confirms(() => 503);
    const flood = (callbackOf: (index: number) => string, length: number): Promise<number[]> =>
      Promise.all(Array.from({ length }, async (_, index) => (await post(asks({ ...at, callback: callbackOf(index) }, topic))).status));
    const ofHost = await flood((index) => `${at.callback}&${index}`, intentLimits.ofHost + 10);
    // Counted without a lock, so that a few at the same moment may pass.
    expect(ofHost.filter((status) => status === 429).length).toBeGreaterThan(0);
    expect(await intents()).toBeLessThan(intentLimits.ofHost + 10);
    const late = await post(asks({ ...at, callback: `${at.callback}&late` }, topic));
    expect([late.status, Number(late.headers.get('retry-after')) > 0]).toEqual([429, true]);
    for (let index = 0; index < intentLimits.ofCaller; index++)
      await post(asks({ ...at, callback: `http://127.0.0.1:1/${index}?host=${index}` }, topic));
    expect(await intents()).toBeLessThanOrEqual(intentLimits.ofCaller + 10);
  });
});
