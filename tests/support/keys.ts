import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { insertKey } from '../../src/desks/api-key.queries.js';
import { type FindCaller, makeFindCaller } from '../../src/desks/find-caller.js';
import { type KeyWish, makeKey } from '../../src/desks/make-key.js';
import { makeReadToken, type TokenIssuer } from '../../src/desks/read-token.js';
import { sealingKey } from '../../src/publishing/cursor.js';
import { previewKeyOf } from '../../src/publishing/preview-token.js';
import { keyFor as sealKeyFor } from '../../src/publishing/seal.js';

const secret = randomBytes(32);

/** What a test's gateway seals the links of previews with. */
export const testPreviewKey = previewKeyOf(secret);

/** What it seals the cursors of feeds with. */
export const testCursorKey = sealingKey(secret);

/** What it seals the secrets of endpoints with. */
export const testSecretsKey = sealKeyFor('dragoman secrets of others', secret);

/** The door of a test's gateway: keys that `keyFor` makes open it, and tokens of `oidc`. */
export const testFindCaller = ({ manager }: DataSource, { clock, testKeys = false, oidc, patience }: FindOptions): FindCaller =>
  makeFindCaller({ manager, clock, keySecret: secret, testKeys, readToken: oidc && makeReadToken(oidc, patience) });

export interface FindOptions {
  clock: () => Date;
  testKeys?: boolean;
  oidc?: TokenIssuer | undefined;
  patience?: { cooldownMs?: number; maxAgeMs?: number } | undefined;
}

/** A key of a desk, a partner or an operator, with the header that shows it. */
export async function keyFor(
  { manager }: DataSource,
  wish: Partial<KeyWish>,
  now = new Date('2026-11-23T12:00:00.000Z'),
): Promise<{ key: string; uuid: string; headers: { authorization: string } }> {
  const { key, row } = makeKey(
    secret,
    { name: 'Desk', operator: false, roles: {}, partnerCode: null, test: false, expiresAt: null, ...wish },
    now,
  );
  await insertKey(manager, row);
  return { key, uuid: row.uuid, headers: { authorization: `Bearer ${key}` } };
}
