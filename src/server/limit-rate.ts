import { createHash } from 'node:crypto';
import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../desks/role.js';
import { Refusal } from '../lib/errors.js';
import { countByClock } from './count-by-clock.js';

/** Requests a minute, in this process; 0 for as many as come. */
export interface RateLimits {
  /** Of an address without a key, and once more of one that shows keys not yet known to be right. */
  public: number;
  /** Of a key, or of whom a token speaks for. */
  key: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Tells the limits who shows the `Authorization` of this request; null when it is wrong. Throws RATE_LIMITED. */
    identified(caller: Caller | null, reply: FastifyReply): Promise<void>;
  }
}

const minute = 60_000;
const mostProven = 10_000;

/** What costs a look at the database, and what partners are answered. */
const limited = ['/graphql', '/feeds/', '/items/', '/sitemap', '/partner', '/read/', '/hub'];

/** What tells the caller how many requests are left. */
export const limitHeaders = ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset', 'retry-after'];

type Count = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/**
 * Limits how often a caller is answered, before anything is read for them. A header that has proved right counts for whom it names; any other is a
 * guess and counts for its address, before the key is looked up: a new guess each time is worth no more than the same one.
 */
export async function limitRate(app: FastifyInstance, limits: RateLimits, clock: () => Date): Promise<void> {
  await app.register(rateLimit, { global: false, store: countByClock(clock) });
  const names = new WeakMap<FastifyRequest, string>();
  const countPublic = counter(app, limits.public, addressOf);
  const countGuess = counter(app, limits.public, addressOf);
  const countKey = counter(app, limits.key, (request) => names.get(request) ?? '');
  const proven = new Map<string, string>();

  app.addHook('onRequest', async (request, reply) => {
    const { authorization } = request.headers;
    if (!isLimited(request)) return;
    if (authorization === undefined) return countPublic(request, reply);
    const name = proven.get(hashOf(authorization));
    if (name === undefined) return countGuess(request, reply);
    names.set(request, name);
    return countKey(request, reply);
  });

  app.decorateRequest('identified', async function (this: FastifyRequest, caller: Caller | null, reply: FastifyReply): Promise<void> {
    const { authorization } = this.headers;
    if (authorization === undefined || !isLimited(this)) return;
    const hash = hashOf(authorization);
    // Of those that were right, those that were used last are remembered.
    proven.delete(hash);
    if (!caller) return;
    proven.set(hash, caller.id);
    const [oldest = ''] = proven.keys();
    if (proven.size > mostProven) proven.delete(oldest);
    if (names.has(this)) return;
    names.set(this, caller.id);
    for (const name of limitHeaders) reply.removeHeader(name);
    await countKey(this, reply);
  });
}

function counter(app: FastifyInstance, max: number, nameOf: (request: FastifyRequest) => string): Count {
  if (max === 0) return async () => {};
  const count = app.createRateLimit({ max, timeWindow: minute, keyGenerator: nameOf });
  return async (request, reply) => {
    const counted = await count(request);
    if (counted.isAllowed) return;
    const { remaining, ttlInSeconds, isExceeded } = counted;
    reply.headers({ 'ratelimit-limit': max, 'ratelimit-remaining': remaining, 'ratelimit-reset': ttlInSeconds });
    if (!isExceeded) return;
    reply.header('retry-after', ttlInSeconds);
    throw new Refusal('RATE_LIMITED', {});
  };
}

const isLimited = ({ routeOptions: { url } }: FastifyRequest): boolean => url !== undefined && limited.some((each) => url.startsWith(each));

/** An IPv4 address, or the /64 that one subscriber is given of IPv6; none of a connection that is closed already. */
const addressOf = ({ ip }: { ip?: string }): string => normalizeIP(ip ?? '');

const hashOf = (authorization: string): string => createHash('sha256').update(authorization).digest('base64url');
