import type { Read } from '../lib/load.js';
import { nextBoundary } from '../publishing/timer.queries.js';

/** How many seconds a cache may keep what everybody is given: so long may it outlive a retraction there. */
const usual = 60;

/** How long caches may keep an answer to everybody: a minute or `longest` seconds, and never past a moment at which answers change by themselves. */
export async function cacheControlOf(read: Read, longest = usual): Promise<string> {
  const boundary = await nextBoundary(read);
  const seconds = boundary === null ? longest : Math.floor((boundary.getTime() - read.now.getTime()) / 1000);
  // Then they must ask: a retracted text is not given because the gateway cannot be reached.
  return seconds < 1 ? 'no-cache' : `public, max-age=${Math.min(longest, seconds)}, must-revalidate`;
}
