import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { articleUuid } from '../../src/ingest/ids.js';
import { makeMetrics } from '../../src/server/metrics.js';
import type { CommandContext } from '../../src/tools/command-context.js';
import { runCommand } from '../../src/tools/commands.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';
import { makeStory, urnOf, write } from '../support/make-story.js';
import { type Operator, operatorOf } from '../support/partners.js';
import { statementsOf } from '../support/statements.js';
import { follow, hold } from '../support/takedowns.js';

const minutes = (count: number): Date => new Date(testNow.getTime() + count * 60_000);
const hostile = `<script>alert("x")</script>' onload=\u202Ex & <b>`;

let gateway: TestGateway;
let operator: Operator;
let desk: Desk;
const keys: Record<string, { authorization: string }> = {};
const [killed, standing] = [
  makeStory({ id: 'killed', editions: { en: {}, ru: {} }, publishedAt: '2026-11-20T08:00:00Z' }),
  makeStory({ id: 'standing', editions: { en: {} }, publishedAt: '2026-11-20T09:00:00Z' }),
];
let order: { uuid: string; dueAt: Date };
beforeAll(async () => {
  gateway = await openGateway({ samples: true });
  operator = await operatorOf(gateway);
  desk = await deskOf(gateway, 'Mira', { en: Role.CHIEF });
  await write(gateway, [killed, standing]);
  for (const code of ['north', 'south']) {
    await operator.savePartner({ code, name: code === 'north' ? hostile : 'The South', expectedVersion: 0 });
    await operator.saveEntitlement({ partner: code, expectedVersion: 0, terms: {} });
    keys[code] = (await keyFor(gateway.dataSource, { name: `${code} ${hostile}`, partnerCode: code })).headers;
  }
  // As a partner does: it pulls, and the ledger knows.
  expect((await gateway.get('/feeds/en.json', keys['north'])).body).toContain('killed in en');
  await gateway.holdings.write();
  await hold(gateway, { partner: 'north', article: articleUuid('killed'), edition: 'ru', channel: 'WEBHOOK', at: testNow });
  gateway.at(minutes(1));
  await desk.retract({ article: urnOf(killed), kind: 'KILL', notes: [{ lang: 'en', text: 'Forged.' }] });
  await follow(gateway, minutes(1));
  [order] = (await gateway.dataSource.query(`select uuid, due_at as "dueAt" from takedown_order where article_uuid = $1`, [
    articleUuid('killed'),
  ])) as [typeof order];
});
afterAll(() => gateway.close());

const gone = async (address: string, partner?: string) => {
  const items = (await gateway.get(address, partner === undefined ? {} : keys[partner])).json().items as {
    id: string;
    _dragoman: { retracted: object | null };
  }[];
  return items.find(({ id }) => id === urnOf(killed, 'en'))?._dragoman.retracted;
};

test('what went names the partner’s order and by when it is due, in every form of a feed; nobody else’s does', async () => {
  const named = { kind: 'KILL', takedown: { id: order.uuid, due: minutes(16).toISOString() } };
  expect(await gone('/feeds/en.json', 'north')).toMatchObject(named);
  expect(await gone('/feeds/en.json?after=start', 'north')).toMatchObject(named);
  expect((await gateway.get(`/items/${urnOf(killed, 'en')}.json`, keys['north'])).json()._dragoman.retracted).toMatchObject(named);
  for (const format of ['atom', 'rss', 'newsml'])
    expect((await gateway.get(`/feeds/en.${format}`, keys['north'])).body).toContain(
      `takedown="${order.uuid}" due="${minutes(16).toISOString()}"`,
    );
  expect(await gone('/feeds/en.json', 'south')).not.toHaveProperty('takedown');
  expect(await gone('/feeds/en.json')).not.toHaveProperty('takedown');
});

test('it costs one statement where something went, and none otherwise', async () => {
  const about = (statements: string[]): number => statements.filter((each) => each.includes('takedown_order')).length;
  const counted = async (address: string, partner?: string): Promise<number> =>
    about(await statementsOf(gateway.dataSource, () => gateway.get(address, partner === undefined ? {} : keys[partner])));
  expect(await counted('/feeds/en.json?after=start&limit=1000', 'north')).toBe(1);
  expect(await counted(`/items/${urnOf(standing, 'en')}.json`, 'north')).toBe(0);
  expect(await counted('/feeds/en.json?after=start')).toBe(0);
});

test('the command line lists it, and the figures count it', async () => {
  const run = async (...argv: string[]): Promise<string> => {
    let out = '';
    const io = { stdout: (text: string) => (out += text), stderr: (text: string) => (out += text), columns: 80 };
    await runCommand(['takedowns', ...argv], { io, open: async () => ({ dataSource: gateway.dataSource }) } as unknown as CommandContext);
    return out;
  };
  expect(await run('--partner', 'north', '--state', 'open')).toMatch(
    new RegExp(
      `^2026-11-23T12:01:00.000Z  (OPEN|OVERDUE)  north  KILL  ${urnOf(killed)}  due 2026-11-23T12:16:00.000Z  -  -  ${order.uuid}\n$`,
      'u',
    ),
  );
  expect(JSON.parse(await run('--json'))).toMatchObject({
    id: order.uuid,
    partner: 'north',
    texts: [{ editionCode: 'en' }, { editionCode: 'ru' }],
  });
  expect([await run('--partner', 'south'), await run('--state', 'refused')]).toEqual(['', '']);
  expect(await run('--state', 'lost')).toContain('Choose open, settled, refused or cancelled.');
  const figures = async (at: Date): Promise<string[]> =>
    (await makeMetrics({ dataSource: gateway.dataSource, clock: () => at }).text()).match(/^dragoman_(takedowns|notice)\S* \d+$/gmu) ?? [];
  const named = (overdue: number) => [
    'dragoman_takedowns_open 1',
    `dragoman_takedowns_overdue ${overdue}`,
    'dragoman_notice_duties_open 0',
  ];
  expect(await figures(minutes(15))).toEqual(named(0));
  expect(await figures(minutes(16))).toEqual(named(1));
});

test('once it is answered nothing is named', async () => {
  await gateway.ask(
    'mutation($id: ID!, $note: String) { acknowledgeTakedown(orderId: $id, action: REFUSED, url: "https://north.example/?a=%22%3E%3Cx", note: $note) { __typename } }',
    { id: order.uuid, note: hostile.replace('\u202E', '') },
    keys['north'],
  );
  expect(await gone('/feeds/en.json', 'north')).not.toHaveProperty('takedown');
});

const report = (headers: Record<string, string>, urn = urnOf(killed)) => gateway.get(`/takedowns/${urn}.html`, headers);

test('the report tells who was given what, who was asked and what they said, and nothing outside is markup', async () => {
  const { headers } = await keyFor(gateway.dataSource, { name: `Night ${hostile}`, operator: true });
  const response = await report(headers);
  expect(response.statusCode).toBe(200);
  expect(response.headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' });
  expect(response.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/u);
  const { body } = response;
  for (const words of [
    urnOf(killed),
    order.uuid,
    'WEBHOOK',
    'FEED',
    'refused',
    '2026-11-23 12:01:00',
    '2026-11-23 12:16:00',
    'https://north.example/',
  ])
    expect(body).toContain(words);
  // Neither words of the story, nor markup of a partner.
  expect(body).not.toContain('killed in en');
  expect(body).not.toMatch(/<script|<b>|onload=(?!&)[^&]*"/u);
  expect(body).toContain('&#60;script&#62;');
  expect(
    [...body.matchAll(/<(\/?)([a-z]+\d?)/gu)].map(([, , tag]) => tag).filter((tag) => /script|iframe|img|^b$|form/u.test(tag!)),
  ).toEqual([]);
});

test('the report is for operators and CHIEFs of the home edition', async () => {
  const chief = (roles: Record<string, Role>) => keyFor(gateway.dataSource, { name: 'a test', roles });
  const statuses = [];
  for (const headers of [
    {},
    keys['north']!,
    (await chief({ ru: Role.CHIEF })).headers,
    (await chief({ en: Role.EDITOR })).headers,
    (await chief({ en: Role.CHIEF })).headers,
  ])
    statuses.push((await report(headers)).statusCode);
  expect(statuses).toEqual([401, 403, 403, 403, 200]);
  const { headers } = await keyFor(gateway.dataSource, { name: 'ops', operator: true });
  expect((await report(headers, urnOf(killed).replace('20261120', '20261121'))).statusCode).toBe(404);
  expect((await report(headers, 'x')).statusCode).toBe(404);
});
