import type { DataSource } from 'typeorm';
import type { FeedName } from '../feeds/addresses.js';
import type { NoteHoldings } from '../ledger/hold.js';
import { Refusal } from '../lib/errors.js';
import type { CallOutside } from '../lib/outside/call.js';
import type { ContextOf } from '../push/context-of.js';
import type { HubTopicRow } from './hub-topic.js';
import { readTopic, type TopicContent } from './topic-content.js';
import { databaseNow, denyTopic, noteContent } from './topics.queries.js';

/** What the hub works with. */
export interface HubPlace {
  /** Of the gateway, whose address is known only once it listens. */
  gateway: {
    dataSource: DataSource;
    clock(): Date;
    publicUrl: string;
    secretsKey: Buffer;
    noteHoldings?: NoteHoldings | undefined;
  };
  contextOf: ContextOf;
  call: CallOutside;
}

/** Which feed a topic is. */
export type TopicRef = Pick<HubTopicRow, 'editionCode' | 'topicCode' | 'extension' | 'partnerCode'>;

/** Reads topics, each once for all who are to be sent it. */
export interface HubTopics {
  /**
   * A topic as it was seen at `since` or later, or is seen anew, and no longer ago than two seconds: so long rights are not asked again. Null once it
   * is for its subscribers no more, who are told so.
   */
  content(path: string, ref: TopicRef, since: Date | null | 'ANEW'): Promise<TopicContent | null>;
}

// A partner's rights are asked again after so long; and bytes are not held for longer.
const freshMs = 2_000;
const mostHeld = 32;

interface Held {
  /** By the clock of the database, by which all processes agree on what is newer. */
  began: Promise<Date>;
  content: Promise<TopicContent | null>;
  until: number;
}

export function makeHubTopics({ gateway, contextOf }: Omit<HubPlace, 'call'>): HubTopics {
  const { manager } = gateway.dataSource;
  const held = new Map<string, Held>();
  const read = async (path: string, ref: TopicRef, began: Promise<Date>): Promise<TopicContent | null> => {
    const at = await began;
    const context = await contextOf(ref.partnerCode);
    const content = context && (await readTopic(feedNameOf(ref), context).catch(nullIfGone));
    const now = gateway.clock();
    if (content) await noteContent(manager, path, { etag: content.etag, at, now });
    else await denyTopic(manager, path, { reason: 'this feed is not for its subscribers any more', now });
    return content;
  };
  return {
    async content(path, ref, since) {
      const before = held.get(path);
      if (before && since !== 'ANEW' && performance.now() < before.until && (since === null || (await before.began) >= since))
        return before.content;
      const began = databaseNow(manager);
      const content = read(path, ref, began);
      held.delete(path);
      held.set(path, { began, content, until: performance.now() + freshMs });
      if (held.size > mostHeld) held.delete(held.keys().next().value!);
      content.catch(() => held.delete(path));
      return content;
    },
  };
}

export const feedNameOf = ({ editionCode, topicCode, extension, partnerCode }: TopicRef): FeedName => ({
  ...{ edition: editionCode, topic: topicCode ?? undefined, extension, partner: partnerCode ?? undefined },
});

const gone: ReadonlySet<string> = new Set(['UNKNOWN_EDITION', 'EDITION_CLOSED', 'UNKNOWN_NAME']);

function nullIfGone(error: unknown): null {
  if (error instanceof Refusal && gone.has(error.code)) return null;
  throw error;
}
