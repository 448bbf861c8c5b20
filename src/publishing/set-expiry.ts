import { Refusal } from '../lib/errors.js';
import { mustStand } from './desk-text.js';
import { EventKind } from './event.js';
import { dropFromCaches, setTimers, writeEvents } from './event.queries.js';
import { openedEvent } from './obligation-events.js';
import { openObligations } from './obligations.queries.js';
import { setExpiresAt } from './publish.queries.js';
import { expiryTimer } from './timers.js';
import type { WriteContext } from './write.js';
import type { Named } from './write-draft.js';
import { writeStory } from './write-story.js';

/** Until when an edition's text may be shown now; null for no end. */
export interface ExpiryAnswer {
  articleUuid: string;
  editionCode: string;
  until: string | null;
}

/**
 * Lets an edition's published text be shown until a time, or without end (null); one that had come to its end is shown again, and owes its
 * readers what was corrected since. Throws IS_RETRACTED, NOT_PUBLISHED, TIME_PASSED for an end that is not behind the publication.
 */
export function setExpiry(context: WriteContext, { until, ...named }: Named & { until: Date | null }): Promise<ExpiryAnswer> {
  const { now } = context;
  return writeStory(context, {
    ...{ ...named, action: 'SET_EXPIRY', input: { until } },
    work: async (manager, facts) => {
      const { article, translations } = facts;
      mustStand(facts, named.edition);
      const slot = { articleUuid: named.articleUuid, editionCode: named.edition };
      const { articleUuid, editionCode } = slot;
      const publishedAt = translations.get(editionCode)?.row.publishedAt ?? null;
      if (publishedAt === null) throw new Refusal('NOT_PUBLISHED', {});
      if (until !== null && (until <= now || until <= publishedAt)) throw new Refusal('TIME_PASSED', {});
      await setExpiresAt(manager, slot, until);
      await setTimers(manager, [expiryTimer(slot, until)]);
      const opened = await openObligations(manager, { articleUuid, urgency: article.urgency, now });
      await writeEvents(manager, [
        { kind: EventKind.EXPIRY_SET, at: now, ...slot, data: { until } },
        ...opened.map((obligation) => openedEvent(obligation, now)),
      ]);
      await dropFromCaches(manager, articleUuid, now);
      return { articleUuid, editionCode, until: until?.toISOString() ?? null };
    },
  });
}
