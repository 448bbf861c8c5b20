import { listArticles } from '../articles/article.queries.js';
import type { ArticleContext } from '../articles/article-context.js';
import { ArticleOrder } from '../articles/article-filter.js';
import { findTranslation } from '../articles/find-article.js';
import { type RetractedTranslation, retractedTranslations } from '../articles/retracted.queries.js';
import { retractionWording } from '../articles/tombstone.js';
import { tombstoneOf } from '../articles/tombstone.type.js';
import { Translation } from '../articles/translation.type.js';
import { articleUrn, parseUrn, translationUrn } from '../articles/urn.js';
import type { Edition } from '../editions/edition.js';
import { Refusal } from '../lib/errors.js';
import type { Topic } from '../topics/topic.js';
import type { TopicLoaders } from '../topics/topic.loaders.js';
import { aboutUrl, feedUrl } from './addresses.js';
import { type Entry, type FeedHead, type Gone, isGone } from './item.js';
import { type AccessOf, entryEdition, entryName, planOf, presentItem } from './present-item.js';

export const newest = 50;
const daysGone = 30;
const day = 86_400_000;

/** What feeds ask of a request. */
export interface FeedContext extends ArticleContext {
  load: ArticleContext['load'] & Pick<TopicLoaders, 'topic'>;
  /** The publisher's domain, for ids of feeds. */
  domain: string;
}

/** Which feed: of an edition, or of one topic in it; `extension` is that of the format it is written in. */
export interface FeedName {
  edition: string;
  topic?: string | undefined;
  extension: string;
}

/** A feed before it is written. */
export interface Feed {
  head: FeedHead;
  entries: Entry[];
}

/**
 * The newest texts of an edition that the caller may have, newest first, and among them, by the time they were taken back, what was in the last
 * thirty days. In as many statements whatever it holds. Throws UNKNOWN_EDITION, EDITION_CLOSED, UNKNOWN_NAME for a topic.
 */
export async function readFeed(name: FeedName, accessOf: AccessOf, context: FeedContext): Promise<Feed> {
  const { read } = context;
  const editions = await context.editions();
  const edition = editions.open(name.edition);
  const topic = name.topic === undefined ? null : await context.load.topic.load(name.topic);
  if (name.topic !== undefined && !topic) throw new Refusal('UNKNOWN_NAME', { value: name.topic });
  const filter = topic ? { topics: [topic.code] } : {};
  const since = new Date(read.now.getTime() - daysGone * day);
  const [items, gone] = await Promise.all([
    readItems(edition, { filter, size: newest }, accessOf, context),
    retractedTranslations(read, { edition: edition.code, topic: topic?.code, since }).then((each) => presentGone(each, edition, context)),
  ]);
  // A later tombstone of one of its revisions makes an old retraction no younger.
  const entries = [...items, ...gone.filter(({ retractedAt }) => retractedAt > since)].sort((a, b) => timeOf(b) - timeOf(a));
  const changes = entries.map((entry) => (isGone(entry) ? entry.retractedAt : entry.updatedAt).getTime());
  return { entries, head: headOf(name, edition, topic, changes.length === 0 ? null : new Date(Math.max(...changes)), context) };
}

/** Those of the newest texts of an edition that the caller may have. */
async function readItems(
  edition: Edition,
  { filter, size }: { filter: { topics?: string[] }; size: number },
  accessOf: AccessOf,
  context: FeedContext,
): Promise<Entry[]> {
  const editions = await context.editions();
  const request = { plan: planOf(edition, editions), filter, orderBy: ArticleOrder.PUBLISHED_DESC };
  const page = await listArticles(context.read, editions, request, { size, backwards: false, after: undefined, before: undefined });
  const items = await Promise.all(
    page.items.map(({ translation }) => {
      context.load.article.prime(translation.article.uuid, translation.article);
      return presentItem(translation, accessOf, context);
    }),
  );
  return items.filter((each) => each !== null);
}

/** The translation a URN names, or what stays of it; null when there is neither for a reader. */
export async function readEntry(id: string, accessOf: AccessOf, context: FeedContext): Promise<Entry | null> {
  const code = parseUrn(id)?.edition;
  const edition = code === undefined ? undefined : (await context.editions()).find(code);
  const found = edition && (await findTranslation(id, context));
  if (!found) return null;
  if (found instanceof Translation) return presentItem(found, accessOf, context);
  const { uuid } = parseUrn(id)!;
  const [gone] = await presentGone(
    await retractedTranslations(context.read, { edition: edition.code, uuid, since: new Date(0) }),
    edition,
    context,
  );
  return gone ?? null;
}

/** As a story's page says it: a story that was taken back tells of itself in all its editions. */
async function presentGone(retracted: readonly RetractedTranslation[], edition: Edition, context: FeedContext): Promise<Gone[]> {
  const { say } = context.speak(edition);
  const all = await Promise.all(
    retracted.map(async ({ revision, ...parts }): Promise<Gone[]> => {
      const rows = await context.load.tombstonesOfArticle.load(parts.uuid);
      const tombstone = tombstoneOf(parts, rows, null) ?? tombstoneOf(parts, rows, edition.code);
      if (!tombstone) return [];
      const { kind, retractedAt, row } = tombstone;
      return [
        {
          ...{ id: translationUrn(parts, edition.code), articleId: articleUrn(parts), revision, edition: entryEdition(edition) },
          ...{ kind, retractedAt, title: say.text('notices', retractionWording[kind]), note: row.notes[edition.tag] ?? null },
        },
      ];
    }),
  );
  return all.flat();
}

const timeOf = (entry: Entry): number => (isGone(entry) ? entry.retractedAt : entry.publishedAt).getTime();

function headOf(name: FeedName, edition: Edition, topic: Topic | null, updatedAt: Date | null, context: FeedContext): FeedHead {
  const { domain, publicUrl, speak } = context;
  const { say } = speak(edition);
  const topicName = topic && entryName(topic, edition);
  const path = [edition.code, ...(topic ? [topic.code] : [])].join('/');
  return {
    id: `tag:${domain},2026:feeds/${path}`,
    edition: entryEdition(edition),
    topic: topicName,
    title: [edition.publisherName, edition.nativeName, ...(topicName ? [topicName.text] : [])].join(' · '),
    subtitle: say.text('labels', 'latestNews'),
    selfUrl: feedUrl(publicUrl, name),
    homeUrl: edition.siteUrl ?? publicUrl,
    aboutUrl: aboutUrl(publicUrl),
    updatedAt,
    rights: `© ${edition.publisherName}`,
  };
}
