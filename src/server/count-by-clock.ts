import type { FastifyRateLimitStore, FastifyRateLimitStoreCtor } from '@fastify/rate-limit';

/** Of each count, as many names; whose minute began first is forgotten first. */
const mostCounted = 50_000;

type Told = Parameters<FastifyRateLimitStore['incr']>[1];

/**
 * Counts requests by name in this process and by a clock. The library's own store tells every request of a burst the number of the last one, so
 * that the whole burst is refused.
 */
export const countByClock = (clock: () => Date): FastifyRateLimitStoreCtor =>
  class Counts implements FastifyRateLimitStore {
    readonly #spans = new Map<string, { since: number; count: number }>();

    incr(name: string, tell: Told, length: number): void {
      const now = clock().getTime();
      const span = this.#spans.get(name);
      if (span && now >= span.since && now < span.since + length) {
        span.count += 1;
        tell(null, { current: span.count, ttl: span.since + length - now });
        return;
      }
      this.#spans.delete(name);
      const [oldest = ''] = this.#spans.keys();
      if (this.#spans.size >= mostCounted) this.#spans.delete(oldest);
      this.#spans.set(name, { since: now, count: 1 });
      tell(null, { current: 1, ttl: length });
    }

    child(): FastifyRateLimitStore {
      return new Counts();
    }
  };
