import { writeEvents } from '../publishing/event.queries.js';
import type { TimerWork } from '../publishing/timer.queries.js';
import { escalate } from './takedown.queries.js';
import { takedownOverdue } from './takedown-events.js';

/** The time for an answer to an order has passed: unless it was answered, that is told, and the order says since when. */
export const takedownIsDue: TimerWork = async (manager, { key, at }, now) => {
  const late = await escalate(manager, key, now);
  if (late) await writeEvents(manager, [takedownOverdue(late, at)]);
};
