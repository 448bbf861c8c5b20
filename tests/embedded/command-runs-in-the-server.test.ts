import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DataFolderInUse, type HeldFolder, holdDataFolder, socketOf } from '../../src/lib/data-folder.js';
import type { CommandIo } from '../../src/tools/command-io.js';
import { runThroughServer, serveControl } from '../../src/tools/control-socket.js';
import { childProcesses } from './child.js';

let folder: string;
let held: HeldFolder | undefined;
let heard: string[];

const terminal = (signal = new AbortController().signal): CommandIo => ({
  stdout: (text) => heard.push(`out ${text}`),
  stderr: (text) => heard.push(`err ${text}`),
  cwd: '/desk',
  columns: 120,
  isTTY: true,
  signal,
});

beforeEach(async () => {
  heard = [];
  folder = await mkdtemp(join(tmpdir(), 'dragoman-control-'));
});
afterEach(async () => {
  await held?.release();
  held = undefined;
  await rm(folder, { recursive: true });
});

const serve = async (run: Parameters<typeof serveControl>[1]): Promise<void> => {
  held = await holdDataFolder(folder);
  serveControl(held.server, run);
};

test('the command sees the arguments and the terminal, and its words and exit code come back', async () => {
  await serve(async (argv, { stdout, stderr, cwd, columns, isTTY }) => {
    stdout(`${JSON.stringify({ argv, cwd, columns, isTTY })}\n`);
    stderr('жирным\u2028шрифтом\n\n');
    return 3;
  });
  expect(await runThroughServer(folder, ['import', 'a b.xml', '--dry-run'], terminal())).toBe(3);
  expect(heard).toEqual([
    'out {"argv":["import","a b.xml","--dry-run"],"cwd":"/desk","columns":120,"isTTY":true}\n',
    'err жирным\u2028шрифтом\n\n',
  ]);
});

test('words come while the command works, and commands run side by side', async () => {
  let finish = (): void => {};
  await serve(async ([name], { stdout }) => {
    stdout(`${name} begun`);
    if (name === 'slow') await new Promise<void>((resolve) => (finish = resolve));
    return 0;
  });
  const slow = runThroughServer(folder, ['slow'], terminal());
  while (heard.length === 0) await pause(5);
  expect(await runThroughServer(folder, ['quick'], terminal())).toBe(0);
  expect(heard).toEqual(['out slow begun', 'out quick begun']);
  finish();
  expect(await slow).toBe(0);
});

test('a megabyte of output arrives whole', async () => {
  await serve(async (_argv, { stdout }) => {
    for (let index = 0; index < 1000; index++) stdout('ё'.repeat(500));
    return 0;
  });
  await runThroughServer(folder, ['export'], terminal());
  expect(heard.join('').replaceAll('out ', '')).toBe('ё'.repeat(500_000));
});

test('a command that throws ends with its message and code 1', async () => {
  await serve(() => Promise.reject(new Error('no such feed')));
  expect(await runThroughServer(folder, ['build'], terminal())).toBe(1);
  expect(heard).toEqual(['err no such feed\n']);
});

test('hanging up aborts the command', async () => {
  const aborted = new Promise<boolean>((resolve) => {
    void serve(async (_argv, { signal, stdout }) => {
      stdout('begun');
      await once(signal, 'abort');
      stdout('to nobody');
      resolve(true);
      return 130;
    });
  });
  while (!held) await pause(5);
  const caller = new AbortController();
  const running = runThroughServer(folder, ['import'], terminal(caller.signal));
  while (heard.length === 0) await pause(5);
  caller.abort(new Error('Ctrl-C'));
  await expect(running).rejects.toThrow('Ctrl-C');
  expect(await aborted).toBe(true);
  expect(heard).toEqual(['out begun']);
});

test('without a server the command is left to the caller', async () => {
  expect(await runThroughServer(folder, ['import'], terminal())).toBeUndefined();
  expect(await runThroughServer(join(folder, 'nowhere'), ['import'], terminal())).toBeUndefined();
  expect(await runThroughServer(join(folder, 'x'.repeat(200)), ['import'], terminal())).toBeUndefined();
});

test('after the server was killed the command is left to the caller; killed meanwhile, the caller is told', async () => {
  const children = await childProcesses();
  const child = children.start(`
    import { holdDataFolder } from './lib/data-folder.js';
    import { serveControl } from './tools/control-socket.js';
    serveControl((await holdDataFolder(${JSON.stringify(folder)})).server, (argv, { stdout }) => (stdout('begun'), new Promise(() => {})));
    console.log('serving');
  `);
  expect(await child.line()).toBe('serving');
  const running = runThroughServer(folder, ['import'], terminal());
  const told = expect(running).rejects.toThrow('The server stopped before the command had ended.');
  while (heard.length === 0) await pause(5);
  await child.kill();
  await told;
  expect(await runThroughServer(folder, ['import'], terminal())).toBeUndefined();
  await children.clean();
});

test('a server that is still starting is waited for, one that takes no commands is named', async () => {
  held = await holdDataFolder(folder);
  await expect(runThroughServer(folder, ['import'], terminal(), 0)).rejects.toBeInstanceOf(DataFolderInUse);
  const waiting = runThroughServer(folder, ['import'], terminal());
  await pause(150);
  serveControl(held.server, async () => 0);
  expect(await waiting).toBe(0);
});

test('anything else than a command is refused', async () => {
  await serve(async () => 0);
  const status = async (path: string, body: string): Promise<number | undefined> => {
    const outgoing = request({ socketPath: socketOf(folder), method: 'POST', path, agent: false }).end(body);
    const [response] = await once(outgoing, 'response');
    response.resume();
    return response.statusCode;
  };
  expect(await status('/', '{}')).toBe(404);
  expect(await status('/run', '{')).toBe(400);
  expect(await status('/run', '{"argv":"import"}')).toBe(400);
});
