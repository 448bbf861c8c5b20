import type { EntityManager } from 'typeorm';
import { insertRows } from '../lib/insert-rows.js';
import { asRow, columnsOf } from '../lib/load.js';
import type { Held, Standing } from './plan-takedowns.js';
import { type HeldRevision, TakedownCauseRow, TakedownRow, TakedownState } from './takedown.js';
import type { Undone } from './takedown-cause.js';

/** Writes down a cause; one that is there stays as it is. */
export const storeCause = (manager: EntityManager, cause: TakedownCauseRow): Promise<void> =>
  insertRows(manager, TakedownCauseRow, [cause], '(event_uuid) do nothing');

/** Which story stands in the place of what was taken back, if its tombstone names one. By hand: it is looked for by what it is of. */
export async function replacementOf(
  manager: EntityManager,
  { articleUuid, editionCode }: Pick<TakedownCauseRow, 'articleUuid' | 'editionCode'>,
): Promise<string | null> {
  const [found] = await manager.query<{ replacedBy: string | null }[]>(
    `select replaced_by as "replacedBy" from tombstone
     where article_uuid = $1 and edition_code is not distinct from $2 and revision is null order by retracted_at desc limit 1`,
    [articleUuid, editionCode],
  );
  return found?.replacedBy ?? null;
}

// What a text shows is said by the revision that was given; its lead picture by its story. Who never had an entitlement with pictures holds none: one that was changed may have had them.
const showsPicture = `(a.image_code = $7 or exists (
    select from revision r where r.article_uuid = h.article_uuid and r.edition_code = h.edition_code and r.number = h.revision
      and pictures_of(r.body) ?| (select array[$7] || coalesce(array_agg(url), '{}') from image_rendition where image_code = $7)))
  and exists (select from entitlement e where e.partner_code = h.partner_code and (e.images or e.version > 1))`;

// What was given of the text since carries the version, or the notice no more.
const carriesEarlier = (code: string, version: string): string => `((h.notices ->> ${code})::int < ${version} and not exists (
    select from holding n where n.partner_code = h.partner_code and n.article_uuid = h.article_uuid and n.edition_code = h.edition_code
      and n.last_at > h.last_at and coalesce((n.notices ->> ${code})::int, ${version}) >= ${version}))`;

/** What partners hold, of some stories, of what a cause is about. By hand: each of its conditions may be left open, and none needs a statement of its own. */
export async function heldOf(manager: EntityManager, cause: TakedownCauseRow, articles: readonly string[]): Promise<Held[]> {
  const { editionCode, revision, partnerCode, noticeCode, noticeVersion, imageCode } = cause;
  const rows = await manager.query<(Omit<Held, 'firstAt' | 'lastAt'> & { firstAt: Date; lastAt: Date })[]>(
    `select h.partner_code as partner, h.article_uuid as article, h.edition_code as edition, h.revision, h.channel, h.first_at as "firstAt", h.last_at as "lastAt"
     from holding h join article a on a.uuid = h.article_uuid
     where h.article_uuid = any($1::uuid[]) and ($2::text is null or h.edition_code = $2) and ($3::int is null or h.revision = $3)
       and ($4::text is null or h.partner_code = $4) and ($5::text is null or ${carriesEarlier('$5', '$6::int')}) and ($7::text is null or ${showsPicture})
     order by h.partner_code collate "C", h.article_uuid, h.edition_code collate "C", h.revision, h.channel collate "C"`,
    [articles, editionCode, revision, partnerCode, noticeCode, noticeVersion, imageCode],
  );
  return rows.map((row) => ({ ...row, firstAt: row.firstAt.toISOString(), lastAt: row.lastAt.toISOString() }));
}

/** The orders that a cause has opened about some stories. By hand, as the next ones: they are found by what they are about, not by their key. */
export const ordersOfCause = (manager: EntityManager, eventUuid: string, articles: readonly string[]): Promise<TakedownRow[]> =>
  orders(manager, 'o.event_uuid = $1 and o.article_uuid = any($2::uuid[])', [eventUuid, articles]);

/** Orders of other causes by which some stories are to be taken down as wholes already. */
export const ordersBefore = (manager: EntityManager, eventUuid: string, articles: readonly string[]): Promise<TakedownRow[]> =>
  orders(
    manager,
    `o.event_uuid <> $1 and o.article_uuid = any($2::uuid[]) and o.state <> 'CANCELLED' and o.reason <> 'NOTICE' and exists (
       select from takedown_cause c where c.event_uuid = o.event_uuid and c.image_code is null and c.revision is null)`,
    [eventUuid, articles],
  );

/** Open orders about what has ended, of some stories, of one partner or of all. */
export const openEnded = (manager: EntityManager, articles: readonly string[], partner: string | null): Promise<TakedownRow[]> =>
  orders(
    manager,
    `o.article_uuid = any($1::uuid[]) and ($2::text is null or o.partner_code = $2) and o.state = 'OPEN' and o.reason = 'ENDED'`,
    [articles, partner],
  );

async function orders(manager: EntityManager, condition: string, values: unknown[]): Promise<TakedownRow[]> {
  const records = await manager.query<object[]>(
    `select ${columnsOf(manager, TakedownRow, 'o')} from takedown_order o where ${condition} order by o.opened_at, o.uuid`,
    values,
  );
  return records.map((record) => asRow(TakedownRow, record));
}

/** Writes down orders; one for the same partner, story and cause stays as it is. */
export const storeOrders = (manager: EntityManager, rows: readonly TakedownRow[]): Promise<void> =>
  insertRows(manager, TakedownRow, rows, '(partner_code, article_uuid, event_uuid) do nothing');

/** Adds later holdings to an order. By hand: it changes some columns of a row that is there. */
export const extendOrder = (manager: EntityManager, { uuid }: Pick<Standing, 'uuid'>, texts: readonly HeldRevision[]): Promise<void> =>
  manager.query('update takedown_order set texts = $2 where uuid = $1', [uuid, JSON.stringify(texts)]);

/** Opens an order again that had been answered; the answer stays in the log and in the audit. By hand, as above. */
export const openAgain = (
  manager: EntityManager,
  { uuid }: Pick<Standing, 'uuid'>,
  { texts, dueAt }: { texts: readonly HeldRevision[]; dueAt: Date },
): Promise<void> =>
  manager.query(
    `update takedown_order set texts = $2, due_at = $3, state = '${TakedownState.OPEN}', action = null, url = null, note = null,
       settled_at = null, settled_by = null, escalated_at = null where uuid = $1`,
    [uuid, JSON.stringify(texts), dueAt],
  );

/** Ends the causes of before that an event undoes, and gives them. By hand: they are found by what they are about. */
export async function endCauses(manager: EntityManager, { reason, kinds, of }: Undone, now: Date): Promise<string[]> {
  const { articleUuid, editionCode, revision, imageCode, partnerCode } = of;
  const ended = await manager.query<{ eventUuid: string }[]>(
    `with ended as (
       update takedown_cause set ended_at = $1, look_at = null, place_partner = null, place_article = null
       where ended_at is null and reason = $2 and ($3::text[] is null or kind = any($3)) and article_uuid is not distinct from $4::uuid
         and edition_code is not distinct from $5 and revision is not distinct from $6::int and image_code is not distinct from $7
         and partner_code is not distinct from $8 returning event_uuid
     ) select event_uuid as "eventUuid" from ended`,
    [now, reason, kinds ?? null, articleUuid, editionCode, revision, imageCode, partnerCode],
  );
  return ended.map(({ eventUuid }) => eventUuid);
}

/** What was cancelled or has run out, as its event names it. */
export type NamedOrder = Pick<TakedownRow, 'uuid' | 'partnerCode' | 'articleUuid' | 'reason' | 'dueAt'>;

const named = `uuid, partner_code as "partnerCode", article_uuid as "articleUuid", reason, due_at as "dueAt"`;

/** Cancels those orders that are still open: by their ids, or all of some causes. By hand, as above. */
export const cancelOrders = (
  manager: EntityManager,
  { uuids = [], causes = [] }: { uuids?: readonly string[]; causes?: readonly string[] },
  now: Date,
): Promise<NamedOrder[]> =>
  manager.query(
    `with cancelled as (
       update takedown_order set state = 'CANCELLED', settled_at = $3 where state = 'OPEN' and (uuid = any($1::uuid[]) or event_uuid = any($2::uuid[])) returning *
     ) select ${named} from cancelled order by partner_code collate "C", uuid`,
    [uuids, causes, now],
  );

/**
 * Writes down what a partner has said about an order; undefined where it had said the same. By hand: it changes some columns of a row that is there, and one that
 * was cancelled stays cancelled.
 */
export async function answerOrder(
  manager: EntityManager,
  { uuid, action, url, note, state, by, at }: Pick<TakedownRow, 'uuid' | 'action' | 'url' | 'note' | 'state'> & { by: string; at: Date },
): Promise<(NamedOrder & Pick<TakedownRow, 'state' | 'action'>) | undefined> {
  const [answered] = await manager.query<(NamedOrder & Pick<TakedownRow, 'state' | 'action'>)[]>(
    `with answered as (
       update takedown_order set action = $2, url = $3, note = $4, settled_at = $6, settled_by = $7,
         state = case when state = 'CANCELLED' then state else $5 end
       where uuid = $1::uuid and (action, url, note) is distinct from ($2, $3, $4) returning *
     ) select ${named}, state, action from answered`,
    [uuid, action, url, note, state, at, by],
  );
  return answered;
}

/** Marks an order whose time has passed without an answer; undefined where it was answered. By hand, as above. */
export async function escalate(manager: EntityManager, uuid: string, now: Date): Promise<NamedOrder | undefined> {
  const [late] = await manager.query<NamedOrder[]>(
    `with late as (
       update takedown_order set escalated_at = $2 where uuid = $1::uuid and state = 'OPEN' and due_at <= $2 and escalated_at is null returning *
     ) select ${named} from late`,
    [uuid, now],
  );
  return late;
}

/** The cause whose look is due first; undefined for none. By hand: an index has them in their order. */
export async function dueLook(manager: EntityManager, now: Date): Promise<TakedownCauseRow | undefined> {
  const [record] = await manager.query<object[]>(
    `select ${columnsOf(manager, TakedownCauseRow, 'c')} from takedown_cause c where c.look_at <= $1 order by c.look_at, c.event_uuid limit 1`,
    [now],
  );
  return record && asRow(TakedownCauseRow, record);
}

/** The same cause, once nobody else is at it; undefined where somebody is, or it is not due any more. By hand: an advisory lock is no write, as it is of consumers. */
export async function holdCause(manager: EntityManager, { eventUuid }: TakedownCauseRow, now: Date): Promise<TakedownCauseRow | undefined> {
  const [{ free }] = await manager.query<[{ free: boolean }]>('select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as free', [
    `takedown:${eventUuid}`,
  ]);
  if (!free) return undefined;
  const [record] = await manager.query<object[]>(
    `select ${columnsOf(manager, TakedownCauseRow, 'c')} from takedown_cause c where c.event_uuid = $1 and c.look_at <= $2`,
    [eventUuid, now],
  );
  return record && asRow(TakedownCauseRow, record);
}

/** Writes down how far a look has come, or that it is over and when the next is. By hand: it changes some columns of a row that is there. */
export const settleLook = (
  manager: EntityManager,
  { eventUuid }: Pick<TakedownCauseRow, 'eventUuid'>,
  { lookAt, looks, placePartner, placeArticle }: Pick<TakedownCauseRow, 'lookAt' | 'looks' | 'placePartner' | 'placeArticle'>,
): Promise<void> =>
  manager.query(
    'update takedown_cause set look_at = $2, looks = $3, place_partner = $4, place_article = $5 where event_uuid = $1 and ended_at is null',
    [eventUuid, lookAt, looks, placePartner, placeArticle],
  );

/** A story of which a partner holds something. */
export interface HeldStory {
  partner: string;
  article: string;
}

/**
 * Stories of which partners hold something that a cause may be about, behind the place that it has come to, `most` of them in the order of partners and stories. By
 * hand: read along the key, and cut.
 */
export const heldStories = (manager: EntityManager, cause: TakedownCauseRow, most: number): Promise<HeldStory[]> =>
  manager.query(
    `select distinct h.partner_code as partner, h.article_uuid as article from holding h
     where ($1::text is null or h.partner_code = $1) and ($2::text is null or (h.notices ->> $2)::int < $3)
       and ($4::text is null or (h.partner_code, h.article_uuid) > ($4, $5::uuid))
     order by 1, 2 limit $6`,
    [cause.partnerCode, cause.noticeCode, cause.noticeVersion, cause.placePartner, cause.placeArticle, most],
  );

/**
 * Writes down which partners hold texts that carry an earlier version of a notice than one, and gives those who had not been told of it. By hand: who holds what is
 * found and written in one statement.
 */
export async function storeDuties(
  manager: EntityManager,
  { noticeCode, noticeVersion }: Pick<TakedownCauseRow, 'noticeCode' | 'noticeVersion'>,
  now: Date,
): Promise<string[]> {
  const told = await manager.query<{ partner: string }[]>(
    `with told as (
       insert into notice_duty (partner_code, notice_code, notice_version, told_at)
       select distinct h.partner_code, $1::text, $2::int, $3::timestamptz from holding h where ${carriesEarlier('$1', '$2::int')}
       on conflict do nothing returning partner_code
     ) select partner_code as partner from told order by partner_code collate "C"`,
    [noticeCode, noticeVersion, now],
  );
  return told.map(({ partner }) => partner);
}
