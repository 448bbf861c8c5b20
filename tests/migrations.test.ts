import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { makeDataSource } from '../src/data-source.js';
import { readSampleRegistry, seedRegistry } from '../src/ingest/seed.js';
import { openEmbeddedDatabase } from '../src/lib/embedded-database.js';
import { isMigrated, migrate } from '../src/migrate.js';
import { openTestDatabase } from './support/database.js';
import { emptyDatabase } from './support/server-database.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A database that nothing has been done to, and a second way into it, as another process has. */
async function empty(): Promise<{ dataSource: DataSource; another: DataSource }> {
  const place = process.env['TEST_DATABASE_URL'] ? await onServer() : await embedded();
  const open = async (): Promise<DataSource> => {
    const dataSource = await makeDataSource(place).initialize();
    closing.push(() => dataSource.destroy());
    return dataSource;
  };
  return { dataSource: await open(), another: await open() };
}

async function embedded(): Promise<{ driver: object }> {
  const database = await openEmbeddedDatabase(undefined);
  closing.push(() => database.close());
  return database;
}

async function onServer(): Promise<{ url: string; poolSize: number }> {
  const { url, drop } = await emptyDatabase();
  closing.push(drop);
  return { url, poolSize: 4 };
}

/** The sample stories, read only or for one test. */
async function samples(): Promise<DataSource> {
  const { dataSource, close } = await openTestDatabase({ samples: true });
  closing.push(close);
  return dataSource;
}

/** Everything of ours in the database, by kind and name; not what extensions and TypeORM bring along. */
const ours = (dataSource: DataSource): Promise<{ kind: string; name: string; definition: string }[]> =>
  dataSource.query(`
    select 'table' as kind, c.relname || '.' || a.attname as name, format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end as definition
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S') and c.relname !~ '^migration'
    union all select 'index', indexname, indexdef from pg_indexes where schemaname = 'public' and tablename <> 'migration'
    union all select 'constraint', conname || ' on ' || conrelid::regclass, pg_get_constraintdef(oid) from pg_constraint
      where connamespace = 'public'::regnamespace and conrelid <> coalesce(to_regclass('migration'), 0)
    union all select 'trigger', tgname, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
    union all select 'function', p.oid::regprocedure::text, p.prosrc from pg_proc p
      where p.pronamespace = 'public'::regnamespace and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
    union all select 'type', t.typname, t.typtype::text from pg_type t
      where t.typnamespace = 'public'::regnamespace and t.typrelid = 0 and t.typelem = 0 and not exists (select from pg_depend d where d.objid = t.oid and d.deptype = 'e')
    order by kind, name`);

describe('the migrations', () => {
  test('make what the row classes say: nothing is left to synchronise', async () => {
    const { dataSource } = await empty();
    await migrate(dataSource);
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  test('up, down and up again make the same, and down leaves nothing behind', async () => {
    const { dataSource } = await empty();
    expect(await ours(dataSource)).toEqual([]);
    const names = await migrate(dataSource);
    const made = await ours(dataSource);
    expect(new Set(made.map(({ kind }) => kind))).toEqual(new Set(['table', 'index', 'constraint', 'trigger', 'function']));
    for (const _ of names) await dataSource.undoLastMigration({ transaction: 'all' });
    expect(await ours(dataSource)).toEqual([]);
    expect(await isMigrated(dataSource)).toBe(false);
    expect(await migrate(dataSource)).toEqual(names);
    expect(await ours(dataSource)).toEqual(made);
  });

  test('go down with rows in every table', async () => {
    const dataSource = await samples();
    const credited = (): Promise<object[]> => dataSource.query('select uuid from credit order by uuid');
    await dataSource.query(`update credit set until = '2026-11-22T00:00Z' where role = 'TRANSLATOR' or image_code is not null`);
    const present = await dataSource.query<object[]>('select uuid from credit where until is null order by uuid');
    expect(present.length).toBeLessThan((await credited()).length);
    for (const { name } of [...dataSource.migrations].reverse()) {
      await dataSource.undoLastMigration({ transaction: 'all' });
      // Who was credited once is not credited again where no row says until when.
      if (name!.startsWith('KeepFormerVersions')) expect(await credited()).toEqual(present);
    }
    expect(await ours(dataSource)).toEqual([]);
  });

  test('run once: a second call does nothing', async () => {
    const { dataSource } = await empty();
    expect(await isMigrated(dataSource)).toBe(false);
    expect(await migrate(dataSource)).toEqual(dataSource.migrations.map(({ name }) => name));
    expect(await isMigrated(dataSource)).toBe(true);
    const made = await ours(dataSource);
    expect(await migrate(dataSource)).toEqual([]);
    expect(await ours(dataSource)).toEqual(made);
    expect(await dataSource.query('select count(*)::int as count from migration')).toEqual([{ count: dataSource.migrations.length }]);
  });

  test('run once when several callers begin at the same time', async () => {
    const { dataSource, another } = await empty();
    const done = await Promise.all([dataSource, another, dataSource, another].map(migrate));
    expect(done.flat()).toEqual(dataSource.migrations.map(({ name }) => name));
    expect(await isMigrated(another)).toBe(true);
  });

  test('that fail leave nothing of themselves, and can be run again', async () => {
    const { dataSource } = await empty();
    await dataSource.query('create table notice (stranger text)');
    const console = jest.spyOn(globalThis.console, 'log').mockReturnValue();
    await expect(migrate(dataSource)).rejects.toThrow(
      /^The database schema could not be brought up to date and is as it was: \w+ failed: relation "notice" already exists$/u,
    );
    expect(console).not.toHaveBeenCalled();
    console.mockRestore();
    expect((await ours(dataSource)).map(({ name }) => name)).toEqual(['notice.stranger']);
    expect(await isMigrated(dataSource)).toBe(false);
    await dataSource.query('drop table notice');
    expect(await migrate(dataSource)).toHaveLength(dataSource.migrations.length);
  });

  test('of a newer program are seen to be missing', async () => {
    const { dataSource } = await empty();
    await migrate(dataSource);
    await dataSource.query('delete from migration');
    expect(await isMigrated(dataSource)).toBe(false);
  });
});

describe('the database keeps', () => {
  test.each([
    ['a revision', 'update revision set headline = headline'],
    ['the body of a revision', `update revision set body = '[]' where number = 1`],
    ['a revision that is not wanted any more', 'delete from revision'],
    ['what a revision was made from', 'update revision_basis set source_number = 1'],
    ['all a revision was made from', 'delete from revision_basis'],
  ])('%s as it was written', async (_name, statement) => {
    const dataSource = await samples();
    const before = await dataSource.query('select md5(string_agg(r::text, chr(10) order by r::text)) as hash from revision r');
    await expect(dataSource.query(statement)).rejects.toThrow(/revision(_basis)? is append-only/u);
    expect(await dataSource.query('select md5(string_agg(r::text, chr(10) order by r::text)) as hash from revision r')).toEqual(before);
  });

  test('one active primary edition for each tag, and refuses a second or none', async () => {
    const dataSource = await samples();
    expect(
      await dataSource.query(
        'select tag, count(*) filter (where is_primary and active)::int as primaries from edition group by tag having count(*) filter (where is_primary and active) <> 1',
      ),
    ).toEqual([]);
    const second = `insert into edition select (jsonb_populate_record(e, jsonb_build_object('code', 'tt-second', 'is_primary', $1::boolean, 'active', $2::boolean))).* from edition e where code = 'tt'`;
    await expect(dataSource.query(second, [true, true])).rejects.toThrow(/edition_primary_tag/u);
    // One that is not primary, or has closed, stands beside it.
    await dataSource.query(second, [true, false]);
    await expect(dataSource.query(`update edition set active = true where code = 'tt-second'`)).rejects.toThrow(/edition_primary_tag/u);
    await dataSource.query(`update edition set is_primary = false, active = true where code = 'tt-second'`);
    await expect(dataSource.query(`update edition set active = false where code = 'tt'`)).rejects.toThrow(
      /no active edition of tt is primary/u,
    );
    await expect(dataSource.query(`update edition set is_primary = false where code = 'fa'`)).rejects.toThrow(/no active edition of fa/u);
    // In one transaction the one may take the place of the other.
    await dataSource.transaction(async (manager) => {
      await manager.query(`update edition set active = false where tag = 'tt'`);
      await manager.query(`update edition set active = true, is_primary = true where code = 'tt-second'`);
    });
  });

  test('each story’s rows together: what it names must be there', async () => {
    const { dataSource } = await empty();
    await migrate(dataSource);
    await seedRegistry(dataSource.manager, await readSampleRegistry());
    const article = (home: string): Promise<unknown> =>
      dataSource.query(`insert into article values (gen_random_uuid(), 'meridian.example', '20261123', $1, 'NEWS', 5)`, [home]);
    await expect(article('nobody')).rejects.toThrow(/foreign key/u);
    await article('en');
    await expect(dataSource.query(`update article set issued_on = 'today'`)).rejects.toThrow(/article_issued_on_check/u);
    await expect(dataSource.query('update article set urgency = 0')).rejects.toThrow(/article_urgency_check/u);
    const [{ uuid }] = await dataSource.query<[{ uuid: string }]>('select uuid from article');
    const translation = `insert into translation values ($1, 'en', true, 1, 'slug', now(), now(), null, '', '')`;
    await dataSource.query(translation, [uuid]);
    await expect(dataSource.query(translation, [uuid])).rejects.toThrow(/duplicate key/u);
    await expect(
      dataSource.query(`insert into revision values ($1, 'ru', 1, 'UPDATE', 'HUMAN', 'Headline', null, '[]', 0, null, now(), '')`, [uuid]),
    ).rejects.toThrow(/foreign key/u);
  });
});
