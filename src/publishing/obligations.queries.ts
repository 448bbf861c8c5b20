import type { EntityManager } from 'typeorm';
import { insertRows } from '../lib/insert-rows.js';
import { asRow, columnsOf } from '../lib/load.js';
import { dueAt } from './due-times.js';
import type { TimerRow } from './event.js';
import { setTimers } from './event.queries.js';
import { Confirmation, Obligation } from './obligation.js';
import { missedBy } from './staleness.queries.js';
import { obligationTimer } from './timers.js';

/** What was opened, as an answer that is kept holds it. */
export type OpenedObligation = Pick<Obligation, 'editionCode' | 'dueAt'>;

/** A correction, or any of a story's; and how long its editions have for it. */
export interface Correction {
  articleUuid: string;
  sourceEdition?: string;
  sourceNumber?: number;
  /** Of the story. */
  urgency: number;
  now: Date;
}

/**
 * Opens what a correction owes: one obligation for each live translation that misses it, and gives those. Called in the transaction that
 * appended the correction. Without `sourceEdition` and `sourceNumber` it opens what any correction of the story owes and nobody was told:
 * to a text that came out after the correction but was made from what was before it, that went back to an older basis, or was brought back.
 */
export async function openObligations(
  manager: EntityManager,
  { articleUuid, sourceEdition, sourceNumber, urgency, now }: Correction,
): Promise<Obligation[]> {
  const live = `select article_uuid, edition_code from translation where article_uuid = $1 and published_at <= $2
    and retracted_at is null and (expires_at is null or expires_at > $2)
    and exists (select from article a where a.uuid = article_uuid and a.retracted_at is null)`;
  const opened: object[] = await manager.query(
    `${missedBy(live, '$2')}, opened as (
       insert into obligation as o (article_uuid, edition_code, source_edition_code, source_number, opened_at, due_at)
       select article_uuid, edition_code, source, number, $2, $3 from missed
       where significance = 'CORRECTION' and source = coalesce($4, source) and number = coalesce($5, number)
       on conflict (article_uuid, edition_code, source_edition_code, source_number) do update
         set opened_at = excluded.opened_at, due_at = excluded.due_at, settled_at = null where o.settled_at is not null
       returning *
     ) select ${columnsOf(manager, Obligation, 'o')} from opened o ${inOrder}`,
    [articleUuid, now, dueAt(urgency, now), sourceEdition, sourceNumber],
  );
  return keepStep(manager, articleUuid, opened);
}

/**
 * Settles the obligations of a story whose correction has been taken over at every step of the way or confirmed, and gives those. Called
 * after every publication and confirmation in it, in the same transaction.
 */
export async function settleObligations(manager: EntityManager, articleUuid: string, now: Date): Promise<Obligation[]> {
  const owing = 'select distinct article_uuid, edition_code from obligation where article_uuid = $1 and settled_at is null';
  const settled: object[] = await manager.query(
    `${missedBy(owing, '$2')}, settled as (
       update obligation o set settled_at = $2 where article_uuid = $1 and settled_at is null and not exists (
         select from missed m where m.edition_code = o.edition_code and m.source = o.source_edition_code and m.number = o.source_number
       ) returning *
     ) select ${columnsOf(manager, Obligation, 'o')} from settled o ${inOrder}`,
    [articleUuid, now],
  );
  return keepStep(manager, articleUuid, settled);
}

/**
 * Which of some stories owe their readers what nobody was told of yet, or have taken over what they owed. One statement, however many: those
 * without a correction, and those that are taken back, cost a look at an index.
 */
export async function storiesToReckon(
  manager: EntityManager,
  articles: readonly string[],
  now: Date,
): Promise<Pick<Correction, 'articleUuid' | 'urgency'>[]> {
  if (articles.length === 0) return [];
  const live = `select t.article_uuid, t.edition_code from translation t join article a on a.uuid = t.article_uuid
    where a.uuid = any($1::uuid[]) and a.retracted_at is null and t.published_at <= $2
      and t.retracted_at is null and (t.expires_at is null or t.expires_at > $2)
      and exists (select from revision r where r.article_uuid = a.uuid and r.significance = 'CORRECTION')`;
  const same =
    'o.article_uuid = m.article_uuid and o.edition_code = m.edition_code and o.source_edition_code = m.source and o.source_number = m.number';
  return manager.query(
    `${missedBy(live, '$2')} select uuid as "articleUuid", urgency from article where uuid in (
       select article_uuid from missed m where significance = 'CORRECTION'
         and not exists (select from obligation o where ${same} and o.settled_at is null)
       union
       select article_uuid from asked join obligation o using (article_uuid, edition_code) where o.settled_at is null
         and not exists (select from missed m where ${same})
     ) order by uuid`,
    [articles, now],
  );
}

/**
 * Ends the obligations of editions that are taken back or have come to their end, or of all (null), and gives those: nobody reads them. What
 * they miss they still miss.
 */
export async function cancelObligations(
  manager: EntityManager,
  articleUuid: string,
  editions: readonly string[] | null,
  now: Date,
): Promise<Obligation[]> {
  const cancelled: object[] = await manager.query(
    `with cancelled as (
       update obligation set settled_at = $3
       where article_uuid = $1 and settled_at is null and ($2::text[] is null or edition_code = any($2)) returning *
     ) select ${columnsOf(manager, Obligation, 'o')} from cancelled o ${inOrder}`,
    [articleUuid, editions, now],
  );
  return keepStep(manager, articleUuid, cancelled);
}

/** The obligation whose due time a timer is, if that has passed and it is owed still. By hand: it is found by the key of the timer. */
export async function overdueObligation(
  manager: EntityManager,
  { key, articleUuid, editionCode }: Pick<TimerRow, 'key' | 'articleUuid' | 'editionCode'>,
  now: Date,
): Promise<Obligation | null> {
  const [record] = await manager.query<object[]>(
    `select ${columnsOf(manager, Obligation, 'o')} from obligation o where article_uuid = $1 and edition_code = $2
       and concat_ws('.', article_uuid, edition_code, source_edition_code, source_number) = $3 and settled_at is null and due_at <= $4`,
    [articleUuid, editionCode, key, now],
  );
  return record ? asRow(Obligation, record) : null;
}

/** Stores that texts stand as of revisions of their sources; what was confirmed later stays. */
export const storeConfirmations = (manager: EntityManager, confirmations: readonly Confirmation[]): Promise<void> =>
  insertRows(
    manager,
    Confirmation,
    confirmations,
    `(article_uuid, edition_code, source_edition_code) do update set source_number = greatest(t.source_number, excluded.source_number),
       confirmed_by = excluded.confirmed_by, confirmed_at = excluded.confirmed_at`,
  );

const inOrder = 'order by o.edition_code collate "C", o.source_edition_code collate "C", o.source_number';

/** Keeps in step with obligations that were opened or have ended what hangs on them: what their texts still owe, and their due times. Gives them. */
async function keepStep(manager: EntityManager, articleUuid: string, records: readonly object[]): Promise<Obligation[]> {
  const obligations = records.map((record) => asRow(Obligation, record));
  await keepPending(manager, articleUuid);
  await setTimers(manager, obligations.map(obligationTimer));
  return obligations;
}

/** Brings `pending_correction_at` to the earliest correction that a translation still owes; a second statement, for the first cannot see its own rows. */
async function keepPending(manager: EntityManager, articleUuid: string): Promise<void> {
  await manager.query(
    `update translation t set pending_correction_at = p.at from (
       select t.edition_code, min(r.published_at) as at from translation t
       left join obligation o on o.article_uuid = t.article_uuid and o.edition_code = t.edition_code and o.settled_at is null
       left join revision r on r.article_uuid = o.article_uuid and r.edition_code = o.source_edition_code and r.number = o.source_number
       where t.article_uuid = $1 group by t.edition_code
     ) p where t.article_uuid = $1 and t.edition_code = p.edition_code and t.pending_correction_at is distinct from p.at`,
    [articleUuid],
  );
}
