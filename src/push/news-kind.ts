import { registerEnumType } from 'type-graphql';
import { EventKind } from '../publishing/event.js';
import { toldKinds } from '../publishing/walk.queries.js';

/** What news is about, for whoever takes a text over. */
export enum NewsKind {
  PUBLISHED = 'PUBLISHED',
  REVISED = 'REVISED',
  CORRECTED = 'CORRECTED',
  CHANGED = 'CHANGED',
  RETRACTED = 'RETRACTED',
  RESTORED = 'RESTORED',
  ENDED = 'ENDED',
}
registerEnumType(NewsKind, {
  name: 'NewsKind',
  description: 'What has become of texts.',
  valuesConfig: {
    PUBLISHED: { description: 'They are out: published, or their embargo has ended.' },
    REVISED: {
      description: 'Their words are others: an update, a small change, or an earlier revision in the place of one that was taken back.',
    },
    CORRECTED: { description: 'An error was corrected; the notice of it comes with the text.' },
    CHANGED: { description: 'Something else about them: topics, urgency, credits, a picture, a confirmation, an end that was set.' },
    RETRACTED: { description: 'They were taken back: to be removed.' },
    RESTORED: { description: 'They had been taken back and are there again.' },
    ENDED: { description: 'They came to their end, were put under embargo again, or are not for this reader any more: to be removed.' },
  },
});

const told: ReadonlySet<EventKind> = new Set(toldKinds);

/** Whether any reader is told of events of a kind. */
export const isTold = (kind: EventKind): boolean => told.has(kind);
