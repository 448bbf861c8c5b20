import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { keyFor } from '../../src/publishing/seal.js';
import { makeSecret, sealSecret, secretsOf } from '../../src/webhooks/secret.js';

const key = keyFor('a test', 'secret of the gateway');
const now = new Date('2026-11-24T12:00:00Z');
const rowOf = (uuid: string, secret: string, former: string | null = null, formerSecretUntil: Date | null = null) => ({
  ...{ uuid, secret: sealSecret(secret, uuid, key), formerSecretUntil },
  formerSecret: former && sealSecret(former, uuid, key),
});

test('a secret is 32 bytes as receivers know it, never twice the same, and stored as nothing that holds it', () => {
  const secret = makeSecret();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/u);
  expect(makeSecret()).not.toBe(secret);
  const uuid = randomUUID();
  const row = rowOf(uuid, secret);
  expect(Buffer.from(row.secret, 'base64url').toString('latin1')).not.toContain(secret.slice(0, 12));
  expect(secretsOf(row, key, now)).toEqual([secret]);
});

test('the former one signs too until its time has come', () => {
  const [secret, former] = [makeSecret(), makeSecret()];
  const row = rowOf(randomUUID(), secret, former, now);
  expect(secretsOf(row, key, new Date(now.getTime() - 1))).toEqual([secret, former]);
  expect(secretsOf(row, key, now)).toEqual([secret]);
});

test('what is sealed for one endpoint, or by another gateway, opens for no other', () => {
  const row = rowOf(randomUUID(), makeSecret());
  expect(() => secretsOf({ ...row, uuid: randomUUID() }, key, now)).toThrow('rotate it');
  expect(() => secretsOf(row, keyFor('a test', 'of another'), now)).toThrow('rotate it');
});
