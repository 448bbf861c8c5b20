import type { EntityManager } from 'typeorm';
import { TranslationRow } from '../articles/translation.js';
import { insertRows } from '../lib/insert-rows.js';
import { columnOf, tableOf } from '../lib/load.js';
import { Claim } from './claim.js';
import { Draft, DraftState } from './draft.js';
import { setTimers } from './event.queries.js';
import { claimTimers, slotKey } from './timers.js';

/** What a story's edition is, as a key of its draft and timers. */
export interface Slot {
  articleUuid: string;
  editionCode: string;
}

/** Stores a draft in the place of the one before, with the timer of its publication where it is scheduled. */
export async function storeDraft(manager: EntityManager, draft: Draft): Promise<void> {
  const { columns } = manager.connection.getMetadata(Draft);
  const changes = columns.filter(({ isPrimary }) => !isPrimary).map(({ databaseName }) => `"${databaseName}" = excluded."${databaseName}"`);
  await insertRows(manager, Draft, [draft], `(article_uuid, edition_code) do update set ${changes.join(', ')}`);
  await setTimers(manager, [{ kind: 'DRAFT', key: slotKey(draft), at: draft.scheduledFor, ...slotOf(draft) }]);
}

/** Forgets a draft, and its timer with it. */
export async function forgetDraft(manager: EntityManager, slot: Slot): Promise<void> {
  await manager.query(`delete from ${tableOf(manager, Draft)} where ${slotIs(manager, Draft)}`, [slot.articleUuid, slot.editionCode]);
  await setTimers(manager, [{ kind: 'DRAFT', key: slotKey(slot), at: null }]);
}

/** Makes the place of an edition in a story where there is none: nothing of it is published yet. */
export const openSlot = (manager: EntityManager, slot: Slot & { isOriginal: boolean; slug: string }): Promise<void> =>
  insertRows(manager, TranslationRow, [
    {
      ...{ ...slot, revision: 0, publishedAt: null, updatedAt: null, retractedAt: null, expiresAt: null, pendingCorrectionAt: null },
      ...{ search: '', fold: '' },
    },
  ]);

/** Takes an edition's text upon somebody from now until a time, or gives it back (null). */
export async function storeClaim(
  manager: EntityManager,
  slot: Slot,
  claim: { holder: string; now: Date; until: Date } | null,
): Promise<void> {
  if (claim) {
    const { holder, until } = claim;
    await insertRows(
      manager,
      Claim,
      [{ ...slot, holder, until }],
      '(article_uuid, edition_code) do update set holder = excluded.holder, until = excluded.until',
    );
  } else {
    await manager.query(`delete from ${tableOf(manager, Claim)} where ${slotIs(manager, Claim)}`, [slot.articleUuid, slot.editionCode]);
  }
  await setTimers(manager, claimTimers(slotOf(slot), claim));
}

/** Drafts that wait for their time do so no longer, and claims end: of a story, or of some of its editions. Gives the editions whose claims ended. */
export async function cancelWork(manager: EntityManager, articleUuid: string, editions: readonly string[] | null): Promise<string[]> {
  const values = [articleUuid, editions];
  const mine = (row: typeof Draft | typeof Claim): string =>
    `${columnOf(manager, row as typeof Claim, 'articleUuid')} = $1 and ($2::text[] is null or ${columnOf(manager, row as typeof Claim, 'editionCode')} = any($2))`;
  const [state, time, version] = (['state', 'scheduledFor', 'version'] as const).map((property) => columnOf(manager, Draft, property));
  await manager.query(
    `update ${tableOf(manager, Draft)} set ${state} = '${DraftState.DRAFT}', ${time} = null, ${version} = ${version} + 1 where ${mine(Draft)} and ${time} is not null`,
    values,
  );
  const ended = await manager.query<{ edition: string }[]>(
    `with ended as (delete from ${tableOf(manager, Claim)} where ${mine(Claim)} returning *)
     select ${columnOf(manager, Claim, 'editionCode')} as edition from ended order by 1`,
    values,
  );
  await manager.query(
    `delete from timer where kind in ('DRAFT', 'CLAIM', 'CLAIM_WARNING') and article_uuid = $1 and ($2::text[] is null or edition_code = any($2))`,
    values,
  );
  return ended.map(({ edition }) => edition);
}

const slotOf = ({ articleUuid, editionCode }: Slot): Slot => ({ articleUuid, editionCode });

const slotIs = (manager: EntityManager, row: typeof Draft | typeof Claim): string =>
  `${columnOf(manager, row as typeof Claim, 'articleUuid')} = $1 and ${columnOf(manager, row as typeof Claim, 'editionCode')} = $2`;
