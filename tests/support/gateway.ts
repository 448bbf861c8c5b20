import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import type { DataSource } from 'typeorm';
import { type HoldingNoter, startNotingHoldings } from '../../src/ledger/note-holdings.js';
import { inPackage } from '../../src/lib/root.js';
import { loadWording, type Wording } from '../../src/lib/wording.js';
import { startCounting, type UsageCounter } from '../../src/partners/count-usage.js';
import { makeArrivals } from '../../src/publishing/arrivals.js';
import { type EdgeOptions, makeApp } from '../../src/server/http.js';
import { openTestDatabase } from './database.js';
import { gatewayParts } from './gateway-parts.js';
import { type FindOptions, testFindCaller } from './keys.js';

/** The time every test asks at, unless it sets another: after the samples' dates. */
export const testNow = new Date('2026-11-23T12:00:00.000Z');

/** A GraphQL answer as a client reads it. */
export interface Answer<Data = Record<string, unknown>> {
  status: number;
  data: Data;
  errors: { message: string; path?: unknown[]; extensions: { code: string; requestId: string } }[] | undefined;
}

/** A gateway of a test's own: its database, its clock, and the front door. */
export interface TestGateway {
  app: FastifyInstance;
  dataSource: DataSource;
  /** Sets the clock. */
  at(time: Date): void;
  /** Sends an operation as a front end does. */
  // biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of what it asked for
  ask<Data = any>(query: string, variables?: Record<string, unknown>, headers?: Record<string, string>): Promise<Answer<Data>>;
  /** What partners use; written down when a test says so. */
  usage: UsageCounter;
  /** What partners are given; written down when a test says so. */
  holdings: HoldingNoter;
  get(url: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  /** Lets go of whoever waits for the log, as a process does that is told to stop. */
  stopWaiting(): void;
  close(): Promise<void>;
}

/** A gateway over the samples (or an empty, migrated database), with the edge as users get it. */
export async function openGateway(
  options: {
    samples?: boolean;
    development?: boolean;
    requestTimeoutMs?: number;
    logTo?: EdgeOptions['logTo'];
    rateLimits?: EdgeOptions['rateLimits'];
    trustProxy?: EdgeOptions['trustProxy'];
    /** Another gateway, over whose database this one stands. */
    over?: TestGateway;
    wording?: Wording;
    /** Whether a shared cache in front is told of every change. */
    isPurged?: boolean;
  } & Partial<FindOptions> = {},
): Promise<TestGateway> {
  const { dataSource, close } = options.over
    ? { dataSource: options.over.dataSource, close: async () => {} }
    : await openTestDatabase({ samples: options.samples ?? true });
  let now = testNow;
  const clock = (): Date => now;
  const arrivals = makeArrivals();
  const usage = startCounting({ manager: dataSource.manager, clock, log: { warn: () => {} }, everyMs: 3_600_000 });
  const holdings = startNotingHoldings({
    manager: dataSource.manager,
    clock,
    log: { warn: () => {}, error: () => {} },
    everyMs: 3_600_000,
  });
  const gateway = {
    ...gatewayParts,
    countUsage: usage.count,
    noteHoldings: holdings.note,
    ...{ dataSource, clock, arrival: arrivals.next, committed: arrivals.tell, isPurged: options.isPurged ?? false },
    wording: options.wording ?? (await loadWording(inPackage('locales'))),
    findCaller: testFindCaller(dataSource, { testKeys: options.development ?? false, ...options, clock }),
  };
  const app = await makeApp(gateway, async () => null, {
    development: options.development ?? false,
    introspection: true,
    corsOrigins: ['https://desk.example'],
    trustProxy: options.trustProxy ?? false,
    ...(options.rateLimits && { rateLimits: options.rateLimits }),
    requestTimeoutMs: options.requestTimeoutMs ?? 10_000,
    bodyLimitBytes: 100_000,
    ...(options.logTo ? { logLevel: 'trace', logTo: options.logTo } : { logLevel: 'silent' }),
  });
  await app.ready();
  return {
    app,
    dataSource,
    ...{ usage, holdings },
    at: (time) => {
      now = time;
    },
    async ask(query, variables = {}, headers = {}) {
      const response = await app.inject({
        method: 'POST',
        url: '/graphql',
        headers: { 'content-type': 'application/json', ...headers },
        payload: JSON.stringify({ query, variables }),
      });
      return { status: response.statusCode, ...response.json() };
    },
    get: (url, headers = {}) => app.inject({ method: 'GET', url, headers }),
    stopWaiting: arrivals.end,
    async close() {
      await app.close();
      await Promise.all([usage.stop(1_000), holdings.stop(1_000)]);
      await close();
    },
  };
}
