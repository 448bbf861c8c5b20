import type { NoteHoldings } from '../ledger/hold.js';
import { Refusal } from '../lib/errors.js';
import type { ContextOf } from '../push/context-of.js';
import type { Asked } from './asked.js';
import { catchUp, makeTurnstile } from './catch-up.js';
import { Lane } from './lane.js';
import { RecentEvents } from './recent-events.js';
import type { Sink, Stream } from './stream.js';

/** What a hub works with. */
export interface HubParts {
  contextOf: ContextOf;
  arrival(signal: AbortSignal): Promise<boolean>;
  noteHoldings?: NoteHoldings | undefined;
  /** Told of every message. */
  told(): void;
  log: { error(facts: object, message: string): void; info(facts: object, message: string): void };
}

/** Tells the log to all who subscribed in this process. */
export interface Hub {
  /** Begins to tell a reader, everybody (null) or a partner by its code; gives the way to stop, after which nothing more is told. */
  open(reader: string | null, asked: Asked, sink: Sink): () => void;
  /** How many are told. */
  count(): number;
  stop(): Promise<void>;
}

/** A change of what a reader may have is seen, and what its horizon has passed is told, within so long. */
const lookEveryMs = 2_000;
const mostCatchingUp = 4;

/** A hub, which reads nothing while nobody subscribes. */
export function makeHub(parts: HubParts): Hub {
  const lanes = new Map<string | null, Promise<Lane>>();
  const turnstile = makeTurnstile(mostCatchingUp);
  const recent = new RecentEvents();
  const stopping = new AbortController();
  const { contextOf, noteHoldings, told, log } = parts;
  let streams = 0;

  const laneOf = async (reader: string | null): Promise<Lane> => {
    const before = lanes.get(reader);
    const standing = await before;
    if (standing && !standing.isOver) return standing;
    if (before !== lanes.get(reader)) return laneOf(reader);
    const lane = Lane.begin(reader, { contextOf, recent, noteHoldings, told });
    lanes.set(reader, lane);
    const forget = (): void => {
      if (lanes.get(reader) === lane) lanes.delete(reader);
    };
    const running = lane.then((each) => runLane(each, { forget, signal: stopping.signal, parts: { ...parts, log } }));
    running.catch(forget);
    return lane;
  };

  const run = async (stream: Stream, reader: string | null): Promise<void> => {
    let lane = await laneOf(reader);
    // One that has just ended is begun anew by whoever comes next.
    while (lane.isOver) lane = await laneOf(reader);
    if (!stream.isOpen) return;
    lane.streams.add(stream);
    leaving.set(stream, lane);
    await catchUp(stream, lane, turnstile);
  };
  const leaving = new WeakMap<Stream, Lane>();
  const leave = (stream: Stream): void => {
    stream.isOpen = false;
    leaving.get(stream)?.leave(stream);
  };

  return {
    count: () => streams,
    open(reader, asked, given) {
      let isCounted = true;
      streams++;
      const uncount = (): void => {
        if (isCounted) streams--;
        isCounted = false;
      };
      const end: Sink['end'] = (why) => {
        uncount();
        given.end(why);
      };
      const sink: Sink = { next: (each) => given.next(each), waiting: () => given.waiting(), end };
      const stream: Stream = { asked, sink, seq: undefined, isOpen: true };
      run(stream, reader).catch((error: Error) => {
        if (!stream.isOpen) return;
        leave(stream);
        end(error);
      });
      return () => {
        uncount();
        leave(stream);
      };
    },
    async stop() {
      stopping.abort();
      await Promise.all(
        [...lanes.values()].map(async (lane) => (await lane.catch(() => undefined))?.end(new Refusal('SERVICE_UNAVAILABLE', {}))),
      );
    },
  };
}

/** Turn after turn, until nobody is told any more. One that fails is tried again. */
async function runLane(lane: Lane, { forget, signal, parts }: { forget: () => void; signal: AbortSignal; parts: HubParts }): Promise<void> {
  let failures = 0;
  let idle = 0;
  while (!signal.aborted && !lane.isOver) {
    const arrival = nextArrival(parts, signal);
    try {
      await lane.turn();
      if (failures > 0) parts.log.info({ failures }, 'subscriptions are told again');
      failures = 0;
    } catch (err) {
      if (failures++ === 0) parts.log.error({ err }, 'subscriptions cannot be told now; it is tried again');
    }
    idle = lane.streams.size === 0 ? idle + 1 : 0;
    // Not at once: who has just begun it is about to come in.
    if (idle > 2) lane.isOver = true;
    if (!lane.isOver) await (failures > 0 ? pause(signal) : arrival.then((goesOn) => (goesOn ? undefined : pause(signal))));
    arrival.cancel();
  }
  lane.isOver = true;
  forget();
}

interface Arrival extends Promise<boolean> {
  cancel(): void;
}

/** The next event from now on, or the time to look again; waited for before one looks, that none is missed between. */
function nextArrival({ arrival }: HubParts, signal: AbortSignal): Arrival {
  const waiting = new AbortController();
  const cancel = (): void => waiting.abort();
  const timer = setTimeout(cancel, lookEveryMs);
  signal.addEventListener('abort', cancel, { once: true });
  const arrived = arrival(waiting.signal).finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  });
  return Object.assign(arrived, { cancel });
}

const pause = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, 500);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
