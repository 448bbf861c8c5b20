import type { Feed } from './feed.js';
import type { Format } from './format.js';
import type { Entry } from './item.js';

/**
 * A feed in a format, in pieces, while its entries are still being read: a format asks for its entries one by one and writes a piece for each, so
 * that the next ones need be there only before the next piece is asked for.
 */
export async function* writeFeed({ write }: NonNullable<Format['feed']>, { head, batches }: Feed): AsyncIterable<string> {
  const source = batches[Symbol.asyncIterator]();
  const ready: Entry[] = [];
  let ended = false;
  const entries: Iterable<Entry> = {
    [Symbol.iterator]: () => ({
      next: () => {
        const value = ready.shift();
        return value ? { value, done: false } : { value: undefined, done: true };
      },
    }),
  };
  const pieces = write(head, entries)[Symbol.iterator]();
  try {
    for (;;) {
      while (ready.length === 0 && !ended) {
        const batch = await source.next();
        ended = batch.done === true;
        if (!batch.done) ready.push(...batch.value);
      }
      const piece = pieces.next();
      if (piece.done) return;
      yield piece.value;
    }
  } finally {
    await source.return?.();
  }
}
