import { type EmbeddedDatabase, openEmbeddedDatabase } from '../../src/lib/embedded-database.js';
import { emptyDump } from './empty-dump.js';

let database: EmbeddedDatabase;

beforeAll(async () => {
  database = await openEmbeddedDatabase(undefined, { from: await emptyDump() });
}, 60_000);
afterAll(() => database.close());

const one = async (text: string): Promise<Record<string, unknown>> => (await database.session((client) => client.query(text))).rows[0];

test('upkeep gathers statistics, removes dead rows and lets the log of changes be cut', async () => {
  const log = 'select count(*)::int as files from pg_ls_waldir()';
  const table = `select c.reltuples::int as rows, s.n_dead_tup as dead, s.last_vacuum as at from pg_class c join pg_stat_all_tables s on c.oid = s.relid where c.oid = 'story'::regclass`;
  await one('create table story (n int4, text text)');
  await one(`insert into story select n, repeat('x', 2000) from generate_series(1, 60000) n`);
  await one('delete from story where n > 1000');
  expect((await one(log)).files).toBeGreaterThan(8);

  await Promise.all([database.upkeep(), database.upkeep()]);
  await database.upkeep();
  const tidy = await one(table);
  expect(tidy).toEqual({ rows: 1000, dead: '0', at: expect.any(Date) });
  expect((await one(log)).files).toBeLessThanOrEqual(5);

  await database.upkeep();
  expect(await one(table)).toEqual(tidy); // nothing was due
});
