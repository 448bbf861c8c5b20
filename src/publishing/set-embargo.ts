import { Refusal } from '../lib/errors.js';
import { EventKind } from './event.js';
import { dropFromCaches, setTimers, writeEvents } from './event.queries.js';
import { setEmbargoed } from './publish.queries.js';
import type { WriteContext } from './write.js';
import { writeStory } from './write-story.js';

/** Until when a story is under embargo now; null for not at all. */
export interface EmbargoAnswer {
  articleUuid: string;
  until: string | null;
}

/** Puts a story in all its editions under embargo until a time, or lifts its embargo at once (null). Throws TIME_PASSED, IS_RETRACTED. */
export function setEmbargo(
  context: WriteContext,
  { articleUuid, until, idempotencyKey }: { articleUuid: string; until: Date | null; idempotencyKey?: string | null },
): Promise<EmbargoAnswer> {
  const { now } = context;
  return writeStory(context, {
    ...{ action: 'SET_EMBARGO', articleUuid, input: { until }, idempotencyKey },
    work: async (manager, { article }) => {
      if (article.retractedAt !== null) throw new Refusal('IS_RETRACTED', {});
      if (until !== null && until <= now) throw new Refusal('TIME_PASSED', {});
      // Who is told late is told so long after this.
      const lifted = until === null && article.embargoUntil !== null && article.embargoUntil > now;
      await setEmbargoed(manager, articleUuid, until);
      await setTimers(manager, [{ kind: 'EMBARGO', key: articleUuid, at: until, articleUuid }]);
      await writeEvents(manager, [{ kind: EventKind.EMBARGO_SET, at: now, articleUuid, data: { until, ...(lifted && { lifted }) } }]);
      await dropFromCaches(manager, articleUuid, now);
      return { articleUuid, until: until?.toISOString() ?? null };
    },
  });
}
