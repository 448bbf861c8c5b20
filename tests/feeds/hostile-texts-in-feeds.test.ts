import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formats } from '../../src/feeds/formats.js';
import type { Entry } from '../../src/feeds/item.js';
import { anyHead, anyItem } from '../support/any-entry.js';
import { checkHostileFeeds, textsIn } from '../support/hostile-feeds.js';
import { readers } from '../support/read-feed.js';

test('300 random Unicode documents make feeds that two parsers read alike, down to each text', () => {
  checkHostileFeeds(300);
});

const [head] = fc.sample(anyHead, { numRuns: 1, seed: 1 });
const [item] = fc.sample(anyItem, { numRuns: 1, seed: 1 });
const inFeeds = formats.flatMap(({ extension, feed }) => (feed ? [{ extension, feed }] : []));

test.each(inFeeds)('a headline of a megabyte is whole in .$extension', ({ extension, feed }) => {
  const headline = '<&]]>\u202eя'.repeat(150_000);
  const document = [...feed.write(head!, [{ ...item!, headline }])].join('');
  expect(document.length).toBeGreaterThan(1_000_000);
  if (document.startsWith('<?xml')) for (const text of textsIn(document)) expect(text.includes(headline)).toBe(true);
  else expect(readers[extension]!(document).items[0]!.headline === headline).toBe(true);
});

test.each(inFeeds)('5,000 texts are written to .$extension one by one', ({ extension, feed }) => {
  let asked = 0;
  function* many(): Iterable<Entry> {
    for (let index = 0; index < 5000; index++) {
      asked++;
      yield { ...item!, id: item!.id.replace('20261110', String(20_000_000 + index)) };
    }
  }
  let [pieces, longest] = [0, 0];
  for (const piece of feed.write(head!, many())) {
    pieces++;
    longest = Math.max(longest, piece.length);
    // Atom's grammar wants what was taken back before any text, so that it looks through all of them first.
    if (extension !== 'atom') expect(asked).toBeLessThanOrEqual(pieces + 1);
  }
  expect(pieces).toBeGreaterThan(5000);
  expect(longest).toBeLessThan(50_000);
});
