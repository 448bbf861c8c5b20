import type { Consumer } from '../publishing/consumer.js';
import { endpointsToPlan } from './endpoint-planning.queries.js';
import { type Planning, planDeliveries } from './plan-deliveries.js';

/**
 * Makes deliveries of the events of the log, in the transaction that settles them: two reads and two writes, whatever their number. It reads before it writes, because the numbering
 * of events waits from its first write on.
 */
export const webhookConsumer = ({ sources, clock = () => new Date() }: { sources: Planning['sources']; clock?: () => Date }): Consumer => ({
  name: 'webhooks',
  async handle(events, manager) {
    const endpoints = await endpointsToPlan(manager);
    if (endpoints.length > 0) await planDeliveries(manager, events, endpoints, { sources, now: clock() });
  },
});
