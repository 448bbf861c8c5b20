import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { onServer } from './bench-database.js';

/** The two cores of a measurement. */
export interface Cores {
  server: number;
  client: number;
}

/** Two cores this process may use; undefined without `taskset` or a second core. */
export function twoCores(): Cores | undefined {
  const { stdout, status } = spawnSync('taskset', ['-cp', String(process.pid)], { encoding: 'utf8' });
  if (status !== 0) return undefined;
  const cores = (stdout.split(':').at(-1) ?? '').split(',').flatMap((part) => {
    const [from, to = from] = part.trim().split('-').map(Number) as [number, number?];
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
  const [client, server] = cores;
  return client === undefined || server === undefined ? undefined : { client, server };
}

/** Keeps a running process on one core; gives whether it could. */
export const pin = (pid: number, core: number): boolean => spawnSync('taskset', ['-acp', String(core), String(pid)]).status === 0;

/** Keeps PostgreSQL's processes for one database on a core, where they run on this machine; gives how many there are and how many it could. */
export async function pinBackends(url: string, core: number): Promise<{ backends: number; pinned: number }> {
  const { rows } = await onServer(url, (client) =>
    client.query<{ pid: number }>('select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'),
  );
  return { backends: rows.length, pinned: rows.filter(({ pid }) => isPostgres(pid) && pin(pid, core)).length };
}

/** Process ids of a server on another machine, or in a container, are not ours to touch. */
function isPostgres(pid: number): boolean {
  try {
    return /^postgres/u.test(readFileSync(`/proc/${pid}/comm`, 'utf8'));
  } catch {
    return false;
  }
}
