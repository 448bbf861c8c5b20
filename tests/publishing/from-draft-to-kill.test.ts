import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { numberEvents } from '../../src/publishing/event.queries.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { until } from '../support/until.js';

/** One story from its first draft to its end, as three desks and their readers meet it; the steps build on one another. */
let gateway: TestGateway;
let en: Desk;
let ru: Desk;
let tt: Desk;
let article: string;
let minutes = 0;

/** Time goes on by a minute with each step. */
const later = (): void => gateway.at(new Date(testNow.getTime() + ++minutes * 60_000));

const blocks = (text: string) => [{ key: 'p1', type: 'paragraph', spans: [{ text }] }];

beforeAll(async () => {
  gateway = await openGateway();
  en = await deskOf(gateway, 'Anna', { en: Role.CHIEF });
  ru = await deskOf(gateway, 'Boris', { ru: Role.EDITOR });
  tt = await deskOf(gateway, 'Timur', { tt: Role.EDITOR });
});
afterAll(() => gateway.close());

const seen = `{ article(id: $id) { __typename ... on Article { translations(editions: ["en", "ru", "tt"]) {
  edition { code } revision headline significance staleness
  missed { edition { code } revision significance }
} } ... on Tombstone { kind scope } } }`;

// biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of what it asked for
const readersSee = async (): Promise<any> => (await gateway.ask(`query($id: ID!) ${seen}`, { id: article })).data.article;
const stalenessOf = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await readersSee()).translations.map((each: { edition: { code: string }; staleness: string }) => [each.edition.code, each.staleness]),
  );
const noticesOf = async (edition: string): Promise<{ kind: string; text: string }[]> =>
  (
    await gateway.ask(
      'query($id: ID!, $edition: EditionCode) { article(id: $id) { ... on Article { served(edition: $edition) { notices(territory: "DE") { kind text } } } } }',
      { id: article, edition },
    )
  ).data.article.served.notices;

test('a draft is nobody’s but the desk’s until it is published', async () => {
  const { draft } = await en.createArticle({
    edition: 'en',
    authors: ['anna-marsh'],
    text: { headline: 'A bridge opens', blocks: blocks('It opens on Monday.') },
  });
  expect(draft).toMatchObject({ version: 1, state: 'DRAFT', author: 'Anna' });
  article = draft.articleId;
  expect(await readersSee()).toBeNull();
  later();
  expect(await en.publishDraft({ article, edition: 'en', expectedVersion: 1 })).toMatchObject({
    revision: 1,
    translation: { headline: 'A bridge opens' },
  });
  expect(await stalenessOf()).toEqual({ en: 'ORIGINAL' });
});

test('Russian is translated from English, Tatar from Russian', async () => {
  later();
  const { draft } = await ru.translate({ article, edition: 'ru' });
  expect(draft).toMatchObject({ headline: 'A bridge opens', basis: [{ edition: { code: 'en' }, revision: 1 }] });
  const saved = await ru.saveDraft({
    ...{ article, edition: 'ru', expectedVersion: draft.version },
    text: { headline: 'Открывается мост', blocks: blocks('Он открывается в понедельник.') },
  });
  await ru.publishDraft({ article, edition: 'ru', expectedVersion: saved.draft.version });
  later();
  const tatar = await tt.translate({ article, edition: 'tt', sources: ['ru'] });
  const mine = await tt.saveDraft({
    ...{ article, edition: 'tt', expectedVersion: tatar.draft.version },
    text: { headline: 'Күпер ачыла', blocks: blocks('Ул дүшәмбедә ачыла.') },
  });
  await tt.publishDraft({ article, edition: 'tt', expectedVersion: mine.draft.version });
  expect(await stalenessOf()).toEqual({ en: 'ORIGINAL', ru: 'CURRENT', tt: 'CURRENT' });
});

test('a correction of English marks both, opens their obligations, and tells their readers', async () => {
  later();
  const corrected = await en.correct({
    ...{ article, edition: 'en', expectedRevision: 1, meaning: { note: 'It opens on Tuesday, not on Monday.' } },
    text: { headline: 'A bridge opens', blocks: blocks('It opens on Tuesday.') },
  });
  expect(corrected.obligations.map(({ edition }: { edition: { code: string } }) => edition.code).sort()).toEqual(['ru', 'tt']);
  expect(await stalenessOf()).toEqual({ en: 'ORIGINAL', ru: 'BEHIND_CORRECTION', tt: 'BEHIND_CORRECTION' });
  for (const edition of ['ru', 'tt']) expect((await noticesOf(edition)).filter(({ kind }) => kind === 'CORRECTION')).toHaveLength(1);
  expect((await noticesOf('en'))[0]).toMatchObject({
    kind: 'CORRECTION',
    text: expect.stringContaining('It opens on Tuesday, not on Monday.'),
  });
});

test('taking the correction over needs a note, settles Russian, and leaves Tatar behind until it confirms', async () => {
  later();
  const revision = {
    ...{ article, edition: 'ru', expectedVersion: 0 },
    text: { headline: 'Открывается мост', blocks: blocks('Он открывается во вторник.') },
  };
  const bare = await ru.saveDraft({ ...revision, meaning: { basis: [{ edition: 'en', revision: 2 }] } });
  expect(await ru.publishDraft({ article, edition: 'ru', expectedVersion: bare.draft.version })).toMatchObject({ code: 'NOTE_REQUIRED' });
  const noted = await ru.saveDraft({
    ...{ ...revision, expectedVersion: bare.draft.version },
    meaning: { basis: [{ edition: 'en', revision: 2 }], note: 'Мост открывается во вторник.' },
  });
  expect(await ru.publishDraft({ article, edition: 'ru', expectedVersion: noted.draft.version })).toMatchObject({ revision: 2 });
  expect(await stalenessOf()).toEqual({ en: 'ORIGINAL', ru: 'CURRENT', tt: 'BEHIND_CORRECTION' });
  later();
  const id = `${article}.tt`;
  expect(await tt.confirmStillAccurate([id])).toEqual({ translations: [id] });
  expect(await stalenessOf()).toEqual({ en: 'ORIGINAL', ru: 'CURRENT', tt: 'CURRENT' });
  expect((await noticesOf('tt')).map(({ kind }) => kind)).not.toContain('CORRECTION');
});

test('a kill hides all three at once from every query', async () => {
  later();
  expect(await ru.retract({ article, kind: 'KILL' })).toMatchObject({ error: 'FORBIDDEN' });
  expect(await en.retract({ article, kind: 'KILL', notes: [{ lang: 'en', text: 'This story was wrong.' }] })).toMatchObject({
    editions: null,
  });
  expect(await readersSee()).toMatchObject({ __typename: 'Tombstone', kind: 'KILL', scope: 'STORY' });
  for (const edition of ['en', 'ru', 'tt']) {
    const { data } = await gateway.ask(
      'query($edition: EditionCode, $id: ID!) { node(id: $id) { __typename } articles(edition: $edition, first: 1, filter: { publishedFrom: "2026-11-23T12:00:00Z" }) { totalCount } }',
      { edition, id: `${article}.${edition}` },
    );
    expect(data).toEqual({ node: { __typename: 'Tombstone' }, articles: { totalCount: 0 } });
  }
  expect(
    await en.correct({ article, edition: 'en', expectedRevision: 2, text: { headline: 'x', blocks: [] }, meaning: { note: 'x' } }),
  ).toMatchObject({
    code: 'IS_RETRACTED',
  });
});

test('the log shows each step once, in order', async () => {
  // Another test's transaction, open on the same server, keeps the newest events waiting.
  await until('numbering', async () => {
    await numberEvents(gateway.dataSource.manager, 1000);
    const [waiting] = await gateway.dataSource.query<[{ left: number }]>('select count(*)::int as left from outbox');
    return waiting.left === 0;
  });
  const uuid = article.split(':').at(-1);
  const events = await gateway.dataSource.query<{ kind: string; edition: string | null }[]>(
    'select kind, edition_code as edition from event where article_uuid = $1 order by seq',
    [uuid],
  );
  expect(events.map(({ kind, edition }) => `${kind} ${edition ?? ''}`.trim())).toEqual([
    'PUBLISHED en',
    'CLAIMED ru',
    'PUBLISHED ru',
    'CLAIM_ENDED ru',
    'CLAIMED tt',
    'PUBLISHED tt',
    'CLAIM_ENDED tt',
    'REVISED en',
    'OBLIGATION_OPENED ru',
    'OBLIGATION_OPENED tt',
    'REVISED ru',
    'OBLIGATION_OPENED tt',
    'OBLIGATION_SETTLED ru',
    'CONFIRMED tt',
    'OBLIGATION_SETTLED tt',
    'OBLIGATION_SETTLED tt',
    'RETRACTED',
  ]);
});
