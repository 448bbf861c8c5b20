import { givenOf } from '../articles/given.js';
import { Refusal } from '../lib/errors.js';
import { endOfLog } from '../publishing/walk.queries.js';
import { type FeedName, feedUrl } from './addresses.js';
import { cursorAt, type Feed, type FeedOf, feedOf, headOf } from './feed.js';
import type { FeedContext } from './feed-context.js';
import type { Entry } from './item.js';
import { dayOf, listedTexts, presentAll } from './read-newest.js';

const dayMs = 86_400_000;
const atOnce = 50;
const mostRounds = 20;

/**
 * All texts of an edition that came out on one day of UTC and that the caller may have, newest first: a document of an archived feed (RFC 5005 §4).
 * What is taken back leaves it without a trace: the current feed tells of that. Throws BAD_USER_INPUT for what is no day, as `2026-11-24`, of the past.
 */
export async function readArchive(name: FeedName, day: string, context: FeedContext): Promise<Feed> {
  const { read, scope, publicUrl } = context;
  const { from, until } = mustBeDay(day, read.now);
  const feed = await feedOf(name, context);
  const seq = await endOfLog(read, { after: 0, horizon: scope?.horizon ?? null });
  const [cursor, last, before] = await Promise.all([
    cursorAt(seq, feed, context),
    lastBefore(until, feed, context),
    lastBefore(from, feed, context),
  ]);
  const head = headOf(
    feed,
    {
      form: { archive: day },
      updatedAt: last && last >= from ? last : null,
      prevArchiveUrl: before && feedUrl(publicUrl, name, { archive: dayOf(before) }),
      archive: { currentUrl: feedUrl(publicUrl, name), closed: until <= read.now },
    },
    context,
  );
  return { head, batches: textsOf(feed, { publishedFrom: from, publishedBefore: until }, context), cursor };
}

/** When a day of UTC, as `2026-11-24`, begins and ends. Throws BAD_USER_INPUT for what is none, or one that has not begun by `now`. */
export function mustBeDay(day: string, now: Date): { from: Date; until: Date } {
  const from = new Date(/^\d{4}-\d{2}-\d{2}$/u.test(day) ? `${day}T00:00:00.000Z` : Number.NaN);
  if (Number.isNaN(from.getTime()) || dayOf(from) !== day || from > now)
    throw new Refusal('BAD_USER_INPUT', { detail: 'archive is a day of UTC as 2026-11-24, not in the future' });
  return { from, until: new Date(from.getTime() + dayMs) };
}

async function* textsOf(
  feed: FeedOf,
  filter: { publishedFrom: Date; publishedBefore: Date },
  context: FeedContext,
): AsyncIterable<Entry[]> {
  for await (const { texts, context: part } of listedTexts(feed, filter, atOnce, () => context.renew())) yield presentAll(texts, part);
}

/**
 * When the last text that the caller may have came out before a moment, as far as it is told; null where none did. Of who may have none of the first
 * two thousand, when the last of those did: from there the archive goes on.
 */
async function lastBefore(moment: Date, feed: FeedOf, context: FeedContext): Promise<Date | null> {
  const horizon = context.scope?.horizon;
  const publishedBefore = horizon && horizon < moment ? new Date(horizon.getTime() + 1) : moment;
  let last: Date | null = null;
  let rounds = 0;
  for await (const { texts } of listedTexts(feed, { publishedBefore }, context.isUnlimited ? 1 : atOnce, () => context)) {
    const [found] = await givenOf(texts, context);
    if (found) return found.publishedAt;
    last = texts.at(-1)?.publishedAt ?? last;
    if (++rounds === mostRounds) return last;
  }
  return null;
}
