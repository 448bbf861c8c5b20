import type { Read } from '../lib/load.js';
import type { EventRow } from '../publishing/event.js';
import { eventsBetween } from './log.queries.js';

const mostKept = 1_000;

/** The log as lanes read it: the newest events are read from the database once, whoever asks for them. */
export class RecentEvents {
  /** Without gaps. */
  #kept: EventRow[] = [];
  #reading: Promise<unknown> = Promise.resolve();

  /** Up to `most` events behind a number. */
  async between(read: Read, span: { after: number; upTo: number; most: number }): Promise<EventRow[]> {
    const before = this.#find(span);
    if (before) return before;
    // One after the other: who waited for another's reading finds what it has read.
    const reading = this.#reading.then(async () => {
      const found = this.#find(span) ?? (await eventsBetween(read, span));
      this.#keep(found);
      return found;
    });
    this.#reading = reading.catch(() => {});
    return reading;
  }

  #find({ after, upTo, most }: { after: number; upTo: number; most: number }): EventRow[] | undefined {
    const first = Number(this.#kept[0]?.seq);
    const last = first + this.#kept.length - 1;
    const end = Math.min(upTo, after + most);
    if (!(first <= after + 1 && end <= last)) return undefined;
    return this.#kept.slice(after + 1 - first, end + 1 - first);
  }

  #keep(found: readonly EventRow[]): void {
    const last = Number(this.#kept.at(-1)?.seq ?? 0);
    const newer = found.filter(({ seq }) => Number(seq) > last);
    if (newer.length === 0) return;
    this.#kept = Number(newer[0]!.seq) === last + 1 ? [...this.#kept, ...newer].slice(-mostKept) : newer;
  }
}
