import type { EventRow } from '../publishing/event.js';
import type { DeliveredText, DeliveryRow } from './delivery.js';
import type { EndpointRow } from './endpoint.js';
import type { WebhookTopic } from './webhook-topic.js';

/** What one endpoint is to be told of one event. */
export interface Message {
  endpoint: EndpointRow;
  event: EventRow;
  /** Its number at the endpoint: `data.sequence` of the body. */
  sequence: number;
}

/** A message that has been written. */
export interface Body {
  /** As it came out, which planning could not know. */
  topic: WebhookTopic;
  /** JSON in UTF-8: what is sent at every attempt. */
  bytes: Buffer;
  /** What it tells, of which rights are asked again before it is repeated. */
  texts: DeliveredText[];
}

/** The body; or NOTHING where the endpoint is told nothing of the event, SUPERSEDED where a later event tells that all of it has gone. */
export type Written = Body | 'NOTHING' | 'SUPERSEDED';

/** A body that was written earlier and is about to be sent once more. */
export interface Repeat {
  endpoint: EndpointRow;
  delivery: DeliveryRow;
}

/** What messages are made of: one source for partners, one for desks. */
export interface MessageSource {
  /**
   * Whether an endpoint might be told of an event, and as what: decided by the two alone, nothing is read and no rights are asked, because the numbering of the log waits. What
   * comes of it is decided by `write`.
   */
  wants(event: EventRow, endpoint: EndpointRow): WebhookTopic | null;
  /** A round of attempts, as things stand now: what it reads is shared by all that is asked of it at once. */
  begin(): Round;
}

export interface Round {
  write(message: Message): Promise<Written>;
  /** Whether a body may still be sent: no text in it was taken back, and the reader may have all of it. */
  mayRepeat(repeat: Repeat): Promise<boolean>;
}

/** Where the messages of endpoints come from, by whose they are. */
export interface MessageSources {
  partner: MessageSource;
  desk: MessageSource;
}

/** The source of an endpoint's messages. */
export const sourceOf = (sources: MessageSources, endpoint: EndpointRow): MessageSource =>
  endpoint.partnerCode === null ? sources.desk : sources.partner;

/** A source that tells nothing. */
export const silent: MessageSource = {
  wants: () => null,
  begin: () => ({ write: async () => 'NOTHING', mayRepeat: async () => true }),
};
