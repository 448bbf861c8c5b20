import type { Edition } from '../editions/edition.js';
import { Refusal } from '../lib/errors.js';
import { sealedCursor } from '../publishing/cursor.js';
import { scopeDigest } from '../rights/scope.queries.js';
import type { Topic } from '../topics/topic.js';
import { aboutUrl, type FeedForm, type FeedName, feedUrl, hubUrl } from './addresses.js';
import type { FeedContext } from './feed-context.js';
import type { Entry, FeedHead } from './item.js';
import { entryEdition, entryName } from './present-item.js';

/** A feed before it is written: what was taken back first, then the texts, some at a time. */
export interface Feed {
  head: FeedHead;
  batches: AsyncIterable<readonly Entry[]>;
  /** What to ask with for what follows: stands in `head.nextUrl` as `cursorMark`. */
  cursor: string;
  /** Of a walk: whether there is more of the log to look through, though the page may be empty. */
  more?: boolean;
}

/** What a feed is of. */
export interface FeedOf {
  name: FeedName;
  edition: Edition;
  topic: Topic | null;
}

/** What stands for the cursor while a feed is written: so the bytes, and their ETag, tell nothing of the log. */
export const cursorMark = 'CURSOR';

/** What a feed's name names. Throws UNKNOWN_EDITION, EDITION_CLOSED, UNKNOWN_NAME for a topic. */
export async function feedOf(name: FeedName, context: FeedContext): Promise<FeedOf> {
  const edition = (await context.editions()).open(name.edition);
  // PostgreSQL takes no U+0000, which no code has.
  const topic = name.topic === undefined || name.topic.includes('\0') ? null : await context.load.topic.load(name.topic);
  if (name.topic !== undefined && !topic) throw new Refusal('UNKNOWN_NAME', { value: name.topic });
  return { name, edition, topic };
}

/** What a cursor of a feed is good for: the feed, in whatever format, and its reader. */
export const cursorPurpose = ({ name: { edition, topic } }: FeedOf, { scope }: FeedContext): string =>
  JSON.stringify(['feed', edition, topic ?? null, scope?.partner.code ?? null]);

/** By what a reader reads, in eight bytes: everybody by nothing. */
export const digestOf = async ({ read, scope }: FeedContext): Promise<Buffer> => (scope ? scopeDigest(read, scope) : Buffer.alloc(8));

/** The cursor of a place in the log, for this feed and its reader; `since`: where the walk began that is not at its end there. */
export async function cursorAt(seq: number, feed: FeedOf, context: FeedContext, since = seq): Promise<string> {
  return sealedCursor(
    { seq, since, at: context.read.now, scope: await digestOf(context) },
    cursorPurpose(feed, context),
    context.cursorKey,
  );
}

/** What stands above a feed, of which the form asked for is `form`. */
export function headOf(
  { name, edition, topic }: FeedOf,
  { form, updatedAt, ...more }: { form: FeedForm; updatedAt: Date | null } & Pick<FeedHead, 'prevArchiveUrl' | 'archive'>,
  { domain, publicUrl, speak }: Pick<FeedContext, 'domain' | 'publicUrl' | 'speak'>,
): FeedHead {
  const { say } = speak(edition);
  const topicName = topic && entryName(topic, edition);
  const path = [edition.code, ...(topic ? [topic.code] : []), ...(name.partner === undefined ? [] : ['for', name.partner])].join('/');
  return {
    id: `tag:${domain},2026:feeds/${path}`,
    edition: entryEdition(edition),
    topic: topicName,
    title: [edition.publisherName, edition.nativeName, ...(topicName ? [topicName.text] : [])].join(' · '),
    subtitle: say.text('labels', 'latestNews'),
    selfUrl: feedUrl(publicUrl, name, form),
    nextUrl: feedUrl(publicUrl, name, { after: cursorMark, limit: form.limit }),
    hubUrl: form.after === undefined && form.archive === undefined ? hubUrl(publicUrl) : null,
    homeUrl: edition.siteUrl ?? publicUrl,
    aboutUrl: aboutUrl(publicUrl),
    rights: `© ${edition.publisherName}`,
    ...{ updatedAt, ...more },
  };
}
