import { createServer, type Server } from 'node:http';
import type { ApolloServerPlugin } from '@apollo/server';
import type pg from 'pg';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { countOpenDuties } from '../ledger/notice-duty.queries.js';
import { countTakedowns } from '../ledger/takedown-list.queries.js';
import { relayState } from '../publishing/relay-state.queries.js';
import { countOperations, knownOperations } from './count-operations.js';
import { countWebhooks, type WebhookCounter } from './count-webhooks.js';
import type { OperationContext } from './graphql.js';
import { type LiveFigures, makeLiveFigures } from './live-figures.js';

/** Figures of a running gateway. */
export interface Metrics {
  /** Where the gateway keeps its figures of subscriptions. */
  live: LiveFigures;
  /** Counts operations as they are answered. */
  plugin: ApolloServerPlugin<OperationContext>;
  /** Counts attempts and deliveries as they end. */
  webhooks: WebhookCounter;
  contentType: string;
  /** All figures as Prometheus reads them; those of the database as they are now. */
  text(): Promise<string>;
}

/** The figures of a gateway over its database. */
export function makeMetrics({ dataSource, clock }: { dataSource: DataSource; clock: () => Date }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const readRelay = relayGauges(registry);
  const { counter: webhooks, read: readWebhooks } = countWebhooks(registry);
  const readTakedowns = takedownGauges(registry);
  const { master: pool } = dataSource.driver as { master?: Partial<pg.Pool> };
  if (typeof pool?.totalCount === 'number') {
    new Gauge({
      ...{
        name: 'dragoman_pool_connections',
        help: 'Connections of the pool by state, and who waits for one.',
        labelNames: ['state'],
        registers,
      },
      collect() {
        this.set({ state: 'total' }, pool.totalCount!);
        this.set({ state: 'idle' }, pool.idleCount!);
        this.set({ state: 'waiting' }, pool.waitingCount!);
      },
    });
  }
  return {
    live: liveGauges(registry),
    plugin: countOperations(registry, knownOperations()),
    webhooks,
    contentType: registry.contentType,
    async text() {
      await Promise.all([readRelay(dataSource, clock()), readWebhooks(dataSource, clock()), readTakedowns(dataSource, clock())]);
      return registry.metrics();
    },
  };
}

const relayFigures = {
  lagSeconds: ['dragoman_relay_lag_seconds', 'Age of the oldest event that has no number yet.'],
  horizonAgeSeconds: [
    'dragoman_relay_horizon_age_seconds',
    'How long the oldest transaction that has written is open: no event is numbered past it.',
  ],
  outbox: ['dragoman_relay_outbox_events', 'Events that have no number yet.'],
  head: ['dragoman_relay_last_event', 'The number of the newest event.'],
  timersDue: ['dragoman_relay_due_timers', 'Timers whose moment has come.'],
} as const;

/** Makes the gauges of the relay, and gives the way to read them: without a database, nothing is known of them. */
function relayGauges(registry: Registry): (dataSource: DataSource, now: Date) => Promise<void> {
  const registers = [registry];
  const gauges = Object.entries(relayFigures).map(([figure, [name, help]]) => ({
    figure: figure as keyof typeof relayFigures,
    gauge: new Gauge({ name, help, registers }),
  }));
  const up = new Gauge({ name: 'dragoman_database_up', help: 'Whether the database answered when these figures were read.', registers });
  const behind = new Gauge({
    ...{ name: 'dragoman_consumer_behind_events', help: 'How many events a consumer is behind.', labelNames: ['consumer'], registers },
  });
  return async ({ manager }, now) => {
    const state = await relayState(manager, now).catch(() => undefined);
    up.set(state ? 1 : 0);
    for (const { figure, gauge } of gauges) gauge.set(state?.[figure] ?? Number.NaN);
    behind.reset();
    for (const [consumer, events] of Object.entries(state?.behind ?? {})) behind.set({ consumer }, events);
  };
}

/** Makes the figures of subscriptions, read as they are asked for. */
function liveGauges(registry: Registry): LiveFigures {
  const registers = [registry];
  const live = makeLiveFigures();
  const connections = {
    name: 'dragoman_live_connections',
    help: 'Open connections for subscriptions, by transport.',
    labelNames: ['transport'],
  };
  new Gauge({
    ...{ ...connections, registers },
    collect() {
      for (const [transport, open] of Object.entries(live.connections)) this.set({ transport }, open);
    },
  });
  new Gauge({
    ...{ name: 'dragoman_live_subscriptions', help: 'Subscriptions that are told.', registers },
    collect() {
      this.set(live.streams());
    },
  });
  const counted = { told: 'Messages handed to connections of subscribers.', cut: 'Connections cut because nobody read them.' } as const;
  for (const [figure, help] of Object.entries(counted))
    new Counter({
      ...{ name: `dragoman_live_${figure}_total`, help, registers },
      collect() {
        this.reset();
        this.inc(live[figure as keyof typeof counted]);
      },
    });
  return live;
}

const takedownFigures = {
  open: ['dragoman_takedowns_open', 'Take-down orders that partners have not answered.'],
  overdue: ['dragoman_takedowns_overdue', 'Those of them whose time has passed.'],
  duties: ['dragoman_notice_duties_open', 'Changed notices that partners were told of and have not acknowledged.'],
} as const;

/** Makes the gauges of what partners owe, and gives the way to read them: without a database, nothing is known of them. */
function takedownGauges(registry: Registry): (dataSource: DataSource, now: Date) => Promise<void> {
  const registers = [registry];
  const gauges = Object.entries(takedownFigures).map(([figure, [name, help]]) => ({
    figure: figure as keyof typeof takedownFigures,
    gauge: new Gauge({ name, help, registers }),
  }));
  return async ({ manager }, now) => {
    const read = { manager, now };
    const figures = await Promise.all([countTakedowns(read), countOpenDuties(read)]).then(
      ([orders, duties]) => ({ ...orders, duties }),
      () => undefined,
    );
    for (const { figure, gauge } of gauges) gauge.set(figures?.[figure] ?? Number.NaN);
  };
}

/** Serves `/metrics` on a port of its own; nothing else is answered there. Throws what listening throws. */
export async function serveMetrics(metrics: Metrics, { host, port }: { host: string; port: number }): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url?.split('?', 1)[0] !== '/metrics') return void response.writeHead(404).end();
    metrics.text().then(
      (text) => void response.writeHead(200, { 'content-type': metrics.contentType }).end(text),
      () => void response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ host, port }, () => resolve());
  });
  return server;
}
