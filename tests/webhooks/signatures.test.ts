import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { signedHeaders } from '../../src/webhooks/sign.js';
import { newSecret } from '../support/webhooks.js';

const verifiers = (secret: string) => [new StandardWebhook(secret), new SvixWebhook(secret)];
const signed = (body: Buffer, secrets: readonly string[], at = new Date()) => signedHeaders({ id: 'a-message', at, body, secrets });

describe('a signature', () => {
  test('of any body and either secret is verified by two other implementations', () => {
    const secrets = [newSecret(), newSecret()];
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const body = Buffer.from(JSON.stringify({ text }));
        const headers = signed(body, secrets);
        for (const secret of secrets) for (const verifier of verifiers(secret)) expect(verifier.verify(body, headers)).toEqual({ text });
      }),
      { numRuns: 1_000 },
    );
  });

  test('is refused for every body that differs in one bit', () => {
    const secret = newSecret();
    const body = Buffer.from(JSON.stringify({ type: 'text.published', data: { texts: ['Yanalyk', 'Яңалык'] } }));
    const headers = signed(body, [secret]);
    let refused = 0;
    for (let bit = 0; bit < body.length * 8; bit++) {
      const flipped = Buffer.from(body);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      for (const verifier of verifiers(secret)) expect(() => verifier.verify(flipped, headers)).toThrow();
      refused++;
    }
    expect(refused).toBe(body.length * 8);
  });

  test.each([
    [-301, false],
    [-299, true],
    [299, true],
    [301, false],
  ])('of %s seconds from now is verified: %s', (seconds, accepted) => {
    const secret = newSecret();
    const body = Buffer.from('{}');
    const headers = signed(body, [secret], new Date(Date.now() + seconds * 1_000));
    for (const verifier of verifiers(secret)) {
      if (accepted) expect(verifier.verify(body, headers)).toEqual({});
      else expect(() => verifier.verify(body, headers)).toThrow();
    }
  });

  test('is refused under another id or secret', () => {
    const secret = newSecret();
    const body = Buffer.from('{}');
    const headers = signed(body, [secret]);
    for (const verifier of verifiers(secret)) expect(() => verifier.verify(body, { ...headers, 'webhook-id': 'another' })).toThrow();
    for (const verifier of verifiers(newSecret())) expect(() => verifier.verify(body, headers)).toThrow();
  });
});
