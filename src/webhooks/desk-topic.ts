import { EventKind, type EventRow } from '../publishing/event.js';
import { WebhookTopic } from './webhook-topic.js';

/** Stories of this urgency, or of a higher one (a lower number), are wanted in every edition. */
export const wantedUrgency = 2;

/** Of its own events an edition's desk is told these. */
const own: Partial<Record<EventKind, WebhookTopic>> = {
  [EventKind.OBLIGATION_OPENED]: WebhookTopic.CORRECTION_OWED,
  [EventKind.OBLIGATION_OVERDUE]: WebhookTopic.CORRECTION_OVERDUE,
  [EventKind.CLAIM_EXPIRING]: WebhookTopic.CLAIM_EXPIRING,
};

/** By these a story may come out, or become urgent, that an edition has not. */
const mayBring: ReadonlySet<EventKind> = new Set([
  ...[EventKind.PUBLISHED, EventKind.EMBARGO_LIFTED, EventKind.RESTORED, EventKind.STORY_CHANGED],
]);

/**
 * As what the desk of an edition might be told of an event, which its facts decide; null for what is nothing to it. A picture that is taken back is no source of a
 * text, and an embargo that is lifted early is set to no time.
 */
export function deskTopicOf({ kind, articleUuid, editionCode, data }: EventRow, edition: string): WebhookTopic | null {
  if (articleUuid === null) return null;
  if (editionCode === edition) return own[kind] ?? null;
  if (kind === EventKind.RETRACTED) return data.image === undefined ? WebhookTopic.SOURCE_RETRACTED : null;
  const isLifted = kind === EventKind.EMBARGO_SET && data.until == null;
  const isPicture = data.image !== undefined;
  return (isLifted || mayBring.has(kind)) && !isPicture ? WebhookTopic.TRANSLATION_WANTED : null;
}
