import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { registry } from '../../src/ingest/registry.js';
import { isSeeded, readSampleRegistry, readSampleStories, seed, seedRegistry } from '../../src/ingest/seed.js';
import { writeStories } from '../../src/ingest/write-stories.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { everyRow, options } from './given.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase({ samples: true });
});
afterAll(() => database.close());

const one = async <Row>(sql: string): Promise<Row> => (await database.dataSource.query<Row[]>(sql))[0]!;

test('all samples are there', async () => {
  const counts = await one(`select (select count(*)::int from edition) as editions, (select count(*)::int from article) as stories,
    (select count(*)::int from translation) as translations, (select count(*)::int from revision) as revisions, (select count(*)::int from tombstone) as tombstones`);
  const stories = await readSampleStories();
  const translations = stories.flatMap((story) => story.translations);
  expect(counts).toEqual({
    editions: (await readSampleRegistry()).editions.length,
    stories: stories.length,
    translations: translations.length,
    revisions: translations.flatMap((translation) => translation.revisions).length,
    tombstones: [...stories, ...translations].filter(({ retracted }) => retracted).length,
  });
  expect(stories.length).toBeGreaterThan(10);
});

test('a notice for a territory that no reader can name is refused', async () => {
  const sample = await readSampleRegistry();
  const aimedAt = (code: string) => ({ ...sample, notices: sample.notices.map((each) => ({ ...each, territories: [code] })) });
  expect(registry.safeParse(aimedAt('GB')).success).toBe(true);
  expect(registry.safeParse(aimedAt('UK')).error?.issues[0]?.message).toBe('expected a country (ISO 3166-1, UA) or a part of one (UA-43)');
});

test('a second start loads nothing', async () => {
  const before = await everyRow(database);
  expect(await isSeeded(database.dataSource.manager)).toBe(true);
  expect(await seed(database.dataSource, 'samples', options)).toBe(false);
  expect(await everyRow(database)).toBe(before);
});

test('the same stories and registry again change no row', async () => {
  const before = await everyRow(database);
  await seedRegistry(database.dataSource.manager, await readSampleRegistry());
  const stories = await readSampleStories();
  // Before the time that a correction among them is due: of that the log would tell.
  const now = new Date(options.now.getTime() + 3_600_000);
  const written = await writeStories(database.dataSource.manager, stories, { ...options, now });
  expect(written).toEqual({ stories: 0, translations: 0, unchanged: stories.flatMap((story) => story.translations).length });
  expect(await everyRow(database)).toBe(before);
});

test("an operator's own change to the registry outlives the samples", async () => {
  await database.dataSource.query(`update edition set native_name = 'татар теле' where code = 'tt'`);
  await seedRegistry(database.dataSource.manager, await readSampleRegistry());
  expect(await one(`select native_name as name from edition where code = 'tt'`)).toEqual({ name: 'татар теле' });
});

test('recommended stories are stored by uuid, in blocks too', async () => {
  const row = await one<{
    found: number;
  }>(`select count(*)::int as found from revision r, jsonb_array_elements(r.body) b, jsonb_array_elements_text(b->'articles') u
    join article a on a.uuid = u::uuid where b->>'type' = 'related'`);
  expect(row.found).toBeGreaterThan(0);
});

test('a revision is made from those it names', async () => {
  const rows =
    await database.dataSource.query(`select b.source_edition_code || ' ' || b.source_number as source from revision_basis b join article a on a.uuid = b.article_uuid
    where a.foreign_id = 'sample-volga-live' and b.edition_code in ('ru', 'tt') order by b.edition_code, 1`);
  expect(rows).toEqual([{ source: 'ru-regions 4' }, { source: 'ru 1' }, { source: 'tt-regions 1' }]);
});

test('a spelling revision does not count as an update', async () => {
  const row = await one(`select t.revision, t.updated_at as "updatedAt" from translation t join article a on a.uuid = t.article_uuid
    where a.foreign_id = 'sample-volga-live' and t.is_original`);
  expect(row).toEqual({ revision: 4, updatedAt: new Date('2026-11-05T09:40:00Z') });
});
