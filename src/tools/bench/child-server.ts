import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const patienceMs = 20_000;

/** A server as a process of its own. */
export interface ChildServer {
  url: string;
  /** From the start of the process to its first good answer. */
  readyMs: number;
  /** Resident memory in MB, now and at most so far; undefined where the system does not tell. */
  memory(): { now: number; peak: number } | undefined;
  /** Processor time it has used, in ms; undefined where the system does not tell. */
  processorMs(): number | undefined;
  stop(): Promise<void>;
}

/** How to start a server. */
export interface Program {
  /** Node's arguments, once the port is known. */
  argv(port: number): string[];
  env?(port: number): Record<string, string>;
  /** A path that answers 200 once it can serve. */
  ready: string;
  core: number | undefined;
}

/** Starts a server on a free port and waits until it can serve. Throws with what it wrote to stderr when it cannot. */
export async function startServer({ argv, env, ready, core }: Program): Promise<ChildServer> {
  const port = await freePort();
  const command = [process.execPath, ...argv(port)];
  const [file, ...rest] = core === undefined ? command : ['taskset', '-c', String(core), ...command];
  const started = performance.now();
  const child = spawn(file!, rest, { env: { NODE_ENV: 'production', ...env?.(port) }, stdio: ['ignore', 'ignore', 'pipe'] });
  // An interrupted bench leaves no server behind.
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  const complaints: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
  const url = `http://127.0.0.1:${port}`;
  while (!(await answers(url + ready))) {
    if (child.exitCode !== null || performance.now() - started > patienceMs) {
      await stop(child);
      throw new Error(`${rest.join(' ')} does not serve: ${complaints.join('')}`);
    }
    await sleep(5);
  }
  const readyMs = performance.now() - started;
  const pid = child.pid!;
  return { url, readyMs, memory: () => memoryOf(pid), processorMs: () => processorMsOf(pid), stop: () => stop(child) };
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    async (response) => {
      await response.arrayBuffer();
      return response.ok;
    },
    () => false,
  );

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(late);
}

function processorMsOf(pid: number): number | undefined {
  try {
    // Behind the name, which may hold anything; ticks of 10 ms on every Linux that Node runs on.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return undefined;
  }
}

function memoryOf(pid: number): { now: number; peak: number } | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const megabytes = (name: string): number => Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'mu').exec(status)?.[1]) / 1024);
    return { now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
  } catch {
    return undefined;
  }
}
