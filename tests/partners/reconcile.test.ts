import { createHash } from 'node:crypto';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { mostHoldings } from '../../src/feeds/read-holdings.js';
import { numberEvents } from '../../src/publishing/event.queries.js';
import { makeScheduler } from '../../src/publishing/scheduler.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { classesOf, type Held, reconcile, walkFeed } from '../support/holdings.js';
import { keyFor } from '../support/keys.js';
import { makeStory, urnOf, write } from '../support/make-story.js';
import { type Operator, operatorOf } from '../support/partners.js';
import { newNotice, type Save, savesOf } from '../support/registry.js';
import { until } from '../support/until.js';

let gateway: TestGateway;
let operator: Operator & { save: Save };
let chief: Desk;
beforeAll(async () => {
  gateway = await openGateway();
  const found = await operatorOf(gateway);
  operator = { ...found, save: savesOf(found.ask) };
  chief = await deskOf(gateway, 'Chief', { en: Role.CHIEF, tt: Role.CHIEF, ru: Role.CHIEF });
  await number();
});
afterAll(() => gateway.close());
beforeEach(() => gateway.at(testNow));

const day = 86_400_000;
const later = (milliseconds: number): Date => new Date(testNow.getTime() + milliseconds);
const at = (milliseconds: number): void => gateway.at(later(milliseconds));
const number = () =>
  until('numbering', async () => {
    await numberEvents(gateway.dataSource.manager, 1_000);
    const [{ left }] = await gateway.dataSource.query<[{ left: number }]>('select count(*)::int as left from outbox');
    return left === 0;
  });

/** What is due is told by the scheduler. */
const passed = async (milliseconds: number): Promise<void> => {
  at(milliseconds);
  const say = (): void => {};
  const { manager } = gateway.dataSource;
  await makeScheduler({ manager, clock: () => later(milliseconds), works: {}, log: { info: say, error: say } }).pass();
  await number();
};

let count = 0;
/** A partner of the test’s own, with an entitlement for each of the terms. */
async function partnerWith(terms: object, more: object = {}): Promise<{ partner: string; headers: Record<string, string>; id: string }> {
  const partner = `reconciler-${++count}`;
  await operator.savePartner({ code: partner, name: 'An Outlet', expectedVersion: 0, ...more });
  const { id } = await operator.saveEntitlement({ partner, expectedVersion: 0, terms });
  const { headers } = await keyFor(gateway.dataSource, { name: partner, partnerCode: partner });
  return { partner, headers, id };
}

/** A story of its own in one edition. */
async function storyIn(edition: string, more: object = {}): Promise<string> {
  const story = makeStory({ id: `reconciled-${++count}`, publishedAt: later(-day).toISOString(), editions: { [edition]: {} }, ...more });
  await write(gateway, [story]);
  await number();
  return urnOf(story, edition);
}

const since = '?edition=tt&since=2026-01-01';
const listOf = (held: ReadonlyMap<string, Held>): Held[] => [...held.values()];
const storyOf = (id: string): string => id.replace(/\.[a-z-]+$/u, '');
const text = (headline: string) => ({ headline, blocks: [{ key: 'p1', type: 'paragraph', spans: [{ text: `${headline}.` }] }] });
const correct = (id: string, edition = 'tt', expectedRevision = 1) =>
  chief.correct({ article: storyOf(id), edition, expectedRevision, text: text('Төзәтелде'), meaning: { note: 'Баш төзәтелде.' } });
const kill = (id: string, edition = 'tt') => chief.retract({ article: storyOf(id), edition, kind: 'KILL' });
const isDone = (result: object): boolean => !('code' in result) && !('error' in result);
const fullFeed = (terms: object = {}) => partnerWith({ editions: ['tt'], level: 'FULL', images: false, ...terms });

describe('after an outage', () => {
  test('it names exactly what the walk from the last cursor gives, then what no walk tells', async () => {
    const { headers, id: entitlement } = await fullFeed();
    const [corrected, killed, ended, embargoed] = [await storyIn('tt'), await storyIn('tt'), await storyIn('tt'), await storyIn('tt')];
    const before = await walkFeed(gateway, headers, '/feeds/tt.json?after=start');
    expect(before.held.size).toBeGreaterThan(5);
    const held = listOf(before.held);
    expect(classesOf(await reconcile(gateway, headers, held, since))).toEqual({});

    at(60_000);
    expect(
      [
        await correct(corrected),
        await kill(killed),
        await chief.setExpiry({ article: storyOf(ended), edition: 'tt', until: later(90_000).toISOString() }),
        await chief.setEmbargo(storyOf(embargoed), later(day).toISOString()),
      ].map(isDone),
    ).toEqual([true, true, true, true]);
    const added = await storyIn('tt', { publishedAt: later(50_000).toISOString() });
    await passed(90_000);
    const walked = await walkFeed(gateway, headers, before.next);
    const answer = await reconcile(gateway, headers, held, since);
    expect(classesOf(answer)).toEqual({ missing: [added], outdated: [corrected], retracted: [killed, ended, embargoed].sort() });
    expect([...answer.missing, ...answer.outdated].map(({ id }: Held) => id).sort()).toEqual([...walked.held.keys()].sort());
    expect(classesOf(answer)['retracted']).toEqual(walked.gone.toSorted());
    expect(answer.outdated[0]).toMatchObject({ held: 1, version: 2, url: `http://gateway.test/items/${corrected}.json` });
    expect(Object.fromEntries(answer.retracted.map(({ id, kind, at: when }: Record<string, string>) => [id, [kind, when]]))).toEqual({
      [killed]: ['KILL', later(60_000).toISOString()],
      [ended]: ['EXPIRED', later(90_000).toISOString()],
      [embargoed]: ['REMOVED', later(60_000).toISOString()],
    });
    expect(answer.counts).toEqual({
      named: held.length,
      missing: 1,
      outdated: 1,
      retracted: 3,
      noticeChanged: 0,
      notEntitled: 0,
      unknown: 0,
    });
    // What it was told to fetch, and what it took down: then there is no difference.
    const now = (await walkFeed(gateway, headers, '/feeds/tt.json?after=start')).held;
    expect(classesOf(await reconcile(gateway, headers, listOf(now), since))).toEqual({});

    at(120_000);
    await gateway.dataSource.query(`update notice set must_carry = not must_carry, changed_at = $1 where code = 'about'`, [later(120_000)]);
    const renoticed = await reconcile(gateway, headers, listOf(now), since);
    expect(classesOf(renoticed)).toEqual({ noticeChanged: [...now.keys()].sort() });
    const again = (await walkFeed(gateway, headers, '/feeds/tt.json?after=start')).held;
    const [one] = renoticed.noticeChanged;
    expect(one).toMatchObject({ judgedBy: 'NOTICES', notices: again.get(one.id)!.notices!.toSorted() });
    expect(classesOf(await reconcile(gateway, headers, listOf(again), since))).toEqual({});

    await operator.endEntitlement({ entitlement });
    const [gone] = again.keys();
    const dropped = await reconcile(gateway, headers, listOf(again), since);
    expect(classesOf(dropped)).toEqual({ notEntitled: [...again.keys()].sort() });
    expect(dropped.notEntitled.find(({ id }: Held) => id === gone)).toEqual({ id: gone, reason: 'EDITION_NOT_INCLUDED' });
    expect((await gateway.get(before.next, headers)).statusCode).toBe(409);
  });

  test('and so it does for who is told late, whose present is an earlier one', async () => {
    const { headers } = await partnerWith({ editions: ['tt'] }, { delaySeconds: 3600 });
    const corrected = await storyIn('tt');
    at(day);
    const before = await walkFeed(gateway, headers, '/feeds/tt.json?after=start');
    expect(isDone(await correct(corrected))).toBe(true);
    await number();
    const held = listOf(before.held);
    expect([...before.held.keys()]).toContain(corrected);
    expect(classesOf(await reconcile(gateway, headers, held, since))).toEqual({});
    expect(classesOf(await reconcile(gateway, headers, [{ id: corrected, version: 2 }]))['outdated']).toEqual([corrected]);
    // An hour later, and with it the end of an embargo that the test before has set.
    await passed(day + 3_600_000);
    const { missing, ...others } = classesOf(await reconcile(gateway, headers, held, since));
    expect(others).toEqual({ outdated: [corrected] });
    expect(missing).toHaveLength(1);
    expect([corrected, ...missing!].sort()).toEqual([...(await walkFeed(gateway, headers, before.next)).held.keys()].sort());
    // What was taken back is taken back for everybody at once.
    expect(isDone(await kill(corrected))).toBe(true);
    await number();
    expect(classesOf(await reconcile(gateway, headers, held, since))).toEqual({ missing, retracted: [corrected] });
  });
});

describe('a text that is named without its notices is judged by time', () => {
  const span = 20 * day;
  test.each([
    ['began', { effectiveFrom: 2 }, null],
    ['ended', { effectiveUntil: 2 }, null],
    ['was changed', {}, { placement: 'ABOVE_HEADLINE' }],
    ['was aimed at others', {}, { editions: ['ru'] }],
  ])('where a notice %s since it came out', async (name, days, change) => {
    // In days of its own, behind all that the registry said before.
    const start = span * ++count;
    const onDay = (days: number): number => start + days * day;
    const { headers } = await fullFeed();
    const ids: string[] = [];
    for (const days of [1, 2.5]) ids.push(await storyIn('tt', { publishedAt: later(onDay(days)).toISOString() }));
    const changed = async (): Promise<string[] | undefined> => {
      const answer = await reconcile(
        gateway,
        headers,
        ids.map((id) => ({ id, version: 1 })),
        since,
      );
      expect(answer.noticeChanged.every((each: { judgedBy: string }) => each.judgedBy === 'TIME')).toBe(true);
      return classesOf(answer)['noticeChanged'];
    };
    const times = Object.fromEntries(Object.entries(days).map(([field, days]) => [field, later(onDay(days)).toISOString()]));
    const notice = { ...newNotice, code: `told-by-time-${count}`, ...times };
    at(onDay(0));
    expect(await operator.save('saveNotice', notice)).toMatchObject({ version: 1 });
    at(onDay(1.5));
    expect([name, await changed()]).toEqual([name, undefined]);
    at(onDay(2));
    if (change) expect(await operator.save('saveNotice', { ...notice, ...change, expectedVersion: 1 })).toMatchObject({ version: 2 });
    at(onDay(3));
    expect([name, await changed()]).toEqual([name, [ids[0]]]);
  });

  test('where it owes its readers a correction since, or owes it no more', async () => {
    const start = span * ++count;
    const { headers } = await fullFeed();
    const publishedAt = later(start).toISOString();
    const story = makeStory({ id: `reconciled-${++count}`, publishedAt, editions: { en: {}, tt: {} } });
    story.translations[1]!.revisions[0]!.basis = [{ edition: 'en', revision: 1 }];
    await write(gateway, [story]);
    const id = urnOf(story, 'tt');
    const query = `?edition=tt&since=${publishedAt}`;
    const changed = async (held: Held): Promise<object> => classesOf(await reconcile(gateway, headers, [held], query));
    at(start + 60_000);
    expect(await changed({ id, version: 1 })).toEqual({});
    expect(isDone(await correct(id, 'en'))).toBe(true);
    at(start + 70_000);
    await number();
    expect(await changed({ id, version: 1 })).toEqual({ noticeChanged: [id] });
    const taken = (await walkFeed(gateway, headers, '/feeds/tt.json?after=start')).held.get(id)!;
    expect(taken.notices!.some((each) => each.startsWith('correctionPending@'))).toBe(true);
    expect(await changed(taken)).toEqual({});
    await chief.confirmStillAccurate([id]);
    await number();
    expect(await changed({ id, version: 1 })).toEqual({ noticeChanged: [id] });
    expect(await changed(taken)).toEqual({ noticeChanged: [id] });
  });
});

describe('what a partner could never have known', () => {
  test('is unknown, whether it is there or not, and reads the same', async () => {
    const { headers } = await fullFeed({ images: true });
    const never = await storyIn('tt', { embargoUntil: later(day).toISOString() });
    const { draft } = await chief.createArticle({ edition: 'tt', authors: [], text: text('Караламa') });
    const other = await storyIn('en', { embargoUntil: later(day).toISOString() });
    const killedEarly = await storyIn('tt', { embargoUntil: later(day).toISOString() });
    expect(isDone(await kill(killedEarly))).toBe(true);
    const wrongDay = (await storyIn('tt')).replace(/:\d{8}:/u, ':20200101:');
    const made = never.replace(/[0-9a-f]{12}\.tt$/u, '000000000000.tt');
    const ids = [
      never,
      `${draft.articleId}.tt`,
      other,
      killedEarly,
      wrongDay,
      made,
      storyOf(never),
      'guid-of-somebody-else',
      `${storyOf(never)}.nowhere`,
    ];
    const answer = await reconcile(
      gateway,
      headers,
      ids.map((id) => ({ id, version: 1 })),
      '?edition=tt&since=2026-11-23T11:59Z',
    );
    expect(classesOf(answer)).toEqual({ unknown: ids.toSorted() });
    expect(answer.unknown.every((each: object) => Object.keys(each).join() === 'id')).toBe(true);
    at(day);
    expect(classesOf(await reconcile(gateway, headers, [{ id: never, version: 1, notices: [] }]))['unknown']).toBeUndefined();
  });

  test('but who may have stories early is told of them', async () => {
    const { headers } = await fullFeed({ early: true });
    const id = await storyIn('tt', { embargoUntil: later(day).toISOString(), publishedAt: later(-1000).toISOString() });
    const answer = await reconcile(gateway, headers, [], '?edition=tt&since=2026-11-23T11:59Z');
    expect(classesOf(answer)['missing']).toContain(id);
    const others = await reconcile(gateway, (await fullFeed()).headers, [], '?edition=tt&since=2026-11-23T11:59Z');
    expect(classesOf(others)['missing'] ?? []).not.toContain(id);
  });

  test('and who may have some early learns nothing of the others', async () => {
    const { partner, headers } = await fullFeed({ early: true, topics: ['culture'] });
    await operator.saveEntitlement({ partner, expectedVersion: 0, terms: { editions: ['tt'] } });
    const embargoUntil = later(day).toISOString();
    const [theirs, secret] = [await storyIn('tt', { embargoUntil, topics: ['culture'] }), await storyIn('tt', { embargoUntil })];
    const answer = await reconcile(
      gateway,
      headers,
      [theirs, secret].map((id) => ({ id, version: 9 })),
      '?edition=tt&since=2026-11-23T11:59Z',
    );
    expect([classesOf(answer)['outdated'], classesOf(answer)['unknown']]).toEqual([[theirs], [secret]]);
  });

  test('and what everybody may read and it may not is not among what it lacks', async () => {
    const { headers } = await fullFeed({ topics: ['culture'] });
    const id = await storyIn('tt');
    const answer = await reconcile(gateway, headers, [{ id, version: 1 }], since);
    expect(answer.notEntitled).toEqual([{ id, reason: 'TOPIC_NOT_INCLUDED' }]);
    expect(JSON.stringify(answer.missing)).not.toContain(id);
    expect(answer.missing.length).toBeGreaterThan(0);
  });
});

describe('the answer', () => {
  test('is of the editions and the span that are asked for, else of all open ones and thirty days', async () => {
    const { headers } = await partnerWith({ editions: ['tt', 'ba'] });
    const [old, edge, other] = [
      await storyIn('tt', { publishedAt: later(-31 * day).toISOString() }),
      await storyIn('tt', { publishedAt: '2026-10-24T00:00:00Z' }),
      await storyIn('ba'),
    ];
    const missing = async (query: string): Promise<string[]> => classesOf(await reconcile(gateway, headers, [], query))['missing'] ?? [];
    const usual = await missing('');
    expect([old, edge, other].map((id) => usual.includes(id))).toEqual([false, true, true]);
    const both = await missing('?edition=tt&edition=ba&since=2026-10-23');
    expect([old, edge, other].map((id) => both.includes(id))).toEqual([true, true, true]);
    expect(await missing('?edition=tt&since=2026-10-24&until=2026-10-24T00:00:00.001Z')).toEqual([edge]);
    expect(await missing('?edition=tt&since=2026-10-23T23:00Z&until=2026-10-24')).not.toContain(edge);
    for (const [query, status, code] of [
      ['?edition=nowhere', 404, 'UNKNOWN_EDITION'],
      ['?since=yesterday', 400, 'BAD_USER_INPUT'],
      ['?since=2026-13-01', 400, 'BAD_USER_INPUT'],
      ['?since=2026-02-31', 400, 'BAD_USER_INPUT'],
      ['?since=2026-02-29T00:00Z', 400, 'BAD_USER_INPUT'],
      ['?since=2026-11-02&until=2026-11-02', 400, 'BAD_USER_INPUT'],
      ['?since=2026-11-02&since=2026-11-03', 400, 'BAD_USER_INPUT'],
    ] as const) {
      const { status: answered, errors } = await reconcile(gateway, headers, [], query);
      expect([query, answered, errors[0].extensions.code]).toEqual([query, status, code]);
    }
  });

  test('comes as lines to who asks for them, and takes lines', async () => {
    const { headers } = await fullFeed();
    const id = await storyIn('tt');
    const response = await gateway.app.inject({
      ...{ method: 'POST', url: `/partner/reconcile${since}` },
      headers: { ...headers, 'content-type': 'application/x-ndjson', accept: 'application/x-ndjson' },
      payload: `\ufeff{"id":"${id}","version":7}\r\n\n{"id":"unheard-of","version":1}`,
    });
    expect([response.statusCode, response.headers['content-type']]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
    expect(response.headers['cache-control']).toBe('private, no-store');
    const lines = response.body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toEqual({ class: 'unknown', id: 'unheard-of' });
    expect(lines[1]).toMatchObject({ class: 'outdated', id, held: 7, version: 1 });
    expect(lines.slice(2, -1).every((line) => line.class === 'missing')).toBe(true);
    expect(lines.at(-1)).toMatchObject({
      class: 'end',
      at: testNow.toISOString(),
      counts: { named: 2, outdated: 1, unknown: 1, missing: lines.length - 3 },
    });
  });

  test('is for keys of partners, sent as Bearer or as Basic', async () => {
    const { headers, partner } = await fullFeed();
    const { key } = await keyFor(gateway.dataSource, { name: 'basic', partnerCode: partner });
    const basic = { authorization: `Basic ${Buffer.from(`anybody:${key}`).toString('base64')}` };
    const desk = (await keyFor(gateway.dataSource, { roles: { tt: Role.CHIEF } })).headers;
    const night = (await keyFor(gateway.dataSource, { operator: true })).headers;
    const asked = [headers, basic, {}, { authorization: 'Bearer dgm_live_wrong' }, desk, night];
    const answers = await Promise.all(asked.map((each) => reconcile(gateway, each as Record<string, string>, [])));
    expect(answers.map(({ status, errors }) => [status, errors?.[0].extensions.code])).toEqual([
      ...[
        [200, undefined],
        [200, undefined],
        [401, 'UNAUTHENTICATED'],
        [401, 'UNAUTHENTICATED'],
        [403, 'FORBIDDEN'],
        [403, 'FORBIDDEN'],
      ],
    ]);
    const digests = await Promise.all(asked.map((each) => gateway.get('/partner/digest', each as Record<string, string>)));
    expect(digests.map(({ statusCode }) => statusCode)).toEqual([200, 200, 401, 401, 403, 403]);
  });
});

test('what another story has replaced names the text in its place, where there is one for the caller', async () => {
  const { headers } = await fullFeed();
  const [gone, alone] = [await storyIn('tt'), await storyIn('tt')];
  const instead = await storyIn('tt');
  const elsewhere = await storyIn('ru');
  expect(isDone(await chief.retract({ article: storyOf(gone), kind: 'REPLACE', replacedBy: storyOf(instead) }))).toBe(true);
  expect(isDone(await chief.retract({ article: storyOf(alone), kind: 'REPLACE', replacedBy: storyOf(elsewhere) }))).toBe(true);
  await number();
  const { retracted } = await reconcile(
    gateway,
    headers,
    [
      { id: gone, version: 1 },
      { id: alone, version: 1 },
    ],
    since,
  );
  expect(retracted).toEqual([
    { id: gone, kind: 'REPLACE', at: testNow.toISOString(), replacement: instead },
    { id: alone, kind: 'REPLACE', at: testNow.toISOString() },
  ]);
});

test('the lines of the command’s file are a list too: publishedAt is taken, and read', async () => {
  const { headers } = await fullFeed();
  const id = await storyIn('tt');
  const listed = (publishedAt: unknown) => reconcile(gateway, headers, [{ id, version: 1, publishedAt } as Held], '?edition=uz');
  expect((await listed('2026-11-22T12:00:00.000Z')).counts).toMatchObject({ named: 1, outdated: 0 });
  for (const none of ['2026-11-22', 'yesterday', 7, null]) {
    const { status, errors } = await listed(none);
    expect([status, errors[0].message]).toEqual([400, expect.stringContaining('entry 1: publishedAt')]);
  }
});

describe('a list that cannot be used', () => {
  const entry = '{"id":"a","version":1}';
  test.each([
    ['no array', '{"id":"a","version":1}', 'expected one whole JSON array'],
    ['nothing', '', 'expected one whole JSON array'],
    ['an array cut off', `[${entry}`, 'expected one whole JSON array'],
    ['an entry cut off', `[${entry},{"id":"b`, 'expected one whole JSON array'],
    ['more behind it', `[${entry}] ${entry}`, 'expected one whole JSON array'],
    ['brackets that do not match', `[${entry}}`, 'expected one whole JSON array'],
    ['a comma too many', `[${entry},]`, 'entry 2'],
    ['a comma alone', '[,]', 'entry 1'],
    ['entries without a comma', `[${entry}${entry}]`, 'entry 1'],
    ['a number', '[1]', 'entry 1'],
    ['a list in it', `[${entry},[]]`, 'entry 2'],
    ['an id that is none', '[{"id":1,"version":1}]', 'entry 1: id'],
    ['no id', '[{"version":1}]', 'entry 1: id'],
    ['an id without end', `[{"id":"${'a'.repeat(501)}","version":1}]`, 'entry 1: id'],
    ['a version that is a text', '[{"id":"a","version":"1"}]', 'entry 1: version'],
    ['a version of nothing', '[{"id":"a","version":0}]', 'entry 1: version'],
    ['a version past numbers', '[{"id":"a","version":1e300}]', 'entry 1: version'],
    ['notices that are none', '[{"id":"a","version":1,"notices":["about"]}]', 'entry 1: notices'],
    ['too many notices', `[{"id":"a","version":1,"notices":${JSON.stringify(Array(101).fill('about@1'))}}]`, 'entry 1: notices'],
    ['a field with another name', '[{"id":"a","version":1,"notice":["about@1"]}]', 'entry 1: it has'],
    ['a prototype', '[{"id":"a","version":1,"__proto__":{}}]', 'entry 1: it has'],
    ['an id twice', `[${entry},{"id":"b","version":1},${entry}]`, 'entry 3: its id was named before'],
    ['depth', `[${'['.repeat(8000)}${']'.repeat(8000)}]`, 'entry 1'],
    ['depth without end', '['.repeat(1_000_000), 'entry 1: it is longer'],
    ['an entry without end', `[{"id":"a","version":1,"notices":["${'a'.repeat(1_000_000)}`, 'entry 1: it is longer'],
    ['bytes that are no text', `[{"id":"a","version":1}\u0000]`, 'entry 1'],
  ])('%s is refused with its place', async (_, body, told) => {
    const { headers } = await keyForAll;
    const { status, errors } = await reconcile(gateway, headers, body);
    expect([status, errors?.[0].extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
    expect(errors[0].message).toContain(told);
  });
  let keyForAll: Promise<{ headers: Record<string, string> }>;
  beforeAll(() => {
    keyForAll = fullFeed();
  });

  test('whitespace, escapes and brackets within texts are no trouble', async () => {
    const { headers } = await keyForAll;
    const ids = ['a"]}, {', '\\', '[', 'ж\u{1f600}'];
    const body = ` \n[ ${ids.map((id) => JSON.stringify({ version: 1, id })).join(' ,\t')}\n ] `;
    expect(classesOf(await reconcile(gateway, headers, body, '?edition=uz'))['unknown']).toEqual(ids.toSorted());
    expect((await reconcile(gateway, headers, ' [ ] ', '?edition=uz')).counts).toMatchObject({ named: 0 });
  });

  test('of too many entries, or too large, is refused', async () => {
    const { headers } = await keyForAll;
    const many = Array.from({ length: mostHoldings + 1 }, (_, index) => `{"id":"${index}","version":1}`).join(',');
    expect((await reconcile(gateway, headers, `[${many}]`)).errors[0].extensions.code).toBe('TOO_MANY_VALUES');
    const large = await reconcile(gateway, headers, `[${' '.repeat(33 * 1024 * 1024)}]`);
    expect([large.status, large.errors[0].extensions.code]).toEqual([413, 'BODY_TOO_LARGE']);
    const type = await gateway.app.inject({
      ...{ method: 'POST', url: '/partner/reconcile', headers: { ...headers, 'content-type': 'text/csv' }, payload: 'a,1' },
    });
    expect(type.statusCode).toBe(415);
  });

  test('whose sender hangs up is no failure in the log', async () => {
    const { headers } = await keyForAll;
    const lines: { level: number; msg: string }[] = [];
    const over = await openGateway({ over: gateway, logTo: { write: (line) => void lines.push(JSON.parse(line)) } });
    await over.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = over.app.server.address() as AddressInfo;
    const sent = request({
      ...{ host: '127.0.0.1', port, method: 'POST', path: '/partner/reconcile' },
      headers: { ...headers, 'content-type': 'application/json', 'content-length': '1000' },
    }).on('error', () => {});
    sent.write('[{"id":');
    setTimeout(() => sent.destroy(), 500);
    await new Promise((resolve) => sent.once('close', resolve));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(lines.filter(({ level }) => level >= 50)).toEqual([]);
    await over.close();
  });

  test('a line that is no JSON is refused with its place', async () => {
    const { headers } = await keyForAll;
    const response = await gateway.app.inject({
      ...{ method: 'POST', url: '/partner/reconcile', headers: { ...headers, 'content-type': 'application/x-ndjson' } },
      payload: `${entry}\n{"id":\n`,
    });
    expect(response.statusCode).toBe(400);
    expect(response.json().errors[0].message).toContain('entry 2');
  });
});

describe('digests', () => {
  // As the README says it, computed from what the feed gives and by nothing of the gateway.
  const computed = (held: readonly (Held & { on: string })[], notices: boolean) =>
    [...new Set(held.map(({ on }) => on))].sort().map((on) => {
      const lines = held
        .filter((each) => each.on === on)
        .map(
          (each) =>
            `${each.id} ${each.version}${
              notices
                ? each
                    .notices!.toSorted()
                    .map((name) => ` ${name}`)
                    .join('')
                : ''
            }\n`,
        );
      const sorted = lines.map((line) => Buffer.from(line)).sort(Buffer.compare);
      return { edition: 'tt', day: on, count: lines.length, digest: createHash('sha256').update(Buffer.concat(sorted)).digest('hex') };
    });
  async function heldOf(headers: Record<string, string>): Promise<(Held & { on: string })[]> {
    const days = new Map<string, string>();
    const { held } = await walkFeed(gateway, headers, '/feeds/tt.json?after=start', ({ id, date_published: published }) =>
      days.set(id, published.slice(0, 10)),
    );
    return [...held.values()].map((each) => ({ ...each, on: days.get(each.id)! }));
  }

  test('are those of what the feed gives, day by day, with notices where they are asked for', async () => {
    const { headers } = await fullFeed();
    // What the tests before have written is of up to two minutes ahead, and a walk waits for a clock that is.
    at(130_000);
    for (const notices of [false, true]) {
      const held = await heldOf(headers);
      const answer = (await gateway.get(`/partner/digest?edition=tt&since=2020-01-01&notices=${notices}`, headers)).json();
      expect(answer.days.length).toBeGreaterThan(3);
      expect(answer.days).toEqual(computed(held, notices));
      expect(answer).toMatchObject({
        at: later(130_000).toISOString(),
        since: '2020-01-01T00:00:00.000Z',
        until: '2026-11-24T00:00:00.000Z',
        notices,
      });
    }
  });

  test('change on the days on which something changed, and on no others', async () => {
    const { headers } = await fullFeed();
    const [corrected, killed] = [
      await storyIn('tt', { publishedAt: '2026-11-03T08:00:00Z' }),
      await storyIn('tt', { publishedAt: '2026-11-04T08:00:00Z' }),
    ];
    const digests = async (query = ''): Promise<Map<string, string>> => {
      const { days } = (await gateway.get(`/partner/digest?edition=tt&since=2026-01-01${query}`, headers)).json();
      return new Map(days.map((each: { day: string; digest: string }) => [each.day, each.digest]));
    };
    const [before, withNotices] = [await digests(), await digests('&notices=true')];
    await correct(corrected);
    await kill(killed);
    const after = await digests();
    const days = [...new Set([...before.keys(), ...after.keys()])].sort();
    expect(days.filter((each) => before.get(each) !== after.get(each))).toEqual(['2026-11-03', '2026-11-04']);
    await gateway.dataSource.query(`update notice set must_carry = not must_carry where code = 'about'`);
    expect(await digests()).toEqual(after);
    const renoticed = await digests('&notices=true');
    expect([...renoticed].filter(([each, digest]) => withNotices.get(each) === digest)).toEqual([]);
    expect((await gateway.get('/partner/digest?notices=perhaps', headers)).statusCode).toBe(400);
  });
});

test('a partner compares two lists at once, and a third when one of them is done', async () => {
  const { headers } = await fullFeed();
  const over = await openGateway({ over: gateway });
  await over.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = over.app.server.address() as AddressInfo;
  const listOpened = () => {
    const sent = request({
      ...{ host: '127.0.0.1', port, method: 'POST', path: '/partner/reconcile' },
      // Of its own, so that closing waits for no connection that is kept.
      ...{ agent: false, headers: { ...headers, 'content-type': 'application/json' } },
    });
    const list = { sent, status: undefined as number | undefined };
    sent.once('response', (response) => {
      list.status = response.resume().statusCode;
    });
    sent.write('[');
    return list;
  };
  const another = () =>
    over.app.inject({
      ...{ method: 'POST', url: '/partner/reconcile', payload: '[]' },
      headers: { ...headers, 'content-type': 'application/json' },
    });
  let lists = [listOpened(), listOpened()];
  await until('two lists being read', async () => {
    const { statusCode } = await another();
    // One that came while the question was asked is sent again.
    lists = lists.map((list) => (list.status === undefined ? list : listOpened()));
    return statusCode === 429;
  });
  expect((await another()).headers['retry-after']).toBe('5');
  for (const { sent } of lists) sent.end(']');
  await until('both are answered', () => lists.every(({ status }) => status === 200));
  await until('there is room again', async () => (await another()).statusCode === 200);
  await over.close();
});
