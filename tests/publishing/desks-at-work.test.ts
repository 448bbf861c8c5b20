import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { publishScheduled } from '../../src/publishing/publish-text.js';
import { makeScheduler } from '../../src/publishing/scheduler.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';

let gateway: TestGateway;
let chief: Desk;
let anna: Desk;
let boris: Desk;
let article: string;
let now = testNow;

const later = (minutes: number): Date => {
  now = new Date(now.getTime() + minutes * 60_000);
  gateway.at(now);
  return now;
};
const text = (headline: string, body = 'A paragraph.') => ({
  headline,
  blocks: [{ key: 'p1', type: 'paragraph', spans: [{ text: body }] }],
});
const silent = { error: () => {}, info: () => {} };
const passTimers = (): Promise<number> =>
  makeScheduler({ manager: gateway.dataSource.manager, clock: () => now, works: { DRAFT: publishScheduled }, log: silent }).pass();

beforeAll(async () => {
  gateway = await openGateway();
  chief = await deskOf(gateway, 'Clara', { en: Role.CHIEF, ru: Role.CHIEF });
  anna = await deskOf(gateway, 'Anna', { ru: Role.TRANSLATOR });
  boris = await deskOf(gateway, 'Boris', { ru: Role.TRANSLATOR });
});
afterAll(() => gateway.close());

/** A published story of its own for each test. */
beforeEach(async () => {
  later(60);
  const { draft } = await chief.createArticle({ edition: 'en', text: text('A story') });
  article = draft.articleId;
  await chief.publishDraft({ article, edition: 'en', expectedVersion: 1 });
});

const headline = async (edition: string): Promise<string | null> => {
  const { data } = await gateway.ask(
    'query($id: ID!, $edition: EditionCode) { article(id: $id) { ... on Article { served(edition: $edition) { translation { headline revision } } } } }',
    { id: article, edition },
  );
  return data.article?.served?.translation?.headline ?? null;
};

test('of several mutations in one request each answers what it has made', async () => {
  const text = (headline: string): string => `{ headline: "${headline}", blocks: [] }`;
  const { data, errors } = await chief.ask(
    `mutation($article: ID!) {
      first: editMinor(input: { article: $article, edition: "en", expectedRevision: 1, text: ${text('First')} }) { ...made }
      second: editMinor(input: { article: $article, edition: "en", expectedRevision: 2, text: ${text('Second')} }) { ...made }
    } fragment made on Published { translation { headline revision } }`,
    { article },
  );
  expect(errors).toBeUndefined();
  expect([data.first.translation, data.second.translation]).toEqual([
    { headline: 'First', revision: 2 },
    { headline: 'Second', revision: 3 },
  ]);
});

describe('two at one text', () => {
  test('who saves over a version they have not seen is told the present one, and nothing is lost', async () => {
    const saved = await chief.saveDraft({ article, edition: 'en', expectedVersion: 0, text: text('Mine') });
    expect(saved.draft.version).toBe(1);
    expect(await chief.saveDraft({ article, edition: 'en', expectedVersion: 0, text: text('Theirs') })).toMatchObject({
      code: 'DRAFT_MOVED_ON',
      presentVersion: 1,
    });
    expect(await chief.publishDraft({ article, edition: 'en', expectedVersion: 1, expectedRevision: 0 })).toMatchObject({
      code: 'REVISION_MOVED_ON',
      presentRevision: 1,
    });
    expect(await headline('en')).toBe('A story');
  });

  test('a translator does not write where another has claimed the text, until the claim runs out or is given back', async () => {
    const { draft } = await anna.translate({ article, edition: 'ru' });
    const mine = { article, edition: 'ru', expectedVersion: draft.version, text: text('Моё') };
    expect(await boris.saveDraft(mine)).toMatchObject({ code: 'CLAIMED', message: expect.stringContaining('Anna') });
    later(4 * 60 + 1);
    expect(await boris.saveDraft(mine)).toMatchObject({ draft: { version: draft.version + 1, author: 'Boris' } });
  });
});

describe('the same request again', () => {
  test('gives the same result and does nothing twice for seven days; another request under its key is refused', async () => {
    const { draft } = await chief.translate({ article, edition: 'ru' });
    const publish = { article, edition: 'ru', expectedVersion: draft.version, idempotencyKey: 'once' };
    const first = await chief.publishDraft(publish);
    expect(first).toMatchObject({ revision: 1 });
    expect(await chief.publishDraft(publish)).toEqual(first);
    expect(await chief.publishDraft({ ...publish, expectedVersion: 7 })).toMatchObject({ code: 'KEY_REUSED' });
    const made = { edition: 'en', text: text('Made once'), idempotencyKey: 'make' };
    const [one, two] = await Promise.all([chief.createArticle(made), chief.createArticle(made)]);
    expect(one.draft.articleId).toBe(two.draft.articleId);
    later(7 * 24 * 60 + 1);
    expect((await chief.createArticle(made)).draft.articleId).not.toBe(one.draft.articleId);
  });
});

describe('a draft on its way', () => {
  test('is handed in, sent back, accepted, and publishes itself at its time, not before', async () => {
    const step = async (version: number) => ({ article, edition: 'en', expectedVersion: version });
    await chief.saveDraft({ article, edition: 'en', expectedVersion: 0, text: text('Tomorrow') });
    expect((await chief.submitDraft(await step(1))).draft.state).toBe('IN_REVIEW');
    expect((await chief.reviewDraft({ ...(await step(2)), accepted: false })).draft).toMatchObject({ state: 'DRAFT', reviewer: null });
    expect((await chief.reviewDraft({ ...(await step(3)), accepted: true })).draft).toMatchObject({
      state: 'IN_REVIEW',
      reviewer: 'Clara',
    });
    expect(await chief.scheduleDraft({ ...(await step(4)), at: testNow })).toMatchObject({ code: 'TIME_PASSED' });
    expect((await chief.scheduleDraft({ ...(await step(4)), at: new Date(now.getTime() + 3_600_000) })).draft.state).toBe('SCHEDULED');
    later(59);
    await passTimers();
    expect(await headline('en')).toBe('A story');
    later(1);
    await passTimers();
    expect(await headline('en')).toBe('Tomorrow');
    expect(await passTimers()).toBe(0);
  });

  test('of a machine counts as reviewed only as long as its words are those that were reviewed', async () => {
    const { draft } = await chief.translate({ article, edition: 'ru' });
    const save = (expectedVersion: number) =>
      chief.saveDraft({ article, edition: 'ru', expectedVersion, text: text('Машина'), meaning: { origin: 'MACHINE', tool: 'a tool' } });
    const saved = await save(draft.version);
    const reviewed = await chief.reviewDraft({ article, edition: 'ru', expectedVersion: saved.draft.version, accepted: true });
    expect(reviewed.draft).toMatchObject({ origin: 'MACHINE_REVIEWED', reviewer: 'Clara' });
    expect((await save(reviewed.draft.version)).draft).toMatchObject({ origin: 'MACHINE', reviewer: null });
  });

  test('pasted HTML becomes blocks that keep their keys; scripts and forbidden characters do not pass', async () => {
    const html = '<p onclick="x()">Unchanged.</p><script>alert(1)</script><p>New.</p>';
    const one = await chief.saveDraft({ article, edition: 'en', expectedVersion: 0, text: { headline: 'H', html: '<p>Unchanged.</p>' } });
    const two = await chief.saveDraft({ article, edition: 'en', expectedVersion: 1, text: { headline: 'H', html } });
    expect(two.draft.body[0]).toEqual(one.draft.body[0]);
    expect(JSON.stringify(two.draft.body)).not.toMatch(/alert|onclick/u);
    expect(await chief.saveDraft({ article, edition: 'en', expectedVersion: 2, text: text('A bell \u0007') })).toMatchObject({
      code: 'TEXT_REFUSED',
      field: 'headline',
      offset: 7,
    });
  });
});

describe('what the registry and the story do not have', () => {
  test.each([
    ['a topic', { topics: ['nothing-of-the-kind'] }],
    ['an author', { authors: ['nobody'] }],
    ['a picture', { image: 'no-picture' }],
  ])('%s', async (_name, given) => {
    const before = await gateway.dataSource.query('select count(*)::int as count from article');
    expect(await chief.createArticle({ edition: 'en', text: text('A story'), ...given })).toMatchObject({ code: 'UNKNOWN_NAME' });
    expect(await gateway.dataSource.query('select count(*)::int as count from article')).toEqual(before);
  });

  test('a source revision, a slug of another story, a translation before its original', async () => {
    const basis = { article, edition: 'ru', expectedVersion: 0, text: text('Х'), meaning: { basis: [{ edition: 'en', revision: 2 }] } };
    expect(await chief.saveDraft(basis)).toMatchObject({ code: 'BASIS_UNKNOWN' });
    await chief.saveDraft({ article, edition: 'en', expectedVersion: 0, text: { ...text('Taken'), slug: 'putin-2021-speech-dialogue' } });
    expect(await chief.publishDraft({ article, edition: 'en', expectedVersion: 1 })).toMatchObject({ code: 'SLUG_TAKEN' });
    const { draft } = await chief.createArticle({ edition: 'en', text: text('Unpublished') });
    await chief.saveDraft({ article: draft.articleId, edition: 'ru', expectedVersion: 0, text: text('Рано') });
    expect(await chief.publishDraft({ article: draft.articleId, edition: 'ru', expectedVersion: 1 })).toMatchObject({
      code: 'ORIGINAL_FIRST',
    });
  });
});

describe('taken back and brought back', () => {
  test('an editor’s own edition alone; the preview says what would go', async () => {
    const { draft } = await chief.translate({ article, edition: 'ru' });
    await chief.publishDraft({ article, edition: 'ru', expectedVersion: draft.version });
    const { data } = await chief.ask(
      'query($input: RetractInput!) { retractionPreview(input: $input) { editions { code } drafts { code } claims { code } } }',
      { input: { article, edition: 'en', kind: 'WITHHOLD', cascade: 'DERIVED' } },
    );
    expect(data.retractionPreview).toEqual({ editions: [{ code: 'en' }, { code: 'ru' }], drafts: [], claims: [] });
    expect(await chief.retract({ article, edition: 'en', kind: 'WITHHOLD' })).toMatchObject({ editions: [{ code: 'en' }] });
    expect([await headline('en'), await headline('ru')]).toEqual([null, 'A story']);
    const { data: held } = await gateway.ask(
      'query($id: ID!) { article(id: $id) { ... on Article { original { id } translations(editions: ["ru"]) { staleness } } } }',
      { id: article },
    );
    expect(held.article).toEqual({ original: null, translations: [{ staleness: 'SOURCE_RETRACTED' }] });
    expect(await chief.restore({ article, edition: 'en', reason: ' ' })).toMatchObject({ code: 'REASON_REQUIRED' });
    expect(await chief.restore({ article, edition: 'en', reason: 'It was right.' })).toMatchObject({ editions: [{ code: 'en' }] });
    expect(await headline('en')).toBe('A story');
    expect(await chief.restore({ article, edition: 'en', reason: 'Again.' })).toMatchObject({ code: 'NOT_RETRACTED' });
  });

  test('a killed story cancels what was to come of it, and comes back as it was', async () => {
    await chief.saveDraft({ article, edition: 'en', expectedVersion: 0, text: text('Scheduled') });
    await chief.scheduleDraft({ article, edition: 'en', expectedVersion: 1, at: new Date(now.getTime() + 3_600_000) });
    await chief.retract({ article, kind: 'KILL' });
    later(120);
    await passTimers();
    expect(await headline('en')).toBeNull();
    await chief.restore({ article, reason: 'A mistake.' });
    expect(await headline('en')).toBe('A story');
  });
});

describe('an embargo', () => {
  test('hides the story in all editions until its time, and lifts at one instant', async () => {
    const until = new Date(now.getTime() + 3_600_000).toISOString();
    expect(await anna.setEmbargo(article, until)).toMatchObject({ error: 'FORBIDDEN' });
    expect(await chief.setEmbargo(article, until)).toMatchObject({ until });
    expect(await headline('en')).toBeNull();
    later(60);
    expect(await headline('en')).toBe('A story');
    await passTimers();
    expect(await chief.setEmbargo(article, until)).toMatchObject({ code: 'TIME_PASSED' });
  });

  test('is lifted early by its chief', async () => {
    await chief.setEmbargo(article, new Date(now.getTime() + 3_600_000).toISOString());
    await chief.setEmbargo(article, null);
    expect(await headline('en')).toBe('A story');
  });
});

describe('a translation that goes out as XLIFF and comes back', () => {
  const exported = async (): Promise<string> =>
    (await anna.ask('query($article: ID!) { exportXliff(article: $article, edition: "ru") }', { article })).data.exportXliff;
  const imported = async (expectedVersion: number, document: string) => {
    const { data, errors } = await anna.ask(
      `mutation($input: ImportXliffInput!) { importXliff(input: $input) {
         ... on XliffImport { draft { headline version basis { edition { code } revision } body } reports { unit reason taken } }
         ... on Problem { code presentVersion } } }`,
      { input: { article, edition: 'ru', expectedVersion, document } },
    );
    return errors ? { error: errors[0].extensions.code } : data.importXliff;
  };

  test('is a draft made from the revision that was exported, whatever its source has become since', async () => {
    const { draft } = await anna.translate({ article, edition: 'ru' });
    const document = (await exported())
      .replaceAll(/(<target[^>]*>)A paragraph\.(?=<\/target>)/gu, '$1Абзац.')
      .replaceAll(/(<target[^>]*>)A story(?=<\/target>)/gu, '$1История');
    await chief.correct({
      article,
      edition: 'en',
      expectedRevision: 1,
      text: text('A story', 'Another paragraph.'),
      meaning: { note: 'Wrong.' },
    });
    expect(await imported(draft.version, document)).toMatchObject({
      draft: { headline: 'История', basis: [{ edition: { code: 'en' }, revision: 1 }], body: [{ spans: [{ text: 'Абзац.' }] }] },
      reports: [],
    });
    expect(await imported(draft.version, document)).toEqual({ code: 'DRAFT_MOVED_ON', presentVersion: draft.version + 1 });
    await chief.publishDraft({ article, edition: 'ru', expectedVersion: draft.version + 1 });
    const { data } = await gateway.ask(
      'query($id: ID!) { article(id: $id) { ... on Article { translations(editions: ["ru"]) { staleness } } } }',
      {
        id: article,
      },
    );
    expect(data.article.translations).toEqual([{ staleness: 'BEHIND_CORRECTION' }]);
  });

  test('shows which of its texts have another source since', async () => {
    const blocks = (second: string) =>
      ['Kept.', second].map((words, index) => ({ key: `p${index + 1}`, type: 'paragraph', spans: [{ text: words }] }));
    const revise = (expectedRevision: number, second: string, name: string) =>
      chief.editMinor({ article, edition: 'en', expectedRevision, text: { headline: name, blocks: blocks(second) } });
    const states = async () =>
      [...(await exported()).matchAll(/<unit id="([^"]+)".*?state="(\w+)"/gsu)].map(([, unit, state]) => `${unit} ${state}`);
    await revise(1, 'Before.', 'A story');
    await anna.translate({ article, edition: 'ru' });
    expect(await states()).toEqual(['headline translated', 'p1 translated', 'p2 translated']);
    await revise(2, 'After.', 'A story');
    expect(await states()).toEqual(['headline translated', 'p1 translated', 'p2 initial']);
    await chief.publishDraft({ article, edition: 'ru', expectedVersion: 1 });
    await revise(3, 'Before.', 'Another story');
    expect(await states()).toEqual(['headline initial', 'p1 final', 'p2 final']);
  });

  test('is refused where it is no XLIFF, of another text, or with a document type', async () => {
    const { draft } = await anna.translate({ article, edition: 'ru' });
    for (const document of [
      'nothing',
      '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "e">]><x>&e;</x>',
      (await exported()).replace(/original="[^"]*"/u, 'original="urn:newsml:other:20260101:x"'),
    ])
      expect(await imported(draft.version, document)).toEqual({ error: 'BAD_USER_INPUT' });
    const { errors } = await gateway.ask('query($article: ID!) { exportXliff(article: $article, edition: "ru") }', { article });
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

test('a long article goes in whole, as blocks and as HTML', async () => {
  const paragraphs = Array.from({ length: 300 }, (_, index) => `Paragraph ${index} of a long article, which goes on for a while.`);
  const given = { article, edition: 'en', text: { headline: 'Long', html: paragraphs.map((each) => `<p>${each}</p>`).join('') } };
  const { draft } = await chief.saveDraft({ ...given, expectedVersion: 0 });
  expect(draft.body).toHaveLength(300);
  const again = await chief.saveDraft({ ...given, expectedVersion: 1, text: { headline: 'Long', blocks: draft.body } });
  expect(again.draft.body).toEqual(draft.body);
});
