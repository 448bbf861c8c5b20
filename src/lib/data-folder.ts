import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** The folder belongs to a live process: stop that one, or let it do the work (`runThroughServer`). */
export class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse';
  constructor(readonly folder: string) {
    super(`The data folder ${folder} is in use by another process. Is Dragoman running there already?`);
  }
}

/** A Unix socket has room for a short path only (`sun_path`, unix(7)). */
export class DataFolderPathTooLong extends Error {
  override readonly name = 'DataFolderPathTooLong';
  constructor(
    readonly folder: string,
    readonly max: number,
  ) {
    super(`The path of the data folder is too long: ${folder} has ${Buffer.byteLength(folder)} bytes, a socket in it allows ${max}.`);
  }
}

export interface HeldFolder {
  /** Listens at `dragoman.sock`; answers 503 to everyone until something else listens for its connections. */
  server: Server;
  /** Hangs up on everyone and lets the folder go. */
  release(): Promise<void>;
}

/** The way to the process that holds a folder: a link to the socket of the holder, or of the last one. */
export const socketOf = (folder: string): string => join(folder, 'dragoman.sock');

const hold = /^[0-9a-f]{8}\.hold$/u;
const longest = (process.platform === 'linux' ? 107 : 103) - '/dragoman.sock'.length;
const notServing = 'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/**
 * Takes a folder for this process alone, making it (0700) if need be. Throws DataFolderInUse or DataFolderPathTooLong.
 *
 * The lock is a listening socket `<random>.hold`. A name is never used twice and listens from the moment it exists, so one that
 * refuses a connection is dead for good and anyone may remove it: no time, no pid, no moment when two could win.
 */
export async function holdDataFolder(path: string): Promise<HeldFolder> {
  const folder = resolve(path);
  if (Buffer.byteLength(folder) > longest) throw new DataFolderPathTooLong(folder, longest);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (await answers(socketOf(folder))) throw new DataFolderInUse(folder);

  const id = randomBytes(4).toString('hex');
  const own = `${id}.hold`;
  const { server, hangUp } = await listen(join(folder, `${id}.bind`));
  const release = async (): Promise<void> => {
    if ((await readlink(socketOf(folder)).catch(() => '')) === own) await rm(socketOf(folder));
    await rm(join(folder, own), { force: true });
    await hangUp();
  };
  try {
    await rename(join(folder, `${id}.bind`), join(folder, own));
    await outlast(folder, own);
    await symlink(own, join(folder, `${id}.link`));
    await rename(join(folder, `${id}.link`), socketOf(folder));
  } catch (error) {
    await release();
    throw error;
  }
  return { server, release };
}

/** Returns when `own` is the only living hold. Of several starters the first by name stays and the others leave at once. */
async function outlast(folder: string, own: string): Promise<void> {
  for (const giveUpAt = Date.now() + 10_000; ; await pause(10)) {
    const [first, ...others] = await livingHolds(folder);
    if (first === own && others.length === 0) return;
    if (first !== own || Date.now() > giveUpAt) throw new DataFolderInUse(folder);
  }
}

async function livingHolds(folder: string): Promise<string[]> {
  const living: string[] = [];
  for (const name of (await readdir(folder)).filter((each) => hold.test(each)).sort()) {
    if (await answers(join(folder, name))) living.push(name);
    else await rm(join(folder, name), { force: true });
  }
  return living;
}

/** Whether a process listens at the path. Throws when that cannot be known, as for the socket of another user. */
async function answers(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ECONNREFUSED' || code === 'ENOENT') return false;
    if (code === 'EAGAIN' || code === 'ECONNRESET') return true; // why: it is too busy to take one more, or leaving just now
    throw error;
  } finally {
    socket.destroy();
  }
}

async function listen(path: string): Promise<{ server: Server; hangUp: () => Promise<void> }> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {}).on('close', () => open.delete(socket));
    if (server.listenerCount('connection') === 1) socket.end(notServing);
  });
  await once(server.listen(path), 'listening');
  await chmod(path, 0o600);
  const hangUp = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of open) socket.destroy();
    await closed;
  };
  return { server, hangUp };
}
