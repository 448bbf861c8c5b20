import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openGateway, type TestGateway } from '../support/gateway.js';
import { makeStory, write } from '../support/make-story.js';
import { edition, everyRow, importText, line } from './given.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
});
afterAll(() => gateway.close());

const published = '2026-11-01T08:00:00Z';
const retracted = { kind: 'WITHHOLD' as const, at: '2026-11-02T08:00:00Z' };
const list = () =>
  gateway.ask(
    '{ articles(edition: "tt", policy: ANY, first: 100) { totalCount edges { node { original { headline } served { translation { headline } } } } } }',
  );

test('whatever importers give, a list shows every story with its original', async () => {
  const stories = [
    makeStory({ id: 'withheld', editions: { en: { retracted }, tt: {} } }),
    makeStory({ id: 'draft', editions: { en: { publishedAt: null }, tt: {} } }),
    makeStory({ id: 'later', editions: { en: { publishedAt: '2026-12-24T00:00:00Z' }, tt: {} } }),
    makeStory({ id: 'none', homeEdition: 'en', editions: { tt: {} } }),
    makeStory({ id: 'good', editions: { en: {}, tt: {} } }),
  ];
  const before = (await list()).data.articles.totalCount;
  const outcomes = await Promise.allSettled(stories.map((story) => write(gateway, [story])));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected', 'fulfilled']);
  const { data, errors } = await list();
  expect(errors).toBeUndefined();
  expect(data.articles.totalCount).toBe(before + 1);
});

test('an original may be a draft, withheld or later while its story is a draft, and is told by its line where an import would publish the story without it', async () => {
  await write(gateway, [
    makeStory({ id: 'waits', publishedAt: null, editions: { en: { publishedAt: '2026-12-24T00:00:00Z' } } }),
    makeStory({ id: 'ready', publishedAt: null, editions: { en: {} } }),
  ]);
  const before = await everyRow(gateway);
  const content = ['waits', 'ready'].map((id) => line(id, [edition('en', `${id} in en`, [`The text of ${id} in en.`], true)])).join('\n');
  const more = { publishedAt: new Date(published), stepMs: 0 };
  const reason =
    'line 1: the original, in edition en, is published at 2026-12-24T00:00:00.000Z, later than the story, at 2026-11-01T08:00:00.000Z';
  const rehearsed = await importText(gateway, content, { ...more, dryRun: true });
  expect(rehearsed).toMatchObject({ refused: 1, translations: 1, problems: [reason] });
  expect(await everyRow(gateway)).toBe(before);
  expect(await importText(gateway, content, more)).toEqual(rehearsed);
  expect((await list()).errors).toBeUndefined();
});

test('a story that was published stays with its original when an importer gives one as a draft', async () => {
  await write(gateway, [makeStory({ id: 'out', editions: { en: {}, tt: {} } })]);
  await write(gateway, [makeStory({ id: 'out', editions: { en: { publishedAt: null, headline: 'Better' }, tt: {} } })]);
  await write(gateway, [makeStory({ id: 'out', homeEdition: 'en', editions: { ru: {} } })]);
  await expect(write(gateway, [makeStory({ id: 'out', editions: { en: { retracted } } })])).rejects.toThrow(
    /retracted and the story is not/u,
  );
  const { data, errors } = await list();
  expect(errors).toBeUndefined();
  expect(JSON.stringify(data)).toContain('Better');
});

test('a story may be retracted with its original, or after it', async () => {
  await write(gateway, [makeStory({ id: 'gone', retracted, editions: { en: { retracted }, tt: {} } })]);
  expect((await list()).errors).toBeUndefined();
});
