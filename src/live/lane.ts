import { digestOf } from '../feeds/feed.js';
import type { FeedContext } from '../feeds/feed-context.js';
import type { NoteHoldings } from '../ledger/hold.js';
import { Refusal } from '../lib/errors.js';
import { endOfLog } from '../publishing/walk.queries.js';
import type { ContextOf } from '../push/context-of.js';
import type { RecentEvents } from './recent-events.js';
import type { Stream } from './stream.js';
import { type Told, tellAll } from './tell-news.js';

/** What lanes work with. */
export interface LaneParts {
  contextOf: ContextOf;
  recent: RecentEvents;
  noteHoldings?: NoteHoldings | undefined;
  /** Told of every message that is handed to a connection. */
  told(): void;
}

/** By what a reader is told now. */
interface Reading {
  context: FeedContext;
  digest: Buffer;
}

const eventsAtOnce = 50;

/**
 * What is told to all of one reader class, everybody (null) or a partner, from the log as it grows: each event is read once, and told once to all who asked
 * the same. It ends when what the reader may have is not what it was when it began.
 */
export class Lane {
  readonly streams = new Set<Stream>();
  /** Those that have come to where the lane is, by what they asked. */
  readonly #groups = new Map<string, Set<Stream>>();
  #digest!: Buffer;
  /** All up to here has been told. */
  #seq!: number;
  /** All up to here is being told: who joins has seen it. */
  #upTo!: number;
  isOver = false;

  private constructor(
    readonly reader: string | null,
    readonly parts: LaneParts,
  ) {}

  /** Throws FORBIDDEN for a partner whose keys open nothing. */
  static async begin(reader: string | null, parts: LaneParts): Promise<Lane> {
    const lane = new Lane(reader, parts);
    const context = await lane.#context();
    lane.#digest = await digestOf(context);
    lane.#upTo = lane.#seq = await endOfLog(context.read, { after: 0, horizon: context.scope?.horizon ?? null });
    return lane;
  }

  async #context(): Promise<FeedContext> {
    const context = await this.parts.contextOf(this.reader);
    if (!context) throw new Refusal('FORBIDDEN', {});
    return context;
  }

  /** By what the reader is told now. Throws FORBIDDEN, and CURSOR_OUTDATED where that is not what it was. */
  async reading(): Promise<Reading> {
    const context = await this.#context();
    const digest = await digestOf(context);
    if (!digest.equals(this.#digest)) throw new Refusal('CURSOR_OUTDATED', {});
    return { context, digest };
  }

  /** Looks for what has come, and tells it. Refusals end all streams; whatever else is thrown leaves them where they are, for the next time. */
  async turn(): Promise<void> {
    try {
      const { context } = await this.reading();
      const end = await endOfLog(context.read, { after: this.#seq, horizon: context.scope?.horizon ?? null });
      // The database was taken back to an earlier state.
      if (end < this.#seq) throw new Refusal('CURSOR_EXPIRED', {});
      while (this.#seq < end && this.streams.size > 0) await this.#tellUpTo(end);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.end(error);
    }
  }

  async #tellUpTo(end: number): Promise<void> {
    const reading = await this.reading();
    const events = await this.parts.recent.between(reading.context.read, { after: this.#seq, upTo: end, most: eventsAtOnce });
    if (events.length === 0) throw new Refusal('CURSOR_EXPIRED', {});
    // From here on who joins has seen these.
    this.#upTo = Math.max(this.#upTo, Number(events.at(-1)!.seq));
    const groups = [...this.#groups.values()].map((streams) => ({ streams: [...streams], asked: [...streams][0]!.asked }));
    const told = await tellAll(
      events,
      groups.map(({ asked }) => asked),
      reading,
    );
    for (const [index, event] of events.entries()) {
      const seq = Number(event.seq);
      for (const [place, { streams }] of groups.entries()) this.#give(streams, seq, told[index]![place]!);
      this.#seq = seq;
    }
  }

  #give(streams: readonly Stream[], seq: number, told: Told | null): void {
    let isGiven = false;
    for (const stream of streams) {
      if (!stream.isOpen || stream.seq! >= seq) continue;
      stream.seq = seq;
      if (!told) continue;
      this.hand(stream, told);
      isGiven = true;
    }
    if (isGiven && told) this.note(told);
  }

  /** Hands one message to a connection. */
  hand({ sink }: Stream, told: Told): void {
    sink.next(told);
    this.parts.told();
  }

  /** Notes what a partner was given. */
  note({ given }: Told): void {
    if (this.reader !== null && given.length > 0) this.parts.noteHoldings?.(this.reader, 'SUBSCRIPTION', given);
  }

  /** Up to where a stream must have been told by itself before it can join. */
  get upTo(): number {
    return this.#upTo;
  }

  /** Takes a stream that has been told all up to `upTo`, in the same turn of the loop in which that was looked at. */
  join(stream: Stream): void {
    const { key } = stream.asked;
    const group = this.#groups.get(key) ?? new Set();
    this.#groups.set(key, group.add(stream));
  }

  leave(stream: Stream): void {
    stream.isOpen = false;
    this.streams.delete(stream);
    const group = this.#groups.get(stream.asked.key);
    if (group?.delete(stream) && group.size === 0) this.#groups.delete(stream.asked.key);
  }

  /** Ends all streams, for good. */
  end(why: Refusal): void {
    this.isOver = true;
    for (const stream of [...this.streams]) {
      this.leave(stream);
      stream.sink.end(why);
    }
  }
}
