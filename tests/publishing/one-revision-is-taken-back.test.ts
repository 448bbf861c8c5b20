import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';
import { makeStory, paragraph, urnOf, write } from '../support/make-story.js';

let gateway: TestGateway;
let chief: Desk;
let editor: Desk;
let ru: Desk;
let tt: Desk;
let article: string;
let uuid: string;
let minutes = 0;

/** Time goes on by a minute with each step. */
const later = (): void => gateway.at(new Date(testNow.getTime() + ++minutes * 60_000));

const blocks = (text: string) => [{ key: 'p1', type: 'paragraph', spans: [{ text }] }];
const written = (headline: string, text = headline) => ({ headline, blocks: blocks(text) });

beforeAll(async () => {
  gateway = await openGateway();
  chief = await deskOf(gateway, 'Anna', { en: Role.CHIEF });
  editor = await deskOf(gateway, 'Ed', { en: Role.EDITOR });
  ru = await deskOf(gateway, 'Boris', { ru: Role.CHIEF });
  tt = await deskOf(gateway, 'Timur', { tt: Role.CHIEF });
});
afterAll(() => gateway.close());

/** A story whose second revision is wrong; Russian is made from that, Tatar from Russian. */
beforeEach(async () => {
  later();
  const made = await chief.createArticle({ edition: 'en', authors: ['anna-marsh'], text: written('Heron seen', 'A heron was seen.') });
  article = made.draft.articleId;
  uuid = article.split(':').at(-1)!;
  await chief.publishDraft({ article, edition: 'en', expectedVersion: 1 });
  later();
  const second = { ...{ article, edition: 'en', expectedRevision: 1 }, meaning: { note: 'It was a platypus.' } };
  await chief.correct({ ...second, text: written('Platypus seen', 'A platypus was seen.') });
  later();
  for (const [desk, edition, source, text] of [
    [ru, 'ru', 'en', written('Утконос', 'Видели утконоса.')],
    [tt, 'tt', 'ru', written('Үрдәкборын', 'Үрдәкборын күренгән.')],
  ] as const) {
    const { draft } = await desk.translate({ article, edition, sources: [source] });
    const saved = await desk.saveDraft({ article, edition, expectedVersion: draft.version, text });
    expect(await desk.publishDraft({ article, edition, expectedVersion: saved.draft.version })).toMatchObject({ revision: 1 });
  }
  later();
});

const wrong = () => ({ article, edition: 'en', revision: 2 });
const withdrawn = () => ({ ...wrong(), kind: 'WITHDRAW', notes: [{ lang: 'en', text: 'The animal was none we know.' }] });

const everything = `query($id: ID!, $words: String!) {
  article(id: $id) { ... on Article { translations { edition { code } revision significance staleness headline body { html markdown text }
    missed { edition { code } revision significance } } } }
  node(id: $id) { ... on Article { original { headline } served { notices { kind text } } } }
  articles(edition: "en", filter: { search: $words }, orderBy: UPDATED_DESC) { totalCount edges { served { translation { headline } } } }
}`;
const seen = async (words = 'platypus') => (await gateway.ask(everything, { id: article, words })).data;
const stalenessOf = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await seen()).article.translations.map((each: { edition: { code: string }; staleness: string }) => [
      each.edition.code,
      each.staleness,
    ]),
  );

const history = `query($id: ID!) { node(id: $id) { ... on Translation { revisions { edges { node { __typename
  ... on Revision { number significance headline basis { edition { code } revision } author }
  ... on RetractedRevision { number kind retractedAt note }
} } } } } }`;
const historyOf = async (edition: string, desk = chief) =>
  (await desk.ask(history, { id: `${article}.${edition}` })).data.node.revisions.edges.map(({ node }: { node: object }) => node);

const eventsOf = async (): Promise<string[]> => {
  const rows = await gateway.dataSource.query<{ kind: string; edition: string | null; revision: number | null; data: { kind?: string } }[]>(
    'select kind, edition_code as edition, revision, data from outbox where article_uuid = $1 order by id',
    [uuid],
  );
  return rows.map(({ kind, edition, revision, data }) => [kind, edition, revision, data.kind].filter((part) => part != null).join(' '));
};

describe('the revision that readers have', () => {
  test('gives way to the words before it, at once and on every path', async () => {
    expect((await seen()).articles.totalCount).toBe(1);
    const before = await eventsOf();
    expect(await chief.retract(withdrawn())).toMatchObject({ articleId: article, editions: [], left: [], revision: 2, presentRevision: 3 });
    const after = await seen();
    expect(JSON.stringify(after)).not.toMatch(/platypus/iu);
    expect(after.articles.totalCount).toBe(0);
    expect((await seen('heron')).articles.edges[0].served.translation).toEqual({ headline: 'Heron seen' });
    const [english] = after.article.translations;
    expect(english).toMatchObject({ revision: 3, significance: 'RETRACTION', headline: 'Heron seen', body: { text: 'A heron was seen.' } });
    // What it told of itself as a correction is gone with it.
    expect(after.node.served.notices.map(({ kind }: { kind: string }) => kind)).not.toContain('CORRECTION');
    const page = await gateway.get(`/read/en/${(await slugOf()).slug}`);
    expect([page.statusCode, page.body.includes('A heron was seen.'), /platypus was/iu.test(page.body)]).toEqual([200, true, false]);
    expect((await eventsOf()).slice(before.length)).toEqual(['RETRACTED en 2 WITHDRAW', 'REVISED en 3']);
  });

  const slugOf = async () =>
    (await gateway.ask('query($id: ID!) { article(id: $id) { ... on Article { original { slug } } } }', { id: article })).data.article
      .original;

  test('leaves a tombstone in the history and its words to nobody', async () => {
    const at = new Date(testNow.getTime() + minutes * 60_000).toISOString();
    await chief.retract(withdrawn());
    expect(await historyOf('en')).toEqual([
      { __typename: 'Revision', number: 3, significance: 'RETRACTION', headline: 'Heron seen', basis: [], author: 'Anna' },
      { __typename: 'RetractedRevision', number: 2, kind: 'WITHDRAW', retractedAt: at, note: 'The animal was none we know.' },
      { __typename: 'Revision', number: 1, significance: 'UPDATE', headline: 'Heron seen', basis: [], author: 'Anna' },
    ]);
    const diff =
      'query($id: ID!, $from: Int!, $to: Int!) { node(id: $id) { ... on Translation { revisionDiff(from: $from, to: $to) { wordsChanged } } } }';
    const id = `${article}.en`;
    for (const [from, to, code] of [
      [1, 2, 'IS_RETRACTED'],
      [2, 3, 'IS_RETRACTED'],
      [1, 4, 'REVISION_UNKNOWN'],
    ])
      expect((await chief.ask(diff, { id, from, to })).errors[0].extensions.code).toBe(code);
    expect((await chief.ask(diff, { id, from: 1, to: 3 })).data.node.revisionDiff).toEqual({ wordsChanged: 0 });
    // The story's own tombstones are others: it and the edition stand.
    expect(await kindOf(article)).toBe('Article');
    expect(await kindOf(id)).toBe('Translation');
  });

  const kindOf = async (id: string) => (await gateway.ask('query($id: ID!) { node(id: $id) { __typename } }', { id })).data.node.__typename;

  test('makes what was made from it SOURCE_RETRACTED, until that is updated or confirmed', async () => {
    expect(await stalenessOf()).toEqual({ en: 'ORIGINAL', ru: 'CURRENT', tt: 'CURRENT' });
    await chief.retract(withdrawn());
    expect(await stalenessOf()).toEqual({ en: 'ORIGINAL', ru: 'SOURCE_RETRACTED', tt: 'SOURCE_RETRACTED' });
    const [, russian] = (await seen()).article.translations;
    expect(russian.missed).toEqual([{ edition: { code: 'en' }, revision: 3, significance: 'RETRACTION' }]);
    later();
    await tt.confirmStillAccurate([`${article}.tt`]);
    expect(await stalenessOf()).toEqual({ en: 'ORIGINAL', ru: 'SOURCE_RETRACTED', tt: 'CURRENT' });
    const saved = await ru.saveDraft({
      ...{ article, edition: 'ru', expectedVersion: 0, text: written('Цапля', 'Видели цаплю.') },
      meaning: { basis: [{ edition: 'en', revision: 3 }] },
    });
    await ru.publishDraft({ article, edition: 'ru', expectedVersion: saved.draft.version });
    expect(await stalenessOf()).toMatchObject({ ru: 'CURRENT', tt: 'BEHIND' });
  });

  test('is no news to what was made from the words that readers have again', async () => {
    const saved = await ru.saveDraft({
      ...{ article, edition: 'ru', expectedVersion: 0, text: written('Цапля', 'Видели цаплю.') },
      meaning: { basis: [{ edition: 'en', revision: 1 }], note: 'Видели цаплю.' },
    });
    await ru.publishDraft({ article, edition: 'ru', expectedVersion: saved.draft.version });
    const pending = 'select 1 from translation where article_uuid = $1 and edition_code = $2 and pending_correction_at is not null';
    expect(await stalenessOf()).toMatchObject({ ru: 'BEHIND_CORRECTION' });
    expect(await gateway.dataSource.query(pending, [uuid, 'ru'])).toHaveLength(1);
    later();
    await chief.retract(withdrawn());
    // Nobody owes a correction that was none.
    expect(await stalenessOf()).toMatchObject({ ru: 'CURRENT' });
    expect(await gateway.dataSource.query(pending, [uuid, 'ru'])).toHaveLength(0);
  });

  test('takes the present texts made from it along, as far as the caller’s roles reach', async () => {
    const both = await deskOf(gateway, 'Both', { en: Role.CHIEF, tt: Role.CHIEF });
    const preview = `query($input: RetractInput!) { retractionPreview(input: $input) { scope again editions { code } left { code } drafts { code } } }`;
    expect((await both.ask(preview, { input: { ...wrong(), kind: 'KILL', cascade: 'DERIVED' } })).data.retractionPreview).toEqual({
      ...{ scope: 'REVISION', again: 1, editions: [{ code: 'tt' }], left: [{ code: 'ru' }], drafts: [] },
    });
    expect(await both.retract({ ...wrong(), kind: 'KILL', cascade: 'DERIVED' })).toMatchObject({
      ...{ editions: [{ code: 'tt' }], left: [{ code: 'ru' }], presentRevision: 3 },
    });
    expect(Object.keys(await stalenessOf())).toEqual(['en', 'ru']);
    expect(
      (await gateway.ask('query($id: ID!) { node(id: $id) { ... on Tombstone { scope kind } } }', { id: `${article}.tt` })).data.node,
    ).toEqual({
      ...{ scope: 'TRANSLATION', kind: 'KILL' },
    });
  });

  test('takes its own words out of the schedule', async () => {
    const draft = await chief.saveDraft({ article, edition: 'en', expectedVersion: 0, text: written('Platypus again') });
    const { version } = draft.draft;
    await chief.scheduleDraft({ article, edition: 'en', expectedVersion: version, at: '2027-01-01T00:00:00Z' });
    await chief.retract(withdrawn());
    const state = 'query($article: ID!) { draft(article: $article, edition: "en") { state headline } }';
    expect((await chief.ask(state, { article })).data.draft).toEqual({ state: 'DRAFT', headline: 'Platypus again' });
  });

  test('cannot go where nothing before it stands', async () => {
    expect(await chief.retract({ ...wrong(), revision: 1, kind: 'KILL' })).toMatchObject({ revision: 1, presentRevision: null });
    const refused = await chief.retract(withdrawn());
    expect(refused).toMatchObject({ code: 'NO_EARLIER_REVISION', message: expect.stringContaining('whole text') });
    expect(await stalenessOf()).toMatchObject({ en: 'ORIGINAL', ru: 'CURRENT' });
    expect((await seen()).article.translations[0]).toMatchObject({ revision: 2, headline: 'Platypus seen' });
  });
});

test('an earlier revision goes from the history alone', async () => {
  const before = JSON.stringify(await seen());
  expect(await chief.retract({ ...wrong(), revision: 1, kind: 'KILL' })).toMatchObject({
    revision: 1,
    presentRevision: null,
    editions: [],
  });
  expect(JSON.stringify(await seen())).toBe(before);
  expect((await historyOf('en')).map((each: { __typename: string }) => each.__typename)).toEqual(['Revision', 'RetractedRevision']);
});

test('restored, it may be read again and changes nothing of what readers have', async () => {
  await chief.retract(withdrawn());
  const before = JSON.stringify(await seen());
  expect(await editor.restore({ ...wrong(), reason: 'A platypus after all.' })).toEqual({ error: 'FORBIDDEN', message: expect.anything() });
  expect(await chief.restore({ ...wrong(), reason: ' ' })).toMatchObject({ code: 'REASON_REQUIRED' });
  later();
  expect(await chief.restore({ ...wrong(), reason: 'A platypus after all.' })).toMatchObject({ revision: 2, presentRevision: null });
  const after = await seen();
  expect(after.article.translations[0]).toEqual(JSON.parse(before).article.translations[0]);
  expect(after.node).toEqual(JSON.parse(before).node);
  expect((await historyOf('en'))[1]).toMatchObject({ number: 2, headline: 'Platypus seen' });
  // Russian still stands on words that readers of English do not have.
  expect(await stalenessOf()).toMatchObject({ ru: 'BEHIND_CORRECTION' });
  expect((await eventsOf()).at(-1)).toBe('RESTORED en 2');
  expect(await chief.restore({ ...wrong(), reason: 'Again.' })).toMatchObject({ code: 'NOT_RETRACTED' });
  // It can be taken back once more.
  expect(await chief.retract(withdrawn())).toMatchObject({ revision: 2, presentRevision: null });
});

test('who may: a CHIEF of the edition, and an EDITOR to hold it back', async () => {
  expect(await editor.retract(withdrawn())).toMatchObject({ error: 'FORBIDDEN' });
  expect(await ru.retract(withdrawn())).toMatchObject({ error: 'FORBIDDEN' });
  expect(await editor.retract({ ...wrong(), kind: 'WITHHOLD' })).toMatchObject({ presentRevision: 3 });
  expect(await chief.retract(withdrawn())).toMatchObject({ code: 'IS_RETRACTED' });
});

test('the same key does nothing twice', async () => {
  const asked = { ...withdrawn(), idempotencyKey: `key of ${article}` };
  const first = await chief.retract(asked);
  expect(first).toMatchObject({ presentRevision: 3 });
  expect(await chief.retract(asked)).toEqual(first);
  expect(await historyOf('en')).toHaveLength(3);
  expect(await chief.retract({ ...asked, revision: 1 })).toMatchObject({ code: 'KEY_REUSED' });
});

test.each([
  ['a revision without its edition', () => ({ article, revision: 2 }), 'revision needs the edition'],
  ['a picture and a story', () => ({ article, image: 'saiga' }), 'image stands alone'],
  ['a picture with a cascade', () => ({ image: 'saiga', cascade: 'ALL' }), 'a picture has no cascade'],
  ['nothing', () => ({}), 'give either article or image'],
])('%s cannot be meant', async (_name, input, detail) => {
  const { error, message } = await chief.retract({ ...input(), kind: 'KILL' });
  expect([error, message]).toEqual(['BAD_USER_INPUT', expect.stringContaining(detail)]);
});

describe('the address of the words that were taken back', () => {
  let slug: string;
  let heron: string;
  beforeEach(() => {
    slug = `platypus-${uuid}`;
    heron = `heron-${uuid}`;
  });
  const addressed = (headline: string, address: string) => ({ ...written(headline), slug: address });
  const revise = (expectedRevision: number, text: object) =>
    chief.correct({ article, edition: 'en', expectedRevision, text, meaning: { note: 'It was another.' } });
  const present = async (): Promise<string> =>
    (await gateway.ask('query($id: ID!) { article(id: $id) { ... on Article { original { slug } } } }', { id: article })).data.article
      .original.slug;
  const named = async (by: string) =>
    (await gateway.ask('query($by: String!) { articleBySlug(edition: "en", slug: $by) { ... on Article { id } } }', { by })).data
      .articleBySlug;
  const pageStatus = async (by: string): Promise<number> => (await gateway.get(`/read/en/${by}`)).statusCode;

  test('is given up for the one that readers had before, and leads nowhere', async () => {
    await revise(2, addressed('Heron in the harbour', heron));
    await revise(3, addressed('Platypus in the harbour', slug));
    expect([await present(), await pageStatus(heron), await pageStatus(slug)]).toEqual([slug, 301, 200]);
    await chief.retract({ ...withdrawn(), revision: 4 });
    expect(await present()).toBe(heron);
    expect([await pageStatus(heron), await pageStatus(slug), await named(slug)]).toEqual([200, 404, null]);
  });

  test('stays where words that stand had it too', async () => {
    await revise(2, addressed('Platypus in the harbour', slug));
    await revise(3, written('Heron in the harbour'));
    await chief.retract({ ...withdrawn(), revision: 4 });
    expect([await present(), await pageStatus(slug)]).toEqual([slug, 200]);
  });

  test('leads nowhere although readers have a later one, until those words are brought back', async () => {
    await revise(2, addressed('Platypus in the harbour', slug));
    await revise(3, addressed('Heron in the harbour', heron));
    expect(await pageStatus(slug)).toBe(301);
    await chief.retract({ ...withdrawn(), revision: 3 });
    expect([await present(), await pageStatus(slug), await named(slug)]).toEqual([heron, 404, null]);
    await chief.restore({ ...wrong(), revision: 3, reason: 'It was a platypus.' });
    expect(await pageStatus(slug)).toBe(301);
  });

  test('is given up also where another story has taken the one before', async () => {
    await revise(2, addressed('Heron in the harbour', heron));
    await revise(3, addressed('Platypus in the harbour', slug));
    const other = await chief.createArticle({
      edition: 'en',
      authors: [],
      text: addressed('Another heron', heron),
    });
    expect(await chief.publishDraft({ article: other.draft.articleId, edition: 'en', expectedVersion: 1 })).toMatchObject({ revision: 1 });
    await chief.retract({ ...withdrawn(), revision: 4 });
    expect(await present()).toBe(`heron-in-the-harbour-${uuid.slice(0, 8)}`);
  });
});

test('an operator reads the tombstones, a reader neither them nor the history', async () => {
  await chief.retract(withdrawn());
  const operator = await keyFor(gateway.dataSource, { name: 'Op', operator: true, roles: {} });
  const id = `${article}.en`;
  expect((await gateway.ask(history, { id }, operator.headers)).data.node.revisions.edges).toHaveLength(3);
  const { data, errors } = await gateway.ask(history, { id });
  expect([data.node.revisions, errors?.[0]?.extensions.code]).toEqual([null, 'FORBIDDEN']);
});

test('an import that still holds the words does not bring them back', async () => {
  const story = (headline: string) =>
    makeStory({ id: 'again', editions: { en: { headline, slug: `a-${headline.toLowerCase()}`, blocks: [paragraph(`${headline}.`)] } } });
  await write(gateway, [story('Heron')]);
  await write(gateway, [story('Platypus')]);
  const id = urnOf(story('Heron'));
  expect(await chief.retract({ article: id, edition: 'en', revision: 2, kind: 'KILL' })).toMatchObject({ presentRevision: 3 });
  const headline = async () =>
    (await gateway.ask('query($id: ID!) { article(id: $id) { ... on Article { original { revision headline slug } } } }', { id })).data
      .article.original;
  await write(gateway, [story('Platypus')]);
  expect(await headline()).toEqual({ revision: 3, headline: 'Heron', slug: 'a-heron' });
  await write(gateway, [story('Egret')]);
  expect(await headline()).toEqual({ revision: 4, headline: 'Egret', slug: 'a-egret' });
});
