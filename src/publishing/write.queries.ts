import type { EntityManager } from 'typeorm';
import { insertRows, type Values } from '../lib/insert-rows.js';
import { type AuditRow, IdempotencyRow } from './audit.js';

const keptDays = 7;

/** Writes down what was done, once for each story it touched, or once for none. */
export async function writeAudit(
  manager: EntityManager,
  articles: readonly string[],
  done: Omit<AuditRow, 'id' | 'articleUuid'>,
): Promise<void> {
  const { at, caller, action, editionCode, requestId, detail } = done;
  // By hand, because the database numbers the rows.
  await manager.query(
    `insert into audit (at, caller, action, article_uuid, edition_code, request_id, detail)
     select $1, $2, $3, article, $5, $6, $7 from unnest($4::uuid[]) article`,
    [at, caller, action, articles.length > 0 ? articles : [null], editionCode, requestId, JSON.stringify(detail)],
  );
}

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
