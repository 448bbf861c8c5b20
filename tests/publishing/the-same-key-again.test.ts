import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';

/** The same request with the same key gives what the first one gave, or says that this is no longer so: never what somebody else made since. */
let gateway: TestGateway;
let mine: Desk;
let other: Desk;
let article: string;
let minutes = 0;

const later = (): void => gateway.at(new Date(testNow.getTime() + ++minutes * 60_000));
const written = (headline: string) => ({ headline, blocks: [{ key: 'p1', type: 'paragraph', spans: [{ text: `${headline}.` }] }] });
const created = () => ({ edition: 'en', text: written('Platypus seen'), idempotencyKey: `created ${minutes}` });
let first: ReturnType<typeof created>;

beforeAll(async () => {
  gateway = await openGateway();
  mine = await deskOf(gateway, 'Anna', { en: Role.CHIEF });
  other = await deskOf(gateway, 'Boris', { en: Role.CHIEF });
});
afterAll(() => gateway.close());
beforeEach(async () => {
  later();
  first = created();
  article = (await mine.createArticle(first)).draft.articleId;
  later();
});

const saved = (version: number, headline: string) => ({ article, edition: 'en', expectedVersion: version, text: written(headline) });

test('a draft that nobody has saved since is given again', async () => {
  const asked = { ...saved(1, 'Heron seen'), idempotencyKey: `saved ${article}` };
  const answer = await mine.saveDraft(asked);
  expect(answer).toMatchObject({ draft: { version: 2, headline: 'Heron seen' } });
  later();
  expect(await mine.saveDraft(asked)).toEqual(answer);
});

test('a draft that somebody saved since is not taken for one’s own', async () => {
  const asked = { ...saved(1, 'Heron seen'), idempotencyKey: `saved ${article}` };
  await mine.saveDraft(asked);
  later();
  expect(await other.saveDraft(saved(2, 'Egret seen'))).toMatchObject({ draft: { version: 3 } });
  expect(await mine.saveDraft(asked)).toMatchObject({ code: 'DRAFT_MOVED_ON', presentVersion: 3, problemOf: article });
});

test('nor is another draft that came to the same version', async () => {
  await mine.publishDraft({ article, edition: 'en', expectedVersion: 1 });
  later();
  const asked = { ...saved(0, 'Heron seen'), idempotencyKey: `saved ${article}` };
  expect(await mine.saveDraft(asked)).toMatchObject({ draft: { version: 1 } });
  await mine.publishDraft({ article, edition: 'en', expectedVersion: 1 });
  later();
  expect(await other.saveDraft(saved(0, 'Egret seen'))).toMatchObject({ draft: { version: 1 } });
  expect(await mine.saveDraft(asked)).toMatchObject({ code: 'DRAFT_MOVED_ON', presentVersion: 1 });
});

test.each([
  ['published', 'NO_DRAFT', () => mine.publishDraft({ article, edition: 'en', expectedVersion: 1 })],
  ['saved', 'DRAFT_MOVED_ON', () => other.saveDraft(saved(1, 'Egret seen'))],
  ['taken back', 'IS_RETRACTED', () => other.retract({ article, kind: 'KILL' })],
])('whoever made a story learns which also when it was %s since', async (_name, code, since) => {
  expect(await since()).not.toHaveProperty('code');
  later();
  expect(await mine.createArticle(first)).toMatchObject({ code, problemOf: article });
});

test('a refusal of what was never done names no story', async () => {
  expect(await mine.saveDraft(saved(7, 'Heron seen'))).toMatchObject({ code: 'DRAFT_MOVED_ON', problemOf: null });
});

test('facts that somebody changed since are not taken for one’s own', async () => {
  const update = async (desk: Desk, expectedVersion: number, urgency: number) => {
    const rest = {
      kind: 'NEWS',
      topics: [],
      people: [],
      places: [],
      agencies: [],
      credits: [],
      idempotencyKey: `urgency ${urgency} ${article}`,
    };
    const document = `mutation($input: UpdateArticleInput!) { updateArticle(input: $input) {
      ... on ArticleFacts { version urgency } ... on Problem { code presentVersion } } }`;
    return (await desk.ask(document, { input: { article, expectedVersion, urgency, ...rest } })).data.updateArticle;
  };
  expect(await update(mine, 1, 2)).toEqual({ version: 2, urgency: 2 });
  expect(await update(mine, 1, 2)).toEqual({ version: 2, urgency: 2 });
  await update(other, 2, 3);
  expect(await update(mine, 1, 2)).toEqual({ code: 'VERSION_MOVED_ON', presentVersion: 3 });
});

test('nor is a topic', async () => {
  const save = async (desk: Desk, expectedVersion: number, name: string) => {
    const input = { code: 'same-key', expectedVersion, language: 'en', names: [{ lang: 'en', text: name }], idempotencyKey: name };
    const document = `mutation($input: SaveNamedInput!) { saveTopic(input: $input) { ... on Topic { name(edition: "en") { text } version } ... on Problem { code presentVersion } } }`;
    return (await desk.ask(document, { input })).data.saveTopic;
  };
  expect(await save(mine, 0, 'Birds')).toEqual({ name: { text: 'Birds' }, version: 1 });
  expect(await save(mine, 0, 'Birds')).toEqual({ name: { text: 'Birds' }, version: 1 });
  expect(await save(other, 1, 'Mammals')).toEqual({ name: { text: 'Mammals' }, version: 2 });
  expect(await save(mine, 0, 'Birds')).toEqual({ code: 'VERSION_MOVED_ON', presentVersion: 2 });
});
