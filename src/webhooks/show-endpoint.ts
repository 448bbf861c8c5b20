import type { DeliveryRow } from './delivery.js';
import { DeliveryState } from './delivery.js';
import type { EndpointRow } from './endpoint.js';
import { type Delivery, DisabledBecause, Endpoint } from './endpoint.type.js';
import { endpointId } from './endpoint-id.js';
import type { WebhookTopic } from './webhook-topic.js';

/** An endpoint as it is shown: without its secrets. */
export function shownEndpoint(row: EndpointRow, now: Date): Endpoint {
  const { uuid, version, partnerCode, editionCode, url, description, topics, editions, payload, format, document, variables } = row;
  const { concurrency, state, disabledBecause, failingSince, notBefore, formerSecret, formerSecretUntil, createdAt } = row;
  const isChanging = formerSecret !== null && formerSecretUntil !== null && formerSecretUntil > now;
  return Object.assign(new Endpoint(), {
    ...{ uuid, id: endpointId(uuid), version, partner: partnerCode, editionCode, url, description, topics: topics as WebhookTopic[] },
    ...{ editions, payload, format, document, variables, concurrency, state, failingSince, createdAt },
    disabledBecause: disabledBecause === null ? null : DisabledBecause[disabledBecause],
    notBefore: notBefore !== null && notBefore > now ? notBefore : null,
    formerSecretUntil: isChanging ? formerSecretUntil : null,
  });
}

/** A delivery as it is shown. */
export const shownDelivery = (row: Omit<DeliveryRow, 'body' | 'texts'>): Delivery => ({
  ...{ messageId: row.messageId, eventSeq: row.eventSeq, topic: row.topic as WebhookTopic, sequence: row.sequence, state: row.state },
  ...{ attempts: row.attempts, nextAt: row.state === DeliveryState.PENDING ? row.nextAt : null, createdAt: row.createdAt },
  ...{ settledAt: row.settledAt, lastAttemptAt: row.lastAttemptAt, lastStatus: row.lastStatus, lastError: row.lastError },
  ...{ lastAnswer: row.lastAnswer, lastLatencyMs: row.lastLatencyMs },
});
