import { randomBytes, randomUUID } from 'node:crypto';
import type { Values } from '../lib/insert-rows.js';
import type { ApiKey } from './api-key.js';
import { hashKey } from './hash-key.js';
import { keyText } from './key-text.js';
import type { Roles } from './role.js';

/** What a new key is to be. */
export interface KeyWish {
  name: string;
  operator: boolean;
  roles: Roles;
  /** Whose it is where it is a partner’s. */
  partnerCode: string | null;
  test: boolean;
  expiresAt: Date | null;
}

/** A new key: the text its owner is shown once, and the row that is stored. */
export function makeKey(secret: Uint8Array, wish: KeyWish, now: Date): { key: string; row: Values<ApiKey> } {
  const key = keyText(randomBytes(32), wish);
  const row = {
    ...{ uuid: randomUUID(), ...wish, hash: hashKey(secret, key), ending: key.slice(-4) },
    ...{ createdAt: now, revokedAt: null, lastUsedAt: null },
  };
  return { key, row };
}
