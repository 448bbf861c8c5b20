/** Tells those who wait in this process that events were numbered. */
export interface Arrivals {
  /** Resolves at the next `tell`, once `signal` is aborted, or at once after `end`; with false when nothing will be told any more. */
  next(signal: AbortSignal): Promise<boolean>;
  tell(): void;
  /** Lets go of whoever waits, for good. */
  end(): void;
}

export function makeArrivals(): Arrivals {
  const waiting = new Set<() => void>();
  let ended = false;
  const tell = (): void => {
    for (const resolve of [...waiting]) resolve();
  };
  return {
    tell,
    next: (signal) =>
      new Promise((resolve) => {
        if (ended || signal.aborted) return resolve(!ended);
        const done = (): void => {
          waiting.delete(done);
          signal.removeEventListener('abort', done);
          resolve(!ended);
        };
        waiting.add(done);
        signal.addEventListener('abort', done);
      }),
    end: () => {
      ended = true;
      tell();
    },
  };
}
