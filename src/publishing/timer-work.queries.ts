import type { EntityManager } from 'typeorm';
import { EventKind, type TimerKind } from './event.js';
import { dropFromCaches, writeEvents } from './event.queries.js';
import { cancelledEvent, openedEvent, overdueEvent } from './obligation-events.js';
import { cancelObligations, openObligations, overdueObligation } from './obligations.queries.js';
import { type TimerWork, takeTimersOf, takeTimersOfNotice } from './timer.queries.js';

/** What passes by itself at each kind of moment; a kind without work keeps its timers until somebody brings the work. */
export type TimerWorks = Partial<Record<TimerKind, TimerWork>>;

/** The edition's text is out and owes its readers what it misses, unless it or its story has been taken back or put off. */
const publication: TimerWork = async (manager, { at, articleUuid, editionCode }, now) => {
  const [out] = await manager.query<{ revision: number; urgency: number }[]>(
    `select t.revision, a.urgency from translation t join article a on a.uuid = t.article_uuid
     where t.article_uuid = $1 and t.edition_code = $2 and t.published_at <= $3 and t.retracted_at is null and a.retracted_at is null`,
    [articleUuid, editionCode, now],
  );
  if (!out) return;
  const opened = await openObligations(manager, { articleUuid: articleUuid!, urgency: out.urgency, now: at });
  await writeEvents(manager, [
    { kind: EventKind.PUBLISHED, at, articleUuid, editionCode, revision: out.revision },
    ...opened.map((each) => openedEvent(each, at)),
  ]);
};

/** The story's embargo is over, unless the story has been taken back or the embargo lifted or moved. */
const embargo: TimerWork = async (manager, { at, articleUuid }, now) => {
  const [over] = await manager.query<object[]>('select from article where uuid = $1 and embargo_until <= $2 and retracted_at is null', [
    articleUuid,
    now,
  ]);
  if (over) await writeEvents(manager, [{ kind: EventKind.EMBARGO_LIFTED, at, articleUuid }]);
};

/** Nobody holds the text any more, unless the claim was renewed. */
const claim: TimerWork = async (manager, { at, articleUuid, editionCode }, now) => {
  const [ended] = await manager.query<{ holder: string }[]>(
    `with ended as (delete from claim where article_uuid = $1 and edition_code = $2 and until <= $3 returning holder) select holder from ended`,
    [articleUuid, editionCode, now],
  );
  if (ended) await writeEvents(manager, [{ kind: EventKind.CLAIM_ENDED, at, articleUuid, editionCode, data: { holder: ended.holder } }]);
};

/** A claim will end soon, unless it was renewed; of one that has ended meanwhile nobody need be warned. */
const claimWarning: TimerWork = async (manager, { at, articleUuid, editionCode }, now) => {
  const [ending] = await manager.query<{ holder: string; until: Date }[]>(
    'select holder, until from claim where article_uuid = $1 and edition_code = $2 and until > $3',
    [articleUuid, editionCode, now],
  );
  if (ending) await writeEvents(manager, [{ kind: EventKind.CLAIM_EXPIRING, at, articleUuid, editionCode, data: { ...ending } }]);
};

/** The edition has owed its readers an update for as long as it had for it. */
const obligationDue: TimerWork = async (manager, timer, now) => {
  const overdue = await overdueObligation(manager, timer, now);
  if (overdue) await writeEvents(manager, [overdueEvent(overdue)]);
};

/** The edition's text is not shown any more, unless its end was moved; also while it is taken back, for that may be undone. */
const expiry: TimerWork = async (manager, { at, articleUuid, editionCode }, now) => {
  const [over] = await manager.query<object[]>(
    'select from translation where article_uuid = $1 and edition_code = $2 and expires_at <= $3',
    [articleUuid, editionCode, now],
  );
  if (!over) return;
  const cancelled = await cancelObligations(manager, articleUuid!, [editionCode!], at);
  await writeEvents(manager, [
    { kind: EventKind.EXPIRED, at, articleUuid, editionCode },
    ...cancelled.map((each) => cancelledEvent(each, at)),
  ]);
  await dropFromCaches(manager, articleUuid, now);
};

const notice =
  (kind: EventKind, boundary: 'effective_from' | 'effective_until'): TimerWork =>
  async (manager, { at, key }, now) => {
    const [passed] = await manager.query<object[]>(`select from notice where code = $1 and ${boundary} <= $2`, [key, now]);
    if (!passed) return;
    await writeEvents(manager, [{ kind, at, data: { notice: key } }]);
    await dropFromCaches(manager, null, now);
  };

/** A partner may have something else from now on. */
const entitlement =
  (boundary: 'valid_from' | 'valid_until'): TimerWork =>
  async (manager, { at, key }, now) => {
    const [passed] = await manager.query<{ partner: string }[]>(
      `select partner_code as partner from entitlement where uuid = $1::uuid and ${boundary} <= $2`,
      [key, now],
    );
    if (!passed) return;
    await writeEvents(manager, [{ kind: EventKind.ENTITLEMENTS_CHANGED, at, data: passed }]);
    await dropFromCaches(manager, null, now);
  };

/** The work of every kind but DRAFT, which whoever publishes drafts brings along. */
export const timerWorks: TimerWorks = {
  PUBLICATION: publication,
  EMBARGO: embargo,
  CLAIM: claim,
  CLAIM_WARNING: claimWarning,
  OBLIGATION_DUE: obligationDue,
  EXPIRY: expiry,
  NOTICE_START: notice(EventKind.NOTICE_STARTED, 'effective_from'),
  NOTICE_END: notice(EventKind.NOTICE_ENDED, 'effective_until'),
  ENTITLEMENT_START: entitlement('valid_from'),
  ENTITLEMENT_END: entitlement('valid_until'),
};

/** Passes the start and end of a notice that are due but which the scheduler has not come to; the notice is locked. */
export async function passNotice(manager: EntityManager, code: string, now: Date): Promise<void> {
  for (const timer of await takeTimersOfNotice(manager, code, now)) await timerWorks[timer.kind]!(manager, timer, now);
}

const kindsOfStories: readonly TimerKind[] = ['PUBLICATION', 'EMBARGO', 'CLAIM', 'CLAIM_WARNING', 'OBLIGATION_DUE', 'EXPIRY'];

/**
 * Passes what is due in some stories but which the scheduler has not come to, so that the log tells it before what is done to them now; the
 * stories are locked.
 */
export async function passDue(manager: EntityManager, articles: readonly string[], now: Date): Promise<void> {
  if (articles.length === 0) return;
  for (;;) {
    const due = await takeTimersOf(manager, articles, kindsOfStories, now);
    // What passes may set what is due as well: a text that came out late owes an update whose time has passed.
    if (due.length === 0) return;
    for (const timer of due) await timerWorks[timer.kind]!(manager, timer, now);
  }
}
