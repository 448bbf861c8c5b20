import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Story } from '../../src/ingest/story.js';
import { writeStories } from '../../src/ingest/write-stories.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { everyRow, given, options, text } from './given.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase({ samples: true });
});
afterAll(() => database.close());

const write = (...stories: Story[]) => writeStories(database.dataSource.manager, stories, options);
const rows = <Row>(sql: string, id: string): Promise<Row[]> =>
  database.dataSource.query(sql.replace('story', 'join article a on a.uuid = x.article_uuid where a.foreign_id = $1'), [id]);
const revisions = (id: string) =>
  rows<object>(
    `select x.edition_code as edition, x.number, x.significance, x.headline, x.published_at as "at" from revision x story order by 1, 2`,
    id,
  );

test('a changed text gets one more revision, and what was not changed stays as it is', async () => {
  const tt = { edition: 'tt', revisions: [text('Яңалык', 'Текст.')] };
  await write(given('again-1', [{ edition: 'en', revisions: [text('News', 'Text.')] }, tt]));
  const written = await write(
    given('again-1', [{ edition: 'en', revisions: [text('News', 'Better text.')] }, tt], { publishedAt: '2026-11-23T11:00:00Z' }),
  );
  expect(written).toEqual({ stories: 1, translations: 1, unchanged: 1 });
  const first = new Date('2026-11-20T08:00:00Z');
  expect(await revisions('again-1')).toEqual([
    { edition: 'en', number: 1, significance: 'UPDATE', headline: 'News', at: first },
    { edition: 'en', number: 2, significance: 'UPDATE', headline: 'News', at: options.now },
    { edition: 'tt', number: 1, significance: 'UPDATE', headline: 'Яңалык', at: first },
  ]);
  // The Tatar text was made from the first English one and is behind now.
  expect(
    await rows(
      `select x.edition_code as edition, x.source_edition_code as source, x.source_number as number from revision_basis x story`,
      'again-1',
    ),
  ).toEqual([{ edition: 'tt', source: 'en', number: 1 }]);
  expect(
    await rows(
      `select x.edition_code as edition, x.published_at as published, x.updated_at as updated from translation x story order by 1`,
      'again-1',
    ),
  ).toEqual([
    { edition: 'en', published: first, updated: options.now },
    { edition: 'tt', published: first, updated: first },
  ]);
});

test('an address stays when the headline changes, and a new one leaves the old one working', async () => {
  const story = (headline: string, slug?: string) =>
    given('again-2', [{ edition: 'en', revisions: [text(headline)], ...(slug && { slug }) }]);
  const slugs = async () => (await rows<{ slug: string }>(`select x.slug from translation x story`, 'again-2'))[0]!.slug;
  await write(story('The First Headline'));
  const first = await slugs();
  expect(first).toMatch(/^the-first-headline-[0-9a-f]{8}$/u);
  await write(story('Another Headline'));
  expect(await slugs()).toBe(first);
  await write(story('Another Headline', 'chosen'));
  expect(await slugs()).toBe('chosen');
  expect(await rows(`select x.slug from former_slug x story`, 'again-2')).toEqual([{ slug: first }]);
});

test('a draft is completed by its publication, and a story is never unpublished or freed of its embargo', async () => {
  const en = { edition: 'en', revisions: [text('Draft')] };
  const article = async () =>
    (
      await database.dataSource.query(
        `select issued_on as "issuedOn", published_at as published, embargo_until as embargo from article where foreign_id = 'again-3'`,
      )
    )[0];
  await write(given('again-3', [en], { publishedAt: null }));
  expect(await article()).toEqual({ issuedOn: '20261123', published: null, embargo: null });
  await write(given('again-3', [en], { publishedAt: '2026-11-24T10:00:00Z', embargoUntil: '2026-11-25T00:00:00Z' }));
  const complete = { issuedOn: '20261123', published: new Date('2026-11-24T10:00:00Z'), embargo: new Date('2026-11-25T00:00:00Z') };
  expect(await article()).toEqual(complete);
  await write(given('again-3', [en], { publishedAt: null }));
  expect(await article()).toEqual(complete);
});

test('a retraction that comes later is kept with its public note, once', async () => {
  const en = { edition: 'en', revisions: [text('Wrong')] };
  const retracted = { kind: 'WITHDRAW' as const, at: '2026-11-22T09:00:00Z', note: { en: 'It was wrong.' } };
  await write(given('again-4', [en]));
  await write(given('again-4', [en], { retracted }));
  const before = await everyRow(database);
  await write(given('again-4', [en], { retracted }));
  expect(await everyRow(database)).toBe(before);
  expect(await rows(`select x.kind, x.notes, a.retracted_at as at from tombstone x story`, 'again-4')).toEqual([
    { kind: 'WITHDRAW', notes: retracted.note, at: new Date(retracted.at) },
  ]);
});

test('a history that grows appends only what is new', async () => {
  const story = (...headlines: string[]) => given('again-5', [{ edition: 'en', revisions: headlines.map((each) => text(each)) }]);
  await write(story('One', 'Two'));
  await write(story('One', 'Two', 'Three', 'Four'));
  expect((await revisions('again-5')).map((each) => (each as { headline: string }).headline)).toEqual(['One', 'Two', 'Three', 'Four']);
});

test.each<[string, Story, RegExp]>([
  ['its original is missing', given('bad-1', [{ edition: 'tt', revisions: [text('Яңалык')] }]), /original, in edition en, is missing/u],
  [
    'its original is retracted alone',
    given('bad-6', [{ edition: 'en', revisions: [text('A')], retracted: { kind: 'WITHHOLD', at: '2026-11-21T00:00:00Z' } }]),
    /original, in edition en, is retracted and the story is not/u,
  ],
  [
    'its original is a draft and the story is out',
    given('bad-7', [{ edition: 'en', revisions: [text('A')], publishedAt: null }]),
    /original, in edition en, is a draft and the story is published/u,
  ],
  [
    'its original comes later than the story',
    given('bad-8', [{ edition: 'en', revisions: [text('A')], publishedAt: '2026-11-20T08:00:00.001Z' }]),
    /is published at 2026-11-20T08:00:00\.001Z, later than the story, at 2026-11-20T08:00:00\.000Z/u,
  ],
  [
    'an edition is given twice',
    given('bad-2', [
      { edition: 'en', revisions: [text('A')] },
      { edition: 'en', revisions: [text('B')] },
    ]),
    /given twice/u,
  ],
  [
    'it is made from a revision that there is not',
    given('bad-3', [{ edition: 'en', revisions: [{ ...text('A'), basis: [{ edition: 'ru', revision: 1 }] }] }]),
    /does not have/u,
  ],
  [
    'its original would move',
    given('sample-danube', [{ edition: 'ru', revisions: [text('А')] }], { homeEdition: 'ru' }),
    /cannot move to ru/u,
  ],
  [
    'an edition does not exist',
    given('bad-4', [
      { edition: 'en', revisions: [text('A')] },
      { edition: 'xx', revisions: [text('A')] },
    ]),
    /edition/u,
  ],
  ['its slug is taken', given('bad-5', [{ edition: 'en', slug: 'saiga-return', revisions: [text('A')] }]), /slug/u],
])('a story is refused and nothing of its batch is written when %s', async (_, story, reason) => {
  const before = await everyRow(database);
  await expect(write(given('good', [{ edition: 'en', revisions: [text('Good')] }]), story)).rejects.toThrow(reason);
  expect(await everyRow(database)).toBe(before);
});

test('text is stored in NFC, without what XML forbids and with joiners and bidi marks', async () => {
  await write(given('clean-1', [{ edition: 'en', revisions: [text('Cafe\u0301\u0000 می\u200Cخواهم\u200F\uD800', 'x\u0008y')] }]));
  const [row] = await rows(
    `select x.headline, x.body->0->'spans'->0->>'text' as text, x.word_count as words from revision x story`,
    'clean-1',
  );
  expect(row).toEqual({ headline: 'Caf\u00E9 می\u200Cخواهم\u200F', text: 'xy', words: 1 });
});

test('a word is found in its other forms, and without its accents', async () => {
  await write(given('search-1', [{ edition: 'en', revisions: [text('Résumé', 'Lighthouses were built.')] }]));
  const [row] = await rows(
    `select x.search @@ to_tsquery('english', 'lighthouse & resume') as found, x.fold from translation x story`,
    'search-1',
  );
  expect(row).toEqual({ found: true, fold: 'resume' });
});
