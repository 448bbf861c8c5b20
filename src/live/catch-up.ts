import { setTimeout as sleep } from 'node:timers/promises';
import type { FeedContext } from '../feeds/feed-context.js';
import { Refusal } from '../lib/errors.js';
import { endOfLog } from '../publishing/walk.queries.js';
import type { Lane } from './lane.js';
import { headOfLog } from './log.queries.js';
import { seqOf } from './place.js';
import type { Stream } from './stream.js';
import { tellAll } from './tell-news.js';

const eventsAtOnce = 50;
// What is missed is told no faster than it is taken.
const mostWaitingBytes = 256 * 1024;
const longestWaitMs = 60_000;
const lookAgainMs = 25;

/** Lets so many work at once; others wait for their turn. */
export type Turnstile = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Tells a stream what it has missed, a page at a time, until it is where its lane is; there it joins. What is still told to the lane at that moment the
 * stream is told by itself, and nothing of it again. Throws refusals, with which the stream is to end.
 */
export async function catchUp(stream: Stream, lane: Lane, turnstile: Turnstile): Promise<void> {
  const { context } = await lane.reading();
  stream.seq = await startOf(stream, context);
  while (stream.isOpen && stream.seq < lane.upTo) {
    await whileFull(stream);
    const upTo = lane.upTo;
    await turnstile(() => page(stream, lane, upTo));
  }
  if (stream.isOpen) lane.join(stream);
}

/** The number of the event behind which a stream begins. Throws CURSOR_EXPIRED behind the end of the log: the database was taken back. */
async function startOf({ asked }: Stream, context: FeedContext): Promise<number> {
  const { read, scope } = context;
  const seq = await seqOf(asked.after, context);
  if (seq === null) return endOfLog(read, { after: 0, horizon: scope?.horizon ?? null });
  if (seq > (await headOfLog(read))) throw new Refusal('CURSOR_EXPIRED', {});
  return seq;
}

async function page(stream: Stream, lane: Lane, upTo: number): Promise<void> {
  if (!stream.isOpen) return;
  const reading = await lane.reading();
  const events = await lane.parts.recent.between(reading.context.read, { after: stream.seq!, upTo, most: eventsAtOnce });
  if (events.length === 0) throw new Refusal('CURSOR_EXPIRED', {});
  const told = await tellAll(events, [stream.asked], reading);
  for (const [index, event] of events.entries()) {
    if (!stream.isOpen) return;
    stream.seq = Number(event.seq);
    const [each] = told[index]!;
    if (!each) continue;
    lane.hand(stream, each);
    lane.note(each);
  }
}

/** Waits while the connection has not taken what it was given. Throws when that takes too long. */
async function whileFull({ sink }: Stream): Promise<void> {
  const late = performance.now() + longestWaitMs;
  while (sink.waiting() > mostWaitingBytes) {
    if (performance.now() > late) throw new Refusal('REQUEST_TIMEOUT', { seconds: longestWaitMs / 1000 });
    await sleep(lookAgainMs);
  }
}

/** A turnstile for so many at once. */
export function makeTurnstile(most: number): Turnstile {
  let inside = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (inside >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else inside++;
    try {
      return await work();
    } finally {
      // The place is handed on as it is.
      const next = waiting.shift();
      if (next) next();
      else inside--;
    }
  };
}
