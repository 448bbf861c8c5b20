import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { writeStories } from '../../src/ingest/write-stories.js';
import { publishScheduled } from '../../src/publishing/publish-text.js';
import { makeScheduler } from '../../src/publishing/scheduler.js';
import { given, text as storyText } from '../ingest/given.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';

let gateway: TestGateway;
let en: Desk;
let ru: Desk;
let article: string;
let now = testNow;
const later = (minutes = 1): Date => {
  now = new Date(now.getTime() + minutes * 60_000);
  gateway.at(now);
  return now;
};

beforeAll(async () => {
  gateway = await openGateway();
  en = await deskOf(gateway, 'Anna', { en: Role.CHIEF });
  ru = await deskOf(gateway, 'Boris', { ru: Role.EDITOR });
});
afterAll(() => gateway.close());

const text = (headline: string) => ({ headline, blocks: [{ key: 'p1', type: 'paragraph', spans: [{ text: headline }] }] });
const translator = (person: string) => ({ role: 'TRANSLATOR', person });

/** A story by Anna Marsh, published in English, with a Russian draft begun, for each test. */
let version = 0;
beforeEach(async () => {
  later();
  const { draft } = await en.createArticle({ edition: 'en', authors: ['anna-marsh'], text: text('A bridge opens') });
  article = draft.articleId;
  await en.publishDraft({ article, edition: 'en', expectedVersion: 1 });
  version = (await ru.translate({ article, edition: 'ru' })).draft.version;
});

const uuid = (): string => article.split(':').at(-1)!;
const byline = async (edition: string): Promise<string | null> => {
  const { data } = await gateway.ask(
    'query($id: ID!, $edition: EditionCode) { article(id: $id) { ... on Article { served(edition: $edition) { translation { byline } } } } }',
    { id: article, edition },
  );
  return data.article.served.translation?.byline ?? null;
};
const rows = (edition: string | null): Promise<object[]> =>
  gateway.dataSource.query(
    'select role, coalesce(person_code, agency_code) as party, since, until from credit where article_uuid = $1 and edition_code is not distinct from $2 order by since nulls first, position',
    [uuid(), edition],
  );
const save = async (credits: object[] | null, headline = 'Открывается мост'): Promise<Awaited<ReturnType<Desk['saveDraft']>>> => {
  const saved = await ru.saveDraft({ article, edition: 'ru', expectedVersion: version, text: text(headline), meaning: { credits } });
  if (saved.draft) version = saved.draft.version;
  return saved;
};
const publish = () => ru.publishDraft({ article, edition: 'ru', expectedVersion: version });
const correct = (credits: object[] | null, headline: string, expectedRevision: number) =>
  ru.correct({ article, edition: 'ru', expectedRevision, text: text(headline), meaning: { note: 'Исправлено.', credits } });

describe('a translator', () => {
  test('is named on the draft, and for readers once it is published', async () => {
    await save([translator('timur-galiev')]);
    const { data } = await ru.ask(
      'query($article: ID!) { draft(article: $article, edition: "ru") { credits { role person { code } agency { code } } } }',
      { article },
    );
    expect(data.draft.credits).toEqual([{ role: 'TRANSLATOR', person: { code: 'timur-galiev' }, agency: null }]);
    expect(await rows('ru')).toEqual([]);
    expect(await byline('ru')).toBeNull();
    const at = later();
    await publish();
    expect(await byline('ru')).toBe('Текст: Анна Марш · Перевод: Тимур Галиев');
    expect(await byline('en')).toBe('By Anna Marsh');
    expect(await rows('ru')).toEqual([{ role: 'TRANSLATOR', party: 'timur-galiev', since: at, until: null }]);
  });

  test('stays named when the next text says nothing of credits, and on a draft that is saved again without them', async () => {
    await save([translator('timur-galiev')]);
    expect((await save(null, 'Другой заголовок')).draft).toBeDefined();
    const at = later();
    await publish();
    later();
    await correct(null, 'Мост открыт', 1);
    expect(await rows('ru')).toEqual([{ role: 'TRANSLATOR', party: 'timur-galiev', since: at, until: null }]);
  });

  test('who is followed by another stays on record until then, and who stays is not touched', async () => {
    await save([translator('timur-galiev'), { role: 'EDITOR', person: 'david-okafor' }]);
    const first = later();
    await publish();
    const second = later();
    await correct([translator('olena-hrytsenko'), { role: 'EDITOR', person: 'david-okafor' }], 'Мост открыт', 1);
    expect(await rows('ru')).toEqual([
      { role: 'TRANSLATOR', party: 'timur-galiev', since: first, until: second },
      { role: 'EDITOR', party: 'david-okafor', since: first, until: null },
      { role: 'TRANSLATOR', party: 'olena-hrytsenko', since: second, until: null },
    ]);
    expect(await byline('ru')).toBe('Текст: Анна Марш · Перевод: Елена Гриценко');
    later();
    await correct([], 'Мост открыт вновь', 2);
    expect(await byline('ru')).toBe('Текст: Анна Марш');
  });

  test('who was forgotten is added by a revision of the same words; the same again is none', async () => {
    await save(null);
    later();
    await publish();
    later();
    const minor = {
      article,
      edition: 'ru',
      expectedRevision: 1,
      text: text('Открывается мост'),
      meaning: { credits: [translator('timur-galiev')] },
    };
    expect(await ru.editMinor(minor)).toMatchObject({ revision: 2 });
    expect(await byline('ru')).toBe('Текст: Анна Марш · Перевод: Тимур Галиев');
    expect(await ru.editMinor({ ...minor, expectedRevision: 2 })).toMatchObject({ code: 'NOTHING_CHANGED' });
  });

  test('is named by a draft that publishes itself', async () => {
    await save([translator('timur-galiev')]);
    const at = new Date(now.getTime() + 60_000);
    await ru.scheduleDraft({ article, edition: 'ru', expectedVersion: version, at: at.toISOString() });
    later();
    const { manager } = gateway.dataSource;
    const log = { error: () => {}, info: () => {} };
    await makeScheduler({ manager, clock: () => now, works: { DRAFT: publishScheduled }, log }).pass();
    expect(await byline('ru')).toBe('Текст: Анна Марш · Перевод: Тимур Галиев');
  });

  test.each([
    ['nobody of the registry', [translator('nobody')], { code: 'UNKNOWN_NAME', field: 'credits' }],
    ['an agency', [{ role: 'TRANSLATOR', agency: 'afp' }], { code: 'FIELD_REFUSED', field: 'credits.0' }],
    ['a person and an agency', [{ role: 'PHOTO', person: 'timur-galiev', agency: 'afp' }], { code: 'FIELD_REFUSED', field: 'credits.0' }],
    ['one person twice', [translator('timur-galiev'), translator('timur-galiev')], { code: 'FIELD_REFUSED', field: 'credits' }],
  ])('who is %s is refused, and the draft stays as it was', async (_, credits, problem) => {
    const before = version;
    expect(await save(credits)).toMatchObject(problem);
    expect(version).toBe(before);
    expect(await rows('ru')).toEqual([]);
  });
});

test('a note to readers is cleaned like the text it stands with', async () => {
  await save(null);
  later();
  await publish();
  later();
  const meaning = { note: 'Не в поне\u200bдельник.' };
  await ru.correct({ article, edition: 'ru', expectedRevision: 1, text: text('Мост'), meaning });
  expect(await gateway.dataSource.query('select note from revision where article_uuid = $1 and number = 2', [uuid()])).toEqual([
    { note: 'Не в понедельник.' },
  ]);
});

describe('what holds for a story in all editions', () => {
  const facts = {
    ...{ expectedVersion: 1, kind: 'ANALYSIS', urgency: 2, topics: ['media', 'history'], people: ['joe-biden'], places: ['kazan'] },
    ...{
      agencies: ['tass'],
      image: 'saiga',
      credits: [
        { role: 'AUTHOR', person: 'david-okafor' },
        { role: 'WIRE', agency: 'reuters' },
      ],
    },
  };
  const fields = `articleId version kind urgency topics { code } people { code } places { code } agencies { code } image credits { role person { code } agency { code } }`;
  const update = async (more: object, desk = en) => {
    const { data, errors } = await desk.ask(
      `mutation($input: UpdateArticleInput!) { result: updateArticle(input: $input) { ... on ArticleFacts { ${fields} } ... on Problem { code field presentVersion } } }`,
      { input: { article, ...facts, ...more } },
    );
    return errors ? { error: errors[0].extensions.code } : data.result;
  };
  const events = async (): Promise<{ at: Date }[]> =>
    gateway.dataSource.query(
      `select at from (select at, kind, article_uuid from outbox union all select at, kind, article_uuid from event) e where kind = 'STORY_CHANGED' and article_uuid = $1`,
      [uuid()],
    );

  test('is changed at once for every edition, told once, and refused over a version that has gone', async () => {
    await save([translator('timur-galiev')]);
    await publish();
    const at = later();
    expect(await update({})).toMatchObject({
      version: 2,
      kind: 'ANALYSIS',
      urgency: 2,
      topics: [{ code: 'media' }, { code: 'history' }],
      image: 'saiga',
    });
    expect(await events()).toEqual([{ at }]);
    expect(await byline('ru')).toBe('Текст: Дэвид Окафор · Перевод: Тимур Галиев');
    const { data } = await gateway.ask(
      'query($id: ID!) { article(id: $id) { ... on Article { kind urgency topics { code } people { code } places { code } agencies { code } original { creditLine image { alt } } } } }',
      { id: article },
    );
    expect(data.article).toMatchObject({
      ...{ kind: 'ANALYSIS', urgency: 2, topics: [{ code: 'media' }, { code: 'history' }], people: [{ code: 'joe-biden' }] },
      ...{ places: [{ code: 'kazan' }], agencies: [{ code: 'tass' }], original: { creditLine: 'With reporting by Reuters' } },
    });
    expect(await update({})).toMatchObject({ code: 'VERSION_MOVED_ON', presentVersion: 2 });
    later();
    expect(await update({ expectedVersion: 2 })).toMatchObject({ version: 2 });
    expect(await events()).toEqual([{ at }]);
    expect(await rows(null)).toEqual([
      // Since her story was made, a minute before.
      { role: 'AUTHOR', party: 'anna-marsh', since: new Date(at.getTime() - 60_000), until: at },
      { role: 'AUTHOR', party: 'david-okafor', since: at, until: null },
      { role: 'WIRE', party: 'reuters', since: at, until: null },
    ]);
  });

  test.each([
    ['a topic there is not', { topics: ['nothing'] }, { code: 'UNKNOWN_NAME' }],
    ['a topic twice', { topics: ['media', 'media'] }, { code: 'FIELD_REFUSED', field: 'topics' }],
    ['an urgency there is not', { urgency: 10 }, { code: 'FIELD_REFUSED', field: 'urgency' }],
    ['a picture there is not', { image: 'nothing' }, { code: 'UNKNOWN_NAME' }],
    ['an author there is not', { credits: [{ role: 'AUTHOR', person: 'nobody' }] }, { code: 'UNKNOWN_NAME', field: 'credits' }],
  ])('is not changed by %s', async (_, more, problem) => {
    expect(await update(more)).toMatchObject(problem);
    const { data } = await en.ask(`query($article: ID!) { articleFacts(article: $article) { ${fields} } }`, { article });
    expect(data.articleFacts).toMatchObject({ version: 1, kind: 'NEWS', topics: [], credits: [{ person: { code: 'anna-marsh' } }] });
    expect(await events()).toEqual([]);
  });

  test('is the home edition’s to know and to change before anybody else sees the story, and changes in silence then', async () => {
    const { draft } = await en.createArticle({ edition: 'en', text: text('Not yet') });
    article = draft.articleId;
    expect(await update({}, ru)).toEqual({ error: 'FORBIDDEN' });
    expect(await update({})).toMatchObject({ version: 2 });
    expect(await events()).toEqual([]);
    const query = 'query($article: ID!) { articleFacts(article: $article) { version } }';
    expect((await en.ask(query, { article })).data.articleFacts).toEqual({ version: 2 });
    expect((await ru.ask(query, { article })).errors[0].extensions.code).toBe('FORBIDDEN');
  });

  test('is not changed of a story that was taken back', async () => {
    await en.retract({ article, kind: 'KILL' });
    expect(await update({})).toMatchObject({ code: 'IS_RETRACTED' });
  });
});

test('a story that is imported again gets back nothing that desks took away, and nothing twice', async () => {
  const id = 'credited-again';
  const credits = [{ role: 'AUTHOR' as const, person: 'anna-marsh' }];
  const translated = (people: string[]) =>
    given(
      id,
      [
        { edition: 'en', revisions: [storyText('News', 'Text.')] },
        { edition: 'ru', revisions: [storyText('Новость', 'Текст.')], credits: people.map((person) => ({ role: 'TRANSLATOR', person })) },
      ],
      { credits, topics: ['media', 'history'] },
    );
  const write = (people: string[]) => writeStories(gateway.dataSource.manager, [translated(people)], { domain: 'meridian.example', now });
  await write(['timur-galiev']);
  const [{ urn }] = await gateway.dataSource.query<[{ urn: string }]>(
    `select 'urn:newsml:' || domain || ':' || issued_on || ':' || uuid as urn from article where foreign_id = $1`,
    [id],
  );
  article = urn;
  later();
  await correct([translator('olena-hrytsenko')], 'Новость исправлена', 1);
  await en.ask('mutation($input: UpdateArticleInput!) { updateArticle(input: $input) { __typename } }', {
    input: {
      ...{ article, expectedVersion: 1, kind: 'NEWS', urgency: 5, topics: ['media'], people: [], places: [], agencies: [] },
      credits: [{ role: 'AUTHOR', person: 'david-okafor' }],
    },
  });
  const before = [await rows('ru'), await rows(null)];
  later();
  await write(['timur-galiev', 'olena-hrytsenko']);
  expect([await rows('ru'), await rows(null)]).toEqual(before);
  expect(await gateway.dataSource.query('select code from article_topic where article_uuid = $1', [uuid()])).toEqual([{ code: 'media' }]);
});
