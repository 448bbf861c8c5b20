import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { articleUuid } from '../../src/ingest/ids.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';
import { makeStory, paragraph, urnOf, write } from '../support/make-story.js';
import { type Operator, operatorOf } from '../support/partners.js';
import { logOf } from '../support/relay.js';
import { follow, hold } from '../support/takedowns.js';

const minutes = (count: number): Date => new Date(testNow.getTime() + count * 60_000);
const partners = ['north', 'south', 'west', 'east'];

let gateway: TestGateway;
let operator: Operator;
let desk: Desk;
const keys: Record<string, { authorization: string }> = {};
const entitlements: Record<string, { id: string; version: number }> = {};
let now: Date;
/** Goes on to a moment, with all that a process does beside requests. */
const until = async (at: Date): Promise<void> => {
  now = at;
  gateway.at(at);
  await follow(gateway, at);
};
const fields = `id partner articleId reason kind editionCode revision image replacementId overdue state action url note settledBy openedAt dueAt escalatedAt
  texts { translationId editionCode revision channel lastAt }`;
// biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of what it asked for
type Order = any;
const ordersOf = async (urn: string, more = ''): Promise<Order[]> => {
  const { data, errors } = await operator.ask(`{ takedowns(article: "${urn}", first: 100${more}) { edges { node { ${fields} } } } }`);
  expect(errors).toBeUndefined();
  return data.takedowns.edges.map(({ node }: { node: Order }) => node).sort((a: Order, b: Order) => (a.partner < b.partner ? -1 : 1));
};
const told = async (kind: string) => (await logOf(gateway.dataSource)).filter((each) => each.kind === kind);
let count = 0;
async function published(more: object = {}) {
  const story = makeStory({ id: `story-${++count}`, editions: { en: {}, ru: {}, tt: {} }, publishedAt: '2026-11-20T08:00:00Z', ...more });
  await write(gateway, [story]);
  return { uuid: articleUuid(story.id), urn: urnOf(story) };
}
const answer = (headers: Record<string, string>, order: string, more: string) =>
  gateway.ask(
    `mutation { result: acknowledgeTakedown(orderId: "${order}", ${more}) {
      ... on AcknowledgedTakedown { takedown { ${fields} } } ... on Problem { code field } } }`,
    {},
    headers,
  );

beforeAll(async () => {
  gateway = await openGateway();
  operator = await operatorOf(gateway);
  desk = await deskOf(gateway, 'Mira', { en: Role.CHIEF, ru: Role.CHIEF, tt: Role.CHIEF });
  for (const code of partners) {
    await operator.savePartner({ code, name: code, expectedVersion: 0 });
    entitlements[code] = await operator.saveEntitlement({ partner: code, expectedVersion: 0, terms: { images: code !== 'west' } });
    keys[code] = (await keyFor(gateway.dataSource, { name: `${code}’s desk`, partnerCode: code })).headers;
  }
  await until(testNow);
});
afterAll(() => gateway.close());
beforeEach(() => until(minutes(count * 100_000)));
const held = (partner: string, article: string, edition: string, more: object = {}) => ({ partner, article, edition, at: now, ...more });
const later = (count: number): Date => new Date(now.getTime() + count * 60_000);

describe('what is taken back is ordered from whom the ledger shows to hold it', () => {
  test('a story, from all; with what each holds, by when, and an event each', async () => {
    const { uuid, urn } = await published();
    await hold(gateway, held('north', uuid, 'en'), held('north', uuid, 'ru', { channel: 'WEBHOOK' }), held('south', uuid, 'tt'));
    expect(await desk.retract({ article: urn, kind: 'KILL' })).toMatchObject({ scope: 'STORY' });
    await until(later(0));
    const orders = await ordersOf(urn);
    expect(orders).toMatchObject([
      {
        ...{ partner: 'north', articleId: urn, reason: 'RETRACTED', kind: 'KILL', state: 'OPEN', action: null, overdue: false },
        ...{ openedAt: now.toISOString(), dueAt: later(15).toISOString() },
        texts: [
          { translationId: `${urn}.en`, revision: 1, channel: 'FEED' },
          { translationId: `${urn}.ru`, revision: 1, channel: 'WEBHOOK' },
        ],
      },
      { partner: 'south', texts: [{ editionCode: 'tt' }] },
    ]);
    expect((await told('TAKEDOWN_OPENED')).filter(({ article }) => article === uuid).map(({ data }) => data)).toMatchObject([
      { partner: 'north', takedown: orders[0].id, dueAt: later(15).toISOString() },
      { partner: 'south', takedown: orders[1].id },
    ]);
  });

  test('an edition, from whom that edition was given; a partner sees its own alone', async () => {
    const { uuid, urn } = await published();
    await hold(gateway, held('north', uuid, 'en'), held('south', uuid, 'ru'));
    await desk.retract({ article: urn, edition: 'ru', kind: 'WITHDRAW', notes: [{ lang: 'ru', text: 'Ошибка.' }] });
    await until(later(0));
    expect(await ordersOf(urn)).toMatchObject([{ partner: 'south', editionCode: 'ru', dueAt: later(60).toISOString() }]);
    const own = async (partner: string) =>
      (
        await gateway.ask(
          `{ viewer { partner { takedowns(state: OPEN, article: "${urn}") { edges { node { partner } } pageInfo { hasNextPage } } } } }`,
          {},
          keys[partner],
        )
      ).data.viewer.partner.takedowns.edges;
    expect([await own('south'), await own('north')]).toEqual([[{ node: { partner: 'south' } }], []]);
    const { errors } = await gateway.ask('{ takedowns { edges { cursor } } }', {}, keys['south']);
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  test('a revision, from whom that revision was given', async () => {
    const { uuid, urn } = await published();
    const text = { headline: 'Corrected', blocks: [{ key: 'p1', type: 'paragraph', spans: [{ text: 'Corrected.' }] }] };
    const corrected = await desk.correct({ article: urn, edition: 'en', expectedRevision: 1, meaning: { note: 'It was wrong.' }, text });
    expect(corrected).toMatchObject({ revision: 2 });
    await hold(gateway, held('north', uuid, 'en'), held('south', uuid, 'en', { revision: 2 }), held('east', uuid, 'ru'));
    await desk.retract({ article: urn, edition: 'en', revision: 1, kind: 'KILL' });
    await until(later(0));
    expect(await ordersOf(urn)).toMatchObject([{ partner: 'north', editionCode: 'en', revision: 1, texts: [{ revision: 1 }] }]);
  });

  test('a picture, from whom it was given with a text; never from who never had pictures', async () => {
    const picture = [paragraph('With a picture.'), { key: 'i1', type: 'image' as const, image: 'saiga' }];
    const { uuid, urn } = await published({ editions: { en: { blocks: picture }, ru: {} } });
    await hold(gateway, held('north', uuid, 'en'), held('south', uuid, 'ru'), held('west', uuid, 'en'));
    const chief = await deskOf(gateway, 'Ada', Object.fromEntries(['en', 'ru', 'tt', 'hy', 'ky', 'crh'].map((code) => [code, Role.CHIEF])));
    expect(await chief.retract({ image: 'saiga', kind: 'KILL' })).toMatchObject({ scope: 'IMAGE' });
    await until(later(0));
    expect(await ordersOf(urn)).toMatchObject([{ partner: 'north', image: 'saiga', texts: [{ editionCode: 'en' }] }]);
    await chief.restore({ image: 'saiga', reason: 'It was ours after all.' });
    await until(later(1));
    expect(await ordersOf(urn)).toMatchObject([{ partner: 'north', state: 'CANCELLED' }]);
  });

  test('the story in its place is named', async () => {
    const [{ uuid, urn }, other] = [await published(), await published()];
    await hold(gateway, held('north', uuid, 'en'));
    await desk.retract({ article: urn, kind: 'REPLACE', replacedBy: other.urn });
    await until(later(0));
    expect(await ordersOf(urn)).toMatchObject([{ kind: 'REPLACE', replacementId: other.urn, dueAt: later(60).toISOString() }]);
  });

  test('what is restored is ordered no more, and what was answered stays answered', async () => {
    const { uuid, urn } = await published();
    await hold(gateway, held('north', uuid, 'en'), held('south', uuid, 'en'));
    await desk.retract({ article: urn, kind: 'WITHHOLD' });
    await until(later(0));
    const [, south] = await ordersOf(urn);
    await answer(keys['south']!, south.id, 'action: REMOVED');
    await desk.restore({ article: urn, reason: 'It holds.' });
    await until(later(1));
    expect(await ordersOf(urn)).toMatchObject([
      { partner: 'north', state: 'CANCELLED', action: null },
      { partner: 'south', state: 'SETTLED', action: 'REMOVED' },
    ]);
    // Nothing that is written late opens it again.
    await hold(gateway, held('west', uuid, 'en'));
    await until(later(2_000));
    expect(await ordersOf(urn)).toHaveLength(2);
    // Another kill asks all who hold it.
    await desk.retract({ article: urn, kind: 'KILL' });
    await until(later(1));
    expect((await ordersOf(urn, ', state: OPEN')).map(({ partner }) => partner)).toEqual(['north', 'south', 'west']);
  });
});

describe('a holding that is written late', () => {
  test.each([
    ['a second', 1 / 60],
    ['a minute', 1],
    ['twenty hours', 1_200],
  ])('%s after: opens an order, or is added to the one that is there', async (_, after) => {
    const { uuid, urn } = await published();
    await hold(gateway, held('north', uuid, 'en'));
    const givenAt = now;
    await desk.retract({ article: urn, kind: 'KILL' });
    await until(later(0));
    await until(later(after));
    await hold(gateway, { ...held('south', uuid, 'en'), at: givenAt }, { ...held('north', uuid, 'tt'), at: givenAt });
    expect((await ordersOf(urn)).map(({ partner }) => partner)).toEqual(['north']);
    await until(later(Math.max(2, after)));
    expect(await ordersOf(urn)).toMatchObject([
      { partner: 'north', texts: [{ editionCode: 'en' }, { editionCode: 'tt' }] },
      { partner: 'south', state: 'OPEN', openedAt: now.toISOString(), dueAt: later(15).toISOString() },
    ]);
  });

  test('of what was given after the answer asks again', async () => {
    const { uuid, urn } = await published();
    await hold(gateway, held('north', uuid, 'en'));
    await desk.retract({ article: urn, kind: 'KILL' });
    await until(later(0));
    const [order] = await ordersOf(urn);
    await answer(keys['north']!, order.id, 'action: REMOVED');
    await hold(gateway, { ...held('north', uuid, 'ru', { channel: 'WEBHOOK' }), at: later(0.5) });
    await until(later(2));
    expect(await ordersOf(urn)).toMatchObject([{ id: order.id, state: 'OPEN', action: null, dueAt: later(15).toISOString() }]);
    expect((await told('TAKEDOWN_OPENED')).filter(({ data }) => data['takedown'] === order.id)).toHaveLength(2);
  });
});

describe('what has ended', () => {
  test('by its time, is ordered from who holds it; moved again, it is not', async () => {
    const { uuid, urn } = await published();
    await hold(gateway, held('north', uuid, 'ru'), held('south', uuid, 'en'));
    await desk.setExpiry({ article: urn, edition: 'ru', until: later(5).toISOString() });
    await until(later(5));
    expect(await ordersOf(urn)).toMatchObject([{ partner: 'north', reason: 'ENDED', kind: 'EXPIRED', dueAt: later(60).toISOString() }]);
    await desk.setExpiry({ article: urn, edition: 'ru', until: null });
    await until(later(1));
    expect(await ordersOf(urn)).toMatchObject([{ partner: 'north', state: 'CANCELLED' }]);
    expect((await told('TAKEDOWN_SETTLED')).filter(({ article }) => article === uuid)).toMatchObject([{ data: { state: 'CANCELLED' } }]);
  });

  test('an embargo that hides what was out, and its end', async () => {
    const { uuid, urn } = await published();
    await hold(gateway, held('north', uuid, 'ru'));
    await desk.setEmbargo(urn, later(30).toISOString());
    await until(later(0));
    expect(await ordersOf(urn)).toMatchObject([{ partner: 'north', reason: 'ENDED', kind: 'REMOVED' }]);
    await until(later(30));
    expect(await ordersOf(urn)).toMatchObject([{ state: 'CANCELLED' }]);
  });

  test('the right of a partner, of all that it holds and may have no more; given again, nothing is asked', async () => {
    const stories = [];
    for (let index = 0; index < 130; index++) stories.push(makeStory({ id: `right-${index}`, editions: { en: {}, ru: {} } }));
    await write(gateway, stories);
    const uuids = stories.map(({ id }) => articleUuid(id));
    await hold(gateway, ...uuids.flatMap((uuid) => [held('east', uuid, 'en'), held('east', uuid, 'ru')]), held('north', uuids[0]!, 'en'));
    const { id, version } = entitlements['east']!;
    const narrowed = await operator.saveEntitlement({
      partner: 'east',
      entitlement: id,
      expectedVersion: version,
      terms: { editions: ['en'] },
    });
    const open = async (): Promise<Order[]> =>
      gateway.dataSource.query(
        `select partner_code as partner, texts, state from takedown_order where article_uuid = any($1) order by state, partner_code`,
        [uuids],
      );
    await until(later(0));
    const orders = await open();
    expect(orders).toHaveLength(130);
    expect(orders.every(({ partner, texts }) => partner === 'east' && texts.length === 1 && texts[0].edition === 'ru')).toBe(true);
    const again = await operator.saveEntitlement({ partner: 'east', entitlement: id, expectedVersion: narrowed.version, terms: {} });
    entitlements['east'] = again;
    await until(later(1));
    expect(new Set((await open()).map(({ state }) => state))).toEqual(new Set(['CANCELLED']));
  });
});

describe('an answer', () => {
  const opened = async () => {
    const { uuid, urn } = await published();
    await hold(gateway, held('north', uuid, 'en'));
    await desk.retract({ article: urn, kind: 'KILL' });
    await until(later(0));
    return { urn, order: (await ordersOf(urn))[0] };
  };

  test('is the partner’s, once under its key, and in the log and the audit', async () => {
    const { order, urn } = await opened();
    const given = 'action: REMOVED, url: "https://north.example/gone", note: " Gone at once. ", idempotencyKey: "k1"';
    const first = await answer(keys['north']!, order.id, given);
    const settled = {
      state: 'SETTLED',
      action: 'REMOVED',
      url: 'https://north.example/gone',
      note: 'Gone at once.',
      settledBy: 'north’s desk',
    };
    expect(first.data.result.takedown).toMatchObject(settled);
    expect((await answer(keys['north']!, order.id, given)).data).toEqual(first.data);
    expect((await answer(keys['north']!, order.id, 'action: CORRECTED, idempotencyKey: "k1"')).data.result.code).toBe('KEY_REUSED');
    await until(later(20));
    expect((await told('TAKEDOWN_SETTLED')).filter(({ data }) => data['takedown'] === order.id)).toHaveLength(1);
    expect(await ordersOf(urn)).toMatchObject([{ ...settled, overdue: false, escalatedAt: null }]);
    const { data } = await operator.ask(
      '{ audit(filter: { action: "ACKNOWLEDGE_TAKEDOWN" }, first: 1) { edges { node { caller detail articleId } } } }',
    );
    expect(data.audit.edges[0].node).toMatchObject({
      caller: 'north’s desk',
      articleId: urn,
      detail: { takedown: order.id, answer: 'REMOVED' },
    });
  });

  test('to another’s order, or to none, is NOT_FOUND', async () => {
    const { order } = await opened();
    const codes = [];
    for (const [headers, id] of [
      [keys['south']!, order.id],
      [keys['north']!, '00000000-0000-4000-8000-000000000000'],
      [keys['north']!, 'x'],
    ] as const)
      codes.push((await answer(headers, id, 'action: REMOVED')).data.result.code);
    expect(codes).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']);
    expect((await answer({}, order.id, 'action: REMOVED')).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  test('that refuses says why, and stays visible; an operator may answer on behalf', async () => {
    const { order, urn } = await opened();
    expect((await answer(keys['north']!, order.id, 'action: REFUSED')).data.result.code).toBe('REASON_REQUIRED');
    await answer(keys['north']!, order.id, 'action: REFUSED, note: "We are advised otherwise."');
    expect(await ordersOf(urn, ', state: REFUSED')).toMatchObject([{ state: 'REFUSED', note: 'We are advised otherwise.' }]);
    const { headers } = await keyFor(gateway.dataSource, { name: 'Night shift', operator: true });
    expect((await answer(headers, order.id, 'action: NEVER_PUBLISHED')).data.result.takedown).toMatchObject({
      ...{ state: 'SETTLED', settledBy: 'Night shift' },
    });
  });

  test('that does not come in time is escalated, once', async () => {
    const { order, urn } = await opened();
    await until(later(14));
    expect(await ordersOf(urn)).toMatchObject([{ overdue: false, escalatedAt: null }]);
    await until(later(1));
    await until(later(1));
    expect(await ordersOf(urn, ', overdue: true')).toMatchObject([{ id: order.id, overdue: true, escalatedAt: expect.any(String) }]);
    expect((await told('TAKEDOWN_OVERDUE')).filter(({ data }) => data['takedown'] === order.id)).toHaveLength(1);
  });
});
