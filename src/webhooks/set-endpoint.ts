import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { Refusal } from '../lib/errors.js';
import type { WriteContext } from '../publishing/write.js';
import { insertDeliveries } from './delivery.queries.js';
import { EndpointState } from './endpoint.js';
import { changeSecret, pause, removeEndpoint, resume, sequenceOf, writeBody } from './endpoint.queries.js';
import { answerOf, changeEndpoint, type EndpointAnswer } from './own-endpoint.js';
import { makeSecret, sealSecret } from './secret.js';
import { WebhookTopic } from './webhook-topic.js';
import { messageBytes } from './write-body.js';

/** How long a former secret may go on to sign, in hours. */
export const mostFormerHours = 168;
const hourMs = 3_600_000;

/** Which endpoint. */
export interface EndpointChoice {
  uuid: string;
  idempotencyKey: string | null;
}

/**
 * Gives an endpoint a new secret, which is given this once; the one it had signs beside it for some hours. With a key that was used before the secret is
 * null. Throws FORBIDDEN, NOT_FOUND, FIELD_REFUSED and what `write` throws.
 */
export async function rotateSecret(
  context: WriteContext,
  { uuid, idempotencyKey, formerHours, key }: EndpointChoice & { formerHours: number; key: Buffer },
): Promise<{ uuid: string; secret: string | null }> {
  if (!(formerHours >= 0 && formerHours <= mostFormerHours))
    throw new Refusal('FIELD_REFUSED', { field: 'formerHours', detail: `expected 0 to ${mostFormerHours}` });
  let secret: string | null = null;
  await changeEndpoint(context, {
    ...{ action: 'ROTATE_ENDPOINT_SECRET', uuid, input: { formerHours }, idempotencyKey },
    work: async (manager, row) => {
      secret = makeSecret();
      const formerUntil = new Date(context.now.getTime() + formerHours * hourMs);
      await changeSecret(manager, uuid, { secret: sealSecret(secret, uuid, key), formerUntil });
      return answerOf(row);
    },
  });
  return { uuid, secret };
}

/** Has nothing sent to an endpoint until it is resumed; what it is to be told waits. Throws FORBIDDEN, NOT_FOUND and what `write` throws. */
export const pauseEndpoint = (context: WriteContext, { uuid, idempotencyKey }: EndpointChoice): Promise<EndpointAnswer> =>
  changeEndpoint(context, {
    ...{ action: 'PAUSE_ENDPOINT', uuid, idempotencyKey },
    work: async (manager, row) => {
      await pause(manager, uuid);
      return answerOf(row);
    },
  });

/**
 * Has an endpoint at work again that was paused or disabled. Throws FIELD_REFUSED for one whose document the schema still does not take, FORBIDDEN,
 * NOT_FOUND and what `write` throws.
 */
export const resumeEndpoint = (
  context: WriteContext,
  {
    uuid,
    idempotencyKey,
    ...saving
  }: EndpointChoice & { documentProblem(document: string, variables: Record<string, unknown>): string | null },
): Promise<EndpointAnswer> =>
  changeEndpoint(context, {
    ...{ action: 'RESUME_ENDPOINT', uuid, idempotencyKey },
    work: async (manager, row) => {
      const problem =
        row.state === EndpointState.DISABLED && row.document !== null ? saving.documentProblem(row.document, row.variables ?? {}) : null;
      if (problem !== null) throw new Refusal('FIELD_REFUSED', { field: 'document', detail: problem });
      await resume(manager, uuid, context.now);
      return answerOf(row);
    },
  });

/** Forgets an endpoint, its secrets and its deliveries; the audit keeps that it was there. Throws FORBIDDEN, NOT_FOUND and what `write` throws. */
export const deleteEndpoint = (context: WriteContext, { uuid, idempotencyKey }: EndpointChoice): Promise<EndpointAnswer> =>
  changeEndpoint(context, {
    ...{ action: 'DELETE_ENDPOINT', uuid, idempotencyKey, removes: true },
    work: async (manager, row) => {
      await removeEndpoint(manager, uuid);
      return answerOf(row);
    },
  });

/** Makes a delivery of a test, and gives the id of its message. Throws FORBIDDEN, NOT_FOUND and what `write` throws. */
export const testEndpoint = (
  context: WriteContext,
  { uuid, idempotencyKey }: EndpointChoice,
): Promise<EndpointAnswer & { message: string }> =>
  changeEndpoint(context, {
    ...{ action: 'TEST_ENDPOINT', uuid, idempotencyKey },
    work: async (manager, row) => {
      const message = randomUUID();
      const { now } = context;
      await insertDeliveries(manager, [
        {
          ...{ endpointUuid: uuid, messageId: message, eventSeq: null, articleUuid: null },
          ...{ topic: WebhookTopic.ENDPOINT_TEST, nextAt: now, createdAt: now },
        },
      ]);
      await writeTest(manager, { uuid, message, now });
      return { ...answerOf(row), message };
    },
  });

/** A test is written when it is made, for there is no event to write it of: `data.test` is true, and it is of no story. */
async function writeTest(manager: EntityManager, { uuid, message, now }: { uuid: string; message: string; now: Date }): Promise<void> {
  const sequence = await sequenceOf(manager, uuid, message);
  const head = { topic: WebhookTopic.ENDPOINT_TEST, at: now, event: message, sequence, article: null };
  await writeBody(manager, { uuid, message, body: messageBytes(head, { test: true }), now });
}
