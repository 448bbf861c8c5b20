import { fewestKeys, surrogateKeys } from './surrogate-keys.js';

/** Keys that are sent once more after a while. */
export interface Echo {
  add(keys: readonly string[]): void;
  /** Sends what waits at once, whatever comes of it, and ends. */
  stop(): Promise<void>;
}

const mostWaiting = 2_000;
const retryMs = 5_000;

/** Sends each key `afterMs` after it was last added, several together; keeps what it could not send, and everything for too many. */
export function makeEcho(send: (keys: readonly string[]) => Promise<void>, afterMs: number): Echo {
  // In the order of their moments.
  const waiting = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let sending = Promise.resolve();
  let stopped = false;

  const put = (keys: readonly string[], milliseconds: number): void => {
    const at = performance.now() + milliseconds;
    const tooMany = waiting.size + keys.length > mostWaiting;
    const all = fewestKeys(tooMany ? [surrogateKeys.everything] : keys);
    if (all[0] === surrogateKeys.everything) waiting.clear();
    for (const key of all) {
      waiting.delete(key);
      waiting.set(key, at);
    }
    plan();
  };
  const plan = (): void => {
    if (timer || stopped || waiting.size === 0) return;
    const [next] = waiting.values();
    timer = setTimeout(
      () => {
        timer = undefined;
        sending = sendDue().finally(plan);
      },
      Math.max(next! - performance.now(), 0),
    ).unref();
  };
  const sendDue = async (): Promise<void> => {
    const now = performance.now();
    const due = [...waiting].filter(([, at]) => at <= now).map(([key]) => key);
    for (const key of due) waiting.delete(key);
    // Whatever happens next is purged first, and tells the operator of the failure.
    await send(due).catch(() => {
      put(
        due.filter((key) => !waiting.has(key)),
        retryMs,
      );
    });
  };

  return {
    add: (keys) => put(keys, afterMs),
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await sending;
      if (waiting.size > 0) await send([...waiting.keys()]).catch(() => {});
    },
  };
}
