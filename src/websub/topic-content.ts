import { parseUrn } from '../articles/urn.js';
import type { FeedName } from '../feeds/addresses.js';
import { cursorMark, type Feed } from '../feeds/feed.js';
import type { FeedContext } from '../feeds/feed-context.js';
import { formats } from '../feeds/formats.js';
import { type Item, isGone } from '../feeds/item.js';
import { storedSource } from '../feeds/source.js';
import { spool } from '../feeds/spool.js';
import { writeFeed } from '../feeds/write-feed.js';
import type { GivenText } from '../ledger/hold.js';

/** A topic as its address answers its reader at a moment. */
export interface TopicContent {
  etag: string;
  /** With its charset. */
  contentType: string;
  body: Buffer;
  texts: readonly GivenText[];
  /** Whether its reader is told late, so that it changes without an event. */
  isLate: boolean;
}

/** Reads a topic by the code that answers for it. Throws what that throws: UNKNOWN_EDITION, EDITION_CLOSED, UNKNOWN_NAME. */
export async function readTopic(name: FeedName, context: FeedContext): Promise<TopicContent> {
  const format = formats.find(({ extension }) => extension === name.extension)!.feed!;
  const texts: GivenText[] = [];
  const feed = await storedSource(context).feed(name, {});
  const { etag, body } = await spool(writeFeed(format, { ...feed, batches: noted(feed.batches, texts) }), cursorMark, feed.cursor);
  const contentType = `${format.mediaType}; charset=utf-8`;
  const isLate = context.scope?.horizon != null;
  return { etag, contentType, body: Buffer.isBuffer(body) ? body : await whole(body), texts, isLate };
}

async function* noted(batches: Feed['batches'], texts: GivenText[]): Feed['batches'] {
  for await (const batch of batches) {
    texts.push(...batch.flatMap((entry) => (isGone(entry) ? [] : [givenText(entry)])));
    yield batch;
  }
}

const givenText = ({ articleId, edition, revision, notices }: Item): GivenText => ({
  articleUuid: parseUrn(articleId)!.uuid,
  ...{ editionCode: edition.code, revision },
  notices: notices.map(({ code, version }) => ({ code, version })),
});

async function whole(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
