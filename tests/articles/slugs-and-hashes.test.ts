import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contentHash } from '../../src/articles/content-hash.js';
import { slugOf } from '../../src/articles/slug.js';

const uuid = 'c98adc70-1111-5222-8333-444455556666';

describe('the address of a text', () => {
  test.each([
    ['is in its own script', 'Уэльсның АӘ-лары', 'уэльсның-аә-лары-c98adc70'],
    ['keeps marks', 'हिन्दी में', 'हिन्दी-में-c98adc70'],
    ['knows no invisible characters', 'می\u200Cخواهم\u200F!', 'می-خواهم-c98adc70'],
    ['is the story alone where the headline has no letters', '… ?!', 'c98adc70'],
    ['is composed', 'Cafe\u0301', 'caf\u00E9-c98adc70'],
    ['ends at a word', `${'word '.repeat(20)}`, `${Array(16).fill('word').join('-')}-c98adc70`],
    ['cuts a word that is longer than an address', 'x'.repeat(100), `${'x'.repeat(80)}-c98adc70`],
    ['keeps a last word that just fits', `${'x'.repeat(75)} four more`, `${'x'.repeat(75)}-four-c98adc70`],
  ])('%s', (_, headline, slug) => {
    expect(slugOf(headline, uuid)).toBe(slug);
  });

  test('is never long, and survives the way through a URL', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (headline) => {
        const slug = slugOf(headline, uuid);
        expect([...slug].length).toBeLessThanOrEqual(89);
        expect(slug).toMatch(/^([\p{L}\p{M}\p{N}]+-)*c98adc70$/u);
        expect(decodeURIComponent(encodeURIComponent(slug))).toBe(slug);
      }),
    );
  });
});

test('the hash of a text does not depend on the order of its keys', () => {
  const one = contentHash({ headline: 'A', dek: null, body: [{ type: 'paragraph', key: 'p1', spans: [{ text: 'x', em: true }] }] });
  const other = contentHash({ body: [{ spans: [{ em: true, text: 'x' }], key: 'p1', type: 'paragraph' }], dek: null, headline: 'A' });
  expect(one).toBe(other);
  expect(one).toMatch(/^[0-9a-f]{64}$/u);
  expect(contentHash({ headline: 'A', dek: '', body: [] })).not.toBe(contentHash({ headline: 'A', dek: null, body: [] }));
});
