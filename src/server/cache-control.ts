import type { Read } from '../lib/load.js';
import { nextBoundary } from '../publishing/timer.queries.js';

/**
 * How many seconds caches may keep what everybody is given, and a shared one that is told of every change (`CDN_PURGE_URL`): so long may it outlive a
 * retraction where nobody tells them. The README's table shows the same.
 */
export const lifetimes = {
  /** Feeds, items and sitemaps. */
  feed: { own: 10, purged: 600 },
  page: { own: 60, purged: 600 },
  graphql: { own: 60, purged: 600 },
  // A revision that drops a picture is told of its story, not of its files.
  media: { own: 60, purged: 60 },
} as const;

interface Lifetime {
  own: number;
  purged: number;
}

/** `Cache-Control` of an answer to everybody, never past a moment at which answers change by themselves; `purged` where shared caches are told. */
export async function cacheControlOf(read: Read, lifetime: Lifetime, isPurged = false): Promise<string> {
  return cacheControlUntil(await nextBoundary(read), read.now, lifetime, isPurged);
}

/** The same where that moment is known; null for none. */
export function cacheControlUntil(boundary: Date | null, now: Date, { own, purged }: Lifetime, isPurged: boolean): string {
  const left = boundary === null ? Number.POSITIVE_INFINITY : Math.floor((boundary.getTime() - now.getTime()) / 1000);
  // Then they must ask: a retracted text is not given because the gateway cannot be reached.
  if (left < 1) return 'no-cache';
  const shared = Math.min(purged, left);
  const seconds = Math.min(own, left);
  return `public, max-age=${seconds}, ${isPurged && shared > seconds ? `s-maxage=${shared}, ` : ''}must-revalidate`;
}
