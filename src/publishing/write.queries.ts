import type { EntityManager } from 'typeorm';
import { insertRows, type Values } from '../lib/insert-rows.js';
import { type AuditRow, IdempotencyRow } from './audit.js';
import type { Action } from './policy.js';

const keptDays = 7;

/** Where something was done: an edition of a story, a story as a whole, or neither. */
export interface Place {
  articleUuid: string | null;
  edition: string | null;
}

/** What is done without a request. */
export type OwnAction = 'KEY_CREATED' | 'KEY_REVOKED' | 'SEEDED' | 'IMPORTED' | 'ENDPOINT_DISABLED' | 'REPLAY_ENDPOINT';

/** What was done, by whom and when. */
export interface Done extends Pick<AuditRow, 'at' | 'caller' | 'callerId' | 'requestId' | 'detail'> {
  action: Action | OwnAction;
}

/** Writes down what was done, once for each place, with the home edition of its story. */
export async function writeAudit(manager: EntityManager, places: readonly Place[], done: Done): Promise<void> {
  const { at, caller, callerId, action, requestId, detail } = done;
  // By hand, because the database numbers the rows.
  await manager.query(
    `insert into audit (at, caller, caller_id, action, request_id, detail, article_uuid, edition_code, home_edition_code)
     select $1, $2, $3, $4, $5, $6, place.article_uuid, place.edition_code, a.home_edition_code
     from unnest($7::uuid[], $8::text[]) as place (article_uuid, edition_code) left join article a on a.uuid = place.article_uuid`,
    [
      ...[at, caller, callerId, action, requestId, JSON.stringify(detail)],
      ...[places.map(({ articleUuid }) => articleUuid), places.map(({ edition }) => edition)],
    ],
  );
}

/** Writes down what a command (`cli`) or a start of the gateway did, in the transaction of its work. */
export const writeOwnAudit = (
  manager: EntityManager,
  who: 'cli' | 'start',
  done: Pick<Done, 'at' | 'detail'> & { action: OwnAction },
): Promise<void> => writeAudit(manager, [{ articleUuid: null, edition: null }], { ...done, caller: who, callerId: who, requestId: null });

/** The answer given to a caller under a key in the last seven days, and to what; undefined for none. */
export async function answerOf(
  manager: EntityManager,
  { caller, key, now }: { caller: string; key: string; now: Date },
): Promise<Pick<IdempotencyRow, 'request' | 'answer'> | undefined> {
  // By hand, because how long an answer is kept is counted by the database's own calendar.
  const [found] = await manager.query<Pick<IdempotencyRow, 'request' | 'answer'>[]>(
    `select request, answer from idempotency where caller = $1 and key = $2 and at > $3::timestamptz - make_interval(days => $4)`,
    [caller, key, now, keptDays],
  );
  return found;
}

/** Keeps an answer in the place of one that has run out. */
export const keepAnswer = (manager: EntityManager, row: Values<IdempotencyRow>): Promise<void> =>
  insertRows(
    manager,
    IdempotencyRow,
    [row],
    '(caller, key) do update set request = excluded.request, answer = excluded.answer, at = excluded.at',
  );
