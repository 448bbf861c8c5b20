import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import type { GivenText } from '../../src/ledger/hold.js';
import { holdingRows, keepHoldings } from '../../src/ledger/holding.queries.js';
import { type HoldingNoter, startNotingHoldings } from '../../src/ledger/note-holdings.js';
import { deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';
import { makeStory, urnOf, write } from '../support/make-story.js';
import { type Operator, operatorOf } from '../support/partners.js';
import { until } from '../support/until.js';

// biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of what it asked for
type Any = any;
type Headers = Record<string, string>;

const story = makeStory({ id: 'held', publishedAt: '2026-11-22T09:00:00Z', editions: { en: { headline: 'Zanzibar' }, ru: {}, hy: {} } });
const articleUuid = urnOf(story).split(':').at(-1)!;
const text = (editionCode: string, revision = 1, notices: GivenText['notices'] = []): GivenText => ({
  ...{ articleUuid, editionCode, revision, notices },
});
const seconds = (count: number): Date => new Date(testNow.getTime() + count * 1_000);

let gateway: TestGateway;
let operator: Operator;
beforeAll(async () => {
  gateway = await openGateway();
  operator = await operatorOf(gateway);
  await write(gateway, [story]);
});
afterAll(() => gateway.close());
const noters: HoldingNoter[] = [];
afterEach(async () => {
  gateway.at(testNow);
  for (const each of noters.splice(0)) await each.stop(1_000);
});

const rows = <Row = Any>(statement: string, values: unknown[] = []): Promise<Row[]> => gateway.dataSource.query(statement, values);
let count = 0;
async function founded(): Promise<{ code: string; headers: Headers }> {
  const code = `keeper-${String(++count).padStart(3, '0')}`;
  const contacts = [{ name: 'Ines', email: 'ines@keeper.example', role: 'technical' }];
  await operator.savePartner({ code, name: `Keeper ${count}`, contacts, expectedVersion: 0 });
  return { code, headers: (await keyFor(gateway.dataSource, { partnerCode: code })).headers };
}
/** A noter of a process of its own, whose clock stands at `now.at`. */
function noter(options: { log?: string[]; everyMs?: number; mostWaiting?: number } = {}): HoldingNoter & { now: { at: Date } } {
  const { log = [], everyMs = 3_600_000, mostWaiting } = options;
  const now = { at: testNow };
  const say = (_: object, message: string): void => void log.push(message);
  const { manager } = gateway.dataSource;
  const started = startNotingHoldings({
    ...{ manager, clock: () => now.at, log: { warn: say, error: say }, everyMs },
    ...(mostWaiting !== undefined && { mostWaiting }),
  });
  noters.push(started);
  return { ...started, now };
}
const kept = (code: string) =>
  rows(
    `select edition_code as edition, revision, channel, extract(epoch from first_at - $2)::float8 as first,
       extract(epoch from last_at - $2)::float8 as last, notices from holding where partner_code = $1 order by 1, 2, 3`,
    [code, testNow],
  );

describe('noting', () => {
  test('the first and the last time, to the minute, and the notices of the last, by revision and channel', async () => {
    const { code } = await founded();
    const { note, write: put, now } = noter();
    const about = (version: number) => [{ code: 'about', version }];
    note(code, 'FEED', [text('en', 1, about(1)), text('ru', 1)]);
    await put();
    now.at = seconds(30);
    note(code, 'FEED', [text('en', 1, about(1))]);
    note(code, 'ITEM', [text('en', 2)]);
    await put();
    const en = { edition: 'en', revision: 1, channel: 'FEED', first: 0, last: 0, notices: { about: 1 } };
    const others = [
      { edition: 'en', revision: 2, channel: 'ITEM', first: 30, last: 30, notices: {} },
      { edition: 'ru', revision: 1, channel: 'FEED', first: 0, last: 0, notices: {} },
    ];
    expect(await kept(code)).toEqual([en, ...others]);
    // Other notices are noted at once.
    note(code, 'FEED', [text('en', 1, about(2))]);
    await put();
    expect(await kept(code)).toEqual([{ ...en, last: 30, notices: { about: 2 } }, ...others]);
    now.at = seconds(90);
    note(code, 'FEED', [text('en', 1, about(2))]);
    await put();
    expect(await kept(code)).toEqual([{ ...en, last: 90, notices: { about: 2 } }, ...others]);
  });

  test('what is written late changes nothing that is newer', async () => {
    const { code } = await founded();
    const [one, late] = [noter(), noter()];
    late.note(code, 'FEED', [text('en', 1, [{ code: 'about', version: 1 }])]);
    one.now.at = seconds(120);
    one.note(code, 'FEED', [text('en', 1, [{ code: 'about', version: 2 }])]);
    await one.write();
    await late.write();
    expect(await kept(code)).toEqual([{ edition: 'en', revision: 1, channel: 'FEED', first: 0, last: 120, notices: { about: 2 } }]);
  });

  test('processes note the same texts at the same time, in whatever order they were given', async () => {
    const { code } = await founded();
    const texts = Array.from({ length: 9 }, (_, at) => text('en', at + 1));
    const log: string[] = [];
    const [forth, back] = [noter({ log }), noter({ log })];
    forth.note(code, 'FEED', texts);
    back.note(code, 'FEED', texts.toReversed());
    // Each has come as far as the fifth when they go on: in two orders each would wait for the other.
    const both = await gateway.dataSource.transaction(async (manager) => {
      await keepHoldings(manager, holdingRows({ partner: code, channel: 'FEED', at: testNow }, [texts[4]!]));
      const writing = [forth.write(), back.write()];
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { writing };
    });
    await Promise.all(both.writing);
    expect([log, (await kept(code)).length]).toEqual([[], 9]);
  });

  test('while it cannot be written it is kept up to a bound, said once, and written when it can be', async () => {
    const { code } = await founded();
    const log: string[] = [];
    const { note, write: put } = noter({ log, mostWaiting: 3 });
    await rows('alter table holding rename to away');
    try {
      note(code, 'FEED', [text('en'), text('ru')]);
      await put();
      note(code, 'FEED', [text('en'), text('hy', 1), text('hy', 2), text('hy', 3)]);
      await put();
    } finally {
      await rows('alter table away rename to holding');
    }
    expect(log).toEqual([
      'what partners hold cannot be written down now and is kept',
      'what partners are given is not noted any more: too much of it cannot be written down',
    ]);
    await put();
    expect((await kept(code)).map(({ edition, revision }) => `${edition} ${revision}`)).toEqual(['en 1', 'hy 1', 'ru 1']);
    note(code, 'FEED', [text('hy', 3)]);
    await put();
    expect(await kept(code)).toHaveLength(4);
  });

  test('it is written by itself, and at the stop', async () => {
    const { code } = await founded();
    const { note } = noter({ everyMs: 20 });
    note(code, 'FEED', [text('en')]);
    await until('the holding being written', async () => (await kept(code)).length === 1);
    const last = noter();
    last.note(code, 'ITEM', [text('en')]);
    await last.stop(1_000);
    expect(await kept(code)).toHaveLength(2);
  });

  test('in a transaction of another it stands and falls with it, and the same twice is one', async () => {
    const { code } = await founded();
    const given = holdingRows({ partner: code, channel: 'WEBHOOK', at: testNow }, [text('en'), text('en'), text('ru')]);
    const undone = gateway.dataSource.transaction(async (manager) => {
      await keepHoldings(manager, given);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await kept(code)).toEqual([]);
    await gateway.dataSource.transaction((manager) => keepHoldings(manager, given));
    expect(await kept(code)).toHaveLength(2);
  });
});

describe('who holds a text', () => {
  const query = `query($id: ID!, $olderThan: Int, $first: Int, $after: String) { holders(translation: $id, olderThan: $olderThan, first: $first, after: $after) {
    edges { cursor node { code name partner { contacts { email } } holdings { translationId articleId editionCode revision channel firstAt lastAt notices { code version } } } }
    pageInfo { hasNextPage endCursor } } }`;
  const asked = async (headers: Headers, variables: object = {}) => {
    const { data, errors } = await gateway.ask(query, { id: urnOf(story, 'en'), ...variables }, headers);
    return (data as Any)?.holders ?? errors![0]!.extensions.code;
  };
  const codes = ({ edges }: Any): string[] => edges.map(({ node }: Any) => node.code);
  let keepers: { code: string; headers: Headers }[];
  let headers: Headers;
  beforeAll(async () => {
    await rows('delete from holding');
    keepers = [await founded(), await founded(), await founded()];
    headers = (await keyFor(gateway.dataSource, { operator: true })).headers;
    const [one, two, three] = keepers.map(({ code }) => code) as [string, string, string];
    const { note, write: put, now } = noter();
    note(one, 'FEED', [
      text('en', 1, [
        { code: 'zebra', version: 2 },
        { code: 'about', version: 1 },
      ]),
    ]);
    note(two, 'GRAPHQL', [text('ru', 1)]);
    note(three, 'WEBHOOK', [text('en', 2)]);
    now.at = seconds(100);
    note(one, 'FEED', [
      text('en', 1, [
        { code: 'zebra', version: 2 },
        { code: 'about', version: 1 },
      ]),
    ]);
    note(one, 'ITEM', [text('en', 2)]);
    await put();
  });

  test('operators are told, partner by partner, with revisions, channels, times and notices', async () => {
    const [one, , three] = keepers;
    const told = await asked(headers);
    expect(codes(told)).toEqual([one!.code, three!.code]);
    const { name, partner, holdings } = told.edges[0].node;
    expect([name, partner.contacts]).toEqual(['Keeper 7', [{ email: 'ines@keeper.example' }]]);
    const of = { translationId: urnOf(story, 'en'), articleId: urnOf(story), editionCode: 'en' };
    const [first, later] = [testNow.toISOString(), seconds(100).toISOString()];
    const notices = [
      { code: 'about', version: 1 },
      { code: 'zebra', version: 2 },
    ];
    expect(holdings).toEqual([
      { ...of, revision: 1, channel: 'FEED', firstAt: first, lastAt: later, notices },
      { ...of, revision: 2, channel: 'ITEM', firstAt: later, lastAt: later, notices: [] },
    ]);
    expect(codes(await asked(headers, { olderThan: 2 }))).toEqual([one!.code]);
    expect(await asked(headers, { olderThan: 1 })).toMatchObject({ edges: [], pageInfo: { hasNextPage: false, endCursor: null } });
  });

  test('page by page, each partner whole', async () => {
    const first = await asked(headers, { first: 1 });
    expect([codes(first), first.edges[0].node.holdings.length, first.pageInfo.hasNextPage]).toEqual([[keepers[0]!.code], 2, true]);
    const second = await asked(headers, { first: 1, after: first.pageInfo.endCursor });
    expect([codes(second), second.pageInfo.hasNextPage]).toEqual([[keepers[2]!.code], false]);
    expect(await asked(headers, { id: urnOf(story, 'ru'), after: first.pageInfo.endCursor })).toBe('INVALID_CURSOR');
    expect([await asked(headers, { first: 0 }), await asked(headers, { first: 101 })]).toEqual(['PAGE_SIZE', 'PAGE_SIZE']);
  });

  test('chiefs of the edition or of the home are, without contacts; nobody else is', async () => {
    const desk = async (roles: Record<string, Role>) => (await keyFor(gateway.dataSource, { roles })).headers;
    const ru = urnOf(story, 'ru');
    for (const [roles, id] of [
      [{ en: Role.CHIEF }, urnOf(story, 'en')],
      [{ en: Role.CHIEF }, ru],
      [{ ru: Role.CHIEF }, ru],
    ] as const) {
      const { edges } = await asked(await desk(roles), { id });
      expect([edges.length > 0, edges.map(({ node }: Any) => node.partner)]).toEqual([true, edges.map(() => null)]);
    }
    const unknown = 'urn:newsml:meridian.example:20261122:00000000-0000-4000-8000-000000000000.en';
    for (const id of [ru, unknown, 'nonsense'])
      for (const each of [{}, keepers[0]!.headers, await desk({ en: Role.EDITOR, ru: Role.EDITOR })])
        expect([id, await asked(each, { id })]).toEqual([id, 'FORBIDDEN']);
    expect(await asked(await desk({ hy: Role.CHIEF }), { id: ru })).toBe('FORBIDDEN');
    expect(await asked(await desk({ ru: Role.CHIEF }), { id: urnOf(story, 'en') })).toBe('FORBIDDEN');
    // Whether there is a story of another's edition is not told either.
    expect(await asked(await desk({ ru: Role.CHIEF }), { id: unknown })).toBe('FORBIDDEN');
    for (const id of [unknown, 'nonsense', urnOf(story), urnOf(story, 'en').replace('20261122', '20261121')])
      expect([id, await asked(headers, { id })]).toEqual([id, 'STORY_UNKNOWN']);
  });

  test('what was taken back stays known, by whom it is held and to its holder, without a word of it', async () => {
    const killed = makeStory({ id: 'killed-later', publishedAt: '2026-11-22T09:00:00Z', editions: { en: { headline: 'Quetzal' } } });
    await write(gateway, [killed]);
    const { code, headers: own } = await founded();
    await operator.saveEntitlement({ partner: code, expectedVersion: 0, terms: { validFrom: '2026-10-01T00:00:00Z' } });
    expect((await gateway.get(`/items/${urnOf(killed, 'en')}.json`, own)).statusCode).toBe(200);
    await gateway.holdings.write();
    const chief = await deskOf(gateway, 'Anna', { en: Role.CHIEF });
    expect(await chief.retract({ article: urnOf(killed), kind: 'KILL' })).toMatchObject({ scope: 'STORY' });
    gateway.at(seconds(5));
    expect(codes(await asked(headers, { id: urnOf(killed, 'en') }))).toEqual([code]);
    const mine = await gateway.ask('{ viewer { partner { holdings { edges { node { translationId revision channel } } } } } }', {}, own);
    expect(mine.data.viewer.partner.holdings.edges).toEqual([
      { node: { translationId: urnOf(killed, 'en'), revision: 1, channel: 'ITEM' } },
    ]);
    expect(JSON.stringify(mine)).not.toContain('Quetzal');
  });
});

describe('what a partner holds', () => {
  const query = `query($first: Int, $after: String, $edition: EditionCode, $article: ID) { viewer { partner { holdings(first: $first, after: $after, edition: $edition, article: $article) {
    edges { cursor node { editionCode revision channel } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } }`;
  const asked = async (headers: Headers, variables: object = {}) => {
    const { data, errors } = await gateway.ask(query, { ...variables }, headers);
    return (data as Any)?.viewer?.partner?.holdings ?? errors![0]!.extensions.code;
  };
  const nodes = ({ edges }: Any): string[] => edges.map(({ node }: Any) => `${node.editionCode} ${node.revision} ${node.channel}`);

  test('is followed from where it was read to: what is given anew is at the end', async () => {
    const { code, headers } = await founded();
    const { note, write: put, now } = noter();
    note(code, 'FEED', [text('en', 1), text('en', 2), text('hy', 1), text('ru', 1)]);
    await put();
    const [first, second] = [await asked(headers, { first: 3 }), await asked(headers, { first: 1 })];
    expect([nodes(first), first.pageInfo.hasNextPage, nodes(second)]).toEqual([
      ['en 1 FEED', 'en 2 FEED', 'hy 1 FEED'],
      true,
      ['en 1 FEED'],
    ]);
    const rest = await asked(headers, { first: 3, after: first.pageInfo.endCursor });
    expect([nodes(rest), rest.pageInfo.hasNextPage, rest.pageInfo.hasPreviousPage]).toEqual([['ru 1 FEED'], false, true]);
    expect(nodes(await asked(headers, { after: rest.pageInfo.endCursor }))).toEqual([]);
    now.at = seconds(61);
    note(code, 'FEED', [text('en', 2)]);
    note(code, 'SUBSCRIPTION', [text('en', 3)]);
    await put();
    expect(nodes(await asked(headers, { after: rest.pageInfo.endCursor }))).toEqual(['en 2 FEED', 'en 3 SUBSCRIPTION']);
  });

  test('of one edition or story; of its own alone', async () => {
    const [{ code, headers }, other] = [await founded(), await founded()];
    const { note, write: put } = noter();
    note(code, 'FEED', [text('en'), text('ru'), { ...text('ru'), articleUuid: await anyArticle() }]);
    await put();
    expect(nodes(await asked(headers, { edition: 'ru' }))).toHaveLength(2);
    expect(nodes(await asked(headers, { edition: 'ru', article: urnOf(story) }))).toEqual(['ru 1 FEED']);
    expect(nodes(await asked(headers, { article: urnOf(story, 'en') }))).toHaveLength(2);
    expect(await asked(headers, { article: 'nonsense' })).toBe('STORY_UNKNOWN');
    expect(await asked(other.headers)).toMatchObject({ edges: [] });
    const { cursor } = (await asked(headers)).edges[0];
    expect(await asked(other.headers, { after: cursor })).toBe('INVALID_CURSOR');
    expect(await asked(headers, { after: cursor, edition: 'ru' })).toBe('INVALID_CURSOR');
    expect(await asked(headers, { after: Buffer.from(`["holdings ${code}  ",0,"x"]`).toString('base64url') })).toBe('INVALID_CURSOR');
  });

  test('operators read it of any, the same page of all of them in one statement', async () => {
    const { code } = await founded();
    const { note, write: put } = noter();
    note(code, 'FEED', [text('en')]);
    await put();
    const statements: string[] = [];
    const { logger } = gateway.dataSource;
    const nothing = (): void => {};
    const silent = { logQueryError: nothing, logQuerySlow: nothing, logSchemaBuild: nothing, logMigration: nothing, log: nothing };
    gateway.dataSource.logger = { ...silent, logQuery: (sql) => statements.push(sql) };
    const { data, errors } = await operator.ask('{ partners { code holdings(first: 1) { edges { node { revision } } } } }');
    gateway.dataSource.logger = logger;
    expect(errors).toBeUndefined();
    expect(data.partners.find((each: Any) => each.code === code).holdings.edges).toEqual([{ node: { revision: 1 } }]);
    expect([data.partners.length > 5, statements.filter((each) => each.includes('holding')).length]).toEqual([true, 1]);
  });
});

const anyArticle = async (): Promise<string> => (await rows('select uuid from article where uuid <> $1 limit 1', [articleUuid]))[0].uuid;
