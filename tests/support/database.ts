import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { DataSource } from 'typeorm';
import { makeDataSource } from '../../src/data-source.js';
import { seed } from '../../src/ingest/seed.js';
import { openEmbeddedDatabase } from '../../src/lib/embedded-database.js';
import { inPackage } from '../../src/lib/root.js';
import { migrate } from '../../src/migrate.js';
import { emptyDatabase } from './server-database.js';

/** A database of a test's own. */
export interface TestDatabase {
  dataSource: DataSource;
  close(): Promise<void>;
}

/** A migrated database, with the sample stories if asked: embedded, or on the server that TEST_DATABASE_URL names. */
export const openTestDatabase = ({ samples = false }: { samples?: boolean } = {}): Promise<TestDatabase> =>
  process.env.TEST_DATABASE_URL ? openOnServer(samples) : openEmbedded(samples);

const options = { domain: 'meridian.example', now: new Date('2026-11-23T12:00:00.000Z') };

async function openOnServer(samples: boolean): Promise<TestDatabase> {
  const { url, drop } = await emptyDatabase();
  const dataSource = makeDataSource({ url, poolSize: 4 });
  const close = async (): Promise<void> => {
    if (dataSource.isInitialized) await dataSource.destroy();
    await drop();
  };
  try {
    await dataSource.initialize();
    await migrate(dataSource);
    if (samples) await seed(dataSource, 'samples', options);
    return { dataSource, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openEmbedded(samples: boolean): Promise<TestDatabase> {
  const migrated = (): Promise<Buffer> =>
    kept('migrated', ['migrations'], () => dumpOf(undefined, async (dataSource) => void (await migrate(dataSource))));
  const dump = samples
    ? await kept('samples', ['migrations', 'src/ingest', 'src/lib/text.ts', 'src/articles/body.ts'], async () =>
        dumpOf(await migrated(), async (dataSource) => void (await seed(dataSource, 'samples', options))),
      )
    : await migrated();
  return overEmbedded(dump);
}

async function overEmbedded(from: Buffer | undefined): Promise<TestDatabase & { dump(): Promise<Buffer> }> {
  const database = await openEmbeddedDatabase(undefined, from && { from });
  const dataSource = await makeDataSource({ driver: database.driver }).initialize();
  return {
    dataSource,
    // Plain: a dump is opened far more often than made.
    dump: async () => gunzipSync(await database.backup()),
    close: async () => {
      await dataSource.destroy();
      await database.close();
    },
  };
}

async function dumpOf(from: Buffer | undefined, prepare: (dataSource: DataSource) => Promise<void>): Promise<Buffer> {
  const { dataSource, dump, close } = await overEmbedded(from);
  try {
    await prepare(dataSource);
    return await dump();
  } finally {
    await close();
  }
}

const folder = inPackage('node_modules', '.cache', 'dragoman');

/**
 * A dump made once for the present content of the files it comes from; of test files that start together one makes it and the others wait.
 * Not in Jest's globalSetup, which runs outside the module mapper and cannot import the sources.
 */
async function kept(name: string, sources: readonly string[], make: () => Promise<Buffer>): Promise<Buffer> {
  const file = join(folder, `${name}-${await hashOf(['node_modules/@electric-sql/pglite/package.json', ...sources])}.tar`);
  await mkdir(folder, { recursive: true });
  for (;;) {
    const found = await readFile(file).catch(() => undefined);
    if (found) return found;
    if (await take(`${file}.making`)) break;
    await sleep(100);
  }
  try {
    const dump = await make();
    await writeFile(`${file}.made`, dump);
    await rename(`${file}.made`, file);
    await forgetOthers(name, file);
    return dump;
  } finally {
    await rm(`${file}.making`, { recursive: true, force: true });
  }
}

/** Whether the lock is ours now; one that is a minute old was left by a process that died. */
async function take(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch {
    const age = await stat(lock).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > 60_000) await rm(lock, { recursive: true, force: true });
    return false;
  }
}

async function forgetOthers(name: string, file: string): Promise<void> {
  for (const each of await readdir(folder)) {
    const path = join(folder, each);
    if (each.startsWith(`${name}-`) && each.endsWith('.tar') && path !== file) await rm(path, { force: true });
  }
}

async function hashOf(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths) for (const file of await filesIn(inPackage(path))) hash.update(file).update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}

async function filesIn(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
