#!/usr/bin/env node
import { ConfigProblems, readConfig } from './config.js';
import { DataFolderInUse } from './lib/data-folder.js';
import { openDatabase } from './open-database.js';
import type { CommandIo } from './tools/command-io.js';
import { runCommand } from './tools/commands.js';
import { runThroughServer } from './tools/control-socket.js';
import { serve } from './tools/serve.js';

/** Runs the command line and gives its exit code; a server runs until it is told to stop. */
async function main(argv: string[]): Promise<number> {
  const config = readConfig();
  const interrupted = new AbortController();
  const io: CommandIo = {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    cwd: process.cwd(),
    columns: process.stderr.columns ?? 80,
    isTTY: process.stderr.isTTY ?? false,
    signal: interrupted.signal,
  };
  if (argv[0] === 'serve' && argv.length === 1) {
    const { stop } = await serve(config, io);
    await new Promise((resolve) => process.once('SIGTERM', resolve).once('SIGINT', resolve));
    await stop();
    return 0;
  }
  process.once('SIGINT', () => interrupted.abort(new Error('Interrupted: what was imported so far stays.')));
  // Help needs no database.
  if (argv.length === 0 || argv.some((each) => ['help', '--help', '-h', 'emit-schema'].includes(each))) {
    return runCommand(argv, { config, opened: undefined as never, io });
  }
  if (config.databaseUrl === undefined) {
    const code = await runThroughServer(config.dataDir, argv, io);
    if (code !== undefined) return code;
  }
  const opened = await openDatabase(config);
  try {
    return await runCommand(argv, { config, opened, io });
  } finally {
    await opened.close();
  }
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: Error) => {
    const hint = error instanceof DataFolderInUse ? ' Is Dragoman running there already?' : '';
    process.stderr.write(`${error instanceof ConfigProblems || error.message ? error.message : error}${hint}\n`);
    process.exit(1);
  },
);
