import pg from 'pg';
import { openEmbeddedDatabase } from '../../src/lib/embedded-database.js';
import { emptyDump } from './empty-dump.js';

type Session = <T>(work: (client: pg.ClientBase) => Promise<T>) => Promise<T>;

/** A PostgreSQL under test: the embedded one always, and a server's where TEST_DATABASE_URL names one. */
interface Postgres {
  name: string;
  open(): Promise<{ session: Session; close(): Promise<void> }>;
}

const embedded: Postgres = {
  name: 'embedded',
  open: async () => {
    const database = await openEmbeddedDatabase(undefined, { from: await emptyDump() });
    return { session: (work) => database.session(work), close: () => database.close() };
  },
};

const server = (connectionString: string): Postgres => ({
  name: 'server',
  open: async () => {
    const pool = new pg.Pool({ connectionString, max: 2 });
    const session: Session = async (work) => {
      const client = await pool.connect();
      return work(client).finally(() => client.release());
    };
    return { session, close: () => pool.end() };
  },
});

const url = process.env.TEST_DATABASE_URL;
const moment = new Date('2026-03-01T10:20:30.456Z');
const body = { title: 'Яңалык', spans: [{ text: '«»', strong: true }], none: null, big: 1e21, quote: `'"\\` };

// what is asked, with which parameters, and the value that JavaScript is to see
const values: [string, unknown[], unknown][] = [
  ['$1::int8', ['9007199254740993'], '9007199254740993'],
  ['count(*)', [], '1'],
  ['$1::int4', [-7], -7],
  ['$1::int2', [7], 7],
  ['$1::numeric', ['12345678901234567890.10'], '12345678901234567890.10'],
  ['$1::float8', [0.1], 0.1],
  [`'NaN'::float8`, [], Number.NaN],
  ['$1::float4', [1.5], 1.5],
  ['$1::bool', [false], false],
  ['$1::text', ['Ҡыҙыл\n"ё" \\ \t'], 'Ҡыҙыл\n"ё" \\ \t'],
  ['$1::text', [''], ''],
  ['$1::text', [null], null],
  ['$1::text', [undefined], null],
  ['$1::varchar(3)', ['абв'], 'абв'],
  ['$1::uuid', ['0190163D-8694-739B-AEA5-966C26F8AD91'], '0190163d-8694-739b-aea5-966c26f8ad91'],
  ['$1::timestamptz', [moment], moment],
  ['$1::timestamptz', ['2026-03-01 13:20:30.456+03'], moment],
  [`'infinity'::timestamptz`, [], Number.POSITIVE_INFINITY],
  ['$1::timestamp', ['2026-03-01 10:20:30'], new Date(2026, 2, 1, 10, 20, 30)],
  ['$1::date', ['2026-03-01'], new Date(2026, 2, 1)],
  ['$1::time', ['10:20:30'], '10:20:30'],
  ['$1::interval', ['1 day 2:03:04'], { days: 1, hours: 2, minutes: 3, seconds: 4 }],
  ['$1::jsonb', [body], body],
  ['$1::jsonb', [JSON.stringify([1, 'два'])], [1, 'два']],
  ['$1::json', [body], body],
  [`'null'::jsonb`, [], null],
  ['$1::jsonb', ['7'], 7],
  ['$1::text[]', [['а', 'b"c', 'd,e', '', null, '{}', '\\']], ['а', 'b"c', 'd,e', '', null, '{}', '\\']],
  ['$1::text[]', [[]], []],
  ['$1::int4[]', [[1, 2, 3]], [1, 2, 3]],
  ['$1::int8[]', [['9007199254740993']], ['9007199254740993']],
  [
    '$1::int4[]',
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      [1, 2],
      [3, 4],
    ],
  ],
  ['$1::bool[]', [[true, false]], [true, false]],
  ['$1::timestamptz[]', [[moment]], [moment]],
  ['$1::uuid[]', [['0190163d-8694-739b-aea5-966c26f8ad91']], ['0190163d-8694-739b-aea5-966c26f8ad91']],
  ['$1::bytea', [Buffer.from([0, 1, 255, 92, 39])], Buffer.from([0, 1, 255, 92, 39])],
  ['$1::inet', ['127.0.0.1'], '127.0.0.1'],
  ['$1::int4 = any($2::int4[])', [2, [1, 2]], true],
  ['row(1, $1::text)', ['a b'], '(1,"a b")'],
  [`to_tsvector('russian', $1)`, ['Московские СОБАКИ лаяли'], `'лая':3 'московск':1 'собак':2`],
  [`to_tsvector('russian', $1) @@ websearch_to_tsquery('russian', $2)`, ['В Казани открыли школы', 'школа казань'], true],
  [`ts_headline('russian', $1, plainto_tsquery('russian', $2))`, ['Открыты новые школы', 'школа'], 'Открыты новые <b>школы</b>'],
  ['lower($1)', ['ЁЖИК Ҡ Ҫ Ә'], 'ёжик ҡ ҫ ә'],
  ['$1::text ilike $2', ['КАЗАНЬ', '%казан%'], true],
  ['similarity($1, $2) > 0.5', ['Привет', 'приветы'], true],
  ['unaccent($1)', ['Ёлка é'], 'Елка e'],
];

const failures: [string, string, unknown[], object][] = [
  [
    'a duplicate',
    'insert into parity.row (name) values ($1)',
    ['taken'],
    { code: '23505', constraint: 'row_name_key', schema: 'parity', table: 'row' },
  ],
  [
    'a broken reference',
    'insert into parity.row (name, parent) values ($1, 99)',
    ['child'],
    { code: '23503', constraint: 'row_parent_fkey' },
  ],
  ['a missing value', 'insert into parity.row (name) values ($1)', [null], { code: '23502', column: 'name' }],
  ['a bad value', 'select $1::int4', ['abc'], { code: '22P02', message: 'invalid input syntax for type integer: "abc"' }],
  ['an unknown column', 'select nothing', [], { code: '42703', position: '8', severity: 'ERROR' }],
  ['too few parameters', 'select $1::text, $2::text', ['one'], { code: '08P01' }],
];

describe.each(url ? [embedded, server(url)] : [embedded])('$name PostgreSQL', ({ open }) => {
  let database: Awaited<ReturnType<Postgres['open']>>;
  const query = (text: string, parameters?: unknown[]): Promise<pg.QueryResult> =>
    database.session((client) => client.query(text, parameters));

  beforeAll(async () => {
    database = await open();
    await query(
      'create extension if not exists unaccent; create extension if not exists pg_trgm; create extension if not exists btree_gin',
    );
    await query('drop schema if exists parity cascade; create schema parity');
    await query(
      'create table parity.row (id int8 generated always as identity primary key, name text not null unique, parent int8 references parity.row)',
    );
    await query(`insert into parity.row (name) values ('taken')`);
  }, 60_000);
  afterAll(async () => {
    await query('drop schema parity cascade');
    await database.close();
  });

  test.each(values)('gives %s of %j', async (expression, parameters, expected) => {
    const { rows } = await query(`select ${expression} as value`, parameters);
    // why: pg's interval is of a class of its own
    expect(Object.prototype.toString.call(rows[0].value) === '[object Object]' ? { ...rows[0].value } : rows[0].value).toEqual(expected);
  });

  test.each(failures)('reports %s', async (_name, text, parameters, expected) => {
    await expect(query(text, parameters)).rejects.toMatchObject(expected);
    expect((await query('select 1 as fine')).rows).toEqual([{ fine: 1 }]);
  });

  test('counts and names the command', async () => {
    const inserted = await query(`insert into parity.row (name) values ('a'), ('b') returning name`);
    expect(inserted).toMatchObject({
      command: 'INSERT',
      rowCount: 2,
      rows: [{ name: 'a' }, { name: 'b' }],
      fields: [{ name: 'name', dataTypeID: 25 }],
    });
    expect(await query(`update parity.row set name = name || '!' where name in ('a', 'b')`)).toMatchObject({
      command: 'UPDATE',
      rowCount: 2,
      rows: [],
    });
    expect(await query(`delete from parity.row where name = 'nobody'`)).toMatchObject({ command: 'DELETE', rowCount: 0 });
    expect(await query('')).toMatchObject({ command: null, rows: [] });
  });

  test('runs several commands in one call, and none of them if one fails', async () => {
    const results: unknown = await query(
      `create table parity.many (n int4); insert into parity.many values (1); select n from parity.many`,
    );
    expect(results).toMatchObject([{ command: 'CREATE' }, { command: 'INSERT', rowCount: 1 }, { rows: [{ n: 1 }] }]);
    await expect(query('insert into parity.many values (2); select nothing')).rejects.toMatchObject({ code: '42703' });
    expect((await query('select n from parity.many')).rows).toEqual([{ n: 1 }]);
  });

  test('takes a query as an object, by name, and with a callback', async () => {
    await database.session(async (client) => {
      for (const value of [1, 2]) {
        const { rows } = await client.query({ name: 'twice', text: 'select $1::int4 * 2 as twice', values: [value] });
        expect(rows).toEqual([{ twice: value * 2 }]);
      }
      const called = new Promise((resolve) => client.query('select $1::int4 as n', [3], (error, result) => resolve([error, result.rows])));
      expect(await called).toEqual([null, [{ n: 3 }]]);
      expect((await client.query({ text: 'select 1, 2', rowMode: 'array' })).rows).toEqual([[1, 2]]);
    });
  });

  test('keeps advisory locks, skips locked rows, knows its snapshot', async () => {
    await database.session(async (client) => {
      const one = async (text: string): Promise<unknown> => Object.values((await client.query(text)).rows[0])[0];
      expect(await one('select pg_try_advisory_lock(42)')).toBe(true);
      expect(await one('select pg_advisory_unlock(42)')).toBe(true);
      await client.query('begin');
      expect(await one('select pg_try_advisory_xact_lock(43)')).toBe(true);
      expect(await one(`select name from parity.row where name = 'taken' for update skip locked`)).toBe('taken');
      expect(await one('select pg_current_xact_id()::text::int8 >= pg_snapshot_xmin(pg_current_snapshot())::text::int8')).toBe(true);
      await client.query('commit');
    });
  });

  test('finds by trigram and by words through an index', async () => {
    await query(
      `create table parity.story (title text, topic int4, words tsvector generated always as (to_tsvector('russian', title)) stored)`,
    );
    await query('create index on parity.story using gin (title gin_trgm_ops); create index on parity.story using gin (topic, words)');
    await query(
      `insert into parity.story select 'Новость номер ' || n, n from generate_series(1, 500) n; insert into parity.story values ('Медведи вышли к реке', 7)`,
    );
    await query('set enable_seqscan = off');
    expect((await query(`select title from parity.story where title ilike '%медвед%'`)).rows).toEqual([{ title: 'Медведи вышли к реке' }]);
    const byWord = `select title from parity.story where topic = 7 and words @@ to_tsquery('russian', 'медведь')`;
    expect((await query(byWord)).rows).toEqual([{ title: 'Медведи вышли к реке' }]);
    expect(JSON.stringify((await query(`explain ${byWord}`)).rows)).toContain('Bitmap Index Scan');
  });

  test('notifies at commit and not at rollback', async () => {
    await database.session(async (client) => {
      const heard: unknown[] = [];
      client.on('notification', ({ channel, payload }) => heard.push([channel, payload]));
      await client.query('listen "Ленты"');
      await client.query(`begin; select pg_notify('Ленты', 'lost'); rollback`);
      await client.query('begin');
      await client.query(`select pg_notify('Ленты', $1)`, ['kept']);
      expect(heard).toEqual([]);
      await client.query('commit');
      expect(heard).toEqual([['Ленты', 'kept']]);
      await client.query('unlisten *');
    });
  });
});
