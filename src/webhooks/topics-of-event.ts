import { EventKind, type EventRow } from '../publishing/event.js';
import { NewsKind, ownKind } from '../push/news-kind.js';
import { WebhookTopic } from './webhook-topic.js';

/** What partners are told of whether they have chosen it or not. */
export const alwaysTold: ReadonlySet<WebhookTopic> = new Set([
  ...[WebhookTopic.TEXT_RETRACTED, WebhookTopic.TEXT_ENDED, WebhookTopic.NOTICE_CHANGED],
  ...[WebhookTopic.TAKEDOWN_OPENED, WebhookTopic.TAKEDOWN_OVERDUE],
]);

/** As what news is told. */
export const topicOfNews: Readonly<Record<NewsKind, WebhookTopic>> = {
  [NewsKind.PUBLISHED]: WebhookTopic.TEXT_PUBLISHED,
  [NewsKind.REVISED]: WebhookTopic.TEXT_REVISED,
  [NewsKind.CORRECTED]: WebhookTopic.TEXT_CORRECTED,
  [NewsKind.CHANGED]: WebhookTopic.TEXT_CHANGED,
  [NewsKind.RETRACTED]: WebhookTopic.TEXT_RETRACTED,
  [NewsKind.RESTORED]: WebhookTopic.TEXT_RESTORED,
  [NewsKind.ENDED]: WebhookTopic.TEXT_ENDED,
  [NewsKind.NOTICE_CHANGED]: WebhookTopic.NOTICE_CHANGED,
  [NewsKind.TAKEDOWN_OPENED]: WebhookTopic.TAKEDOWN_OPENED,
  [NewsKind.TAKEDOWN_OVERDUE]: WebhookTopic.TAKEDOWN_OVERDUE,
  [NewsKind.TAKEDOWN_SETTLED]: WebhookTopic.TAKEDOWN_SETTLED,
  [NewsKind.ENTITLEMENTS_CHANGED]: WebhookTopic.ENTITLEMENTS_CHANGED,
};

/** The topic of an event that is told to one partner alone (`data.partner`); undefined for any other. */
export function ownTopicOf({ kind, data }: EventRow): WebhookTopic | undefined {
  const own = ownKind(kind);
  return own !== undefined && typeof data.partner === 'string' ? topicOfNews[own] : undefined;
}

const { TEXT_PUBLISHED, TEXT_REVISED, TEXT_CORRECTED, TEXT_CHANGED, TEXT_RETRACTED, TEXT_RESTORED, TEXT_ENDED } = WebhookTopic;

/**
 * As what an event of a text can come out once it is known what it tells a reader, the likeliest first: as `newsOf` words it. Empty for an event that no
 * reader is told of.
 */
export function topicsOfEvent(event: EventRow): readonly WebhookTopic[] {
  const { kind, data } = event;
  switch (kind) {
    case EventKind.PUBLISHED:
    case EventKind.EMBARGO_LIFTED:
      return [TEXT_PUBLISHED];
    case EventKind.REVISED:
      return [data.significance === 'CORRECTION' ? TEXT_CORRECTED : TEXT_REVISED, TEXT_ENDED];
    case EventKind.RETRACTED:
      return takesAll(event) ? [TEXT_RETRACTED] : [TEXT_REVISED, TEXT_RETRACTED];
    case EventKind.RESTORED:
      return [TEXT_RESTORED];
    case EventKind.EXPIRED:
      return [TEXT_ENDED];
    case EventKind.STORY_CHANGED:
    case EventKind.EMBARGO_SET:
    case EventKind.EXPIRY_SET:
      return [TEXT_CHANGED, TEXT_ENDED];
    case EventKind.CONFIRMED:
    case EventKind.OBLIGATION_OPENED:
    case EventKind.OBLIGATION_SETTLED:
    case EventKind.OBLIGATION_CANCELLED:
      return [TEXT_CHANGED];
    default:
      return [];
  }
}

/** Whether an event takes texts back whole, so that what was queued of them before need not be sent any more: not a revision or a picture alone. */
export const takesAll = ({ kind, revision, data }: EventRow): boolean =>
  kind === EventKind.RETRACTED && revision === null && data.image === undefined;

/** Kinds that may take a text from a reader by themselves; after any other a later event tells that it has gone. */
export const mayEnd: ReadonlySet<EventKind> = new Set([
  ...[EventKind.RETRACTED, EventKind.EXPIRED, EventKind.EMBARGO_SET, EventKind.EXPIRY_SET],
]);
/** The same of what is not in a reader's feed any more (`REMOVED`), by its topics, its form or who is credited. */
export const mayRemove: ReadonlySet<EventKind> = new Set([EventKind.REVISED, EventKind.STORY_CHANGED, EventKind.EMBARGO_SET]);
