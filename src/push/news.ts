import type { Translation } from '../articles/translation.type.js';
import { articleUrn } from '../articles/urn.js';
import type { Edition } from '../editions/edition.js';
import type { FeedContext } from '../feeds/feed-context.js';
import type { Gone } from '../feeds/item.js';
import { tellOf, textOf } from '../feeds/tell.js';
import { EventKind, type EventRow } from '../publishing/event.js';
import type { WalkedEvent } from '../publishing/walk.queries.js';
import type { EntitlementTerms } from '../rights/facts.js';
import type { Topic } from '../topics/topic.js';
import { isTold, NewsKind, ownKind } from './news-kind.js';
import { publishedEditions, storyParts } from './published-editions.queries.js';

/** What an event of the log tells one reader. */
export interface News {
  /** Its `uuid` is the id that every channel shows. */
  event: EventRow;
  kind: NewsKind;
  /** URN of the story; null where it is about none. */
  articleId: string | null;
  /** In the order of edition codes; at least one, but none of what is about one partner alone. */
  texts: NewsText[];
  /** Of what is about one partner alone: the order, or the notice and its version. */
  own?: OwnNews;
}

/** What a partner alone is told beside its texts. */
export interface OwnNews {
  takedown: string | null;
  notice: string | null;
  noticeVersion: number | null;
}

/** What became of one edition's text: it stands as it is now, or the reader has it no more. */
export interface NewsText {
  edition: Edition;
  text: Translation | null;
  gone: Gone | null;
}

/** Of which news a reader wants to be told; a condition that is left out is met by all. */
export interface NewsFilter {
  /** Codes. */
  editions?: readonly string[] | null | undefined;
  /** Of which the story has one, or had until now. */
  topic?: Topic | null | undefined;
  kinds?: readonly NewsKind[] | null | undefined;
  /** The story's uuid. */
  article?: string | null | undefined;
}

/**
 * What an event tells the reader whose context it is, as things stand now: by the functions that walks of feeds tell by, so that all channels tell the same.
 * Null where that is nothing. An event that nobody is told of, or that the filter leaves out by itself, is not looked up.
 */
export async function newsOf(event: EventRow, filter: NewsFilter, context: FeedContext): Promise<News | null> {
  const { articleUuid } = event;
  const kindOfOwn = ownKind(event.kind);
  if (kindOfOwn) return ownNews(event, kindOfOwn, filter, context);
  if (articleUuid === null || !isTold(event.kind) || (filter.article != null && filter.article !== articleUuid)) return null;
  const wanted = (code: string): boolean =>
    (filter.editions?.includes(code) ?? true) && (!context.scope || mayReach(code, context.scope.entitlements));
  if (event.editionCode !== null && !wanted(event.editionCode)) return null;
  const codes = event.editionCode === null ? (await publishedEditions(context.read, articleUuid)).filter(wanted) : [event.editionCode];
  const editions = await context.editions();
  const texts = (
    await Promise.all(codes.map((code) => textIn(event, { edition: editions.of(code), topic: filter.topic ?? null }, context)))
  ).flat();
  const [first] = texts;
  if (!first) return null;
  const kind = kindOf(event, texts);
  if (filter.kinds != null && !filter.kinds.includes(kind)) return null;
  return { event, kind, articleId: first.text?.article.id ?? first.gone!.articleId, texts };
}

/** What is about one partner alone, whatever its edition or topic: to no other reader. */
async function ownNews(
  event: EventRow,
  kind: NewsKind,
  { kinds, article }: NewsFilter,
  { scope, read }: FeedContext,
): Promise<News | null> {
  const { articleUuid, data } = event;
  if (!scope || data.partner !== scope.partner.code) return null;
  if ((kinds != null && !kinds.includes(kind)) || (article != null && article !== articleUuid)) return null;
  const parts = articleUuid === null ? null : await storyParts(read, articleUuid);
  const text = (name: string): string | null => (typeof data[name] === 'string' ? data[name] : null);
  const noticeVersion = typeof data.version === 'number' ? data.version : null;
  return {
    ...{ event, kind, articleId: parts && articleUrn(parts), texts: [] },
    own: { takedown: text('takedown'), notice: text('notice'), noticeVersion },
  };
}

/** Whether a partner may have, had or will have anything of an edition: of others nothing need be read. */
const mayReach = (edition: string, entitlements: readonly EntitlementTerms[]): boolean =>
  entitlements.some(({ editions }) => editions.length === 0 || editions.includes(edition));

/** As a walk that begins before the event and ends with it would tell of one text, in none or one piece. */
async function textIn(event: EventRow, feed: { edition: Edition; topic: Topic | null }, context: FeedContext): Promise<NewsText[]> {
  const walked = walkedOf(event);
  const [told] = await tellOf([walked], Number.MAX_SAFE_INTEGER, feed, context);
  if (!told) return [];
  const { edition } = feed;
  if (told.gone) return [{ edition, text: null, gone: told.gone }];
  return [{ edition, text: (await textOf(walked, edition.code, context))!, gone: null }];
}

const walkedOf = ({ seq, uuid, articleUuid, at, kind, data }: EventRow): WalkedEvent => ({
  ...{ seq: Number(seq), uuid, articleUuid: articleUuid!, at, kinds: [kind] },
  formerKinds: kind === EventKind.STORY_CHANGED && typeof data.kind === 'string' ? [data.kind] : [],
  formerTopics: kind === EventKind.STORY_CHANGED && Array.isArray(data.topics) ? (data.topics as string[]) : [],
});

/** What is taken back in part, a revision or a picture, leaves a text that has changed. */
function kindOf({ kind, data }: EventRow, texts: readonly NewsText[]): NewsKind {
  if (texts.every(({ gone }) => gone !== null)) return kind === EventKind.RETRACTED ? NewsKind.RETRACTED : NewsKind.ENDED;
  switch (kind) {
    case EventKind.PUBLISHED:
    case EventKind.EMBARGO_LIFTED:
      return NewsKind.PUBLISHED;
    case EventKind.REVISED:
      return data.significance === 'CORRECTION' ? NewsKind.CORRECTED : NewsKind.REVISED;
    case EventKind.RETRACTED:
      return NewsKind.REVISED;
    case EventKind.RESTORED:
      return NewsKind.RESTORED;
    default:
      return NewsKind.CHANGED;
  }
}
