import type { FastifyBaseLogger } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { makeCallOutside } from '../lib/outside/call-outside.js';
import type { Worker } from '../lib/work-loop.js';
import { type DelivererOptions, startDeliverer } from '../webhooks/deliverer.js';
import { deskSource } from '../webhooks/desk-source.js';
import { partnerSource } from '../webhooks/partner-source.js';
import { secretsOf } from '../webhooks/secret.js';
import type { Gateway } from './context.js';
import { contextOf } from './feed-context.js';
import type { Metrics } from './metrics.js';
import { startDocumentCheck } from './recheck-documents.js';
import { makeRunDocument } from './run-document.js';
import { makeSchema } from './schema.js';

/** What delivering is given by the process it is of. */
interface Place {
  gateway: Gateway;
  config: { allowInwardCalls: boolean; requestTimeoutMs: number };
  log: FastifyBaseLogger;
  metrics: Metrics | undefined;
}

let made: GraphQLSchema | undefined;
/** Made once, by whoever asks first. */
const schema = (): GraphQLSchema => (made ??= makeSchema());

/** Sends webhooks for as long as the gateway serves; `more` is for tests that have no time. */
export function deliverWebhooks({ gateway, config, log, metrics }: Place, more: Pick<DelivererOptions, 'timeoutMs'> = {}): Worker {
  const { dataSource, clock, wording, secretsKey } = gateway;
  const { manager } = dataSource;
  const reading = { manager, contextOf: contextOf(gateway, 'webhooks') };
  return startDeliverer({
    ...{ manager, clock, log, count: metrics?.webhooks, ...more },
    sources: {
      partner: partnerSource({ ...reading, runDocument: makeRunDocument({ schema, wording, timeoutMs: config.requestTimeoutMs }) }),
      desk: deskSource(reading),
    },
    call: makeCallOutside({ allowHttp: config.allowInwardCalls, allowInward: config.allowInwardCalls }),
    secretsOf: (endpoint, now) => secretsOf(endpoint, secretsKey, now),
    // Asked for at each call: who writes holdings down may begin later.
    noteHoldings: (...given) => gateway.noteHoldings?.(...given),
  });
}

/** Looks once, at the start, at the documents of endpoints. */
export const checkDocuments = ({ gateway, log }: Place): Worker => startDocumentCheck({ gateway, log }, schema);
