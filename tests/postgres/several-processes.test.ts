import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { ask, build, run, serve, start } from '../support/program.js';
import { emptyDatabase } from '../support/server-database.js';

let database: Awaited<ReturnType<typeof emptyDatabase>>;
beforeAll(async () => {
  build();
  database = await emptyDatabase();
}, 60_000);
afterAll(() => database.drop());

const rows = async (statement: string, url = database.url): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client
    .query(statement)
    .then((result) => result.rows)
    .finally(() => client.end());
};

test('a process whose schema is behind is not ready and says what to do', async () => {
  const server = await serve({ DATABASE_URL: database.url, MIGRATE_ON_START: 'false' });
  const ready = await fetch(`${server.url}/health/ready`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({ status: 'not ready', reason: 'the database schema is behind this program: run "dragoman migrate"' });
  expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
  expect(server.banner()).toContain('not ready: the database schema is behind');
  expect((await run(['import', 'x.jsonl'], { DATABASE_URL: database.url })).stderr).toContain('dragoman migrate');
  expect((await server.stop()).code).toBe(0);
}, 60_000);

test('samples are loaded where the schema is up to date, whoever migrated it', async () => {
  const empty = await emptyDatabase();
  const [DATABASE_URL, query] = [empty.url, '{ articles(first: 1) { totalCount } }'];
  await (await serve({ DATABASE_URL, MIGRATE_ON_START: 'false', SEED: 'samples' })).stop();
  expect((await run(['migrate'], { DATABASE_URL })).code).toBe(0);
  const server = await serve({ DATABASE_URL, MIGRATE_ON_START: 'false', SEED: 'samples' });
  expect((await ask(server.url, query)).data.articles.totalCount).toBeGreaterThan(10);
  await server.stop();
  await empty.drop();
}, 60_000);

test('seed says what it has loaded', async () => {
  for (const [what, said] of [
    ['samples', 'Loaded the sample editions and stories.\n'],
    ['editions', 'Loaded the sample editions.\n'],
  ] as const) {
    const empty = await emptyDatabase();
    await run(['migrate'], { DATABASE_URL: empty.url });
    expect((await run(['seed', what], { DATABASE_URL: empty.url })).stdout).toBe(said);
    await empty.drop();
  }
}, 60_000);

test.each([['serve'], ['migrate']])(
  'a migration that fails ends %s with one sentence and leaves the schema as it was',
  async (command) => {
    const occupied = await emptyDatabase();
    await rows('create table notice (stranger text)', occupied.url);
    const finished = await start([command], { DATABASE_URL: occupied.url, PORT: '0' }).finished;
    expect(finished).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'The database schema could not be brought up to date and is as it was: CreateGateway20261123000000 failed: relation "notice" already exists\n',
    });
    expect(await rows(`select tablename from pg_tables where schemaname = 'public'`, occupied.url)).toEqual([{ tablename: 'notice' }]);
    await occupied.drop();
  },
  60_000,
);

test('two processes started together migrate and seed once, and both serve the same', async () => {
  const env = { DATABASE_URL: database.url, SEED: 'samples' };
  const [one, two] = await Promise.all([serve(env), serve(env)]);
  expect(await rows('select name from migration')).toHaveLength(readdirSync('migrations').length);
  const query = '{ articles(first: 50) { totalCount edges { node { id } } } }';
  const answers = await Promise.all([ask(one.url, query), ask(two.url, query)]);
  expect(answers[0]).toEqual(answers[1]);
  expect(answers[0].data.articles.totalCount).toBeGreaterThan(10);
  await Promise.all([one.stop(), two.stop()]);
  const folders = readdirSync('locales', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect((await rows('select tag from wording_version order by tag collate "C"')).map(({ tag }) => tag)).toEqual(
    folders.map(({ name }) => name).sort(),
  );
}, 60_000);

test('a database that cannot be written is served all the same, and the log says that its wording is not kept', async () => {
  const empty = await emptyDatabase();
  const DATABASE_URL = empty.url;
  await run(['migrate'], { DATABASE_URL });
  await rows(`alter database ${new URL(DATABASE_URL).pathname.slice(1)} set default_transaction_read_only = on`, DATABASE_URL);
  const server = await serve({ DATABASE_URL, MIGRATE_ON_START: 'false' });
  expect((await ask(server.url, '{ editions { code } }')).data.editions).toEqual([]);
  expect(server.banner()).toContain('the wording of this start is not kept');
  await server.stop();
  await empty.drop();
}, 60_000);

test('a given database gets no samples by default', async () => {
  const empty = await emptyDatabase();
  const server = await serve({ DATABASE_URL: empty.url });
  expect((await ask(server.url, '{ editions { code } }')).data.editions).toEqual([]);
  await server.stop();
  await empty.drop();
}, 60_000);

test('a notice or an edition that cannot be worded stops the start, by name', async () => {
  await rows(`update notice set legal_language = 'tr', wording = 'nobody' where code = 'about'`);
  await rows(`update edition set tag = 'tr' where code = 'crh'`);
  const { code, stderr } = await start(['serve'], { DATABASE_URL: database.url, PORT: '0' }).finished;
  expect({ code, lines: stderr.split('\n') }).toEqual({
    code: 1,
    lines: [
      'What readers must be told cannot be worded:',
      '  edition crh: there is no folder locales/tr',
      '  notice about: no edition words "nobody" in its legal language tr',
      '',
    ],
  });
  await rows(`update notice set legal_language = 'en', wording = 'about' where code = 'about'`);
  await rows(`update edition set tag = 'crh-Latn' where code = 'crh'`);
}, 60_000);

test('the database gone: live, not ready within two seconds, and ready again by itself', async () => {
  const server = await serve({ DATABASE_URL: database.url, LOG_LEVEL: 'silent' });
  const name = new URL(database.url).pathname.slice(1);
  const admin = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL });
  await admin.connect();
  await admin.query(`alter database ${name} with allow_connections false`);
  await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  const ready = async (): Promise<number> => (await fetch(`${server.url}/health/ready`)).status;
  const asked = Date.now();
  expect(await ready()).toBe(503);
  expect(Date.now() - asked).toBeLessThan(2_000);
  expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
  expect(JSON.stringify(await ask(server.url, '{ topics { code } }'))).toMatch(/SERVICE_UNAVAILABLE/u);
  await admin.query(`alter database ${name} with allow_connections true`);
  await admin.end();
  expect(await ready()).toBe(200);
  expect((await server.stop()).code).toBe(0);
}, 60_000);

test('the same commands work without a running server', async () => {
  expect(await run(['migrate'], { DATABASE_URL: database.url })).toMatchObject({ code: 0, stdout: 'The schema is up to date.\n' });
  expect((await run(['seed', 'samples'], { DATABASE_URL: database.url })).stdout).toContain('nothing was loaded');
  expect((await run(['backup', 'x'], { DATABASE_URL: database.url })).stderr).toContain('pg_dump');
  expect((await start(['import', '/nowhere.jsonl'], { DATABASE_URL: database.url }).finished).code).toBe(1);
}, 60_000);
