import { join } from 'node:path';
import type { EntityManager } from 'typeorm';
import type { Values } from '../lib/insert-rows.js';
import { writePrivate } from '../lib/write-private.js';
import type { ApiKey } from './api-key.js';
import { hasOperatorKey, insertKey } from './api-key.queries.js';
import { makeKey } from './make-key.js';

/** Makes an operator's key where none works, and gives its row and the path of the file it is in (0600); null when there is one. */
export async function ensureOperatorKey(
  manager: EntityManager,
  { secret, folder, now }: { secret: Uint8Array; folder: string; now: Date },
): Promise<{ path: string; row: Values<ApiKey> } | null> {
  if (await hasOperatorKey(manager, now)) return null;
  const { key, row } = makeKey(
    secret,
    { name: 'operator', operator: true, roles: {}, partnerCode: null, test: false, expiresAt: null },
    now,
  );
  const path = join(folder, 'operator.key');
  // The file first: a crash in between leaves a key that does not work yet, and the next start another; never one that nobody has.
  await writePrivate(path, `${key}\n`);
  await insertKey(manager, row);
  return { path, row };
}
