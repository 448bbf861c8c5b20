import type { FastifyBaseLogger } from 'fastify';
import { makeCallOutside } from '../lib/outside/call-outside.js';
import type { Worker } from '../lib/work-loop.js';
import { startHub } from '../websub/start-hub.js';
import type { Gateway } from './context.js';
import { contextOf } from './feed-context.js';

/** Verifies and sends to the hub's subscribers for as long as the gateway serves. */
export function serveHub({
  gateway,
  config: { allowInwardCalls },
  log,
}: {
  gateway: Gateway;
  config: { allowInwardCalls: boolean };
  log: FastifyBaseLogger;
}): Worker {
  const call = makeCallOutside({ allowHttp: allowInwardCalls, allowInward: allowInwardCalls });
  return startHub({ gateway, contextOf: contextOf(gateway, 'websub'), call }, { log });
}
