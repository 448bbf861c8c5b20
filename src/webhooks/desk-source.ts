import DataLoader from 'dataloader';
import type { EntityManager } from 'typeorm';
import { textOf, urlOf } from '../articles/present.js';
import type { Translation } from '../articles/translation.type.js';
import type { FeedContext } from '../feeds/feed-context.js';
import type { EventRow } from '../publishing/event.js';
import type { ContextOf } from '../push/context-of.js';
import type { DeliveredText } from './delivery.js';
import { eventOfMessage } from './desk-facts.queries.js';
import { type DeskNews, deskNewsOf } from './desk-news.js';
import { deskTopicOf } from './desk-topic.js';
import type { EndpointRow } from './endpoint.js';
import type { Body, Message, MessageSource, Repeat, Round } from './message-source.js';
import { takenBackSince, type WrittenText } from './taken-back.queries.js';
import type { WebhookTopic } from './webhook-topic.js';
import { deskMessageBytes, type NamedForDesk } from './write-desk-message.js';

export interface DeskSourceOptions {
  manager: EntityManager;
  contextOf: ContextOf;
}

/** What desks are told at their addresses: what concerns the texts of their edition, of the topics that an endpoint has chosen. */
export const deskSource = (options: DeskSourceOptions): MessageSource => ({ wants: deskTopicWanted, begin: () => begin(options) });

/** As what a desk's endpoint might be told of an event; null for not at all. */
export function deskTopicWanted(event: EventRow, { editionCode, topics }: EndpointRow): WebhookTopic | null {
  const topic = editionCode === null ? null : deskTopicOf(event, editionCode);
  return topic !== null && topics.includes(topic) ? topic : null;
}

function begin({ manager, contextOf }: DeskSourceOptions): Round {
  // Words are given to a desk as to everybody: what is under embargo has none.
  let context: Promise<FeedContext | null> | undefined;
  const contextForAll = async (): Promise<FeedContext> => {
    context ??= contextOf(null);
    return (await context)!;
  };
  const takenBack = new DataLoader<WrittenText, boolean, string>((texts) => takenBackSince(manager, texts), { cacheKeyFn: JSON.stringify });
  return {
    async write(message) {
      const topic = deskTopicWanted(message.event, message.endpoint);
      if (topic === null) return 'NOTHING';
      const all = await contextForAll();
      const news = await deskNewsOf({ ...message, topic }, all);
      return typeof news === 'string' ? news : writeNews(news, { ...message, topic }, all);
    },
    async mayRepeat({ delivery, endpoint }) {
      const all = await contextForAll();
      const event = delivery.eventSeq === null ? null : await eventOfMessage(all.read, delivery.eventSeq);
      const topic = event && deskTopicWanted(event, endpoint);
      if (!event || !topic || typeof (await deskNewsOf({ event, topic, endpoint }, all)) === 'string') return false;
      return wordsStand(delivery, all, takenBack);
    },
  };
}

/** Whether everybody may still read the headlines that a body names. */
async function wordsStand(
  { texts, eventSeq, writtenAt }: Repeat['delivery'],
  { load }: FeedContext,
  takenBack: DataLoader<WrittenText, boolean, string>,
): Promise<boolean> {
  const standing = await Promise.all(
    (texts ?? []).map(async ({ articleUuid, editionCode, revision }) => {
      const visible = (await load.visibleOfArticle.load(articleUuid)).some(({ edition }) => edition.code === editionCode);
      if (!visible || revision === null) return visible;
      return !(await takenBack.load({ articleUuid, editionCode, revision, seq: eventSeq!, writtenAt: writtenAt! }));
    }),
  );
  return standing.every(Boolean);
}

async function writeNews(
  news: DeskNews,
  { event, endpoint, sequence, topic }: Message & { topic: WebhookTopic },
  context: FeedContext,
): Promise<Body> {
  const editions = await context.editions();
  const { wording, article, by, holder, source } = news;
  const named = async (text: Translation | null): Promise<NamedForDesk | null> =>
    text && { headline: (await textOf(text, context)).headline, url: urlOf(text, context) };
  const bytes = deskMessageBytes(
    { topic, at: event.at, event: event.uuid, sequence, article },
    {
      ...{ wording, by, holder, edition: endpoint.editionCode!, speaker: context.speak(editions.of(endpoint.editionCode!)) },
      own: await named(news.own),
      source: source && {
        ...{ edition: source.edition, revision: source.revision, name: editions.of(source.edition).nativeName },
        text: await named(source.text),
      },
      explorer: `${context.publicUrl}/explorer/`,
    },
  );
  return { topic, bytes, texts: [news.own, source?.text ?? null].flatMap(deliveredText) };
}

const deliveredText = (text: Translation | null): DeliveredText[] =>
  text === null ? [] : [{ articleUuid: text.row.articleUuid, editionCode: text.edition.code, revision: text.revision }];
