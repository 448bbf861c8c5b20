import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Role, type Roles } from '../../src/desks/role.js';
import { lockArticles } from '../../src/publishing/event.queries.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway } from '../support/gateway.js';

/** Whoever has not the role is told so: not what is there, not what is wrong with what they sent, and not what was answered while they had it. */
let gateway: TestGateway;
let chief: Desk;
let article: string;

const written = (headline: string) => ({ headline, blocks: [{ key: 'p1', type: 'paragraph', spans: [{ text: `${headline}.` }] }] });

beforeAll(async () => {
  gateway = await openGateway();
  chief = await deskOf(gateway, 'Anna', { en: Role.CHIEF });
});
afterAll(() => gateway.close());

/** A story that no reader may see. */
beforeEach(async () => {
  const made = await chief.createArticle({ edition: 'en', text: written('Platypus seen') });
  article = made.draft.articleId;
});

type Asked = [name: string, document: string, input: (article: string) => object];
const mutation = (name: string, type: string): string => `mutation($input: ${type}!) { ${name}(input: $input) { __typename } }`;

const asked: Asked[] = [
  ['retract a story', mutation('retract', 'RetractWithNotesInput'), (id) => ({ article: id, kind: 'KILL' })],
  ['retract a revision', mutation('retract', 'RetractWithNotesInput'), (id) => ({ article: id, edition: 'en', revision: 1, kind: 'KILL' })],
  ['restore a story', mutation('restore', 'RestoreInput'), (id) => ({ article: id, reason: 'x' })],
  ['preview', 'query($input: RetractInput!) { retractionPreview(input: $input) { scope } }', (id) => ({ article: id, kind: 'KILL' })],
  [
    'preview a revision',
    'query($input: RetractInput!) { retractionPreview(input: $input) { scope } }',
    (id) => ({ article: id, edition: 'en', revision: 1, kind: 'KILL' }),
  ],
];
const confirm = 'mutation($ids: [ID!]!) { confirmStillAccurate(translations: $ids) { __typename } }';
const nowhere = 'urn:newsml:meridian.example:20261101:00000000-0000-4000-8000-000000000000';

describe.each([
  ['the public', null],
  ['a key without a role', {}],
])('%s', (_who, roles: Roles | null) => {
  const codeOf = async (document: string, variables: Record<string, unknown>): Promise<string | undefined> => {
    const somebody = roles && (await deskOf(gateway, 'Nobody', roles));
    const { errors } = await (somebody ? somebody.ask(document, variables) : gateway.ask(document, variables));
    return errors?.[0]?.extensions.code;
  };

  test.each(asked)('is not told whether there is a story (%s)', async (_name, document, input) => {
    expect(await codeOf(document, { input: input(article) })).toBe('FORBIDDEN');
    expect(await codeOf(document, { input: input(nowhere) })).toBe('FORBIDDEN');
  });

  test('is not told so by a confirmation either', async () => {
    expect(await codeOf(confirm, { ids: [`${article}.en`] })).toBe('FORBIDDEN');
    expect(await codeOf(confirm, { ids: [`${nowhere}.en`] })).toBe('FORBIDDEN');
  });

  const bad = { headline: 'a\u0007b', blocks: [] };
  const facts = { kind: 'NEWS', urgency: 5, topics: [], people: [], places: [], agencies: [] };
  test.each([
    ['saveDraft', 'SaveDraftInput', () => ({ article, edition: 'en', expectedVersion: 0, text: bad })],
    ['correct', 'ReviseInput', () => ({ article, edition: 'en', expectedRevision: 0, text: bad })],
    ['editMinor', 'ReviseInput', () => ({ article, edition: 'en', expectedRevision: 0, text: bad })],
    ['createArticle', 'CreateArticleInput', () => ({ edition: 'en', urgency: 99, text: bad })],
    ['createArticle', 'CreateArticleInput', () => ({ edition: 'none', text: bad })],
    ['updateArticle', 'UpdateArticleInput', () => ({ article, expectedVersion: 1, ...facts, credits: [{ role: 'AUTHOR' }] })],
    ['previewLink', 'PreviewLinkInput', () => ({ article, edition: 'en', hours: 0 })],
    ['retract', 'RetractWithNotesInput', () => ({ kind: 'KILL' })],
    ['translate', 'TranslateInput', () => ({ article, edition: 'none' })],
    ['submitDraft', 'DraftInput', () => ({ article, edition: 'en', expectedVersion: 0, idempotencyKey: 'x'.repeat(201) })],
  ])('is not told what is wrong with its %s', async (name, type, input) => {
    expect(await codeOf(mutation(name, type), { input: input() })).toBe('FORBIDDEN');
  });
});

test.each(asked)('the public waits for nobody, and keeps nobody waiting (%s)', async (_name, document, input) => {
  await gateway.dataSource.transaction(async (manager) => {
    // Whoever opened a transaction for it would wait here for good.
    await lockArticles(manager, [article.split(':').at(-1)!]);
    expect((await gateway.ask(document, { input: input(article) })).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

test('an editor of another edition is told so before what they pasted is read', async () => {
  const other = await deskOf(gateway, 'Boris', { ru: Role.CHIEF });
  const html = { headline: 'x', html: '<p>\u0007</p>' };
  expect(await other.saveDraft({ article, edition: 'en', expectedVersion: 1, text: html })).toMatchObject({ error: 'FORBIDDEN' });
  expect(await other.createArticle({ edition: 'en', text: html })).toMatchObject({ error: 'FORBIDDEN' });
});

describe('a key that lost its role gets no former answer again', () => {
  let mine: Desk;
  beforeEach(async () => {
    mine = await deskOf(gateway, `Vera ${article}`, { en: Role.CHIEF, ru: Role.TRANSLATOR });
    await chief.publishDraft({ article, edition: 'en', expectedVersion: 1 });
  });
  const loseRoles = (): Promise<unknown> =>
    gateway.dataSource.query('update api_key set roles = $2 where name = $1', [`Vera ${article}`, { tt: Role.CHIEF }]);

  test.each<[string, () => Promise<unknown>]>([
    ['in the edition', () => mine.translate({ article, edition: 'ru', idempotencyKey: `one ${article}` })],
    ['in the home edition', () => mine.retract({ article, kind: 'KILL', idempotencyKey: `one ${article}` })],
    ['in the home edition of a story under embargo', async () => embargo()],
  ])('%s', async (_where, work) => {
    const first = await work();
    expect(first).not.toHaveProperty('error');
    expect(first).not.toHaveProperty('code');
    expect(await work()).toEqual(first);
    await loseRoles();
    expect(await work()).toMatchObject({ error: 'FORBIDDEN' });
  });

  const embargo = async () => {
    const { data, errors } = await mine.ask(
      'mutation($article: ID!) { setEmbargo(article: $article, until: "2027-01-01T00:00:00Z", idempotencyKey: "e") { __typename } }',
      { article },
    );
    return errors ? { error: errors[0].extensions.code } : data;
  };

  test('of the stories that show a picture', async () => {
    const image = `lost-${article.slice(-8)}`;
    await gateway.dataSource.query(
      `insert into image (code, focal_x, focal_y, redistribution, redistribution_territories) values ($1, 0.5, 0.5, 'FREE', '{}')`,
      [image],
    );
    await gateway.dataSource.query('update article set image_code = $1 where uuid = $2', [image, article.split(':').at(-1)]);
    const kill = () => mine.retract({ image, kind: 'KILL', idempotencyKey: `picture ${article}` });
    expect(await kill()).toMatchObject({ image, stories: [article] });
    await loseRoles();
    expect(await kill()).toMatchObject({ error: 'FORBIDDEN' });
  });
});
