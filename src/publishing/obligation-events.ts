import { EventKind } from './event.js';
import type { NewEvent } from './event.queries.js';
import type { Obligation } from './obligation.js';

const facts = ({ articleUuid, editionCode, sourceEditionCode, sourceNumber }: Obligation) => ({
  ...{ articleUuid, editionCode },
  source: { source: sourceEditionCode, sourceRevision: sourceNumber },
});

/** The event of an obligation that was opened. */
export function openedEvent(obligation: Obligation, at: Date): NewEvent {
  const { source, ...of } = facts(obligation);
  return { kind: EventKind.OBLIGATION_OPENED, at, ...of, data: { ...source, dueAt: obligation.dueAt } };
}

/** The event of an obligation whose time has passed, at that time. */
export const overdueEvent = (obligation: Obligation): NewEvent => ({
  ...openedEvent(obligation, obligation.dueAt),
  kind: EventKind.OBLIGATION_OVERDUE,
});

/** The event of an obligation that ended unsettled: nobody reads the text that owed it. */
export function cancelledEvent(obligation: Obligation, at: Date): NewEvent {
  return { ...settledEvent(obligation, at), kind: EventKind.OBLIGATION_CANCELLED };
}

/** The event of an obligation that was settled. */
export function settledEvent(obligation: Obligation, at: Date): NewEvent {
  const { source, ...of } = facts(obligation);
  return { kind: EventKind.OBLIGATION_SETTLED, at, ...of, data: source };
}
