import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { DataFolderInUse, socketOf } from '../lib/data-folder.js';
import type { CommandIo } from './command-io.js';

/** Runs one command line and gives its exit code. */
export type Run = (argv: string[], io: CommandIo) => Promise<number>;

const command = z.object({ argv: z.array(z.string()), cwd: z.string(), columns: z.number(), isTTY: z.boolean() });

/** One line of an answer (NDJSON); `exit` is the last. */
type Line = { out: string } | { err: string } | { exit: number };

/** Runs the commands that come to the socket of a held folder; who hangs up aborts the command. */
export function serveControl(server: Server, run: Run): void {
  const http = createServer(async (incoming, response) => {
    if (incoming.method !== 'POST' || incoming.url !== '/run') return void response.writeHead(404).end();
    try {
      await answer(command.parse(JSON.parse(await text(incoming))), response, run);
    } catch (error) {
      if (!response.headersSent) response.writeHead(400);
      response.end(String(error));
    }
  });
  server.on('connection', (socket) => http.emit('connection', socket));
}

async function answer({ argv, ...terminal }: z.infer<typeof command>, response: ServerResponse, run: Run): Promise<void> {
  const caller = new AbortController();
  response.on('close', () => caller.abort());
  response.writeHead(200, { 'content-type': 'application/x-ndjson' }).flushHeaders();
  const send = (line: Line): void => {
    if (!caller.signal.aborted) response.write(`${JSON.stringify(line)}\n`);
  };
  const io = { ...terminal, stdout: (out: string) => send({ out }), stderr: (err: string) => send({ err }), signal: caller.signal };
  const exit = await run(argv, io).catch((error: unknown) => {
    io.stderr(`${error instanceof Error ? error.message : error}\n`);
    return 1;
  });
  send({ exit });
  response.end();
}

/**
 * Has the process that holds `folder` run a command, and gives the exit code; undefined when nobody holds it. A holder that takes
 * no commands yet is waited for, then DataFolderInUse. Throws the reason of `io.signal` when that is aborted.
 */
export async function runThroughServer(folder: string, argv: string[], io: CommandIo, waitMs = 10_000): Promise<number | undefined> {
  try {
    for (const giveUpAt = Date.now() + waitMs; ; await pause(100, undefined, { signal: io.signal })) {
      const response = await ask(folder, argv, io);
      if (!response) return undefined;
      if (response.statusCode === 200) return await follow(response, io);
      const reason = await text(response);
      if (response.statusCode !== 503) throw new Error(`The server cannot run this command: ${reason}`);
      if (Date.now() > giveUpAt) throw new DataFolderInUse(folder);
    }
  } catch (error) {
    io.signal.throwIfAborted();
    throw error;
  }
}

async function ask(folder: string, argv: string[], { cwd, columns, isTTY, signal }: CommandIo): Promise<IncomingMessage | undefined> {
  const outgoing = request({ socketPath: socketOf(folder), method: 'POST', path: '/run', agent: false, signal });
  outgoing.end(JSON.stringify({ argv, cwd, columns, isTTY }));
  try {
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    return response;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ECONNREFUSED'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

async function follow(response: IncomingMessage, io: CommandIo): Promise<number> {
  let rest = '';
  const cut = (reason?: unknown): Error => new Error('The server stopped before the command had ended.', { cause: reason });
  try {
    for await (const chunk of response.setEncoding('utf8')) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines.map((each): Line => JSON.parse(each))) {
        if ('exit' in line) return line.exit;
        if ('out' in line) io.stdout(line.out);
        else io.stderr(line.err);
      }
    }
  } catch (error) {
    throw cut(error);
  }
  throw cut();
}
