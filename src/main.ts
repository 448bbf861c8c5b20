#!/usr/bin/env node
import { purgeConsumer } from './caches/purge-consumer.js';
import { makePurger } from './caches/purger.js';
import { readConfig } from './config.js';
import { takedownConsumer } from './ledger/takedown-consumer.js';
import { takedownIsDue } from './ledger/takedown-work.js';
import { type OpenDatabase, openDatabase } from './open-database.js';
import type { Consumer } from './publishing/consumer.js';
import { publishScheduled } from './publishing/publish-text.js';
import type { TimerWorks } from './publishing/timer-work.queries.js';
import { checkDocuments, deliverWebhooks } from './server/deliver-webhooks.js';
import { serveHub } from './server/serve-hub.js';
import { sweepTakedowns } from './server/sweep-takedowns.js';
import type { CommandIo } from './tools/command-io.js';
import { runCommand } from './tools/commands.js';
import { runThroughServer } from './tools/control-socket.js';
import { type StartWorker, serve } from './tools/serve.js';
import { wanting } from './webhooks/wanting.js';
import { webhookConsumer } from './webhooks/webhook-consumer.js';
import { hubConsumer } from './websub/hub-consumer.js';

/** Who is told of every event of the log, whatever the configuration. */
const consumers: readonly Consumer[] = [takedownConsumer(() => new Date()), webhookConsumer({ sources: wanting }), hubConsumer()];

/** What works beside requests. */
const workers: readonly StartWorker[] = [deliverWebhooks, checkDocuments, serveHub, sweepTakedowns];

/** An answer has begun before a change and is on its way to a cache for no longer than this beyond the time an answer may take. */
const onItsWayMs = 2_000;

/** What passes at moments of which another slice knows more than the scheduler. */
const works: TimerWorks = { DRAFT: publishScheduled, TAKEDOWN_DUE: takedownIsDue };

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
    const purger = config.purge && makePurger(config.purge, { againMs: config.requestTimeoutMs + onItsWayMs });
    const { stop } = await serve(config, io, {
      consumers: [...consumers, ...(purger ? [purgeConsumer(purger)] : [])],
      works,
      workers,
      purger,
    });
    await new Promise((resolve) => process.once('SIGTERM', resolve).once('SIGINT', resolve));
    await stop();
    return 0;
  }
  process.once('SIGINT', () => interrupted.abort(new Error('Interrupted: what was imported so far stays.')));
  // A client of a gateway, which may be anywhere: with the key of who types, not of who serves.
  if (config.databaseUrl === undefined && argv[0] !== 'reconcile') {
    const code = await runThroughServer(config.dataDir, argv, io);
    if (code !== undefined) return code;
  }
  let opened: Promise<OpenDatabase> | undefined;
  try {
    return await runCommand(argv, { config, io, open: () => (opened ??= openDatabase(config)) });
  } finally {
    // One that could not be opened has said so already.
    await opened?.then(
      ({ close }) => close(),
      () => {},
    );
  }
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: Error) => {
    process.stderr.write(`${error.message || error}\n`);
    process.exit(1);
  },
);
