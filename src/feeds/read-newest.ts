import { type ListRequest, listArticles } from '../articles/article.queries.js';
import { type ArticleFilter, ArticleOrder } from '../articles/article-filter.js';
import { retractedTranslations } from '../articles/retracted.queries.js';
import type { Translation } from '../articles/translation.type.js';
import { endOfLog } from '../publishing/walk.queries.js';
import { type FeedName, feedUrl } from './addresses.js';
import { cursorAt, type Feed, type FeedOf, feedOf, headOf } from './feed.js';
import type { FeedContext } from './feed-context.js';
import { type Gone, type Item, isGone } from './item.js';
import { presentGone } from './present-gone.js';
import { planOf, presentItem } from './present-item.js';

const newest = 50;
// Who may have few of an edition's texts finds them among so many.
const mostRounds = 20;
const daysGone = 30;
const dayMs = 86_400_000;

/**
 * The newest texts of an edition that the caller may have, newest first, after what was taken back in the last thirty days. In as many
 * statements whatever it holds, for who may have all of it. Throws UNKNOWN_EDITION, EDITION_CLOSED, UNKNOWN_NAME for a topic.
 */
export async function readNewest(name: FeedName, context: FeedContext): Promise<Feed> {
  const { read, scope } = context;
  const feed = await feedOf(name, context);
  // Before the texts, so that nothing comes between.
  const seq = await endOfLog(read, { after: 0, horizon: scope?.horizon ?? null });
  const [{ items, lookedBackTo }, gone, cursor] = await Promise.all([
    readItems(feed, context),
    readGone(feed, context),
    cursorAt(seq, feed, context),
  ]);
  const entries = [...gone, ...items];
  const changes = entries.map((entry) => (isGone(entry) ? entry.retractedAt : entry.updatedAt).getTime());
  const updatedAt = changes.length === 0 ? null : new Date(Math.max(...changes));
  const oldest = items.at(-1)?.publishedAt ?? lookedBackTo;
  const prevArchiveUrl = oldest ? feedUrl(context.publicUrl, name, { archive: dayOf(oldest) }) : null;
  const head = headOf(feed, { form: {}, updatedAt, prevArchiveUrl, archive: null }, context);
  return { head, batches: once(entries), cursor };
}

/** The day of UTC that a moment is in, as `2026-11-24`. */
export const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

async function* once<Value>(value: Value): AsyncIterable<Value> {
  yield value;
}

/** The newest texts, and when the last came out that was looked at; null where that is the last there is. */
async function readItems(feed: FeedOf, context: FeedContext): Promise<{ items: Item[]; lookedBackTo: Date | null }> {
  const items: Item[] = [];
  let rounds = 0;
  for await (const { texts, lastAt } of listedTexts(feed, {}, newest, () => context)) {
    items.push(...(await presentAll(texts, context)));
    if (items.length >= newest || ++rounds === mostRounds) return { items: items.slice(0, newest), lookedBackTo: lastAt };
  }
  return { items, lookedBackTo: null };
}

/** Those of some texts that the caller may have, as formats take them. */
export async function presentAll(texts: readonly Translation[], context: FeedContext): Promise<Item[]> {
  const items = await Promise.all(texts.map((each) => presentItem(each, context)));
  return items.filter((each) => each !== null);
}

/** Some texts of a list, with what they were read with; `lastAt` is when the last of them came out, also one that the caller is not told of yet. */
export interface Listed {
  texts: Translation[];
  lastAt: Date;
  context: FeedContext;
}

/** The texts of an edition, newest first, some at a time: as they were at the horizon of who is told late. `next` gives each part its context. */
export async function* listedTexts(
  { edition, topic }: FeedOf,
  filter: ArticleFilter,
  size: number,
  next: () => FeedContext,
): AsyncIterable<Listed> {
  const { editions: all, read } = next();
  const editions = await all();
  const request: ListRequest = {
    plan: planOf(edition, editions),
    filter: { ...filter, ...(topic && { topics: [topic.code] }) },
    orderBy: ArticleOrder.PUBLISHED_DESC,
  };
  let after: string | undefined;
  do {
    const context = next();
    const page = await listArticles(read, editions, request, { size, backwards: false, after, before: undefined });
    const texts = context.scope?.horizon
      ? await asTold(page.items, context)
      : page.items.map(({ translation }) => primed(translation, context));
    const last = page.items.at(-1);
    if (last) yield { texts, lastAt: last.translation.publishedAt, context };
    after = page.hasNextPage ? page.items.at(-1)!.cursor : undefined;
  } while (after !== undefined);
}

const primed = (translation: Translation, { load }: FeedContext): Translation => {
  load.article.prime(translation.article.uuid, translation.article);
  return translation;
};

async function asTold(items: readonly { translation: Translation }[], { load }: FeedContext): Promise<Translation[]> {
  const told = await Promise.all(
    items.map(async ({ translation: { id, article } }) =>
      (await load.translationsOfArticle.load(article.uuid)).find((each) => each.id === id),
    ),
  );
  return told.filter((each) => each !== undefined);
}

async function readGone({ edition, topic }: FeedOf, context: FeedContext): Promise<Gone[]> {
  const since = new Date(context.read.now.getTime() - daysGone * dayMs);
  const retracted = await retractedTranslations(context.read, { edition: edition.code, topic: topic?.code, since });
  const gone = await presentGone(retracted, edition, context);
  // A later tombstone of one of its revisions makes an old retraction no younger.
  return gone.filter(({ retractedAt }) => retractedAt > since).sort((a, b) => b.retractedAt.getTime() - a.retractedAt.getTime());
}
