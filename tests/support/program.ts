import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { inPackage } from '../../src/lib/root.js';

// A test that fails leaves no process behind.
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** Builds the program the way `npm start` does; a second build of the same sources takes a second. */
export const build = (): void => {
  execFileSync(process.execPath, [inPackage('node_modules', 'typescript', 'bin', 'tsc'), '-p', inPackage('src', 'tsconfig.build.json')], {
    stdio: 'inherit',
  });
};

/** A folder of a test's own; `remove` when it is done. */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'dragoman-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** What a PostgreSQL server asks of every process of a gateway, where a test does not give its own. */
const keySecret = { KEY_SECRET: 'of the tests, and long enough to be one' };

/** Runs the program with nothing in its environment but what is given. */
export function start(
  args: string[],
  env: Record<string, string>,
): { child: ChildProcess; output: () => string; finished: Promise<Finished> } {
  const child = spawn(process.execPath, [inPackage('dist', 'src', 'main.js'), ...args], {
    env: { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'warn', ...(env['DATABASE_URL'] === undefined ? {} : keySecret), ...env },
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (said.stdout += chunk));
  child.stderr.on('data', (chunk) => (said.stderr += chunk));
  const finished = once(child, 'close').then(([code]) => ({ code: code as number | null, ...said }));
  return { child, output: () => said.stdout + said.stderr, finished };
}

export const run = (args: string[], env: Record<string, string>): Promise<Finished> => start(args, env).finished;

export interface Running {
  url: string;
  child: ChildProcess;
  /** What it has written so far. */
  banner(): string;
  /** Sends SIGTERM and waits for the end. */
  stop(): Promise<Finished>;
}

/** Starts a server on a port of the system's choice and waits until it says that it is ready. */
export async function serve(env: Record<string, string>): Promise<Running> {
  const { child, output, finished } = start(['serve'], { PORT: '0', ...env });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', () => {
      const found = /GraphQL +(http\S+)\/graphql/u.exec(output())?.[1];
      if (found) resolve(found);
    });
    void finished.then(({ code }) => reject(new Error(`the server ended with ${code}: ${output()}`)));
  });
  return {
    url,
    child,
    banner: output,
    stop: () => {
      child.kill('SIGTERM');
      return finished;
    },
  };
}

/** Asks a running gateway. */
// biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of what it asked for
export async function ask(url: string, query: string): Promise<{ data: Record<string, any>; errors?: unknown }> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as Awaited<ReturnType<typeof ask>>;
}
