import { Refusal } from '../../lib/errors.js';
import { placeOfSealedCursor, sealedCursor } from '../../publishing/cursor.js';
import { type FeedName, feedUrl } from '../addresses.js';
import { type Feed, type FeedOf, headOf } from '../feed.js';
import type { FeedContext } from '../feed-context.js';
import { type Entry, type Gone, type Item, isGone } from '../item.js';
import { mustBeDay } from '../read-archive.js';
import { dayOf } from '../read-newest.js';
import { defaultLimit } from '../read-walk.js';
import type { FeedSource } from '../source.js';
import { sandboxEditions, sandboxTopics } from './editions.js';
import { endOfSandbox, sandboxDomain, toldBetween } from './log.js';
import { presentThen } from './present.js';
import type { Fault } from './simulate.js';

/** What the sandbox knows of a request: nothing of what the gateway holds. */
export interface SandboxRequest {
  /** Whose key it is. */
  partner: string;
  /** What goes wrong with the cursor, by wish. */
  fault: Fault | undefined;
  context: Pick<FeedContext, 'speak' | 'publicUrl' | 'cursorKey' | 'read'>;
}

/** The fixed samples, in every form in which feeds of real texts come. Their log has ended, and its clock with it: what went stays told. */
export function sandboxSource(request: SandboxRequest): FeedSource {
  return {
    feed: async (name, form) => {
      const feed = feedOf(name);
      if (form.after !== undefined) return walk(feed, form.after, form.limit ?? defaultLimit, request);
      return form.archive === undefined ? newest(feed, request) : archive(feed, form.archive, request);
    },
    entry: async (id) => {
      for (const edition of sandboxEditions.active) {
        const found = toldBetween(0, endOfSandbox).map((each) => presentThen(each, edition, request.context));
        const entry = found.find((each) => each.id === id);
        if (entry) return isGone(entry) && entry.kind === 'EXPIRED' ? null : entry;
      }
      return null;
    },
  };
}

function feedOf(name: FeedName): FeedOf {
  const edition = sandboxEditions.open(name.edition);
  const topic = name.topic === undefined ? null : (sandboxTopics.get(name.topic) ?? null);
  if (name.topic !== undefined && !topic) throw new Refusal('UNKNOWN_NAME', { value: name.topic });
  return { name, edition, topic };
}

/** The entries behind a place in the log and up to another: what went, the last first, then the texts, oldest first. */
function entriesBetween(after: number, upTo: number, { edition, topic }: FeedOf, { context }: SandboxRequest) {
  const told = toldBetween(after, upTo).filter(({ story }) => topic === null || story.topics.includes(topic.code));
  const entries = told.map((each) => presentThen(each, edition, context));
  return {
    ...{ told, gone: entries.filter((each): each is Gone & { event: string } => isGone(each)).reverse() },
    items: entries.filter((each): each is Item & { event: string } => !isGone(each)),
  };
}

/** Without the event, which only a walk tells. */
const plain = <E extends Entry>({ event: _, ...entry }: E): Omit<E, 'event'> => entry;

function newest(feed: FeedOf, request: SandboxRequest): Feed {
  const { gone, items } = entriesBetween(0, endOfSandbox, feed, request);
  const newestFirst = items.sort((a, b) => b.publishedAt.getTime() - a.publishedAt.getTime());
  const entries = [...gone.filter(({ kind }) => kind !== 'EXPIRED'), ...newestFirst].map(plain) as Entry[];
  const oldest = newestFirst.at(-1)?.publishedAt;
  const prevArchiveUrl = oldest ? feedUrl(request.context.publicUrl, feed.name, { archive: dayOf(oldest) }) : null;
  return made(feed, { form: {}, entries, prevArchiveUrl, archive: null, seq: endOfSandbox }, request);
}

function archive(feed: FeedOf, day: string, request: SandboxRequest): Feed {
  const { publicUrl, read } = request.context;
  const { from, until } = mustBeDay(day, read.now);
  const { items } = entriesBetween(0, endOfSandbox, feed, request);
  const newestFirst = items.sort((a, b) => b.publishedAt.getTime() - a.publishedAt.getTime());
  const entries = newestFirst.filter(({ publishedAt }) => publishedAt >= from && publishedAt < until).map(plain) as Entry[];
  const before = newestFirst.find(({ publishedAt }) => publishedAt < from)?.publishedAt;
  const prevArchiveUrl = before ? feedUrl(publicUrl, feed.name, { archive: dayOf(before) }) : null;
  const archive = { currentUrl: feedUrl(publicUrl, feed.name), closed: until <= read.now };
  return made(feed, { form: { archive: day }, entries, prevArchiveUrl, archive, seq: endOfSandbox }, request);
}

/** A page is as many events as are asked for, and tells each text once, as it was after them: with `limit=1` every step is seen. */
function walk(feed: FeedOf, after: string, limit: number, request: SandboxRequest): Feed {
  const start = after === 'now' ? endOfSandbox : after === 'start' ? 0 : placeOf(after, feed, request);
  const events = Array.from({ length: endOfSandbox - start }, (_, index) => start + index + 1);
  const within = events.filter((seq) => entriesBetween(seq - 1, seq, feed, request).told.length > 0);
  const seq = within.length > limit ? within[limit - 1]! : endOfSandbox;
  const { gone, items } = entriesBetween(start, seq, feed, request);
  const form = { after, limit: limit === defaultLimit ? undefined : limit };
  return made(feed, { form, entries: [...gone.reverse(), ...items], prevArchiveUrl: null, archive: null, seq }, request);
}

/** Never that of a real feed, nor of another partner. */
const purposeOf = ({ name: { edition, topic } }: FeedOf, { partner }: SandboxRequest): string =>
  JSON.stringify(['sandbox', edition, topic ?? null, partner]);

function placeOf(cursor: string, feed: FeedOf, request: SandboxRequest): number {
  const { fault, context } = request;
  const { seq } = placeOfSealedCursor(cursor, purposeOf(feed, request), context.cursorKey, context.read.now);
  if (fault === 'gap') throw new Refusal('CURSOR_EXPIRED', {});
  if (fault === 'outdated') throw new Refusal('CURSOR_OUTDATED', {});
  return fault === 'duplicate' ? Math.max(0, seq - 1) : seq;
}

type Made = Pick<Parameters<typeof headOf>[1], 'form' | 'prevArchiveUrl' | 'archive'> & { entries: readonly Entry[]; seq: number };

function made(feed: FeedOf, { form, entries, prevArchiveUrl, archive, seq }: Made, request: SandboxRequest): Feed {
  const { speak, publicUrl, cursorKey, read } = request.context;
  const changes = entries.map((entry) => (isGone(entry) ? entry.retractedAt : entry.updatedAt).getTime());
  const updatedAt = changes.length === 0 ? null : new Date(Math.max(...changes));
  const real = headOf(feed, { form, updatedAt, prevArchiveUrl, archive }, { speak, publicUrl, domain: sandboxDomain });
  // What is made up is no topic of the hub.
  const head = { ...real, hubUrl: null };
  const cursor = sealedCursor({ seq, at: read.now, scope: Buffer.alloc(8) }, purposeOf(feed, request), cursorKey);
  return { head, batches: once(entries), cursor };
}

async function* once<Value>(value: Value): AsyncIterable<Value> {
  yield value;
}
