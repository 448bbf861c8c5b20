import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { setTimers, writeEvents } from '../publishing/event.queries.js';
import { type Held, planTakedowns, type TakedownPlan } from './plan-takedowns.js';
import { stillGiven, textName } from './still-given.js';
import { type TakedownCauseRow, TakedownReason, type TakedownRow, TakedownState } from './takedown.js';
import {
  cancelOrders,
  extendOrder,
  heldOf,
  type NamedOrder,
  openAgain,
  openEnded,
  ordersBefore,
  ordersOfCause,
  storeOrders,
} from './takedown.queries.js';
import { takedownDue } from './takedown-due.js';
import { takedownOpened, takedownSettled, takedownTimer } from './takedown-events.js';

/**
 * Opens an order for each partner whose ledger shows that it holds what a cause is about, of some stories, and adds to those that are there what was written since;
 * the stories are locked. Asked again it opens nothing twice.
 */
export async function openTakedowns(
  manager: EntityManager,
  cause: TakedownCauseRow,
  articles: readonly string[],
  now: Date,
): Promise<void> {
  if (cause.endedAt !== null || cause.kind === 'CHANGED' || articles.length === 0) return;
  const held = await lostOf(manager, cause, articles, now);
  if (held.length === 0) return;
  const plan = planTakedowns(held, await ordersOfCause(manager, cause.eventUuid, articles));
  await writePlan(manager, plan, { ...cause, kind: cause.kind }, now);
}

type OrderedCause = Pick<TakedownCauseRow, 'eventUuid' | 'reason'> & { kind: Parameters<typeof takedownDue>[0] };

async function writePlan(manager: EntityManager, { open, extend }: TakedownPlan, cause: OrderedCause, now: Date): Promise<void> {
  const dueAt = takedownDue(cause.kind, now);
  const opened = open.map(
    ({ partner, article, texts }): TakedownRow => ({
      ...{ uuid: randomUUID(), partnerCode: partner, articleUuid: article, eventUuid: cause.eventUuid, reason: cause.reason },
      ...{ texts, openedAt: now, dueAt, state: TakedownState.OPEN, action: null, url: null, note: null },
      ...{ settledAt: null, settledBy: null, escalatedAt: null },
    }),
  );
  await storeOrders(manager, opened);
  for (const { order, texts, again } of extend) {
    if (again) await openAgain(manager, order, { texts, dueAt });
    else await extendOrder(manager, order, texts);
  }
  const again = extend.filter((each) => each.again).map(({ order }): NamedOrder => ({ ...order, reason: cause.reason, dueAt }));
  const told = [...opened, ...again];
  await setTimers(
    manager,
    told.map((order) => takedownTimer(order, order.dueAt)),
  );
  await writeEvents(
    manager,
    told.map((order) => takedownOpened(order, now)),
  );
}

/** What is held of what a cause is about, without what its holder may have all the same, or was told to take down before for another cause. */
async function lostOf(manager: EntityManager, cause: TakedownCauseRow, articles: readonly string[], now: Date): Promise<Held[]> {
  const held = await heldOf(manager, cause, articles);
  if (cause.reason !== TakedownReason.ENDED || held.length === 0) return held;
  const given = await stillGiven(manager, held, now);
  const before = new Set(
    (await ordersBefore(manager, cause.eventUuid, articles)).flatMap(({ partnerCode: partner, articleUuid: article, texts }) =>
      texts.map((text) => nameOf({ partner, article, ...text })),
    ),
  );
  return held.filter((each) => !given.has(textName(each)) && !before.has(nameOf(each)));
}

/** A holding as it was, in one word: one that was given since has another. */
const nameOf = ({ partner, article, edition, revision, channel, lastAt }: Held): string =>
  [partner, article, edition, revision, channel, lastAt].join(' ');

/** Cancels open orders about what had ended, of some stories that are locked, where all that they name may be had again: of one partner, or of all. */
export async function cancelGiven(manager: EntityManager, articles: readonly string[], partner: string | null, now: Date): Promise<void> {
  const orders = await openEnded(manager, articles, partner);
  if (orders.length === 0) return;
  const textsOf = ({ partnerCode, articleUuid, texts }: TakedownRow) =>
    texts.map(({ edition }) => ({ partner: partnerCode, article: articleUuid, edition }));
  const given = await stillGiven(manager, orders.flatMap(textsOf), now);
  const back = orders.filter((order) => textsOf(order).every((text) => given.has(textName(text))));
  await tellCancelled(manager, await cancelOrders(manager, { uuids: back.map(({ uuid }) => uuid) }, now), now);
}

/** Tells of orders that were cancelled, in the transaction that did. */
export async function tellCancelled(manager: EntityManager, cancelled: readonly NamedOrder[], now: Date): Promise<void> {
  await setTimers(
    manager,
    cancelled.map((order) => takedownTimer(order, null)),
  );
  await writeEvents(
    manager,
    cancelled.map((order) => takedownSettled({ ...order, state: TakedownState.CANCELLED, action: null }, now)),
  );
}
