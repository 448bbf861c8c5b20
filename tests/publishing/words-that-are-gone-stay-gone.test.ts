import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway } from '../support/gateway.js';

/** What a desk may still read of what was taken back: no words of it. */
let gateway: TestGateway;
let chief: Desk;
let ru: Desk;
let tt: Desk;
let article: string;

const written = (headline: string) => ({ headline, blocks: [{ key: 'p1', type: 'paragraph', spans: [{ text: `${headline}.` }] }] });

beforeAll(async () => {
  gateway = await openGateway();
  chief = await deskOf(gateway, 'Anna', { en: Role.CHIEF, ru: Role.CHIEF });
  ru = await deskOf(gateway, 'Boris', { ru: Role.TRANSLATOR });
  tt = await deskOf(gateway, 'Timur', { tt: Role.TRANSLATOR });
});
afterAll(() => gateway.close());

beforeEach(async () => {
  const made = await chief.createArticle({ edition: 'en', text: written('Platypus seen'), embargoUntil: '2027-01-01T00:00:00Z' });
  article = made.draft.articleId;
  await chief.publishDraft({ article, edition: 'en', expectedVersion: 1 });
});

const exported = async (desk: Desk, edition: string): Promise<string> => {
  const { data, errors } = await desk.ask(
    'query($article: ID!, $edition: EditionCode!) { exportXliff(article: $article, edition: $edition) }',
    { article, edition },
  );
  return errors ? errors[0].extensions.code : data.exportXliff;
};
const imported = async (document: string): Promise<string | undefined> => {
  const { data, errors } = await tt.ask(
    'mutation($input: ImportXliffInput!) { importXliff(input: $input) { __typename ... on Problem { code } } }',
    { input: { article, edition: 'tt', expectedVersion: 0, document } },
  );
  return errors ? errors[0].extensions.code : (data.importXliff.code ?? data.importXliff.__typename);
};

test('a story under embargo may be translated ahead of it, in XLIFF as in the editor', async () => {
  const document = await exported(tt, 'tt');
  expect(document).toContain('Platypus seen');
  expect(await imported(document)).toBe('XliffImport');
});

test.each([
  ['the story is killed', () => ({ kind: 'KILL' }), 'IS_RETRACTED'],
  ['its original is held back', () => ({ edition: 'en', kind: 'WITHHOLD' }), 'BASIS_UNKNOWN'],
])('when %s, nobody gets its words as XLIFF, or brings them in', async (_name, retraction, code) => {
  const document = await exported(tt, 'tt');
  await chief.retract({ article, ...retraction() });
  expect(await exported(tt, 'tt')).toBe(code);
  expect(await imported(document)).toBe(code);
});

test('a revision that was taken back comes in from no document', async () => {
  await chief.correct({ article, edition: 'en', expectedRevision: 1, text: written('Heron seen'), meaning: { note: 'A heron.' } });
  const document = await exported(tt, 'tt');
  await chief.retract({ article, edition: 'en', revision: 2, kind: 'KILL' });
  expect(await imported(document)).toBe('BASIS_UNKNOWN');
  expect(await exported(tt, 'tt')).toContain('Platypus seen');
});

test.each([
  ['story', () => ({ kind: 'KILL' })],
  ['edition', () => ({ edition: 'ru', kind: 'KILL' })],
])('a draft is not read while its %s is taken back', async (_name, retraction) => {
  await ru.translate({ article, edition: 'ru' });
  const saved = { article, edition: 'ru', expectedVersion: 1, text: written('Утконос'), idempotencyKey: `saved ${article}` };
  expect(await ru.saveDraft(saved)).toMatchObject({ draft: { headline: 'Утконос' } });
  const draft = async () => {
    const { data, errors } = await ru.ask('query($article: ID!) { draft(article: $article, edition: "ru") { headline } }', { article });
    return errors ? errors[0].extensions.code : data.draft.headline;
  };
  expect(await draft()).toBe('Утконос');
  await chief.retract({ article, ...retraction() });
  expect(await draft()).toBe('IS_RETRACTED');
  expect(await ru.saveDraft(saved)).toMatchObject({ code: 'IS_RETRACTED' });
  await chief.restore({ article, ...retraction(), kind: undefined, reason: 'It was right.' });
  expect(await draft()).toBe('Утконос');
});
