import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import type { DataSource } from 'typeorm';
import { startDropPurge } from '../caches/purge-drops.js';
import type { Purger } from '../caches/purger.js';
import type { Config } from '../config.js';
import { makeFindCaller } from '../desks/find-caller.js';
import { keySecretOf } from '../desks/key-secret.js';
import { ensureOperatorKey } from '../desks/operator-key.js';
import { makeReadToken } from '../desks/read-token.js';
import { seed } from '../ingest/seed.js';
import type { NoteHoldings } from '../ledger/hold.js';
import { type HoldingNoter, startNotingHoldings } from '../ledger/note-holdings.js';
import { inPackage } from '../lib/root.js';
import { loadWording } from '../lib/wording.js';
import { keepBundles } from '../lib/wording-version.queries.js';
import type { Worker } from '../lib/work-loop.js';
import { isMigrated, migrate } from '../migrate.js';
import { type OpenDatabase, openDatabase } from '../open-database.js';
import { type CountUsage, startCounting, type UsageCounter } from '../partners/count-usage.js';
import { makeArrivals } from '../publishing/arrivals.js';
import type { Consumer } from '../publishing/consumer.js';
import { sealingKey } from '../publishing/cursor.js';
import { previewKeyOf } from '../publishing/preview-token.js';
import { type Relay, startRelay } from '../publishing/relay.js';
import { keyFor } from '../publishing/seal.js';
import type { TimerWorks } from '../publishing/timer-work.queries.js';
import { writeOwnAudit } from '../publishing/write.queries.js';
import type { Gateway } from '../server/context.js';
import { makeApp } from '../server/http.js';
import { type Metrics, makeMetrics, serveMetrics } from '../server/metrics.js';
import { auditedKey } from './audited-key.js';
import { banner, notReady, operatorKeyMade } from './banner.js';
import { checkRegistry } from './check-registry.js';
import type { CommandIo } from './command-io.js';
import { runCommand } from './commands.js';
import { serveControl } from './control-socket.js';

const drainMs = 10_000;
const noticeMs = 500;
// Of what the last answers added to the usage of partners, and to what they hold.
const lastWriteMs = 2_000;

/** A running gateway. */
export interface Served {
  url: string;
  /** Not ready from now on; requests under way are answered, at most for ten seconds. */
  stop(): Promise<void>;
}

/** What a server is made of beside its configuration. */
export interface Parts {
  clock?: () => Date;
  /** Who is told of every event. */
  consumers?: readonly Consumer[];
  /** What kinds of timers do, beside what the scheduler knows. */
  works?: TimerWorks;
  /** What works beside requests: each is begun once the gateway listens, and woken whenever events were numbered. */
  workers?: readonly StartWorker[];
  /** What is told at once of what was taken back, and repeats at the end what it has to repeat. */
  purger?: Purger | undefined;
}

/** Begins to work for a gateway. */
export type StartWorker = (at: Workplace) => Worker;

/** What a worker is given. */
export interface Workplace {
  gateway: Gateway;
  config: Config;
  log: FastifyBaseLogger;
  metrics: Metrics | undefined;
}

/** Opens the database, brings it up to date, listens, and says where. Throws with a sentence an operator can act on. */
export async function serve(config: Config, io: Pick<CommandIo, 'stdout'>, parts: Parts = {}): Promise<Served> {
  const opened = await openDatabase(config);
  try {
    return await listen(config, opened, io, parts);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function listen(
  config: Config,
  opened: OpenDatabase,
  io: Pick<CommandIo, 'stdout'>,
  { clock = () => new Date(), consumers = [], works, workers = [], purger }: Parts,
): Promise<Served> {
  const { dataSource, embedded } = opened;
  if (config.migrateOnStart) await migrate(dataSource);
  if (config.seed !== 'none' && (await isMigrated(dataSource)))
    await seed(dataSource, config.seed, { domain: config.domain, now: clock() });
  let stopping = false;
  const readiness = async (): Promise<string | null> => {
    if (stopping) return 'stopping';
    try {
      return (await isMigrated(dataSource)) ? null : 'the database schema is behind this program: run "dragoman migrate"';
    } catch {
      return 'the database cannot be reached';
    }
  };
  const wording = await loadWording(inPackage('locales'));
  if ((await readiness()) === null) await checkRegistry(dataSource.manager, wording);
  const keySecret = await keySecretOf(config);
  let relay: Relay | undefined;
  const arrivals = makeArrivals();
  let usage: UsageCounter | undefined;
  let holdings: HoldingNoter | undefined;
  const gateway: Gateway = {
    ...{ dataSource, wording, clock, domain: config.domain, previewKey: previewKeyOf(keySecret), cursorKey: sealingKey(keySecret) },
    secretsKey: keyFor('dragoman secrets of others', keySecret),
    isPurged: purger !== undefined,
    arrival: arrivals.next,
    committed: (): void => relay?.wake(),
    countUsage: ((...answer) => usage?.count(...answer)) satisfies CountUsage,
    noteHoldings: ((...given) => holdings?.note(...given)) satisfies NoteHoldings,
    publicUrl: config.publicUrl ?? `http://${shownHost(config.host)}:${config.port}`,
    findCaller: makeFindCaller({
      ...{ manager: dataSource.manager, clock, keySecret, testKeys: config.development },
      readToken: config.oidc && makeReadToken(config.oidc),
    }),
  };
  const metrics = config.metricsPort === undefined ? undefined : makeMetrics({ dataSource, clock });
  const app = await makeApp(gateway, readiness, { ...config, plugins: metrics ? [metrics.plugin] : [] });
  await app
    .listen({ host: config.host, port: config.port, listenTextResolver: () => 'listening' })
    .catch((error: NodeJS.ErrnoException) => {
      throw new Error(cannotListen(error, { ...config, variable: 'PORT' }), { cause: error });
    });
  const stopMetrics = metrics && (await startMetrics(metrics, config));
  // PORT=0 lets the system choose: only now is the address known.
  if (config.publicUrl === undefined) gateway.publicUrl = `http://${shownHost(config.host)}:${(app.server.address() as AddressInfo).port}`;
  if (embedded)
    serveControl(embedded.held.server, (argv, commandIo) => runCommand(argv, { config, io: commandIo, open: async () => opened }));
  const reason = await readiness();
  if (reason !== null) io.stdout(notReady(gateway.publicUrl, reason));
  else {
    // Readers need none of it: a database that cannot be written is served all the same.
    await keepBundles(dataSource.manager, wording.bundles, clock()).catch((err) =>
      app.log.error({ err }, 'the wording of this start is not kept'),
    );
    const made = embedded && (await makeOperatorKey(dataSource, { secret: keySecret, folder: config.dataDir, now: clock() }));
    io.stdout(banner(gateway.publicUrl) + (made ? operatorKeyMade(made) : ''));
  }
  usage = startCounting({ manager: dataSource.manager, clock, log: app.log });
  holdings = startNotingHoldings({ manager: dataSource.manager, clock, log: app.log });
  relay = startRelay({ manager: dataSource.manager, clock, consumers, works, log: app.log });
  const working = workers.map((start) => start({ gateway, config, log: app.log, metrics }));
  const stopListening = await opened.listen('dragoman_event', () => {
    relay.wake();
    arrivals.tell();
    for (const worker of working) worker.wake();
  });
  const drops = purger && startDropPurge({ manager: dataSource.manager, purger, log: app.log });
  const stopDrops = drops && (await opened.listen('dragoman_drop', () => drops.wake()));
  const stop = async (): Promise<void> => {
    stopping = true;
    arrivals.end();
    // Time for whoever asks /health/ready to see it, while new connections are still answered.
    await new Promise((resolve) => setTimeout(resolve, noticeMs));
    const late = setTimeout(() => app.server.closeAllConnections(), drainMs);
    await Promise.all([
      app.close(),
      relay.stop(drainMs),
      stopListening(),
      drops?.stop(drainMs),
      stopDrops?.(),
      ...working.map((worker) => worker.stop(drainMs)),
    ]);
    clearTimeout(late);
    await Promise.all([usage?.stop(lastWriteMs), holdings?.stop(lastWriteMs)]);
    await purger?.stop();
    stopMetrics?.();
    await opened.close();
  };
  return { url: gateway.publicUrl, stop };
}

/** The path of the operator's key, should none have worked; null where one does. */
const makeOperatorKey = (dataSource: DataSource, where: { secret: Uint8Array; folder: string; now: Date }): Promise<string | null> =>
  dataSource.transaction(async (manager) => {
    const made = await ensureOperatorKey(manager, where);
    if (made) await writeOwnAudit(manager, 'start', { at: where.now, action: 'KEY_CREATED', detail: auditedKey(made.row) });
    return made?.path ?? null;
  });

/** Serves the figures, and gives the way to stop. */
async function startMetrics(metrics: Metrics, { host, metricsPort: port = 0 }: Config): Promise<() => void> {
  const server = await serveMetrics(metrics, { host, port }).catch((error: NodeJS.ErrnoException) => {
    throw new Error(cannotListen(error, { host, port, variable: 'METRICS_PORT' }), { cause: error });
  });
  return () => {
    server.close();
    server.closeAllConnections();
  };
}

const shownHost = (host: string): string => (host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host);

function cannotListen(
  { code, message }: NodeJS.ErrnoException,
  { host, port, variable }: { host: string; port: number; variable: string },
): string {
  if (code === 'EADDRINUSE') return `Port ${port} on ${host} is in use: stop the other program or set ${variable}.`;
  if (code === 'EACCES') return `Port ${port} on ${host} is not for this user: set ${variable} to one above 1023.`;
  if (code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL') return `HOST ${host} is no address of this machine.`;
  return `The gateway cannot listen on ${host}, port ${port}: ${message}`;
}
