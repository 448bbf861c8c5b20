import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { numberEvents } from '../../src/publishing/event.queries.js';
import { makeScheduler } from '../../src/publishing/scheduler.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { newEdition, newImage, newNamed, newNotice, operatorOf, type Save, savesOf } from '../support/registry.js';
import { until } from '../support/until.js';

let gateway: TestGateway;
let operator: Awaited<ReturnType<typeof operatorOf>>;
let en: Desk;
let tt: Desk;
let now = testNow;
let saves: { en: Save; tt: Save };
const later = (minutes = 1): Date => {
  now = new Date(now.getTime() + minutes * 60_000);
  gateway.at(now);
  return now;
};
const silent = { error: () => {}, info: () => {} };
const passTimers = (): Promise<number> => makeScheduler({ manager: gateway.dataSource.manager, clock: () => now, log: silent }).pass();
const told = async (kind: string): Promise<object[]> =>
  gateway.dataSource.query(
    'select at, data from (select kind, at, data from outbox union all select kind, at, data from event) e where kind = $1 order by at',
    [kind],
  );

beforeAll(async () => {
  gateway = await openGateway();
  operator = await operatorOf(gateway);
  en = await deskOf(gateway, 'Anna', { en: Role.CHIEF });
  tt = await deskOf(gateway, 'Timur', { tt: Role.CHIEF });
  saves = { en: savesOf(en.ask), tt: savesOf(tt.ask) };
});
afterAll(() => gateway.close());

const paragraph = (text: string) => [{ key: 'p1', type: 'paragraph', spans: [{ text }] }];

/** A published story of the English desk. */
async function story(more: object = {}): Promise<string> {
  later();
  const { draft } = await en.createArticle({
    edition: 'en',
    text: { headline: 'A bridge opens', blocks: paragraph('It opens.') },
    ...more,
  });
  await en.publishDraft({ article: draft.articleId, edition: 'en', expectedVersion: 1 });
  return draft.articleId;
}

// biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of what it asked for
async function served(article: string, edition: string, fields: string): Promise<any> {
  const { data, errors } = await gateway.ask(
    `query($id: ID!, $edition: EditionCode) { article(id: $id) { ... on Article { served(edition: $edition) { ${fields} } } } }`,
    { id: article, edition },
  );
  return errors ? { error: errors[0]!.extensions.code } : data.article.served;
}
const noticesOf = async (article: string, edition: string): Promise<string[]> =>
  (await served(article, edition, 'notices(territory: "RU") { code }')).notices.map(({ code }: { code: string }) => code);

test('an edition that was founded serves its first text at once, by the key made for it', async () => {
  const article = await story();
  later();
  expect(await served(article, 'tt-volga', 'translation { headline }')).toEqual({ error: 'UNKNOWN_EDITION' });
  expect(await operator.save('saveEdition', newEdition)).toMatchObject({ code: 'tt-volga' });
  const volga = await deskOf(gateway, 'Rail', { 'tt-volga': Role.EDITOR });
  const { draft } = await volga.translate({ article, edition: 'tt-volga' });
  const text = { headline: 'Күпер ачыла', blocks: paragraph('Ул ачыла.'), slug: 'kuper' };
  const saved = await volga.saveDraft({ article, edition: 'tt-volga', expectedVersion: draft.version, text });
  await volga.publishDraft({ article, edition: 'tt-volga', expectedVersion: saved.draft.version });
  expect(await served(article, 'tt-volga', 'translation { headline url byline }')).toEqual({
    translation: { headline: 'Күпер ачыла', url: 'https://volga.meridian.example/kuper', byline: null },
  });
});

test('an address it gives up goes on leading to its texts', async () => {
  later();
  const changed = await operator.save('saveEdition', {
    ...newEdition,
    expectedVersion: 1,
    articleUrl: 'https://volga.meridian.example/n/{slug}',
  });
  expect(changed).toMatchObject({ version: 2, settings: { formerArticleUrls: ['https://volga.meridian.example/{slug}'] } });
  for (const url of ['https://volga.meridian.example/kuper', 'https://volga.meridian.example/n/kuper']) {
    const { data } = await gateway.ask('query($url: URL!) { articleByUrl(url: $url) { __typename } }', { url });
    expect(data.articleByUrl).toEqual({ __typename: 'Article' });
  }
});

test('what its texts are written and indexed in stays while it has some', async () => {
  const kept = { ...newEdition, expectedVersion: 2, articleUrl: 'https://volga.meridian.example/n/{slug}' };
  expect(await operator.save('saveEdition', { ...kept, searchConfig: 'russian' })).toMatchObject({
    code: 'FIELD_REFUSED',
    field: 'searchConfig',
  });
  expect(await operator.save('saveEdition', { ...kept, tag: 'ba' })).toMatchObject({ code: 'FIELD_REFUSED', field: 'tag' });
});

test('it takes the place of the primary one of its language in one moment, and never leaves it without one', async () => {
  const lookedUp = async (): Promise<string> => {
    const { data } = await gateway.ask('{ negotiateEdition(acceptLanguage: "tt") { served { code } } }');
    return data.negotiateEdition.served.code;
  };
  expect(await lookedUp()).toBe('tt');
  later();
  const kept = { ...newEdition, articleUrl: 'https://volga.meridian.example/n/{slug}' };
  const primary = { ...kept, expectedVersion: 2, primary: true, hreflang: 'tt', insteadOf: 'tt' };
  expect(await operator.save('saveEdition', primary)).toMatchObject({ primary: true, hreflang: 'tt', version: 3 });
  expect(await lookedUp()).toBe('tt-volga');
  const { data } = await gateway.ask('{ edition(code: "tt") { primary hreflang version } }');
  expect(data.edition).toEqual({ primary: false, hreflang: null, version: 2 });
  // Without another in its place the language would have none.
  expect(await operator.save('saveEdition', { ...primary, expectedVersion: 3, insteadOf: null, active: false })).toMatchObject({
    code: 'FIELD_REFUSED',
    field: 'primary',
  });
});

test('a closed edition is listed and serves nothing', async () => {
  later();
  const kept = { ...newEdition, code: 'tt-closing', articleUrl: null };
  await operator.save('saveEdition', kept);
  expect(await operator.save('saveEdition', { ...kept, expectedVersion: 1, active: false })).toMatchObject({ active: false, version: 2 });
  const { errors } = await gateway.ask('{ articles(edition: "tt-closing") { edges { cursor } } }');
  expect(errors![0]!.extensions.code).toBe('EDITION_CLOSED');
});

test('who changes their name has another byline at once, and so has an agency', async () => {
  later();
  await saves.en('savePerson', newNamed('olga-ray', { names: [{ lang: 'en', text: 'Olga Ray' }] }));
  await saves.en('saveAgency', newNamed('volga-press', { names: [{ lang: 'en', text: 'Volga Press' }] }));
  const article = await story({ authors: ['olga-ray'], wires: ['volga-press'] });
  expect(await served(article, 'en', 'translation { byline creditLine }')).toEqual({
    translation: { byline: 'By Olga Ray', creditLine: 'With reporting by Volga Press' },
  });
  later();
  await saves.tt('savePerson', newNamed('olga-ray', { expectedVersion: 1, names: [{ lang: 'en', text: 'Olga Stone' }] }));
  await saves.tt('saveAgency', newNamed('volga-press', { expectedVersion: 1, names: [{ lang: 'en', text: 'VP' }] }));
  expect(await served(article, 'en', 'translation { byline creditLine }')).toEqual({
    translation: { byline: 'By Olga Stone', creditLine: 'With reporting by VP' },
  });
});

test('a notice is told to the readers it is for from its start to its end, each an event', async () => {
  const article = await story();
  const starts = new Date(now.getTime() + 60 * 60_000);
  const ends = new Date(now.getTime() + 120 * 60_000);
  const notice = { ...newNotice, editions: ['tt', 'tt-volga'], effectiveFrom: starts.toISOString(), effectiveUntil: ends.toISOString() };
  // It is for the readers of two editions: who answers for one of them alone may not.
  expect(await saves.tt('saveNotice', notice)).toMatchObject({ error: 'FORBIDDEN' });
  const both = savesOf((await deskOf(gateway, 'Rail', { tt: Role.CHIEF, 'tt-volga': Role.CHIEF })).ask);
  expect(await both('saveNotice', notice)).toMatchObject({ version: 1 });
  expect(await noticesOf(article, 'tt')).not.toContain('volga-risk');
  later(60);
  expect(await noticesOf(article, 'tt')).toContain('volga-risk');
  expect(await noticesOf(article, 'en')).not.toContain('volga-risk');
  // It is changed before the scheduler has come to its start: that is told all the same, once.
  expect(await both('saveNotice', { ...notice, expectedVersion: 1, position: 41 })).toMatchObject({ version: 2 });
  await passTimers();
  expect(await told('NOTICE_STARTED')).toEqual([{ at: starts, data: { notice: 'volga-risk' } }]);
  later(60);
  await passTimers();
  expect(await noticesOf(article, 'tt')).not.toContain('volga-risk');
  expect(await told('NOTICE_ENDED')).toEqual([{ at: ends, data: { notice: 'volga-risk' } }]);
  // Nobody takes it from another edition by naming their own alone.
  expect(await saves.tt('saveNotice', { ...notice, expectedVersion: 2, editions: ['tt'] })).toMatchObject({ error: 'FORBIDDEN' });
});

test('a notice whose end is moved ends at the new time only', async () => {
  later();
  const at = (minutes: number): string => new Date(now.getTime() + minutes * 60_000).toISOString();
  const notice = { ...newNotice, code: 'moved', effectiveUntil: at(10) };
  await saves.tt('saveNotice', notice);
  await saves.tt('saveNotice', { ...notice, expectedVersion: 1, effectiveUntil: null });
  later(20);
  expect(await gateway.dataSource.query(`select kind from timer where key = 'moved'`)).toEqual([]);
  await saves.tt('saveNotice', { ...notice, expectedVersion: 2, effectiveUntil: at(10) });
  expect(await gateway.dataSource.query(`select kind, at from timer where key = 'moved'`)).toEqual([
    { kind: 'NOTICE_END', at: new Date(at(10)) },
  ]);
});

test('a notice for all editions is the operator’s, and so is making one of it', async () => {
  later();
  const article = await story();
  const notice = { ...newNotice, code: 'for-all' };
  expect(await saves.tt('saveNotice', { ...notice, editions: [] })).toMatchObject({ error: 'FORBIDDEN' });
  expect(await saves.tt('saveNotice', notice)).toMatchObject({ version: 1 });
  expect(await saves.tt('saveNotice', { ...notice, expectedVersion: 1, editions: [] })).toMatchObject({ error: 'FORBIDDEN' });
  expect(await operator.save('saveNotice', { ...notice, expectedVersion: 1, editions: [] })).toMatchObject({ version: 2 });
  expect(await noticesOf(article, 'en')).toContain('for-all');
  expect(await saves.tt('saveNotice', { ...notice, expectedVersion: 2 })).toMatchObject({ error: 'FORBIDDEN' });
});

test('a picture is seen once somebody has worded it, in their words and with its new credit', async () => {
  const article = await story();
  later();
  expect(await saves.en('saveImage', newImage)).toMatchObject({ version: 1 });
  const facts = { article, expectedVersion: 1, kind: 'NEWS', urgency: 5, topics: [], people: [], places: [], agencies: [], credits: [] };
  await en.ask('mutation($input: UpdateArticleInput!) { updateArticle(input: $input) { __typename } }', {
    input: { ...facts, image: 'bridge' },
  });
  const picture = 'translation { image { alt caption lang creditLine focalX } }';
  expect(await served(article, 'en', picture)).toEqual({ translation: { image: null } });
  const words = { image: 'bridge', edition: 'en', expectedVersion: 0, alt: 'A bridge over a river.', caption: 'The bridge.' };
  expect(await saves.tt('saveImageWording', words)).toMatchObject({ error: 'FORBIDDEN' });
  expect(await saves.en('saveImageWording', words)).toMatchObject({
    wordings: [{ edition: { code: 'en' }, version: 1, alt: 'A bridge over a river.', caption: 'The bridge.' }],
  });
  expect(await saves.en('saveImageWording', words)).toMatchObject({ code: 'VERSION_MOVED_ON', presentVersion: 1 });
  expect(await served(article, 'en', picture)).toEqual({
    translation: {
      image: { alt: 'A bridge over a river.', caption: 'The bridge.', lang: 'en', creditLine: 'Photo: Nino Beridze', focalX: 0.5 },
    },
  });
  later();
  await saves.en('saveImage', { ...newImage, expectedVersion: 1, focalX: 0.9, credits: [{ role: 'PHOTO', agency: 'afp' }] });
  expect(await served(article, 'en', picture)).toMatchObject({ translation: { image: { creditLine: 'Photo: AFP', focalX: 0.9 } } });
  // The words have versions of their own: another edition's do not stand in the way.
  expect(await saves.tt('saveImageWording', { ...words, edition: 'tt', alt: 'Елга аша күпер.' })).toMatchObject({
    version: 2,
    wordings: [
      { edition: { code: 'en' }, version: 1 },
      { edition: { code: 'tt' }, version: 1, alt: 'Елга аша күпер.' },
    ],
  });
});

test('a picture sent back as it was shown is the same, also a file of the gateway’s own', async () => {
  const { data } = await en.ask('{ registryImage(code: "bridge") { version renditions { ratio width height url contentType } } }');
  const { version, renditions } = data.registryImage;
  expect(renditions[0].url).toBe('http://gateway.test/media/bridge-16x9.svg');
  const again = { ...newImage, expectedVersion: version, focalX: 0.9, credits: [{ role: 'PHOTO', agency: 'afp' }], renditions };
  expect(await saves.en('saveImage', again)).toMatchObject({ version });
  expect(await gateway.dataSource.query(`select url from image_rendition where image_code = 'bridge'`)).toEqual([
    { url: '/media/bridge-16x9.svg' },
  ]);
});

test('what only desks and operators see of the registry is nobody else’s', async () => {
  const own = '{ edition(code: "tt") { settings { articleUrl searchConfig staleNotices } } }';
  expect((await gateway.ask(own)).data.edition.settings).toBeNull();
  for (const { ask } of [tt, operator])
    expect((await ask(own)).data.edition.settings).toEqual({
      articleUrl: 'https://tt.meridian.example/a/{slug}.html',
      searchConfig: 'simple',
      staleNotices: false,
    });
  for (const query of [
    '{ registryNotices { code } }',
    '{ registryNotice(code: "about") { code } }',
    '{ registryImage(code: "saiga") { code } }',
  ]) {
    expect((await gateway.ask(query)).errors![0]!.extensions.code).toBe('FORBIDDEN');
    expect((await tt.ask(query)).errors).toBeUndefined();
  }
  const { data } = await operator.ask(
    '{ registryNotice(code: "about") { version wording values { name value } legalLanguage imageCode } }',
  );
  expect(data.registryNotice).toEqual({
    ...{ version: 1, wording: 'about', legalLanguage: 'en', imageCode: 'about-meridian' },
    values: expect.arrayContaining([
      { name: 'languages', value: 27 },
      { name: 'countries', value: 23 },
    ]),
  });
});

test('an empty gateway is given its first edition by its operator', async () => {
  const empty = await openGateway({ samples: false });
  try {
    const { save } = await operatorOf(empty);
    const first = { ...newEdition, code: 'tt', fallbacks: [], hreflang: 'tt' };
    expect(await save('saveEdition', first)).toMatchObject({ code: 'FIELD_REFUSED', field: 'primary' });
    expect(await save('saveEdition', { ...first, primary: true })).toMatchObject({ version: 1, primary: true });
    // Its language may be changed as long as it has no texts, but not what a language needs.
    await save('saveEdition', { ...first, code: 'tt-second', articleUrl: null, hreflang: null });
    expect(await save('saveEdition', { ...first, primary: true, expectedVersion: 1, tag: 'ba' })).toMatchObject({
      code: 'FIELD_REFUSED',
      field: 'tag',
    });
    const { data } = await empty.ask('{ negotiateEdition(acceptLanguage: "tt") { served { code } } }');
    expect(data.negotiateEdition.served.code).toBe('tt');
  } finally {
    await empty.close();
  }
});

test('the log says what was changed, by its id and version', async () => {
  await until('numbering', async () => {
    await numberEvents(gateway.dataSource.manager, 1000);
    return (await gateway.dataSource.query('select from outbox')).length === 0;
  });
  const { data } = await operator.ask(
    '{ events(first: 100, filter: { kinds: [REGISTRY_CHANGED], editions: ["tt-volga"] }) { events { registryId registryVersion editionCode articleId } } }',
  );
  const [first] = data.events.events;
  expect(first).toEqual({ registryId: 'edition:tt-volga', registryVersion: 1, editionCode: 'tt-volga', articleId: null });
});
