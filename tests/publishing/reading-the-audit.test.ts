import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { readAudit } from '../../src/publishing/audit.queries.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';
import { makeStory, urnOf, write } from '../support/make-story.js';
import { newEdition, newNotice, operatorOf, savesOf } from '../support/registry.js';

/** Two stories, one at home in English and one in Russian, and three desks at work on them, a minute apart. */
let gateway: TestGateway;
let en: Desk;
let ru: Desk;
let tt: Desk;
let operator: Record<string, string>;
let english: string;
const russian = makeStory({ id: 'russian', editions: { ru: {}, tt: {} } });

const minutes = (count: number): Date => new Date(testNow.getTime() + count * 60_000);
let minute = 0;
const lines: string[] = [];

beforeAll(async () => {
  gateway = await openGateway({ logTo: { write: (line) => void lines.push(line) } });
  en = await deskOf(gateway, 'Anna', { en: Role.CHIEF });
  ru = await deskOf(gateway, 'Boris', { ru: Role.CHIEF });
  tt = await deskOf(gateway, 'Timur', { tt: Role.EDITOR });
  operator = (await keyFor(gateway.dataSource, { name: 'Night shift', operator: true })).headers;
  await write(gateway, [russian]);
  const later = (): void => gateway.at(minutes(++minute));
  later();
  const { draft } = await en.createArticle({ edition: 'en', text: { headline: 'A bridge', blocks: [] } });
  english = draft.articleId;
  later();
  await en.publishDraft({ article: english, edition: 'en', expectedVersion: 1 });
  later();
  await tt.translate({ article: english, edition: 'tt' });
  later();
  await tt.confirmStillAccurate([urnOf(russian, 'tt')]);
  later();
  await ru.retract({ article: urnOf(russian), edition: 'ru', kind: 'WITHHOLD', cascade: 'ALL' });
  later();
  await ru.setEmbargo(urnOf(russian), minutes(60).toISOString());
  later();
}, 60_000);
afterAll(() => gateway.close());

const query = `query($first: Int, $after: String, $last: Int, $before: String, $filter: AuditFilter) {
  audit(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    edges { cursor node { at caller callerId action articleId editionCode requestId detail } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;
// biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of what it asked for
type Asked = any;
const readBy = async (headers: Record<string, string>, variables: object = {}): Promise<Asked> => {
  const { data, errors } = await gateway.ask(query, variables as Record<string, unknown>, headers);
  return errors ? errors[0]!.extensions.code : data.audit;
};
const actionsOf = (audit: Asked): [action: string, edition: string | null][] =>
  audit.edges.map(({ node }: Asked) => [node.action, node.editionCode]);
const asOperator = async (filter: object = {}): Promise<[string, string | null][]> => actionsOf(await readBy(operator, { filter }));
const as = async (desk: Desk, filter: object = {}): Promise<[string, string | null][] | string> => {
  const { data, errors } = await desk.ask(query, { filter });
  return errors ? errors[0].extensions.code : actionsOf(data.audit);
};

const all = [
  ['SET_EMBARGO', null],
  ['WITHHOLD', 'ru'],
  ['CONFIRM', 'tt'],
  ['TRANSLATE', 'tt'],
  ['PUBLISH', 'en'],
  ['CREATE_ARTICLE', 'en'],
  ['SEEDED', null],
];

describe('the audit', () => {
  test('tells an operator who did what, when, to which story, by which request; the newest first', async () => {
    expect(await asOperator()).toEqual(all);
    const { edges } = await readBy(operator, { first: 6 });
    expect(edges[4].node).toEqual({
      ...{ at: minutes(2).toISOString(), caller: 'Anna', action: 'PUBLISH', articleId: english, editionCode: 'en' },
      callerId: expect.stringMatching(/^key:[0-9a-f-]{36}$/u),
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/u),
      detail: expect.objectContaining({ editionCode: 'en', revision: 1 }),
    });
    // A new story has its name in the entry of its making.
    expect(edges[5].node).toMatchObject({ articleId: english, detail: { version: 1 } });
  });

  test('tells by the id that the answer of the request had', async () => {
    const { headers } = await keyFor(gateway.dataSource, { name: 'Olga', roles: { uk: Role.EDITOR } });
    const response = await gateway.app.inject({
      ...{ method: 'POST', url: '/graphql', headers: { ...headers, 'x-request-id': 'desk-of-olga-1' } },
      payload: {
        query: 'mutation($input: CreateArticleInput!) { createArticle(input: $input) { ... on DraftText { articleId } } }',
        variables: { input: { edition: 'uk', text: { headline: 'Міст', blocks: [] } } },
      },
    });
    const article = response.json().data.createArticle.articleId;
    const { edges } = await readBy(operator, { filter: { article } });
    expect(edges.map(({ node }: Asked) => node.requestId)).toEqual(['desk-of-olga-1']);
    all.unshift(['CREATE_ARTICLE', 'uk']);
  });

  test('is asked by story, edition, caller, action and time', async () => {
    expect(await asOperator({ article: english })).toEqual(all.slice(4, 7));
    expect(await asOperator({ edition: 'tt' })).toEqual(all.slice(3, 5));
    expect(await asOperator({ action: 'PUBLISH' })).toEqual([['PUBLISH', 'en']]);
    expect(await asOperator({ article: english, edition: 'tt' })).toEqual([['TRANSLATE', 'tt']]);
    expect(await asOperator({ from: minutes(2).toISOString(), until: minutes(4).toISOString() })).toEqual(all.slice(4, 6));
    const { edges } = await readBy(operator, { filter: { edition: 'tt' } });
    expect(await asOperator({ caller: edges[0].node.callerId })).toEqual(all.slice(3, 5));
    expect(await asOperator({ caller: 'start' })).toEqual([['SEEDED', null]]);
    expect(await asOperator({ caller: 'nobody' })).toEqual([]);
    expect(await readBy(operator, { filter: { article: 'nonsense' } })).toBe('BAD_USER_INPUT');
  });

  test('tells a CHIEF what was done in the edition and with the stories whose home it is, once each', async () => {
    expect(await as(en)).toEqual([
      ['TRANSLATE', 'tt'],
      ['PUBLISH', 'en'],
      ['CREATE_ARTICLE', 'en'],
    ]);
    expect(await as(ru)).toEqual([
      ['SET_EMBARGO', null],
      ['WITHHOLD', 'ru'],
      ['CONFIRM', 'tt'],
    ]);
    const chief = await deskOf(gateway, 'Alsu', { tt: Role.CHIEF, en: Role.EDITOR });
    expect(await as(chief)).toEqual([
      ['CONFIRM', 'tt'],
      ['TRANSLATE', 'tt'],
    ]);
    expect(await as(chief, { edition: 'en' })).toEqual([]);
    expect(await as(chief, { article: urnOf(russian) })).toEqual([['CONFIRM', 'tt']]);
    const both = await deskOf(gateway, 'Vera', { en: Role.CHIEF, tt: Role.CHIEF });
    expect(await as(both)).toHaveLength(4);
  });

  test('is for nobody else', async () => {
    expect(await as(tt)).toBe('FORBIDDEN');
    expect(await readBy({})).toBe('FORBIDDEN');
  });

  test('tells of every edition that a retraction reached', async () => {
    const story = makeStory({ id: 'reached', editions: { ru: {}, tt: {}, uk: {} } });
    await write(gateway, [story]);
    const chief = await deskOf(gateway, 'Gleb', { ru: Role.CHIEF, tt: Role.CHIEF });
    await chief.retract({ article: urnOf(story), edition: 'ru', kind: 'KILL', cascade: 'ALL' });
    expect((await asOperator({ article: urnOf(story) })).sort()).toEqual([
      ['RETRACT_TRANSLATION', 'ru'],
      ['RETRACT_TRANSLATION', 'tt'],
    ]);
    all.unshift(['RETRACT_TRANSLATION', 'tt'], ['RETRACT_TRANSLATION', 'ru']);
  });

  test('is paged both ways without gap or repeat, also through one instant and while it grows', async () => {
    const whole = await readBy(operator, { first: 100 });
    const cursors = whole.edges.map(({ cursor }: Asked) => cursor);
    const paged: string[] = [];
    let after: string | null = null;
    do {
      const page: Asked = await readBy(operator, { first: 2, after });
      expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
      paged.push(...page.edges.map(({ cursor }: Asked) => cursor));
      after = page.pageInfo.endCursor;
      if (!page.pageInfo.hasNextPage) break;
      await en.confirmStillAccurate([`${english}.en`]);
    } while (paged.length < 100);
    expect(paged).toEqual(cursors);
    const last = await readBy(operator, { last: 3 });
    expect(last.edges.map(({ cursor }: Asked) => cursor)).toEqual(cursors.slice(-3));
    expect(last.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: false });
    const before = await readBy(operator, { last: 2, before: cursors[5] });
    expect(before.edges.map(({ cursor }: Asked) => cursor)).toEqual(cursors.slice(3, 5));
    // As a CHIEF, too.
    const { data } = await ru.ask(query, { first: 1 });
    const behind = await ru.ask(query, { first: 5, after: data.audit.pageInfo.endCursor });
    expect(actionsOf(behind.data.audit).length).toBeGreaterThan(1);
  });

  test.each([
    ['another list’s', Buffer.from(JSON.stringify(['PUBLISHED_DESC', 0, '1'])).toString('base64url')],
    ['a uuid', Buffer.from(JSON.stringify(['AUDIT', 0, '00000000-0000-4000-8000-000000000000'])).toString('base64url')],
    ['a number out of range', Buffer.from(JSON.stringify(['AUDIT', 0, '9'.repeat(30)])).toString('base64url')],
    ['nonsense', 'nonsense'],
  ])('takes no cursor that it did not give: %s', async (_name, after) => {
    expect(await readBy(operator, { after })).toBe('INVALID_CURSOR');
  });

  test('is never changed and never shortened', async () => {
    for (const statement of [`update audit set caller = 'nobody'`, 'delete from audit'])
      await expect(gateway.dataSource.query(statement)).rejects.toThrow('append-only');
  });

  test('keeps what was written before it had a caller’s id', async () => {
    await gateway.dataSource.query(
      `insert into audit (at, caller, action, request_id, detail) values ($1, 'Anna', 'PUBLISH', 'long-ago', '{}')`,
      [minutes(-1000)],
    );
    const read = { manager: gateway.dataSource.manager, now: testNow };
    const { items } = await readAudit(
      read,
      'ALL',
      { until: minutes(-999) },
      { size: 5, backwards: false, after: undefined, before: undefined },
    );
    expect(items.map(({ row }) => [row.caller, row.callerId, row.requestId])).toEqual([['Anna', null, 'long-ago']]);
  });
});

test('who tries what is not theirs is in the log with the request, and not in the audit', async () => {
  const entries = (await readBy(operator, { first: 100 })).edges.length;
  lines.length = 0;
  const { error } = await tt.retract({ article: english, kind: 'KILL' });
  expect(error).toBe('FORBIDDEN');
  const line = lines.map((each) => JSON.parse(each)).find(({ msg }) => msg === 'refused');
  expect(line).toMatchObject({ level: 40, action: 'retract', caller: expect.stringMatching(/^key:/u), reqId: expect.any(String) });
  expect(JSON.stringify(line)).not.toContain('Timur');
  expect((await readBy(operator, { first: 100 })).edges).toHaveLength(entries);
});

const detailsOf = async (action: string): Promise<Asked[]> =>
  (await readBy(operator, { filter: { action } })).edges.map(({ node }: Asked) => node.detail);

test('the CHIEFs of all whose readers a notice is or was for read that it was changed', async () => {
  const [tatar, ukrainian] = [await deskOf(gateway, 'Alsu', { tt: Role.CHIEF }), await deskOf(gateway, 'Oles', { uk: Role.CHIEF })];
  const both = await deskOf(gateway, 'Vera', { tt: Role.CHIEF, uk: Role.CHIEF });
  const save = savesOf(both.ask);
  await savesOf(tatar.ask)('saveNotice', newNotice);
  expect(await as(tatar, { action: 'SAVE_NOTICE' })).toEqual([['SAVE_NOTICE', 'tt']]);
  expect(await as(ukrainian, { action: 'SAVE_NOTICE' })).toEqual([]);
  await save('saveNotice', { ...newNotice, expectedVersion: 1, editions: ['tt', 'uk'] });
  await save('saveNotice', { ...newNotice, expectedVersion: 2, editions: ['uk'] });
  // The last one took it from Tatar readers.
  expect(await as(tatar, { action: 'SAVE_NOTICE' })).toHaveLength(3);
  expect(await as(ukrainian, { action: 'SAVE_NOTICE' })).toHaveLength(2);
  await (await operatorOf(gateway)).save('saveNotice', { ...newNotice, expectedVersion: 3, editions: [] });
  expect(await as(ukrainian, { action: 'SAVE_NOTICE_FOR_ALL' })).toEqual([['SAVE_NOTICE_FOR_ALL', 'uk']]);
  expect((await asOperator({ action: 'SAVE_NOTICE_FOR_ALL' })).map(([, edition]) => edition).sort()).toEqual([null, 'uk'].sort());
});

test('an edition that gives its place to another has its entry', async () => {
  const tatar = await deskOf(gateway, 'Alsu', { tt: Role.CHIEF });
  await (await operatorOf(gateway)).save('saveEdition', { ...newEdition, primary: true, hreflang: 'tt', insteadOf: 'tt' });
  expect(await as(tatar, { action: 'SAVE_EDITION' })).toEqual([['SAVE_EDITION', 'tt']]);
  expect((await asOperator({ action: 'SAVE_EDITION' })).map(([, edition]) => edition).sort()).toEqual(['tt', 'tt-volga']);
});

test('tells how something was taken back, and why it was brought back', async () => {
  const story = makeStory({ id: 'to-and-fro', editions: { ru: {} } });
  await write(gateway, [story]);
  const edition = { article: urnOf(story), edition: 'ru' };
  await ru.correct({ ...edition, expectedRevision: 1, text: { headline: 'Mended', blocks: [] }, meaning: { note: 'Mended.' } });
  const targets = {
    TRANSLATION: edition,
    STORY: { article: urnOf(story) },
    REVISION: { ...edition, revision: 1 },
    IMAGE: { image: 'saiga' },
  };
  const chief = await deskOf(gateway, 'Ivan', { en: Role.CHIEF, ru: Role.CHIEF });
  for (const [scope, target] of Object.entries(targets)) {
    expect(await chief.retract({ ...target, kind: 'KILL' })).toMatchObject({ scope });
    expect((await detailsOf(`RETRACT_${scope}`))[0]).toMatchObject({ kind: 'KILL' });
    expect(await chief.restore({ ...target, reason: `Cleared: ${scope}` })).toMatchObject({ scope });
    expect((await detailsOf(`RESTORE_${scope}`))[0]).toMatchObject({ reason: `Cleared: ${scope}` });
  }
  await chief.retract({ ...edition, kind: 'WITHHOLD' });
  expect((await detailsOf('WITHHOLD'))[0]).toMatchObject({ kind: 'WITHHOLD' });
});
