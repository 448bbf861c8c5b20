import { Refusal } from '../lib/errors.js';
import { placeOfSealedCursor } from '../publishing/cursor.js';
import { endOfLog, walkEvents } from '../publishing/walk.queries.js';
import type { FeedName } from './addresses.js';
import { cursorAt, cursorPurpose, digestOf, type Feed, type FeedOf, feedOf, headOf } from './feed.js';
import type { FeedContext } from './feed-context.js';
import type { Entry } from './item.js';
import { presentItem } from './present-item.js';
import { type Told, tellOf, textOf } from './tell.js';

// Events are light; of texts no more are held than is needed to ask for many at once.
const [eventsAtOnce, textsAtOnce] = [100, 50];

// One page looks through so many events at most of which the reader is told nothing, in hundreds.
const mostBarren = 20;

/** How many entries a page holds where nobody says. */
export const defaultLimit = 50;

/**
 * What has happened to the texts of a feed behind a place in the log, oldest first: each once, as it is now, up to `limit`, and `start` and `now` for
 * the ends of the log. A page may be short, or empty, before the end (`more`), where little of a long log is the reader's. What was under embargo when its events were passed is told when that ends, for its end is
 * an event. Throws INVALID_CURSOR, CURSOR_EXPIRED, CURSOR_OUTDATED when what the caller may have is not what it was.
 */
export async function readWalk(name: FeedName, { after, limit }: { after: string; limit: number }, context: FeedContext): Promise<Feed> {
  const { read, scope } = context;
  const feed = await feedOf(name, context);
  const { seq: start, since } = await placeOf(after, feed, context);
  const upTo = await endOfLog(read, { after: start, horizon: scope?.horizon ?? null });
  // Of a log that is longer than this one: the database was taken back to an earlier state.
  if (upTo < start) throw new Refusal('CURSOR_EXPIRED', {});
  let seq = after === 'now' ? upTo : start;
  const told: Told[] = [];
  for (let barren = 0; seq < upTo && told.length < limit && barren < mostBarren; ) {
    const events = await walkEvents(read, { edition: feed.edition.code, since, after: seq, upTo, most: eventsAtOnce });
    const found = await tellOf(events, upTo, feed, context.renew());
    const room = found.slice(0, limit - told.length);
    told.push(...room);
    if (room.length === 0) barren++;
    const isAll = room.length === found.length;
    seq = isAll ? (events.length < eventsAtOnce ? upTo : events.at(-1)!.seq) : room.at(-1)!.event.seq;
  }
  const updatedAt = told.length === 0 ? null : new Date(Math.max(...told.map(({ event }) => event.at.getTime())));
  const form = { after, limit: limit === defaultLimit ? undefined : limit };
  const head = headOf(feed, { form, updatedAt, prevArchiveUrl: null, archive: null }, context);
  const more = seq < upTo;
  return { head, batches: entriesOf(told, feed, context), cursor: await cursorAt(seq, feed, context, more ? since : seq), more };
}

async function placeOf(after: string, feed: FeedOf, context: FeedContext): Promise<{ seq: number; since: number }> {
  if (after === 'start' || after === 'now') return { seq: 0, since: 0 };
  const { seq, since, scope } = placeOfSealedCursor(after, cursorPurpose(feed, context), context.cursorKey, context.read.now);
  if (!scope.equals(await digestOf(context))) throw new Refusal('CURSOR_OUTDATED', {});
  return { seq, since };
}

/** What went first, then the texts, oldest first. */
async function* entriesOf(told: readonly Told[], { edition }: FeedOf, context: FeedContext): AsyncIterable<Entry[]> {
  yield told.flatMap(({ gone }) => gone ?? []);
  const texts = told.filter(({ gone }) => gone === null);
  for (let from = 0; from < texts.length; from += textsAtOnce) {
    const part = context.renew();
    const items = await Promise.all(
      texts.slice(from, from + textsAtOnce).map(async ({ event }) => {
        const text = await textOf(event, edition.code, part);
        const item = text && (await presentItem(text, part));
        return item ? [{ ...item, event: event.uuid }] : [];
      }),
    );
    yield items.flat();
  }
}
