import { closeSync, existsSync, fsyncSync, openSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { btree_gin } from '@electric-sql/pglite/contrib/btree_gin';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { unaccent } from '@electric-sql/pglite/contrib/unaccent';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/** What `EmbeddedDatabase.backup` gave: a gzipped or plain tar of a database folder. */
export type Dump = Blob | Buffer;

const extensions = { unaccent, pg_trgm, btree_gin };

/** Whether the bytes begin as gzip does (RFC 1952 §2.3.1). */
export const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Opens the database of `folder` (in memory without one), making it first if there is none: empty, or from a dump. */
export async function openFiles(folder?: string, from?: Dump): Promise<PGlite> {
  if (folder === undefined) return start(undefined, await load(from));
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  await undoUnfinished(folder);
  const made = existsSync(join(folder, 'PG_VERSION'));
  if (made && from) throw new Error(`${folder} already holds a database`);
  if (!made) {
    if (existsSync(folder)) await rmdir(folder); // why: throws when it holds something else, which is not ours to replace
    await (await openNext(folder, from)).close();
    await moveNextInto(folder);
  }
  return start(folder, {});
}

/** Makes a database beside `folder`, to be moved into its place once it has proved good; a bad dump throws and leaves nothing. */
export async function openNext(folder: string, from?: Dump): Promise<PGlite> {
  await dropNext(folder);
  try {
    return await start(next(folder), await load(from));
  } catch (error) {
    await dropNext(folder);
    throw error;
  }
}

/** Forgets the database that `openNext` made. */
export const dropNext = (folder: string): Promise<void> => rm(next(folder), { recursive: true, force: true });

/** Puts the closed database of `openNext` in the place of `folder`; a crash on the way leaves the old one or the new one, whole. */
export async function moveNextInto(folder: string): Promise<void> {
  await flushTree(next(folder));
  if (existsSync(folder)) await rename(folder, old(folder));
  await rename(next(folder), folder);
  await flush(dirname(folder));
  await rm(old(folder), { recursive: true, force: true });
}

async function undoUnfinished(folder: string): Promise<void> {
  if (!existsSync(folder) && existsSync(old(folder))) await rename(old(folder), folder);
  await dropNext(folder);
  await rm(old(folder), { recursive: true, force: true });
}

// why: these are deleted without asking, so no name an operator might give to a copy of their own
const next = (folder: string): string => `${folder}.being-made`;
const old = (folder: string): string => `${folder}.being-replaced`;

// why: unzipped here, for PGlite lets the error of a broken gzip escape, which would end the process
async function load(from?: Dump): Promise<PGliteOptions> {
  if (!from) return {};
  const bytes = Buffer.isBuffer(from) ? from : Buffer.from(await from.arrayBuffer());
  const tar = isGzip(bytes) ? await promisify(gunzip)(bytes) : bytes;
  return { loadDataDir: new Blob([tar], { type: 'application/x-tar' }) };
}

const start = (folder: string | undefined, options: PGliteOptions): Promise<PGlite> =>
  PGlite.create({ ...options, ...(folder !== undefined && { fs: new FlushedFolder(folder) }), extensions, startParams });

const settings = [
  'wal_sync_method=fsync',
  'min_wal_size=32MB',
  'max_wal_size=64MB',
  'shared_buffers=32MB', // why: a quarter of the default saves 100 MB of memory, and the operating system caches the files anyway
];
// why: PGlite turns fsync off (-F), and its files know no fsync: a power cut could lose answered rows
const startParams = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  ...settings.flatMap((setting) => ['-c', setting]),
];

/** A database folder whose flushes reach the disk. */
class FlushedFolder extends NodeFS {
  override async init(...[pg, options]: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(pg, options);
    emscriptenOpts.preRun?.push((module: unknown) => {
      const { NODEFS } = module as { NODEFS: NodeFiles };
      NODEFS.stream_ops.fsync = (stream) => NODEFS.tryFSOperation(() => flushStream(stream, NODEFS));
    });
    return { emscriptenOpts };
  }
}

/** The part of Emscripten's NODEFS used here; an open directory has no `nfd`. */
interface NodeFiles {
  stream_ops: { fsync?: (stream: NodeStream) => number };
  tryFSOperation(work: () => number): number;
  realPath(node: unknown): string;
}
type NodeStream = { nfd?: number; node: unknown };

function flushStream({ nfd, node }: NodeStream, files: NodeFiles): number {
  const descriptor = nfd ?? openSync(files.realPath(node), 'r');
  try {
    fsyncSync(descriptor);
    return 0;
  } finally {
    if (nfd === undefined) closeSync(descriptor);
  }
}

async function flushTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true })) await flush(join(folder, entry));
  await flush(folder);
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
