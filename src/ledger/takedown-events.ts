import { EventKind } from '../publishing/event.js';
import type { NewEvent } from '../publishing/event.queries.js';
import type { NewTimer } from '../publishing/timers.js';
import type { TakedownRow } from './takedown.js';

type Named = Pick<TakedownRow, 'uuid' | 'partnerCode' | 'articleUuid' | 'reason' | 'dueAt'>;

const told = (kind: EventKind, { uuid, partnerCode, articleUuid, reason }: Named, at: Date, data: object): NewEvent => ({
  ...{ kind, at, articleUuid },
  data: { partner: partnerCode, takedown: uuid, takedownReason: reason, ...data },
});

/** That a partner must take something down, with by when. */
export const takedownOpened = (order: Named, at: Date): NewEvent => told(EventKind.TAKEDOWN_OPENED, order, at, { dueAt: order.dueAt });

/** That it has not answered in time. */
export const takedownOverdue = (order: Named, at: Date): NewEvent => told(EventKind.TAKEDOWN_OVERDUE, order, at, { dueAt: order.dueAt });

/** That it has answered, or need not any more. */
export const takedownSettled = (order: Named & Pick<TakedownRow, 'state' | 'action'>, at: Date): NewEvent =>
  told(EventKind.TAKEDOWN_SETTLED, order, at, { state: order.state, action: order.action });

/** When an order is due; null where that is nobody's concern any more. */
export const takedownTimer = ({ uuid, articleUuid }: Pick<TakedownRow, 'uuid' | 'articleUuid'>, at: Date | null): NewTimer => ({
  ...{ kind: 'TAKEDOWN_DUE', key: uuid, at, articleUuid },
});
