import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { DataSource, EntitySchema, QueryFailedError } from 'typeorm';
import { type EmbeddedDatabase, openEmbeddedDatabase } from '../../src/lib/embedded-database.js';
import { emptyDump } from './empty-dump.js';

const Counter = new EntitySchema<{ id: string; name: string; value: number }>({
  name: 'counter',
  columns: { id: { type: 'int8', primary: true, generated: 'increment' }, name: { type: 'text', unique: true }, value: { type: 'int4' } },
});

const connectTo = (database: EmbeddedDatabase): Promise<DataSource> =>
  new DataSource({ type: 'postgres', driver: database.driver, entities: [Counter], installExtensions: false, logging: false }).initialize();

let database: EmbeddedDatabase;
let source: DataSource;

beforeAll(async () => {
  database = await openEmbeddedDatabase(undefined, { from: await emptyDump(), acquireTimeoutMs: 5_000 });
  source = await connectTo(database);
  await source.synchronize();
}, 60_000);
afterAll(() => database.close());
beforeEach(() => source.query('truncate counter'));

const total = async (): Promise<number> => (await source.query('select coalesce(sum(value), 0)::int as total from counter'))[0].total;

test('sixteen transactions at once lose no update', async () => {
  await source.query(`insert into counter (name, value) values ('one', 0)`);
  await Promise.all(
    Array.from({ length: 16 }, () =>
      source.transaction(async (manager) => {
        const row = await manager.findOneByOrFail(Counter, { name: 'one' });
        await pause(2);
        await manager.save(Counter, { ...row, value: row.value + 1 });
      }),
    ),
  );
  expect(await total()).toBe(16);
});

test('what fails in the middle leaves no trace, and nobody sees it meanwhile', async () => {
  const seen: Promise<number>[] = [];
  const failing = source.transaction(async (manager) => {
    await manager.insert(Counter, { name: 'lost', value: 1 });
    seen.push(total());
    await pause(20);
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow('changed my mind');
  expect(await Promise.all(seen)).toEqual([0]);
});

test('a savepoint that fails leaves the transaction around it whole', async () => {
  await source.transaction(async (manager) => {
    await manager.insert(Counter, { name: 'kept', value: 1 });
    await expect(manager.transaction((inner) => inner.insert(Counter, { name: 'kept', value: 2 }))).rejects.toThrow('duplicate key');
  });
  expect(await total()).toBe(1);
});

test('a duplicate is reported with the code and the constraint of PostgreSQL', async () => {
  const repository = source.getRepository(Counter);
  await repository.insert({ name: 'same', value: 1 });
  const error = await repository.insert({ name: 'same', value: 2 }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(QueryFailedError);
  expect(error).toMatchObject({ driverError: { code: '23505', table: 'counter', detail: 'Key (name)=(same) already exists.' } });
});

test('everyone waits in the order of asking', async () => {
  const order: number[] = [];
  await Promise.all(Array.from({ length: 8 }, (_, index) => database.session(async () => void order.push(index))));
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test('who waits too long gives up, and the others go on', async () => {
  const started = Date.now();
  await source.transaction(async (manager) => {
    await manager.insert(Counter, { name: 'held', value: 1 });
    // the mistake of asking outside the manager
    await expect(source.query('select 1')).rejects.toThrow('timeout exceeded when trying to connect');
  });
  expect(Date.now() - started).toBeGreaterThanOrEqual(4_900);
  expect(await total()).toBe(1);
});

test('a transaction that its owner forgot does not swallow what comes after it', async () => {
  const runner = source.createQueryRunner();
  await runner.startTransaction();
  await runner.query(`insert into counter (name, value) values ('forgotten', 1)`);
  await runner.release();
  expect(await total()).toBe(0);
});

test('settings and locks of a broken session do not reach the next one', async () => {
  const waiting = database.session(async (client) => {
    await client.query(`set application_name = 'mine'; select pg_advisory_lock(7)`);
    await client.query('begin');
  });
  await waiting;
  const locks = `select count(*)::int as locks, current_setting('application_name') as name from pg_locks where locktype = 'advisory'`;
  expect(await source.query(locks)).toEqual([{ locks: 0, name: '' }]);
});

test('the process does its other work between the queries of a long transaction', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await source.transaction(async (manager) => {
    for (let value = 0; value < 200; value++) await manager.query('select $1::int', [value]);
  });
  clearInterval(timer);
  expect(turns).toBeGreaterThan(5);
});

test('a large value goes in and out', async () => {
  const text = 'ё'.repeat(2_000_000);
  const { rows } = await database.session((client: pg.PoolClient) => client.query('select $1::text as text', [text]));
  expect(rows[0].text === text).toBe(true);
});

test('a data source can be closed and made anew; a closed database refuses, after those who waited', async () => {
  await source.destroy();
  source = await connectTo(database);
  const other = await openEmbeddedDatabase(undefined, { from: await emptyDump() });
  const waiting = Promise.all([1, 2, 3].map((value) => other.session((client) => client.query('select $1::int as value', [value]))));
  const closed = other.close();
  await expect(other.session(async () => 'never')).rejects.toThrow('the database is closed');
  expect((await waiting).map(({ rows }) => rows[0].value)).toEqual([1, 2, 3]);
  await closed;
});
