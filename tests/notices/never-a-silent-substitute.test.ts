import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openGateway, type TestGateway } from '../support/gateway.js';
import { makeStory, urnOf, write } from '../support/make-story.js';

const stories = Object.fromEntries(
  ['ru', 'ru-regions', 'tt', 'sr-cyrl', 'fa', 'bs'].map((edition) => [
    edition,
    makeStory({ id: `only-${edition}`, editions: { [edition]: {} } }),
  ]),
);

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
  await write(gateway, Object.values(stories));
});
afterAll(() => gateway.close());

const query = `query($id: ID!, $edition: EditionCode, $locales: [LanguageTag!]) { article(id: $id) { ... on Article {
  served(edition: $edition, locales: $locales, policy: ANY) { resolution { served { code } } notices { code kind lang text } }
} } }`;

test.each([
  ['another outlet in Russian', { edition: 'ru-regions' }, 'ru', 'ru', 'fallbackEdition', 'на том же языке: русский.'],
  ['another outlet in Tatar', { edition: 'tt-regions' }, 'tt', 'tt', 'fallbackEdition', 'шул ук телдәге башка басмадан алынды: татарча.'],
  ['the regions’ Russian', { locales: ['ru'] }, 'ru-regions', 'ru', 'fallbackEdition', 'на том же языке: русский — регионы.'],
  ['the other script', { edition: 'sr-latn' }, 'sr-cyrl', 'sr-Latn', 'fallbackEdition', 'na istom jeziku: српски.'],
  ['Persian for Dari', { edition: 'prs' }, 'fa', 'fa-AF', 'fallback', 'به زبان دیگری است: فارسی.'],
  ['Bosnian for Montenegrin', { edition: 'cnr' }, 'bs', 'sr-ME', 'fallback', 'na drugom jeziku: bosanski.'],
  ['Russian for Tatar', { edition: 'tt' }, 'ru', 'tt', 'fallback', 'башка телдә бирелә: русский.'],
])('%s is announced as what it is', async (_name, asked, original, lang, code, end) => {
  const { data } = await gateway.ask(query, { id: urnOf(stories[original]!), ...asked });
  const { resolution, notices } = data.article.served;
  expect(resolution.served.code).toBe(original);
  expect(notices[0]).toMatchObject({ code, kind: 'FALLBACK', lang });
  expect(notices[0].text.endsWith(end)).toBe(true);
});

test.each([
  ['the edition asked for', { edition: 'ru-regions' }, 'ru-regions'],
  ['the language asked for, in another form of its tag', { locales: ['ru-RU'] }, 'ru'],
  ['the original, where nothing was asked for', {}, 'fa'],
  ['the original, for whoever takes any', { locales: ['*'] }, 'fa'],
])('%s needs no announcement', async (_name, asked, original) => {
  const { data } = await gateway.ask(query, { id: urnOf(stories[original]!), ...asked });
  expect(data.article.served.resolution.served.code).toBe(original);
  expect(data.article.served.notices.map(({ kind }: { kind: string }) => kind)).not.toContain('FALLBACK');
});
