import { writeJson } from '../lib/json.js';
import type { WebhookTopic } from './webhook-topic.js';

/** A thin body is shorter than this, in bytes. */
export const thinLimit = 20_000;
/** A body with texts is no longer than this. */
export const fullLimit = 262_144;

/** What every body begins with. */
export interface MessageHead {
  topic: WebhookTopic;
  /** Of the event. */
  at: Date;
  event: string;
  sequence: number;
  /** URN of the story; null where it is of none. */
  article: string | null;
}

/** A text as a thin body names it: no words of it. */
export interface NamedText {
  id: string;
  edition: string;
  lang: string;
  revision: number;
  /** Where it is fetched with the partner's key; null for what is gone. */
  url: string | null;
  gone: { kind: string; at: Date; replaced_by: string | null } | null;
}

/** The text itself in a feed format: inline where that is JSON. */
export type TextItem = { item: unknown } | { document: string; media_type: string };

/** `text.published`. */
export const typeOf = (topic: WebhookTopic): string => topic.toLowerCase().replace('_', '.');

/** A body of any kind: `data` begins with what every body says. */
export const messageBytes = ({ topic, at, event, sequence, article }: MessageHead, data: object): Buffer =>
  Buffer.from(writeJson({ type: typeOf(topic), timestamp: at, data: { event, sequence, ...(article !== null && { article }), ...data } }));

/**
 * A body that names texts, always below `thinLimit`: of too many only the first, and `more` says how many were left out. `told` is how many are in
 * it; `data` is what else it says.
 */
export function thinBody(head: MessageHead, texts: readonly NamedText[], data: object = {}): { bytes: Buffer; told: number } {
  for (let told = texts.length; ; told--) {
    const more = texts.length - told;
    const bytes = messageBytes(head, { ...data, texts: texts.slice(0, told), ...(more > 0 && { more }) });
    if (bytes.length < thinLimit || told === 0) return { bytes, told };
  }
}

/** A body with the texts themselves, and `data`; null where it would be longer than `fullLimit`. */
export function fullBody(head: MessageHead, texts: readonly (NamedText & Partial<TextItem>)[], data: object = {}): Buffer | null {
  const bytes = messageBytes(head, { ...data, texts });
  return bytes.length <= fullLimit ? bytes : null;
}
