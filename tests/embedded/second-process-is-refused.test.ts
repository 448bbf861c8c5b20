import { link, mkdtemp, readdir, realpath, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataFolderInUse, DataFolderPathTooLong, holdDataFolder, socketOf } from '../../src/lib/data-folder.js';
import { childProcesses } from './child.js';

let home: string;
let folder: string;
let children: Awaited<ReturnType<typeof childProcesses>>;
const inFolder = async (): Promise<string[]> =>
  (await readdir(folder)).map((name) => name.replace(/^[0-9a-f]{8}\.hold$/u, '#.hold')).sort();

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dragoman-hold-'));
  children = await childProcesses();
});
beforeEach(async () => {
  folder = await mkdtemp(join(home, 'data-'));
});
afterAll(async () => {
  await children.clean();
  await rm(home, { recursive: true });
});

const holder = (of: string): string => `
  import { holdDataFolder } from './lib/data-folder.js';
  const { release } = await holdDataFolder(${JSON.stringify(of)}).catch((error) => (console.log(error.name), process.exit()));
  console.log('held');
  process.on('SIGUSR2', () => release().then(() => console.log('released')));
`;

test('the second process is told that the folder is in use, at once', async () => {
  const child = children.start(holder(folder));
  expect(await child.line()).toBe('held');
  const started = Date.now();
  await expect(holdDataFolder(folder)).rejects.toEqual(new DataFolderInUse(folder));
  expect(Date.now() - started).toBeLessThan(5_000);
  expect(await inFolder()).toEqual(['#.hold', 'dragoman.sock']);
});

test('after kill -9 the next process takes the folder at once and clears what is left', async () => {
  const child = children.start(holder(folder));
  expect(await child.line()).toBe('held');
  await child.kill();
  const started = Date.now();
  const { release } = await holdDataFolder(folder);
  expect(Date.now() - started).toBeLessThan(5_000);
  expect(await inFolder()).toEqual(['#.hold', 'dragoman.sock']);
  await release();
});

test('a process that lets go leaves an empty folder', async () => {
  const { release } = await holdDataFolder(folder);
  await release();
  await release();
  expect(await readdir(folder)).toEqual([]);
});

test('the folder is made for its owner alone, and so is the socket', async () => {
  const made = join(folder, 'deep/data');
  const { release } = await holdDataFolder(made);
  expect((await stat(made)).mode & 0o777).toBe(0o700);
  expect((await stat(socketOf(made))).mode & 0o777).toBe(0o600);
  await release();
});

test('of many that start together after a crash, one holds the folder and the others are refused', async () => {
  for (let round = 0; round < 5; round++) {
    const starters = await Promise.allSettled(Array.from({ length: 24 }, () => holdDataFolder(folder)));
    const winners = starters.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(winners).toHaveLength(1);
    for (const each of starters) if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(DataFolderInUse);
    // what a crash leaves: a socket that nobody listens to, and the link to it
    for (const name of ['00000000.hold', 'ffffffff.hold']) await link(await realpath(socketOf(folder)), join(folder, name));
    await winners[0]?.release();
    await symlink('00000000.hold', socketOf(folder));
  }
});

test('processes that start together: one holds', async () => {
  const starters = Array.from({ length: 4 }, () => children.start(holder(folder)));
  const said = await Promise.all(starters.map((each) => each.line()));
  expect(said.sort()).toEqual(['DataFolderInUse', 'DataFolderInUse', 'DataFolderInUse', 'held']);
});

test('a path that no socket fits in is refused with the reason', async () => {
  const long = join(folder, 'x'.repeat(100));
  await expect(holdDataFolder(long)).rejects.toBeInstanceOf(DataFolderPathTooLong);
  await expect(holdDataFolder(long)).rejects.toThrow('is too long');
  const longest = join(folder, 'x'.repeat((process.platform === 'linux' ? 93 : 89) - Buffer.byteLength(folder) - 1));
  await (await holdDataFolder(longest)).release();
});
