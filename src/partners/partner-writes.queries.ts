import type { EntityManager } from 'typeorm';
import { Refusal } from '../lib/errors.js';
import { insertRows } from '../lib/insert-rows.js';
import { tableOf } from '../lib/load.js';
import { Entitlement } from '../rights/entitlement.js';
import { Partner } from '../rights/partner.js';
import { namesIn, type StoredTerms } from './entitlement-input.js';

/** Stores a partner, or changes the one with its code; what it was before is kept. */
export const putPartner = (manager: EntityManager, row: Partner): Promise<void> =>
  insertRows(
    manager,
    Partner,
    [row],
    `(code) do update set name = excluded.name, contacts = excluded.contacts, delay_seconds = excluded.delay_seconds, active = excluded.active,
       changed_at = excluded.changed_at`,
  );

/** Stores an entitlement, or changes the one with its uuid; what it was before is kept. */
export const putEntitlement = (manager: EntityManager, row: Entitlement): Promise<void> =>
  insertRows(
    manager,
    Entitlement,
    [row],
    `(uuid) do update set editions = excluded.editions, topics = excluded.topics, kinds = excluded.kinds,
       excluded_agencies = excluded.excluded_agencies, territories = excluded.territories, level = excluded.level, images = excluded.images,
       machine = excluded.machine, early = excluded.early, valid_from = excluded.valid_from, valid_until = excluded.valid_until,
       changed_at = excluded.changed_at`,
  );

/** Throws UNKNOWN_NAME for the first code of terms that the registry does not have. */
export async function mustBeKnown(manager: EntityManager, terms: StoredTerms): Promise<void> {
  for (const { row, codes, field } of namesIn(terms)) {
    const [unknown] = await manager.query<{ value: string }[]>(
      `select given.value from unnest($1::text[]) with ordinality as given (value, place)
       where not exists (select from ${tableOf<object>(manager, row)} r where r.code = given.value) order by given.place limit 1`,
      [codes],
    );
    if (unknown) throw new Refusal('UNKNOWN_NAME', { value: unknown.value, field });
  }
}
