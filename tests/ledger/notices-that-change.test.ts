import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { articleUuid } from '../../src/ingest/ids.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';
import { makeStory, urnOf, write } from '../support/make-story.js';
import { type Operator, operatorOf } from '../support/partners.js';
import { logOf } from '../support/relay.js';
import { follow, hold } from '../support/takedowns.js';

const minutes = (count: number): Date => new Date(testNow.getTime() + count * 60_000);
const code = 'carry-me';

let gateway: TestGateway;
let operator: Operator;
const keys: Record<string, { authorization: string }> = {};
const stories = [1, 2, 3].map((index) => makeStory({ id: `told-${index}`, editions: { en: {}, ru: {} } }));
const uuids = stories.map(({ id }) => articleUuid(id));
let version = 0;
let clock = testNow;
const save = async (more: object = {}): Promise<void> => {
  const { data, errors } = await operator.ask(
    'mutation($input: SaveNoticeInput!) { result: saveNotice(input: $input) { ... on RegistryNotice { version } ... on Problem { problem: code message } } }',
    {
      input: {
        ...{ code, expectedVersion: version, kind: 'ABOUT', placement: 'AFTER_BODY', mustCarry: true, position: version },
        ...{ wording: 'undesirable', legalLanguage: 'ru', effectiveFrom: '2026-01-01T00:00:00Z', ...more },
      },
    },
  );
  expect(errors).toBeUndefined();
  ({ version } = data.result);
};
const until = async (at: Date): Promise<void> => {
  clock = at;
  gateway.at(at);
  await follow(gateway, at);
};
// biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of what it asked for
const duties = async (more = ''): Promise<any[]> =>
  (await operator.ask(`{ noticeDuties(notice: "${code}"${more}) { partner version state toldAt acknowledgedAt acknowledgedBy } }`)).data
    .noticeDuties;
const told = async () => (await logOf(gateway.dataSource)).filter(({ kind }) => kind === 'NOTICE_CHANGED').map(({ data }) => data);
const acknowledge = (headers: Record<string, string>, of: number, more = '') =>
  gateway.ask(
    `mutation { result: acknowledgeNotice(code: "${code}", version: ${of}${more}) { ... on AcknowledgedNotice { duties { partner version state acknowledgedBy } } ... on Problem { code } } }`,
    {},
    headers,
  );

beforeAll(async () => {
  gateway = await openGateway();
  operator = await operatorOf(gateway);
  await write(gateway, stories);
  for (const partner of ['north', 'south', 'west']) {
    await operator.savePartner({ code: partner, name: partner, expectedVersion: 0 });
    await operator.saveEntitlement({ partner, expectedVersion: 0, terms: {} });
    keys[partner] = (await keyFor(gateway.dataSource, { name: `${partner}’s desk`, partnerCode: partner })).headers;
  }
  await save();
  await until(testNow);
  const given = (partner: string, article: string, notices: Record<string, number>) => ({
    ...{ partner, article, edition: 'en', notices, at: testNow },
  });
  await hold(
    gateway,
    ...[given('north', uuids[0]!, { [code]: 1 }), given('north', uuids[1]!, { [code]: 1 })],
    ...[given('south', uuids[0]!, { [code]: 1, other: 7 }), given('west', uuids[2]!, { other: 1 })],
  );
});
afterAll(() => gateway.close());

test('a change is told once to each partner that holds an earlier version, and to nobody else; no text is asked for', async () => {
  await save();
  await until(minutes(1));
  expect(await told()).toEqual([
    { partner: 'north', notice: code, version: 2 },
    { partner: 'south', notice: code, version: 2 },
  ]);
  expect(await duties(', state: OPEN')).toMatchObject([
    { partner: 'north', version: 2, state: 'OPEN', toldAt: minutes(1).toISOString() },
    { partner: 'south', version: 2, state: 'OPEN' },
  ]);
  await until(minutes(600));
  expect(await told()).toHaveLength(2);
  expect((await operator.ask('{ takedowns { edges { cursor } } }')).data.takedowns.edges).toEqual([]);
});

test('a partner is out of compliance until it acknowledges the version; nobody does it for another', async () => {
  expect((await acknowledge(keys['west']!, 2)).data.result.code).toBe('NOT_FOUND');
  expect((await acknowledge(keys['north']!, 1)).data.result.code).toBe('NOT_FOUND');
  expect((await acknowledge(keys['north']!, 3)).data.result.code).toBe('NOT_FOUND');
  expect((await acknowledge(keys['north']!, 2, ', partner: "south"')).data.result.code).toBe('NOT_FOUND');
  expect((await acknowledge({}, 2)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  expect((await acknowledge(keys['north']!, 2)).data.result.duties).toEqual([
    { partner: 'north', version: 2, state: 'ACKNOWLEDGED', acknowledgedBy: 'north’s desk' },
  ]);
  const { data } = await gateway.ask('{ viewer { partner { noticeDuties { partner version state } } } }', {}, keys['south']);
  expect(data.viewer.partner.noticeDuties).toEqual([{ partner: 'south', version: 2, state: 'OPEN' }]);
});

test('what was given again with the new version, or without the notice, is not told of; what is written late is', async () => {
  // South takes its only text again, as it is now.
  await hold(gateway, { partner: 'south', article: uuids[0]!, edition: 'en', channel: 'ITEM', notices: { [code]: 3 }, at: minutes(700) });
  await save();
  await until(minutes(701));
  expect((await told()).slice(2)).toEqual([{ partner: 'north', notice: code, version: 3 }]);
  await hold(gateway, { partner: 'west', article: uuids[2]!, edition: 'ru', notices: { [code]: 2 }, at: minutes(700.5) });
  await until(minutes(703));
  expect((await told()).slice(3)).toEqual([{ partner: 'west', notice: code, version: 3 }]);
  // A later acknowledgement settles the earlier ones.
  expect((await acknowledge(keys['south']!, 2)).data.result.duties).toMatchObject([{ version: 2, state: 'ACKNOWLEDGED' }]);
});

test('with `recall` each text that carries an earlier version is ordered back', async () => {
  await save({ recall: true });
  await until(minutes(800));
  const orders = await operator.ask(
    '{ takedowns(first: 50) { edges { node { partner articleId reason kind notice noticeVersion dueAt texts { editionCode } } } } }',
  );
  const nodes = orders.data.takedowns.edges.map(({ node }: { node: { partner: string; articleId: string } }) => node);
  expect(nodes.every((each: { reason: string; kind: string }) => each.reason === 'NOTICE' && each.kind === 'RECALLED')).toBe(true);
  expect(nodes.map(({ partner, articleId }: { partner: string; articleId: string }) => `${partner} ${articleId}`).sort()).toEqual(
    [
      ...[`north ${urnOf(stories[0]!)}`, `north ${urnOf(stories[1]!)}`],
      ...[`south ${urnOf(stories[0]!)}`, `west ${urnOf(stories[2]!)}`],
    ].sort(),
  );
  expect(nodes[0]).toMatchObject({ notice: code, noticeVersion: 4, dueAt: minutes(800 + 1440).toISOString() });
});

test('a notice that need not be carried is nobody’s duty', async () => {
  await save({ mustCarry: false, recall: true });
  const before = await told();
  await until(minutes(900));
  expect(await told()).toEqual(before);
  expect(clock).toEqual(minutes(900));
});
