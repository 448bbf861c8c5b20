import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll } from '@jest/globals';
import pg from 'pg';

/** A PostgreSQL server of a test's own, for what would disturb others: an open transaction stalls every relay of a cluster. */
export interface PrivateCluster {
  /** Address of its database `postgres`. */
  url: string;
  /** Ends it as a power switch would: the server and all its processes at once. */
  kill(): Promise<void>;
  /** Starts it again, and gives how many milliseconds it took until it answered. */
  start(): Promise<number>;
  /** Ends it and removes its files. */
  remove(): Promise<void>;
}

const running = new Set<PrivateCluster>();
afterAll(async () => {
  for (const cluster of running) await cluster.remove();
});

/** Where Debian keeps the programs of the newest PostgreSQL that is installed. */
function programs(): string {
  const root = '/usr/lib/postgresql';
  const newest = readdirSync(root).sort((a, b) => Number(b) - Number(a))[0];
  if (newest === undefined) throw new Error(`no PostgreSQL in ${root}: install Debian's package postgresql`);
  return join(root, newest, 'bin');
}

/** PostgreSQL refuses to run as root: then it runs as the user Debian makes for it. */
function owner(): { uid: number; gid: number } | object {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** Makes and starts a server on 127.0.0.1, trusting whoever connects. */
export async function privateCluster(settings: Record<string, string> = {}): Promise<PrivateCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'dragoman-cluster-'));
  const user = owner();
  if ('uid' in user) chownSync(folder, user.uid, user.gid);
  const bin = programs();
  const data = join(folder, 'data');
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale', 'C'], {
    ...user,
    cwd: folder,
    stdio: 'pipe',
  });
  const port = await freePort();
  const given = { port: String(port), listen_addresses: '127.0.0.1', unix_socket_directories: folder, max_connections: '60', ...settings };
  const options = Object.entries(given).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let server: ChildProcess | undefined;

  const kill = async (): Promise<void> => {
    if (!server?.pid || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    for (const pid of [server.pid, ...childrenOf(server.pid)]) signal(pid);
    await gone;
  };
  const start = async (): Promise<number> => {
    const started = performance.now();
    server = spawn(join(bin, 'postgres'), ['-D', data, ...options], { ...user, cwd: folder, stdio: 'ignore' });
    for (;;) {
      if (await answers(url)) return performance.now() - started;
      // What is left of the killed one may hold on to its memory for a moment.
      if (server.exitCode !== null)
        server = spawn(join(bin, 'postgres'), ['-D', data, ...options], { ...user, cwd: folder, stdio: 'ignore' });
      if (performance.now() - started > 60_000) throw new Error('PostgreSQL does not start');
      await sleep(20);
    }
  };
  const remove = async (): Promise<void> => {
    running.delete(cluster);
    await kill();
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  const cluster: PrivateCluster = { url, kill, start, remove };
  running.add(cluster);
  await start();
  return cluster;
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/** A port that nobody listens at. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
