import type { Consumer } from '../publishing/consumer.js';
import { EventKind } from '../publishing/event.js';
import { markTopics } from './topics.queries.js';

/** What changes no feed: who works on a text, and what is asked of partners. */
const unseen: ReadonlySet<EventKind> = new Set([
  ...[EventKind.CLAIMED, EventKind.CLAIM_ENDED, EventKind.CLAIM_EXPIRING],
  ...[EventKind.TAKEDOWN_OPENED, EventKind.TAKEDOWN_OVERDUE, EventKind.TAKEDOWN_SETTLED, EventKind.OBLIGATION_OVERDUE],
]);

/** Marks the topics of the hub that events may have changed. */
export const hubConsumer = (clock: () => Date = () => new Date()): Consumer => ({
  name: 'websub',
  async handle(events, manager) {
    const seen = events.filter(({ kind }) => !unseen.has(kind));
    if (seen.length > 0) await markTopics(manager, seen, clock());
  },
});
