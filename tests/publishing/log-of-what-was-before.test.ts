import { afterEach, expect, test } from '@jest/globals';
import { type DataSource, MigrationExecutor } from 'typeorm';
import { makeDataSource } from '../../src/data-source.js';
import { openEmbeddedDatabase } from '../../src/lib/embedded-database.js';
import { migrate } from '../../src/migrate.js';
import { numberEvents } from '../../src/publishing/event.queries.js';
import { logOf } from '../support/relay.js';
import { emptyDatabase } from '../support/server-database.js';
import { until } from '../support/until.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function empty(): Promise<DataSource> {
  let place: Parameters<typeof makeDataSource>[0];
  if (process.env.TEST_DATABASE_URL) {
    const { url, drop } = await emptyDatabase();
    closing.push(drop);
    place = { url, poolSize: 4 };
  } else {
    const database = await openEmbeddedDatabase(undefined);
    closing.push(() => database.close());
    place = { driver: database.driver };
  }
  const dataSource = await makeDataSource(place).initialize();
  closing.push(() => dataSource.destroy());
  return dataSource;
}

/** Runs the first migration alone: the database as it was before there was a log. */
async function beforeTheLog(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  const executor = new MigrationExecutor(dataSource, runner);
  executor.transaction = 'none';
  const [first] = await executor.getPendingMigrations();
  await executor.executeMigration(first!);
  await runner.release();
}

test('what was published before there was a log gets one event each, at its time, behind that of its embargo; what is to come gets a timer', async () => {
  const dataSource = await empty();
  await beforeTheLog(dataSource);
  const story = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`;
  await dataSource.query(`insert into edition (code, tag, is_primary, html_lang, format_locale, script, direction, calendar, numbering_system, time_zone,
      native_name, publisher_name, former_article_urls, fallbacks, equivalents, desk, region, search_config, active)
    select code, code, true, code, code, 'Latn', 'LTR', 'gregory', 'latn', 'UTC', code, code, '{}', '{}', '{}', code, code, 'simple', true from unnest(array['en', 'tt']) code`);
  await dataSource.query(
    `insert into article (uuid, domain, issued_on, home_edition_code, kind, urgency, published_at, embargo_until, retracted_at) values
      ($1, 'a.example', '20260101', 'en', 'NEWS', 5, '2026-01-01T10:00Z', null, null),
      ($2, 'a.example', '20260102', 'en', 'NEWS', 5, '2026-01-02T10:00Z', '2199-01-01T00:00Z', '2026-01-03T00:00Z'),
      ($3, 'a.example', '20260102', 'en', 'NEWS', 5, null, null, null)`,
    [story(1), story(2), story(3)],
  );
  await dataSource.query(
    `insert into translation (article_uuid, edition_code, is_original, revision, slug, published_at, updated_at, search, fold) values
      ($1, 'en', true, 3, 'a', '2026-01-01T10:00Z', now(), '', ''),
      ($1, 'tt', false, 1, 'b', '2026-01-02T12:00Z', now(), '', ''),
      ($2, 'en', true, 1, 'c', '2026-01-02T10:00Z', now(), '', ''),
      ($2, 'tt', false, 2, 'd', '2199-01-01T10:00Z', now(), '', ''),
      ($3, 'en', true, 1, 'e', null, now(), '', '')`,
    [story(1), story(2), story(3)],
  );
  await dataSource.query(
    `insert into tombstone (uuid, article_uuid, kind, retracted_at, notes) values (gen_random_uuid(), $1, 'KILL', '2026-01-03T00:00Z', '{}')`,
    [story(2)],
  );
  expect(await migrate(dataSource)).not.toEqual([]);
  await until('numbering', async () => (await numberEvents(dataSource.manager, 100)) === 5);
  expect(
    (await logOf(dataSource)).map(({ seq, kind, article, edition, revision, at, data }) => [
      seq,
      kind,
      article,
      edition,
      revision,
      at,
      data,
    ]),
  ).toEqual([
    [1, 'PUBLISHED', story(1), 'en', 3, new Date('2026-01-01T10:00Z'), {}],
    // Before its publication, so that a feed rebuilt from the log is never out early.
    [2, 'EMBARGO_SET', story(2), null, null, new Date('2026-01-02T10:00Z'), { until: '2199-01-01T00:00:00.000Z' }],
    [3, 'PUBLISHED', story(2), 'en', 1, new Date('2026-01-02T10:00Z'), {}],
    [4, 'PUBLISHED', story(1), 'tt', 1, new Date('2026-01-02T12:00Z'), {}],
    [5, 'RETRACTED', story(2), null, null, new Date('2026-01-03T00:00Z'), { kind: 'KILL' }],
  ]);
  expect(await dataSource.query('select kind, key, at from timer order by kind')).toEqual([
    { kind: 'EMBARGO', key: story(2), at: new Date('2199-01-01T00:00Z') },
    { kind: 'PUBLICATION', key: `${story(2)}.tt`, at: new Date('2199-01-01T10:00Z') },
  ]);
});
