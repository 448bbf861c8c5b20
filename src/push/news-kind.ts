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
  TAKEDOWN_OPENED = 'TAKEDOWN_OPENED',
  TAKEDOWN_OVERDUE = 'TAKEDOWN_OVERDUE',
  TAKEDOWN_SETTLED = 'TAKEDOWN_SETTLED',
  NOTICE_CHANGED = 'NOTICE_CHANGED',
  ENTITLEMENTS_CHANGED = 'ENTITLEMENTS_CHANGED',
}
registerEnumType(NewsKind, {
  name: 'NewsKind',
  description: 'What has become of texts; or, of a partner alone, what it is asked and what it may have.',
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
    TAKEDOWN_OPENED: {
      description: 'To this partner alone: it must remove, or correct, what it holds of a story; `takedown` is the order.',
    },
    TAKEDOWN_OVERDUE: { description: 'To this partner alone: an order has not been answered in time.' },
    TAKEDOWN_SETTLED: { description: 'To this partner alone: an order was answered, or needs no answer any more.' },
    NOTICE_CHANGED: {
      description:
        'To this partner alone: `notice`, which must be carried, is of `noticeVersion` now, and it holds texts with an earlier one.',
    },
    ENTITLEMENTS_CHANGED: { description: 'To this partner alone: what it may have, or how late it is told, was changed.' },
  },
});

const told: ReadonlySet<EventKind> = new Set(toldKinds);

/** Whether any reader is told of events of a kind. */
export const isTold = (kind: EventKind): boolean => told.has(kind);

const own: Partial<Record<EventKind, NewsKind>> = {
  TAKEDOWN_OPENED: NewsKind.TAKEDOWN_OPENED,
  TAKEDOWN_OVERDUE: NewsKind.TAKEDOWN_OVERDUE,
  TAKEDOWN_SETTLED: NewsKind.TAKEDOWN_SETTLED,
  NOTICE_CHANGED: NewsKind.NOTICE_CHANGED,
  ENTITLEMENTS_CHANGED: NewsKind.ENTITLEMENTS_CHANGED,
};

/** What an event is to the one partner whom it is about; undefined for what is about texts. */
export const ownKind = (kind: EventKind): NewsKind | undefined => own[kind];
