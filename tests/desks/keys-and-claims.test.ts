import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { claimedRoles } from '../../src/desks/claimed-roles.js';
import { hashKey } from '../../src/desks/hash-key.js';
import { keyText, maskedKey, parseKey } from '../../src/desks/key-text.js';
import { hasRole, Role } from '../../src/desks/role.js';

const chance = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('a key', () => {
  test('says what it is for and holds all 256 bits', () => {
    fc.assert(
      fc.property(chance, chance, fc.boolean(), (one, other, forTests) => {
        const key = keyText(one, { test: forTests });
        expect(key).toMatch(/^dgm_(live|test)_[0-9A-Za-z]{43}$/u);
        expect(parseKey(key)).toEqual({ test: forTests });
        expect(keyText(other, { test: forTests }) === key).toBe(Buffer.from(one).equals(other));
      }),
    );
    for (const byte of [0, 255]) expect(keyText(new Uint8Array(32).fill(byte), { test: false })).toHaveLength('dgm_live_'.length + 43);
    const oneBit = new Uint8Array(32).fill(255);
    oneBit[31] = 254;
    expect(keyText(oneBit, { test: false })).not.toBe(keyText(new Uint8Array(32).fill(255), { test: false }));
  });

  test.each(['', 'dgm_live_', 'dgm_live_short', `dgm_prod_${'a'.repeat(43)}`, `dgm_live_${'a'.repeat(44)}`, `dgm_live_${'é'.repeat(43)}`])(
    'is never %s',
    (text) => {
      expect(parseKey(text)).toBeUndefined();
    },
  );

  test('is shown by its last four characters', () => {
    expect(maskedKey({ test: true, ending: 'wXyZ' })).toBe('dgm_test_…wXyZ');
  });

  test('is stored as HMAC-SHA-256 under the secret (RFC 4231, case 2)', () => {
    expect(hashKey(Buffer.from('Jefe'), 'what do ya want for nothing?')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });
});

describe('what a token claims', () => {
  test.each([
    ['an object', { tt: 'EDITOR', 'ru-regions': 'CHIEF' }, { tt: 'EDITOR', 'ru-regions': 'CHIEF' }],
    ['a list', ['tt:EDITOR', 'ru:TRANSLATOR'], { tt: 'EDITOR', ru: 'TRANSLATOR' }],
    ['a role twice: the higher one', ['tt:CHIEF', 'tt:TRANSLATOR'], { tt: 'CHIEF' }],
    ['roles of other programs beside ours', ['offline_access', 'tt:EDITOR', 7, null, { ru: 'CHIEF' }], { tt: 'EDITOR' }],
    ['another spelling', ['tt:editor', 'TT:EDITOR', ' tt:EDITOR', 'tt:EDITOR ', 'tt: EDITOR', 'tt=EDITOR', 'tt:EDITOR\n'], {}],
    ['a role there is none of', { tt: 'ADMIN', ru: true, en: ['CHIEF'] }, { en: 'CHIEF' }],
    ['every edition at once', { '*': 'CHIEF' }, {}],
    ['an operator in one edition', { tt: 'OPERATOR' }, {}],
    ['names that objects have', JSON.parse('{"__proto__":"CHIEF","constructor":"CHIEF"}'), { constructor: 'CHIEF' }],
    ['text', 'tt:EDITOR', {}],
    ['nothing', undefined, {}],
    ['null', null, {}],
  ])('%s', (_, claim, roles) => {
    expect(claimedRoles(claim)).toEqual({ operator: false, roles });
  });

  test.each([[['*:OPERATOR', 'tt:CHIEF']], [{ '*': 'OPERATOR', tt: 'CHIEF' }]])('an operator has no roles in editions: %j', (claim) => {
    expect(claimedRoles(claim)).toEqual({ operator: true, roles: {} });
  });

  test('never gives a role in an edition that was not named', () => {
    const { roles } = claimedRoles(['tt:CHIEF']);
    const caller = { kind: 'DESK' as const, id: 'oidc:1', name: 'Desk', roles };
    expect(['tt', 'ru', 'constructor', '__proto__', 'toString'].filter((edition) => hasRole(caller, edition, Role.TRANSLATOR))).toEqual([
      'tt',
    ]);
  });
});
