import { makeEcho } from './echo.js';
import { fewestKeys } from './surrogate-keys.js';

/** The cache that is told what to forget, and what opens it. */
export interface PurgeAddress {
  url: string;
  token: string | undefined;
}

/** Tells a cache in front of the gateway what to forget. */
export interface Purger {
  /** Returns once the cache has said that no answer with one of these keys is left. Throws when it has not, within two seconds. */
  purge(keys: Iterable<string>): Promise<void>;
  /** Repeats at once what was still to be repeated, and ends. */
  stop(): Promise<void>;
}

const timeoutMs = 2_000;
/** Keys of one request: so many that their header stays below the 8 KiB that servers take. */
const mostKeys = 100;

/**
 * A purger of the cache at `url`, which is sent the keys as Fastly and Varnish take them: `POST`, `Surrogate-Key: …`, no body. What was purged is purged
 * once more after `againMs`: so long an answer that was read before may still be on its way into the cache.
 */
export function makePurger({ url, token }: PurgeAddress, { againMs }: { againMs: number }): Purger {
  const send = async (keys: readonly string[], signal: AbortSignal): Promise<void> => {
    const headers = { 'surrogate-key': keys.join(' '), ...(token !== undefined && { authorization: `Bearer ${token}` }) };
    const response = await fetch(url, { method: 'POST', headers, redirect: 'manual', signal }).catch((error: unknown) => {
      throw new Error(`The cache at ${new URL(url).host} cannot be purged: ${reasonOf(error)}`);
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`The cache at ${new URL(url).host} cannot be purged: it answered ${response.status}`);
  };
  const sendAll = async (keys: readonly string[]): Promise<void> => {
    const signal = AbortSignal.timeout(timeoutMs);
    for (let first = 0; first < keys.length; first += mostKeys) await send(keys.slice(first, first + mostKeys), signal);
  };
  const echo = makeEcho(sendAll, againMs);
  return {
    async purge(given) {
      const keys = fewestKeys(given);
      await sendAll(keys);
      echo.add(keys);
    },
    stop: () => echo.stop(),
  };
}

/** `fetch` hides what happened in the cause. */
const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  return error.cause instanceof Error ? error.cause.message || error.message : error.message;
};
