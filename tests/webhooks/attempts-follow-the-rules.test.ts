import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { Role } from '../../src/desks/role.js';
import { type EndpointRow, EndpointState, PayloadShape } from '../../src/webhooks/endpoint.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { makeStory, paragraph, urnOf, write } from '../support/make-story.js';
import { type Operator, operatorOf } from '../support/partners.js';
import { openReceiver, type Receiver } from '../support/receiver.js';
import { until } from '../support/until.js';
import { addEndpoint, type Delivered, newSecret, type Webhooks, webhooksOver } from '../support/webhooks.js';

let gateway: TestGateway;
let operator: Operator;
let chief: Desk;
let webhooks: Webhooks;
let receiver: Receiver;
let now: number;
beforeAll(async () => {
  gateway = await openGateway();
  webhooks = await webhooksOver(gateway);
  operator = await operatorOf(gateway);
  chief = await deskOf(gateway, 'Chief', { en: Role.CHIEF, tt: Role.CHIEF, ru: Role.CHIEF });
  await webhooks.plan();
});
afterAll(() => gateway.close());
beforeEach(async () => {
  now = testNow.getTime();
  webhooks.at(testNow);
  receiver = await openReceiver();
});
afterEach(async () => {
  await receiver.close();
  await gateway.dataSource.query('delete from endpoint');
});

const [second, minute, hour] = [1_000, 60_000, 3_600_000];
const pass = (milliseconds: number): void => {
  now += milliseconds;
  webhooks.at(new Date(now));
};

let count = 0;
const full = { editions: ['tt', 'ru'], level: 'FULL', images: false };
async function toldPartner(more: Partial<EndpointRow> = {}): Promise<{ partner: string; entitlement: string; to: EndpointRow }> {
  const partner = `tried-${++count}`;
  await operator.savePartner({ code: partner, name: 'An Outlet', expectedVersion: 0 });
  const { id } = await operator.saveEntitlement({ partner, expectedVersion: 0, terms: full });
  await webhooks.plan();
  return { partner, entitlement: id, to: await addEndpoint(gateway.dataSource, { partnerCode: partner, url: receiver.url, ...more }) };
}
async function storyIn(...editions: string[]): Promise<string> {
  const story = makeStory({
    ...{ id: `tried-${++count}`, publishedAt: new Date(testNow.getTime() - 1_000).toISOString() },
    editions: Object.fromEntries(editions.map((edition) => [edition, {}])),
  });
  await write(gateway, [story]);
  return urnOf(story);
}
const text = (headline: string) => ({ headline, blocks: [paragraph(`${headline}.`)] });
const revise = (article: string, expectedRevision: number, edition = 'tt') =>
  chief.editMinor({ article, edition, expectedRevision, text: text(`Яңа ${expectedRevision}`) });
const told = (): string[] => receiver.received.map(({ body }) => `${body.type} ${body.data.texts[0].revision}`);
const states = async (to: EndpointRow): Promise<string[]> => (await webhooks.of(to)).map(({ topic, state }) => `${topic} ${state}`);

describe('an attempt that fails', () => {
  test('is repeated ten times by the schedule with the same id and bytes, each signed anew, and then given up', async () => {
    const { to } = await toldPartner();
    receiver.answering(500);
    await storyIn('tt');
    await webhooks.deliver();
    for (const pause of [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour]) {
      const [{ next }] = (await webhooks.of(to)) as [Delivered];
      expect(next.getTime() - now).toBe(pause);
      pass(pause - 1);
      const before = receiver.received.length;
      await webhooks.deliver();
      expect(receiver.received).toHaveLength(before);
      pass(1);
      await webhooks.deliver();
      expect(receiver.received).toHaveLength(before + 1);
    }
    expect(await webhooks.of(to)).toMatchObject([{ state: 'FAILED', attempts: 10, status: 500, body: null }]);
    const { received } = receiver;
    expect(new Set(received.map(({ id, bytes }) => `${id} ${bytes.toString('hex')}`)).size).toBe(1);
    expect(new Set(received.map(({ headers }) => headers['webhook-signature'])).size).toBe(10);
    expect(received.map(({ headers }) => Number(headers['webhook-timestamp']))).toEqual(
      [...received.map(({ headers }) => Number(headers['webhook-timestamp']))].sort((one, other) => one - other),
    );
  });

  test('holds up what follows of its story and nothing of others', async () => {
    const { to } = await toldPartner({ concurrency: 8 });
    const [bad, good] = [await storyIn('tt'), await storyIn('tt')];
    receiver.answering(({ body }) => (body.data.article === bad ? 500 : 204));
    await webhooks.deliver();
    await revise(bad, 1);
    await revise(good, 1);
    await webhooks.deliver();
    expect(receiver.received.filter(({ body }) => body.data.article === good)).toHaveLength(2);
    expect(receiver.received.filter(({ body }) => body.data.article === bad)).toHaveLength(1);
    receiver.answering(204);
    pass(6 * second);
    await webhooks.deliver();
    const ofBad = receiver.received.filter(({ body }) => body.data.article === bad);
    expect(ofBad.map(({ body }) => [body.data.sequence, body.type])).toEqual([
      [expect.any(Number), 'text.published'],
      [expect.any(Number), 'text.published'],
      [expect.any(Number), 'text.revised'],
    ]);
    expect((await webhooks.of(to)).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
    expect((await webhooks.of(to)).every(({ state }) => state === 'DELIVERED')).toBe(true);
  });

  test('keeps the first 2 KiB of the answer as text', async () => {
    const { to } = await toldPartner();
    receiver.answering((_, response) => void response.writeHead(418).end(`\u0000teapot \uD800 ${'ж'.repeat(5_000)}`));
    await storyIn('tt');
    await webhooks.deliver();
    const [{ answer, status }] = (await webhooks.of(to)) as [Delivered];
    expect([status, answer?.slice(0, 7)]).toEqual([418, 'teapot ']);
    expect(Buffer.byteLength(answer ?? '')).toBeLessThanOrEqual(2_060);
  });
});

describe('a retraction', () => {
  test('overtakes what waits of its text and leaves what waits of another edition', async () => {
    const { to } = await toldPartner();
    receiver.answering(503);
    const article = await storyIn('tt', 'ru');
    await webhooks.deliver();
    await revise(article, 1);
    await revise(article, 1, 'ru');
    await webhooks.plan();
    await chief.retract({ article, edition: 'tt', kind: 'KILL' });
    receiver.answering(204);
    pass(6 * second);
    await webhooks.deliver();
    expect(receiver.received.slice(-3).map(({ body }) => `${body.type} ${body.data.texts[0].edition}`)).toEqual([
      'text.published ru',
      'text.revised ru',
      'text.retracted tt',
    ]);
    expect((await states(to)).filter((each) => each.endsWith('SUPERSEDED'))).toHaveLength(2);
  });

  test('that came while a body waited is asked for before it is repeated', async () => {
    const { to } = await toldPartner();
    receiver.answering(500);
    const article = await storyIn('tt');
    await webhooks.deliver();
    await chief.retract({ article, edition: 'tt', kind: 'KILL' });
    // Nothing has been planned of it yet.
    pass(6 * second);
    const worker = webhooks.start();
    await until('giving it up', async () => (await states(to))[0]?.endsWith('SUPERSEDED') ?? false);
    await worker.stop(1_000);
    expect(receiver.received).toHaveLength(1);
    receiver.answering(204);
    await webhooks.deliver();
    expect(told().at(-1)).toBe('text.retracted 1');
  });

  test('of the revision in a body gives it up too, though the text stands', async () => {
    const { to } = await toldPartner();
    const article = await storyIn('tt');
    await webhooks.deliver();
    receiver.answering(500);
    await revise(article, 1);
    await webhooks.deliver();
    await chief.retract({ article, edition: 'tt', revision: 2, kind: 'KILL' });
    receiver.answering(204);
    pass(6 * second);
    await webhooks.deliver();
    expect(told().slice(-1)).toEqual(['text.revised 3']);
    expect((await states(to)).slice(0, 3)).toEqual(['TEXT_PUBLISHED DELIVERED', 'TEXT_REVISED SUPERSEDED', 'TEXT_REVISED DELIVERED']);
  });
});

describe('rights', () => {
  test('that ended between two attempts drop the body', async () => {
    const { to, entitlement, partner } = await toldPartner({ payload: PayloadShape.FULL, format: 'json' });
    receiver.answering(500);
    await storyIn('tt');
    await webhooks.deliver();
    expect(receiver.received).toHaveLength(1);
    await operator.saveEntitlement({ partner, entitlement, expectedVersion: 1, terms: { ...full, editions: ['ru'] } });
    pass(6 * second);
    await webhooks.deliver();
    expect(receiver.received.filter(({ body }) => body.type !== 'entitlements.changed')).toHaveLength(1);
    expect((await states(to))[0]).toBe('TEXT_PUBLISHED SUPERSEDED');
  });

  test('to less of a text than its body holds drop it, and a thin one goes on', async () => {
    const { to, entitlement, partner } = await toldPartner({ payload: PayloadShape.FULL, format: 'json' });
    const thin = await addEndpoint(gateway.dataSource, { partnerCode: partner, url: receiver.url });
    receiver.answering(500);
    await storyIn('tt');
    await webhooks.deliver();
    await operator.saveEntitlement({ partner, entitlement, expectedVersion: 1, terms: { ...full, level: 'HEADLINE' } });
    receiver.answering(204);
    pass(6 * second);
    await webhooks.deliver();
    expect((await states(to))[0]).toBe('TEXT_PUBLISHED SUPERSEDED');
    expect((await states(thin))[0]).toBe('TEXT_PUBLISHED DELIVERED');
  });
});

describe('an endpoint', () => {
  test('that says it is gone is disabled', async () => {
    const { to } = await toldPartner();
    receiver.answering(410);
    await storyIn('tt');
    await storyIn('tt');
    await webhooks.deliver();
    expect(await webhooks.row(to)).toMatchObject({ state: 'DISABLED', disabledBecause: 'GONE' });
    pass(hour);
    const { length } = receiver.received;
    await storyIn('tt');
    await webhooks.deliver();
    expect(receiver.received).toHaveLength(length);
  });

  test('that has taken nothing for five days is disabled, and not a minute sooner', async () => {
    const { to } = await toldPartner();
    receiver.answering(500);
    for (let days = 0; days < 5; days++) {
      await storyIn('tt');
      await webhooks.deliver();
      expect(await webhooks.row(to)).toMatchObject({ state: 'ACTIVE', failingSince: testNow });
      pass(24 * hour - (days === 4 ? minute : 0));
    }
    await storyIn('tt');
    await webhooks.deliver();
    expect(await webhooks.row(to)).toMatchObject({ state: 'ACTIVE' });
    pass(minute);
    await storyIn('tt');
    await webhooks.deliver();
    expect(await webhooks.row(to)).toMatchObject({ state: 'DISABLED', disabledBecause: 'FAILING' });
  });

  test('that takes something again fails no more', async () => {
    const { to } = await toldPartner();
    receiver.answering(500);
    await storyIn('tt');
    await webhooks.deliver();
    expect((await webhooks.row(to)).failingSince).toEqual(testNow);
    receiver.answering(204);
    pass(6 * second);
    await webhooks.deliver();
    expect(await webhooks.row(to)).toMatchObject({ failingSince: null, notBefore: null });
  });

  test.each([
    [429, '120', 120 * second],
    [503, 'Mon, 23 Nov 2026 12:10:00 GMT', 10 * minute],
    [502, undefined, 30 * second],
    [429, '99999999', 24 * hour],
  ])('that answers %s with Retry-After %s is left alone as long', async (status, header, milliseconds) => {
    const { to } = await toldPartner();
    receiver.answering((_, response) => void response.writeHead(status, header === undefined ? {} : { 'retry-after': header }).end());
    await storyIn('tt');
    await webhooks.deliver();
    expect((await webhooks.row(to)).notBefore).toEqual(new Date(now + milliseconds));
    await storyIn('tt');
    pass(milliseconds - 1);
    await webhooks.deliver();
    expect(receiver.received).toHaveLength(1);
    receiver.answering(204);
    pass(1);
    await webhooks.deliver();
    expect(receiver.received).toHaveLength(3);
  });

  test('is not followed elsewhere', async () => {
    const { to } = await toldPartner();
    const other = await openReceiver();
    receiver.answering((_, response) => void response.writeHead(307, { location: other.url }).end());
    await storyIn('tt');
    await webhooks.deliver();
    expect([other.received.length, (await webhooks.of(to))[0]?.status]).toEqual([0, 307]);
    await other.close();
  });

  test('that pauses is sent nothing, and all that waited once it works again', async () => {
    const { to } = await toldPartner({ state: EndpointState.PAUSED });
    const article = await storyIn('tt');
    await revise(article, 1);
    await webhooks.deliver();
    expect(receiver.received).toEqual([]);
    await gateway.dataSource.query(`update endpoint set state = 'ACTIVE' where uuid = $1`, [to.uuid]);
    await webhooks.deliver();
    expect(receiver.received.map(({ body }) => body.type)).toEqual(['text.published', 'text.revised']);
  });

  test('has no more under way than it allows', async () => {
    await toldPartner({ concurrency: 2 });
    let [together, most] = [0, 0];
    receiver.answering(async () => {
      most = Math.max(most, ++together);
      await new Promise((resolve) => setTimeout(resolve, 50));
      together--;
      return 204;
    });
    for (let index = 0; index < 8; index++) await storyIn('tt');
    await webhooks.plan();
    const workers = [webhooks.start(), webhooks.start()];
    await until('all', () => receiver.received.length === 8);
    await Promise.all(workers.map((worker) => worker.stop(2_000)));
    expect(most).toBe(2);
  });

  test('is signed for by both of its secrets while they change', async () => {
    const [present, former] = [newSecret(), newSecret()];
    await toldPartner();
    await storyIn('tt');
    await webhooks.plan();
    webhooks.at(new Date());
    const worker = webhooks.start({ secretsOf: () => [present, former] });
    await until('it', () => receiver.received.length === 1);
    await worker.stop(2_000);
    const [{ bytes, headers }] = receiver.received as [(typeof receiver.received)[0]];
    for (const secret of [present, former]) new Webhook(secret).verify(bytes, headers as Record<string, string>);
    expect(() => new Webhook(newSecret()).verify(bytes, headers as Record<string, string>)).toThrow();
  });
});

test('what is made of one event twice is one delivery, and sequences have no gaps', async () => {
  const { to } = await toldPartner();
  for (let index = 0; index < 5; index++) await storyIn('tt');
  await webhooks.plan();
  await gateway.dataSource.query(`update consumer set settled = settled - 3 where name = 'webhooks'`);
  await webhooks.deliver();
  expect((await webhooks.of(to)).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
  expect(receiver.received).toHaveLength(5);
});

test('what is older than thirty days is forgotten', async () => {
  const { forgetDeliveries } = await import('../../src/webhooks/attempt.queries.js');
  const { to } = await toldPartner();
  await storyIn('tt');
  await webhooks.deliver();
  const { manager } = gateway.dataSource;
  expect(await forgetDeliveries(manager, { before: new Date(now), most: 10 })).toBe(0);
  expect(await forgetDeliveries(manager, { before: new Date(now + 1), most: 10 })).toBe(1);
  expect(await webhooks.of(to)).toEqual([]);
});
