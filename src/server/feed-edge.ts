import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, inSandbox } from '../desks/role.js';
import type { FeedCaller, FeedEdge } from '../feeds/feed.routes.js';
import type { GivenText } from '../ledger/hold.js';
import { Refusal } from '../lib/errors.js';
import type { Say } from '../lib/wording.js';
import { nextBoundary } from '../publishing/timer.queries.js';
import { authenticate } from './authenticate.js';
import { cacheControlOf, lifetimes } from './cache-control.js';
import type { Gateway } from './context.js';
import { feedContext } from './feed-context.js';
import { scopeFor } from './scope-for.js';

/** What feeds are given by the server: callers by their keys, and the log as it grows. */
export const feedEdge = (gateway: Gateway, sayFor: (request: FastifyRequest) => Say): FeedEdge => ({
  async callerOf(request, reply) {
    const caller = await authenticate(gateway.findCaller, request, reply, { sandbox: true });
    if (caller instanceof Refusal) throw caller;
    const given = givenIn(gateway, { request, reply, caller });
    const sender = {
      caller,
      requestId: request.id,
      sayError: sayFor(request),
      scope: inSandbox(caller) ? undefined : await scopeFor(gateway, caller),
    };
    return { caller, given, context: feedContext(gateway, sender) };
  },
  cacheControlOf: (read) => cacheControlOf(read, lifetimes.feed, gateway.isPurged),
  boundaryOf: nextBoundary,
  arrival: (milliseconds, reply) => whileWaitedFor(milliseconds, reply, gateway.arrival),
});

const counted = new WeakMap<FastifyRequest, FeedCaller['given']>();

/** What is given in answer to a request, to be counted once it is over, however often the caller was looked for meanwhile. */
function givenIn(
  { countUsage, noteHoldings }: Gateway,
  { request, reply, caller }: { request: FastifyRequest; reply: FastifyReply; caller: Caller },
): FeedCaller['given'] {
  const before = counted.get(request);
  if (before) return before;
  // What the sandbox gives is no story of anybody's.
  const partner = caller.kind === 'PARTNER' && !inSandbox(caller) ? caller.partner : undefined;
  const texts: GivenText[] = [];
  const given = { items: 0, bytes: 0, ...(partner !== undefined && { texts }) };
  counted.set(request, given);
  if (partner === undefined) return given;
  const channel = channelOf(request.routeOptions.url);
  // HEAD is told of a body and given none.
  const isRead = request.method !== 'HEAD';
  reply.raw.once('close', () => {
    countUsage?.(partner, channel, { status: reply.statusCode, ...(isRead && { items: given.items, bytes: given.bytes }) });
    // Also of an answer that broke off: what came of it was had.
    const wasGiven = isRead && reply.raw.headersSent && reply.statusCode === 200 && channel !== 'RECONCILE';
    if (wasGiven) noteHoldings?.(partner, channel, texts);
  });
  return given;
}

function channelOf(route = ''): 'FEED' | 'ITEM' | 'RECONCILE' {
  if (route.startsWith('/partner/')) return 'RECONCILE';
  return route.startsWith('/items/') ? 'ITEM' : 'FEED';
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
