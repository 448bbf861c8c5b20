import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FeedEdge } from '../feeds/feed.routes.js';
import type { FeedContext } from '../feeds/feed-context.js';
import { Refusal } from '../lib/errors.js';
import type { Say } from '../lib/wording.js';
import { nextBoundary } from '../publishing/timer.queries.js';
import { authenticate } from './authenticate.js';
import { cacheControlOf } from './cache-control.js';
import { type Gateway, makeContext, type Sender } from './context.js';
import { scopeFor } from './scope-for.js';

/** What feeds are given by the server: callers by their keys, and the log as it grows. */
export const feedEdge = (gateway: Gateway, sayFor: (request: FastifyRequest) => Say): FeedEdge => ({
  async callerOf(request, reply) {
    const caller = await authenticate(gateway.findCaller, request, reply);
    if (caller instanceof Refusal) throw caller;
    const sender = { caller, requestId: request.id, sayError: sayFor(request), scope: await scopeFor(gateway, caller) };
    return { caller, context: contextFor(gateway, sender) };
  },
  cacheControlOf,
  boundaryOf: nextBoundary,
  arrival: (milliseconds, reply) => whileWaitedFor(milliseconds, reply, gateway.arrival),
});

function contextFor(gateway: Gateway, sender: Sender): FeedContext {
  const { cursorKey } = gateway;
  return Object.assign(makeContext(gateway, sender), { cursorKey, renew: () => contextFor(gateway, sender) });
}

async function whileWaitedFor(milliseconds: number, reply: FastifyReply, arrival: Gateway['arrival']): Promise<void> {
  const waiting = new AbortController();
  const end = (): void => waiting.abort();
  const timer = setTimeout(end, milliseconds);
  reply.raw.once('close', end);
  await arrival(waiting.signal);
  clearTimeout(timer);
  reply.raw.off('close', end);
}
