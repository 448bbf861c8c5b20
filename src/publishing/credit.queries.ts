import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { CreditRole, CreditRow } from '../credits/credit.js';
import type { PartyInRole } from '../credits/party-in-role.js';
import { type CreditPlan, planCredits } from '../credits/plan-credits.js';
import { Refusal } from '../lib/errors.js';
import { insertRows } from '../lib/insert-rows.js';
import { asRow, columnsOf } from '../lib/load.js';

/** What somebody is credited for: a story, one edition of it, or a picture. */
export type Credited = { articleUuid: string; editionCode: string | null } | { imageCode: string };

/** The credits that hold, in the desk's order; of a story those of the story alone. By hand: an index for each of the two kinds. */
export async function presentCredits(manager: EntityManager, of: Credited): Promise<CreditRow[]> {
  const [condition, values] =
    'imageCode' in of
      ? ['c.image_code = $1', [of.imageCode]]
      : ['c.article_uuid = $1 and c.edition_code is not distinct from $2', [of.articleUuid, of.editionCode]];
  const records: object[] = await manager.query(
    `select ${columnsOf(manager, CreditRow, 'c')} from credit c where ${condition} and c.until is null order by c.position`,
    values,
  );
  return records.map((record) => asRow(CreditRow, record));
}

/** A credit that begins now. */
export const newCredit = (of: Credited, { party, position }: CreditPlan['added'][number], now: Date): CreditRow => ({
  ...{ articleUuid: null, editionCode: null, imageCode: null, ...of },
  ...{ uuid: randomUUID(), role: CreditRole[party.role], position, since: now, until: null },
  personCode: 'person' in party ? party.person : null,
  agencyCode: 'agency' in party ? party.agency : null,
});

/** Whether `replaceCredits` would change anything. */
export async function creditsDiffer(manager: EntityManager, of: Credited, wanted: readonly PartyInRole[]): Promise<boolean> {
  const { ended, added } = planCredits(await presentCredits(manager, of), wanted);
  return ended.length + added.length > 0;
}

/** Credits those wanted from now on: others' credits end and stay on record, unchanged ones are not touched. Gives whether anything changed. */
export async function replaceCredits(manager: EntityManager, of: Credited, wanted: readonly PartyInRole[], now: Date): Promise<boolean> {
  const { ended, added } = planCredits(await presentCredits(manager, of), wanted);
  // By hand: it changes one column of rows that are there.
  await manager.query('update credit set until = $2 where uuid = any($1::uuid[])', [ended.map(({ uuid }) => uuid), now]);
  await insertRows(
    manager,
    CreditRow,
    added.map((each) => newCredit(of, each, now)),
  );
  return ended.length + added.length > 0;
}

/** Throws UNKNOWN_NAME for a party that the registry does not have. By hand: two tables are asked at once for what they lack. */
export async function mustKnowParties(manager: EntityManager, parties: readonly PartyInRole[]): Promise<void> {
  const [unknown] = await manager.query<{ value: string }[]>(
    `select given.value from unnest($1::text[]) given(value) where not exists (select from person p where p.code = given.value)
     union all select given.value from unnest($2::text[]) given(value) where not exists (select from agency a where a.code = given.value)`,
    [
      parties.flatMap((party) => ('person' in party ? [party.person] : [])),
      parties.flatMap((party) => ('agency' in party ? [party.agency] : [])),
    ],
  );
  if (unknown) throw new Refusal('UNKNOWN_NAME', { value: unknown.value, field: 'credits' });
}
