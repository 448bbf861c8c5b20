import type { EntityManager } from 'typeorm';
import { insertRows, type Values } from '../lib/insert-rows.js';
import { asRow, columnsOf, tableOf } from '../lib/load.js';
import { Partner } from '../rights/partner.js';
import { ApiKey } from './api-key.js';

const minuteMs = 60_000;

/** The key of a hash, in whatever state it is; null when there is none, or when it is a partner’s that is not active. */
export async function findKey(manager: EntityManager, hash: string): Promise<ApiKey | null> {
  const [record] = await manager.query<object[]>(
    `${select(manager)} where k.hash = $1
       and (k.partner_code is null or exists (select from ${tableOf(manager, Partner)} p where p.code = k.partner_code and p.active))`,
    [hash],
  );
  return record ? asRow(ApiKey, record) : null;
}

/** Every key, the oldest first. */
export async function listKeys(manager: EntityManager): Promise<ApiKey[]> {
  const records = await manager.query<object[]>(`${select(manager)} order by k.created_at, k.uuid`);
  return records.map((record) => asRow(ApiKey, record));
}

/** Whether an operator's key works now. */
export async function hasOperatorKey(manager: EntityManager, now: Date): Promise<boolean> {
  const [found] = await manager.query<[{ has: boolean }]>(
    `select exists (select from ${tableOf(manager, ApiKey)}
       where operator and not test and revoked_at is null and (expires_at is null or expires_at > $1)) as has`,
    [now],
  );
  return found.has;
}

/** Stores a key. */
export const insertKey = (manager: EntityManager, row: Values<ApiKey>): Promise<void> => insertRows(manager, ApiKey, [row]);

/** Revokes a key from now on and gives it; one that was revoked before keeps its time. Null when there is none. */
export async function revokeKey(manager: EntityManager, uuid: string, now: Date): Promise<ApiKey | null> {
  await manager.query(`update ${tableOf(manager, ApiKey)} set revoked_at = $2 where uuid = $1 and revoked_at is null`, [uuid, now]);
  const [record] = await manager.query<object[]>(`${select(manager)} where k.uuid = $1`, [uuid]);
  return record ? asRow(ApiKey, record) : null;
}

/** Writes down that a key was used, at most once a minute. */
export async function noteKeyUse(manager: EntityManager, { uuid, lastUsedAt }: ApiKey, now: Date): Promise<void> {
  const before = new Date(now.getTime() - minuteMs);
  if (lastUsedAt !== null && lastUsedAt > before) return;
  await manager.query(
    `update ${tableOf(manager, ApiKey)} set last_used_at = $2 where uuid = $1 and (last_used_at is null or last_used_at <= $3)`,
    [uuid, now, before],
  );
}

const select = (manager: EntityManager): string => `select ${columnsOf(manager, ApiKey, 'k')} from ${tableOf(manager, ApiKey)} k`;
