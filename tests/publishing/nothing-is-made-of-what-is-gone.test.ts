import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { publishScheduled } from '../../src/publishing/publish-text.js';
import { makeScheduler } from '../../src/publishing/scheduler.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';

let gateway: TestGateway;
let en: Desk;
let ru: Desk;
let tt: Desk;
let article: string;
let now = testNow;

/** Time goes on by so many hours, and the scheduler does what has come to its time. */
async function later(hours = 1): Promise<void> {
  now = new Date(now.getTime() + hours * 3_600_000);
  gateway.at(now);
  const { manager } = gateway.dataSource;
  await makeScheduler({ manager, clock: () => now, works: { DRAFT: publishScheduled }, log: { error: () => {} } as never }).pass();
}
const soon = (): string => new Date(now.getTime() + 5 * 3_600_000).toISOString();

const written = (headline: string) => ({ headline, blocks: [{ key: 'p1', type: 'paragraph', spans: [{ text: `${headline}.` }] }] });

beforeAll(async () => {
  gateway = await openGateway();
  en = await deskOf(gateway, 'Anna', { en: Role.CHIEF });
  ru = await deskOf(gateway, 'Boris', { ru: Role.EDITOR });
  tt = await deskOf(gateway, 'Timur', { tt: Role.EDITOR });
});
afterAll(() => gateway.close());

/** A story whose second revision of two is the present one. */
beforeEach(async () => {
  const made = await en.createArticle({ edition: 'en', text: written('Heron seen') });
  article = made.draft.articleId;
  await en.publishDraft({ article, edition: 'en', expectedVersion: 1 });
  await later();
  const second = { article, edition: 'en', expectedRevision: 1, text: written('Platypus seen'), meaning: { note: 'A platypus.' } };
  expect(await en.correct(second)).toMatchObject({ revision: 2 });
  await later();
});

const publishedFrom = async (desk: Desk, edition: string, source: string, headline: string): Promise<void> => {
  const { draft } = await desk.translate({ article, edition, sources: [source] });
  const saved = await desk.saveDraft({ article, edition, expectedVersion: draft.version, text: written(headline) });
  expect(await desk.publishDraft({ article, edition, expectedVersion: saved.draft.version })).toMatchObject({ revision: 1 });
};
const draftOf = async (desk: Desk, edition: string) =>
  (
    await desk.ask('query($article: ID!, $edition: EditionCode!) { draft(article: $article, edition: $edition) { state version } }', {
      article,
      edition,
    })
  ).data.draft;
const headlines = async (): Promise<Record<string, string>> => {
  const { data } = await gateway.ask(
    'query($id: ID!) { article(id: $id) { ... on Article { translations { edition { code } headline } } } }',
    { id: article },
  );
  return Object.fromEntries(
    data.article.translations.map((each: { edition: { code: string }; headline: string }) => [each.edition.code, each.headline]),
  );
};
const preview =
  'query($input: RetractInput!) { retractionPreview(input: $input) { editions { code } drafts { code } scheduled { code } claims { code } } }';

describe.each([
  ['an edition', { edition: 'en' }],
  ['a revision', { edition: 'en', revision: 2 }],
])('what was begun from %s that is killed', (_name, target) => {
  test.each(['NONE', 'DERIVED'])('does not come out by itself (cascade %s)', async (cascade) => {
    const begun = await tt.translate({ article, edition: 'tt' });
    await tt.scheduleDraft({ article, edition: 'tt', expectedVersion: begun.draft.version, at: soon() });
    const input = { article, ...target, kind: 'KILL', cascade };
    expect((await en.ask(preview, { input })).data.retractionPreview).toMatchObject({
      ...{ drafts: [{ code: 'tt' }], scheduled: [{ code: 'tt' }], claims: [{ code: 'tt' }] },
    });
    expect(await en.retract(input)).toMatchObject({ scope: expect.any(String) });
    expect(await draftOf(tt, 'tt')).toMatchObject({ state: 'DRAFT' });
    expect((await en.ask(preview, { input: { article, kind: 'KILL' } })).data.retractionPreview.claims).toEqual([]);
    await later(6);
    expect(await headlines()).not.toHaveProperty('tt');
  });

  test('is published only when its desk says what else it is made from', async () => {
    const { draft } = await tt.translate({ article, edition: 'tt' });
    await en.retract({ article, ...target, kind: 'KILL' });
    await later();
    const slot = { article, edition: 'tt' };
    const lost = { code: 'BASIS_UNKNOWN', message: expect.stringContaining('en') };
    expect(await tt.publishDraft({ ...slot, expectedVersion: draft.version })).toMatchObject(lost);
    // Nobody loses what they are writing.
    const saved = await tt.saveDraft({ ...slot, expectedVersion: draft.version, text: written('Аккош') });
    expect(await tt.publishDraft({ ...slot, expectedVersion: saved.draft.version })).toMatchObject(lost);
    const onIt = { ...slot, expectedVersion: saved.draft.version, text: written('Аккош') };
    expect(await tt.saveDraft({ ...onIt, meaning: { basis: [{ edition: 'en', revision: 2 }] } })).toMatchObject(lost);
    const anew = await tt.saveDraft({ ...onIt, meaning: { basis: [] } });
    expect(await tt.publishDraft({ ...slot, expectedVersion: anew.draft.version })).toMatchObject({ revision: 1 });
    expect(await headlines()).toMatchObject({ tt: 'Аккош' });
  });

  test('is shown to nobody as it would be', async () => {
    await tt.translate({ article, edition: 'tt' });
    const link = 'mutation($input: PreviewLinkInput!) { previewLink(input: $input) { ... on PreviewLink { url } } }';
    const { url } = (await tt.ask(link, { input: { article, edition: 'tt' } })).data.previewLink;
    const page = async () => (await gateway.get(new URL(url).pathname)).body.includes('Platypus');
    const served = `query($id: ID!) { article(id: $id, stage: DRAFT) { ... on Article { served(edition: "tt", policy: STRICT, stage: DRAFT) { translation { headline } } } } }`;
    const atDesk = async () => JSON.stringify(await tt.ask(served, { id: article })).includes('Platypus');
    expect([await page(), await atDesk()]).toEqual([true, true]);
    await en.retract({ article, ...target, kind: 'KILL' });
    await later();
    expect([await page(), await atDesk()]).toEqual([false, false]);
  });

  test('loses its schedule also where another text stands between them', async () => {
    await publishedFrom(ru, 'ru', 'en', 'Утконос');
    const begun = await tt.translate({ article, edition: 'tt', sources: ['ru'] });
    await tt.scheduleDraft({ article, edition: 'tt', expectedVersion: begun.draft.version, at: soon() });
    expect(await en.retract({ article, ...target, kind: 'KILL', cascade: 'DERIVED' })).toMatchObject({ left: [{ code: 'ru' }] });
    const { state, version } = await draftOf(tt, 'tt');
    expect(state).toBe('DRAFT');
    // Russian stands, as its desk has not taken it back: whoever looks at the draft may publish it.
    expect(await tt.publishDraft({ article, edition: 'tt', expectedVersion: version })).toMatchObject({ revision: 1 });
  });

  test('a schedule over other words stays', async () => {
    await publishedFrom(ru, 'ru', 'en', 'Утконос');
    await later();
    const own = {
      article,
      edition: 'ru',
      expectedVersion: 0,
      text: written('Цапля'),
      meaning: { basis: [{ edition: 'en', revision: 1 }] },
    };
    const { draft } = await ru.saveDraft({ ...own, ...('revision' in target ? {} : { meaning: { basis: [] } }) });
    await ru.scheduleDraft({ article, edition: 'ru', expectedVersion: draft.version, at: soon() });
    await en.retract({ article, ...target, kind: 'KILL' });
    // Named nothing, it is made from what the present text is.
    expect(await draftOf(ru, 'ru')).toMatchObject({ state: 'revision' in target ? 'SCHEDULED' : 'DRAFT' });
  });
});

test('nobody begins a translation from what is held back', async () => {
  await en.retract({ article, edition: 'en', kind: 'WITHHOLD' });
  for (const sources of [['en'], null]) {
    const refused = await tt.translate({ article, edition: 'tt', sources });
    expect(refused).toMatchObject({ code: 'BASIS_UNKNOWN', message: expect.stringContaining('en') });
  }
  const unsaid = { article, edition: 'tt', expectedVersion: 0, text: written('Үрдәкборын') };
  expect(await tt.saveDraft(unsaid)).toMatchObject({ code: 'BASIS_UNKNOWN' });
  await later();
  await en.restore({ article, edition: 'en', reason: 'It was right.' });
  expect(await tt.translate({ article, edition: 'tt' })).toMatchObject({ draft: { headline: 'Platypus seen' } });
});

test('a text that readers have goes on: corrected at once, and by a draft once it was confirmed', async () => {
  await publishedFrom(ru, 'ru', 'en', 'Утконос');
  await later();
  await en.retract({ article, edition: 'en', kind: 'WITHHOLD' });
  await later();
  const corrected = { article, edition: 'ru', expectedRevision: 1, text: written('Видели утконоса'), meaning: { note: 'Его видели.' } };
  expect(await ru.correct(corrected)).toMatchObject({ revision: 2 });
  const saved = await ru.saveDraft({ article, edition: 'ru', expectedVersion: 0, text: written('Утконоса видели') });
  const publish = () => ru.publishDraft({ article, edition: 'ru', expectedVersion: saved.draft.version });
  expect(await publish()).toMatchObject({ code: 'BASIS_UNKNOWN' });
  await later();
  await ru.confirmStillAccurate([`${article}.ru`]);
  expect(await publish()).toMatchObject({ revision: 3 });
  expect(await headlines()).toEqual({ ru: 'Утконоса видели' });
});
