import DataLoader from 'dataloader';
import type { EntityManager } from 'typeorm';
import type { FeedContext } from '../feeds/feed-context.js';
import type { EventRow } from '../publishing/event.js';
import type { ContextOf } from '../push/context-of.js';
import { type News, newsOf } from '../push/news.js';
import { type EndpointRow, PayloadShape } from './endpoint.js';
import type { Message, MessageSource, Repeat, Round, Written } from './message-source.js';
import { isNarrowed } from './narrowed.js';
import type { RunDocument } from './run-document.js';
import { anythingTakenBackSince, takenBackSince, type WrittenText } from './taken-back.queries.js';
import { alwaysTold, mayEnd, mayRemove, ownTopicOf, topicOfNews, topicsOfEvent } from './topics-of-event.js';
import type { WebhookTopic } from './webhook-topic.js';
import { messageBytes } from './write-body.js';
import { writeNews } from './write-news.js';

export interface PartnerSourceOptions {
  manager: EntityManager;
  contextOf: ContextOf;
  runDocument: RunDocument;
}

/** What partners are told at their addresses: news of texts, each reader's own, and what concerns a partner alone. */
export const partnerSource = (options: PartnerSourceOptions): MessageSource => ({ wants: topicWanted, begin: () => begin(options) });

/** As what a partner's endpoint might be told of an event; null for not at all. */
export function topicWanted(event: EventRow, { partnerCode, editions, topics }: EndpointRow): WebhookTopic | null {
  const isChosen = (topic: WebhookTopic): boolean => alwaysTold.has(topic) || topics.includes(topic);
  const own = ownTopicOf(event);
  if (own !== undefined) return event.data.partner === partnerCode && isChosen(own) ? own : null;
  if (event.articleUuid === null) return null;
  if (event.editionCode !== null && editions.length > 0 && !editions.includes(event.editionCode)) return null;
  return topicsOfEvent(event).find(isChosen) ?? null;
}

function begin({ manager, contextOf, runDocument }: PartnerSourceOptions): Round {
  // Endpoints of one partner read by one context, and are told the same news of one event.
  const contexts = new Map<string, Promise<FeedContext | null>>();
  const news = new Map<string, Promise<News | null>>();
  const contextFor = ({ partnerCode }: EndpointRow): Promise<FeedContext | null> =>
    kept(contexts, partnerCode!, () => contextOf(partnerCode));
  const newsFor = ({ event, endpoint }: Message, context: FeedContext): Promise<News | null> => {
    const editions = endpoint.editions.length > 0 ? endpoint.editions : null;
    return kept(news, JSON.stringify([endpoint.partnerCode, event.uuid, editions]), () => newsOf(event, { editions }, context));
  };
  const takenBack = new DataLoader<WrittenText, boolean, string>((texts) => takenBackSince(manager, texts), { cacheKeyFn: JSON.stringify });
  return {
    async write(message) {
      const context = await contextFor(message.endpoint);
      if (!context) return 'NOTHING';
      const own = ownTopicOf(message.event);
      if (own !== undefined) return writeOwn(own, message, context);
      const found = await newsFor(message, context);
      if (!found) return 'NOTHING';
      if (isPast(found)) return 'SUPERSEDED';
      const topic = topicOfNews[found.kind];
      if (!alwaysTold.has(topic) && !message.endpoint.topics.includes(topic)) return 'NOTHING';
      return writeNews(found, { ...message, topic }, { context, runDocument });
    },
    async mayRepeat(repeat) {
      const context = await contextFor(repeat.endpoint);
      return context !== null && (await stands(repeat, context, takenBack)) && !(await isOfThePast(repeat, manager));
    },
  };
}

/** Whether all that an event was of has gone by something later, of which a later event tells. */
const isPast = ({ event: { kind }, texts }: News): boolean =>
  !mayEnd.has(kind) && texts.every(({ gone }) => gone !== null && !(gone.kind === 'REMOVED' && mayRemove.has(kind)));

/** Of an event that is the partner's own: all that the log says of it. */
async function writeOwn(topic: WebhookTopic, { event, sequence }: Message, { load }: FeedContext): Promise<Written> {
  const { partner: _, ...said } = event.data;
  const article = event.articleUuid === null ? null : ((await load.article.load(event.articleUuid))?.id ?? null);
  const head = { topic, at: event.at, event: event.uuid, sequence, article };
  return { topic, bytes: messageBytes(head, { ...(event.editionCode !== null && { edition: event.editionCode }), ...said }), texts: [] };
}

/** Whether the partner may still have all that a body gives it. */
async function stands({ delivery }: Repeat, context: FeedContext, takenBack: DataLoader<WrittenText, boolean, string>): Promise<boolean> {
  const { eventSeq, writtenAt, texts } = delivery;
  const standing = await Promise.all(
    (texts ?? []).map(async ({ given, ...text }) => {
      if (text.revision === null) return true;
      const visible = (await context.load.visibleOfArticle.load(text.articleUuid)).find(({ edition }) => edition.code === text.editionCode);
      const access = visible && (await context.accessOf(visible.row));
      if (!access?.allowed || (given && isNarrowed(given, access))) return false;
      const written = { ...text, revision: text.revision, seq: eventSeq!, writtenAt: writtenAt! };
      return !(await takenBack.load(written));
    }),
  );
  return standing.every(Boolean);
}

/** Whether a document's answer may hold what has gone since: it may have read anything. */
const isOfThePast = async ({ endpoint, delivery }: Repeat, manager: EntityManager): Promise<boolean> => {
  const { eventSeq: seq, writtenAt } = delivery;
  if (endpoint.payload !== PayloadShape.DOCUMENT || seq === null || writtenAt === null) return false;
  return anythingTakenBackSince(manager, { partner: endpoint.partnerCode!, seq, writtenAt });
};

function kept<Value>(known: Map<string, Promise<Value>>, key: string, make: () => Promise<Value>): Promise<Value> {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}
