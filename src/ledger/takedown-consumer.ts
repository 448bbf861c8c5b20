import type { EntityManager } from 'typeorm';
import type { Consumer } from '../publishing/consumer.js';
import type { EventRow } from '../publishing/event.js';
import { lockArticles } from '../publishing/event.queries.js';
import { cancelGiven, openTakedowns, tellCancelled } from './open-takedowns.js';
import { type TakedownCauseRow, TakedownReason } from './takedown.js';
import { cancelOrders, endCauses, replacementOf, storeCause } from './takedown.queries.js';
import { type Caused, causeOf, type Undone, undoneBy } from './takedown-cause.js';
import { lookAt } from './takedown-due.js';

/**
 * Opens take-down orders for what the log takes away, and cancels those about what it brings back. What concerns many stories, a partner's rights or a notice, is only
 * written down: the sweep goes through them, some at a time.
 */
export const takedownConsumer = (clock: () => Date): Consumer => ({
  name: 'takedowns',
  async handle(events, manager) {
    const followed = events.flatMap((event) => {
      const [undone, caused] = [undoneBy(event), causeOf(event)];
      return undone || caused ? [{ event, undone, caused }] : [];
    });
    if (followed.length === 0) return;
    await lockArticles(
      manager,
      followed.flatMap(({ event }) => event.articleUuid ?? []),
    );
    const now = clock();
    for (const { event, undone, caused } of followed) {
      if (undone) await undo(manager, undone, now);
      if (caused) await open(manager, event, caused, now);
    }
  },
});

async function undo(manager: EntityManager, undone: Undone, now: Date): Promise<void> {
  const causes = await endCauses(manager, undone, now);
  const { articleUuid } = undone.of;
  if (undone.reason === TakedownReason.RETRACTED) await tellCancelled(manager, await cancelOrders(manager, { causes }, now), now);
  else if (articleUuid !== null) await cancelGiven(manager, [articleUuid], null, now);
}

async function open(manager: EntityManager, event: EventRow, caused: Caused, now: Date): Promise<void> {
  const { articleUuid } = caused;
  const cause: TakedownCauseRow = {
    ...{ ...caused, eventUuid: event.uuid, at: event.at, endedAt: null, placePartner: null, placeArticle: null },
    replacedBy: caused.kind === 'REPLACE' ? await replacementOf(manager, caused) : null,
    // The first look is now, where it is short.
    ...(articleUuid === null ? { looks: 0, lookAt: lookAt(now, 0) } : { looks: 1, lookAt: lookAt(now, 1) }),
  };
  await storeCause(manager, cause);
  if (articleUuid !== null) await openTakedowns(manager, cause, [articleUuid], now);
}
