import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type EmbeddedDatabase, openEmbeddedDatabase } from '../../src/lib/embedded-database.js';
import { emptyDump } from './empty-dump.js';

let home: string;
let folder: string;
let database: EmbeddedDatabase;

const names = async (of = database): Promise<string[]> =>
  (await of.session((client) => client.query('select name from story order by name'))).rows.map(({ name }) => name);
const add = (name: string, to = database): Promise<unknown> =>
  to.session((client) => client.query('insert into story values ($1)', [name]));

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dragoman-backup-'));
  folder = join(home, 'database');
  database = await openEmbeddedDatabase(folder, { from: await emptyDump() });
  await database.session((client) => client.query('create table story (name text primary key)'));
}, 60_000);
beforeEach(() => database.session((client) => client.query('truncate story')));
afterAll(async () => {
  await database.close();
  await rm(home, { recursive: true });
});

test('a backup taken among writers holds what was answered before it, and the writers go on', async () => {
  await add('before');
  const writers = Promise.all(Array.from({ length: 20 }, (_, index) => add(`during ${index}`)));
  const backup = await database.backup();
  await Promise.all([writers, add('after')]);

  const copy = await openEmbeddedDatabase(undefined, { from: backup });
  const copied = await names(copy);
  await copy.close();
  expect(copied).toContain('before');
  expect(copied).not.toContain('after');
  expect(await names()).toHaveLength(22);
});

test('a restore takes place under open connections: queries wait, and see the old rows', async () => {
  await add('old');
  const heard: string[] = [];
  const stop = await database.listen('news', (payload) => heard.push(payload));
  const backup = await database.backup();
  await add('new');

  const restoring = database.restore(backup, async (candidate) => {
    expect(await names(candidate)).toEqual(['old']);
    await add('migrated', candidate);
    expect(await names()).toEqual(['new', 'old']); // nothing has changed yet, and the gateway still answers
  });
  await expect(database.restore(backup)).rejects.toThrow('another restore is under way');
  let restored = false;
  const reading = (async () => {
    while (!restored) await names(); // why: throws if a reader is turned away
  })();
  await restoring;
  restored = true;
  await reading;
  expect(await names()).toEqual(['migrated', 'old']);
  await database.session((client) => client.query(`notify news, 'after the restore'`));
  expect(heard).toEqual(['after the restore']);
  await stop();
  expect(await readdir(home)).toEqual(['database']);

  await database.close();
  database = await openEmbeddedDatabase(folder);
  expect(await names()).toEqual(['migrated', 'old']);
});

test('a bad backup changes nothing', async () => {
  await add('safe');
  const backup = await database.backup();
  const tar = gunzipSync(backup);
  const bad: Record<string, Buffer> = {
    empty: Buffer.alloc(0),
    'not an archive': Buffer.from('hello'),
    'not a tar': gzipSync('hello'),
    'cut off': backup.subarray(0, backup.length / 2),
    altered: Buffer.concat([backup.subarray(0, 5000), Buffer.from('????'), backup.subarray(5004)]),
    'half a tar': gzipSync(tar.subarray(0, 512 * 2000)),
    uncompressed: tar,
  };
  for (const [name, dump] of Object.entries(bad)) {
    const outcome = await database.restore(dump).then(
      () => 'restored',
      () => 'refused',
    );
    expect([name, outcome]).toEqual([name, 'refused']);
  }
  await expect(database.restore(backup, () => Promise.reject(new Error('of a newer version')))).rejects.toThrow('of a newer version');
  expect(await names()).toEqual(['safe']);
  expect(await readdir(home)).toEqual(['database']);
});

test('a database in memory is restored as well', async () => {
  const memory = await openEmbeddedDatabase(undefined, { from: await database.backup() });
  await add('first', memory);
  const backup = await memory.backup();
  await add('second', memory);
  await memory.restore(backup);
  expect(await names(memory)).toEqual(['first']);
  await memory.close();
});

test('a restore that was cut by a crash is undone at the next start', async () => {
  await add('kept');
  await database.close();
  await rename(folder, `${folder}.being-replaced`);
  await mkdir(`${folder}.being-made`);
  database = await openEmbeddedDatabase(folder);
  expect(await names()).toEqual(['kept']);
  expect(await readdir(home)).toEqual(['database']);
});

test('a folder with other files in it is left alone', async () => {
  const other = join(home, 'other');
  await mkdir(other);
  await writeFile(join(other, 'letter.txt'), 'Dear desk');
  await expect(openEmbeddedDatabase(other)).rejects.toThrow('ENOTEMPTY');
  await expect(openEmbeddedDatabase(folder, { from: Buffer.from('dump') })).rejects.toThrow('already holds a database');
  expect(existsSync(join(other, 'letter.txt'))).toBe(true);
  await rm(other, { recursive: true });
});
