import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FeedEdge } from '../feeds/feed.routes.js';
import type { FeedContext } from '../feeds/feed-context.js';
import { Refusal } from '../lib/errors.js';
import type { Say } from '../lib/wording.js';
import { nextBoundary } from '../publishing/timer.queries.js';
import { scopeOf } from '../rights/scope.js';
import { authenticate } from './authenticate.js';
import { cacheControlOf } from './cache-control.js';
import { type Gateway, makeContext, type Sender } from './context.js';

/** What feeds are given by the server: callers by their keys, and the log as it grows. */
export const feedEdge = (gateway: Gateway, sayFor: (request: FastifyRequest) => Say): FeedEdge => ({
  async callerOf(request, reply) {
    const caller = await authenticate(gateway.findCaller, request, reply);
    if (caller instanceof Refusal) throw caller;
    const read = { manager: gateway.dataSource.manager, now: gateway.clock() };
    const scope = caller.kind === 'PARTNER' ? await scopeOf(read, caller.partner) : null;
    const sender = { caller, requestId: request.id, sayError: sayFor(request), scope: scope ?? undefined };
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

async function whileWaitedFor(milliseconds: number, reply: FastifyReply, arrival: Gateway['arrival']): Promise<boolean> {
  if (reply.raw.destroyed) return false;
  const waiting = new AbortController();
  const end = (): void => waiting.abort();
  const timer = setTimeout(end, milliseconds);
  reply.raw.once('close', end);
  const goesOn = await arrival(waiting.signal);
  clearTimeout(timer);
  reply.raw.off('close', end);
  return goesOn && !reply.raw.destroyed;
}
