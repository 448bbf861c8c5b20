import { Counter, Gauge, type Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { DelivererOptions } from '../webhooks/deliverer.js';
import { deliveryState } from '../webhooks/delivery-state.queries.js';

/** Told of every attempt and of every delivery that has ended. */
export type WebhookCounter = NonNullable<DelivererOptions['count']>;

/** Counts what this process does for webhooks, and gives the way to read what waits in the database: without one, nothing is known of that. */
export function countWebhooks(registry: Registry): { counter: WebhookCounter; read(dataSource: DataSource, now: Date): Promise<void> } {
  const registers = [registry];
  const attempts = new Counter({
    ...{ name: 'dragoman_webhook_attempts_total', help: 'Attempts of webhooks, by the status answered, or why there was none.' },
    ...{ labelNames: ['outcome'], registers },
  });
  const settled = new Counter({
    ...{ name: 'dragoman_webhook_deliveries_total', help: 'Deliveries that have ended, by how: DELIVERED, FAILED, SUPERSEDED, NOTHING.' },
    ...{ labelNames: ['state'], registers },
  });
  const pending = new Gauge({ name: 'dragoman_webhook_pending_deliveries', help: 'Deliveries that have not ended.', registers });
  const lag = new Gauge({
    ...{
      name: 'dragoman_webhook_lag_seconds',
      help: 'How long the oldest delivery to an endpoint that takes what it is sent has been due.',
    },
    registers,
  });
  const endpoints = new Gauge({
    ...{ name: 'dragoman_webhook_endpoints', help: 'Endpoints by state; FAILING: active, and takes nothing now.', labelNames: ['state'] },
    registers,
  });
  return {
    counter: { attempt: (outcome) => attempts.inc({ outcome }), settled: (state) => settled.inc({ state }) },
    async read({ manager }, now) {
      const state = await deliveryState(manager, now).catch(() => undefined);
      pending.set(state?.pending ?? Number.NaN);
      lag.set(state?.lagSeconds ?? Number.NaN);
      endpoints.reset();
      for (const [name, count] of Object.entries(state?.endpoints ?? {})) endpoints.set({ state: name }, count);
    },
  };
}
