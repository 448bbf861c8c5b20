import { expect } from '@jest/globals';
import fc from 'fast-check';
import { XmlDocument } from 'libxml2-wasm';
import { SaxesParser } from 'saxes';
import { contentHtml } from '../../src/feeds/content.js';
import { formats } from '../../src/feeds/formats.js';
import type { Item } from '../../src/feeds/item.js';
import { scrub } from '../../src/lib/text.js';
import { anyGone, anyHead, anyItem } from './any-entry.js';
import { type Carried, readers } from './read-feed.js';

/** The text of all elements, as a parser that knows no leniency and that of libxml2 see it. Throws where either does not take the document. */
export function textsIn(document: string): [string, string] {
  let text = '';
  const parser = new SaxesParser({ xmlns: true });
  parser.on('text', (piece) => {
    text += piece;
  });
  parser.write(document).close();
  const tree = XmlDocument.fromString(document);
  try {
    return [text.trim(), tree.root.content.trim()];
  } finally {
    tree.dispose();
  }
}

const inFeed = 10;

/** Holds that feeds of so many random texts are read by two parsers, alike, and that every text reads back as it was but for what XML forbids. */
export function checkHostileFeeds(texts: number): void {
  const anyItems = fc.array(anyItem, { minLength: inFeed, maxLength: inFeed });
  fc.assert(
    fc.property(anyHead, anyItems, anyGone, (head, items, gone) => {
      for (const { extension, feed, item: alone } of formats) {
        if (extension === 'html' && alone) for (const item of items) JSON.parse(/ld\+json">(.*?)<\/script>/su.exec(alone.write(item))![1]!);
        if (!feed) continue;
        const document = [...feed.write(head, [gone, ...items])].join('');
        expect(Buffer.from(document).toString()).toBe(document);
        if (document.startsWith('<?xml')) {
          const [strict, lenient] = textsIn(document);
          expect(strict).toBe(lenient);
        }
        const read = readers[extension]!(document);
        items.forEach((item, index) => {
          compare(item, read.items[index]!, extension);
        });
        const words = [gone.title, ...(gone.note === null ? [] : [gone.note])].join(' ');
        expect(read.gone[0]!.words.join(' ').trim()).toBe(scrub(words).trim());
      }
    }),
    { numRuns: texts / inFeed },
  );
}

function compare(item: Item, carried: Carried, extension: string): void {
  const must = item.notices.filter(({ mustCarry }) => mustCarry).map(({ text }) => text);
  expect(carried).toMatchObject({
    ...{ headline: scrub(item.headline), rights: scrub(item.rights.notice) },
    html: scrub(contentHtml(item, { lead: !extension.startsWith('ninjs') })),
  });
  for (const { name } of item.credits) expect(carried.credits).toContain(scrub(name));
  expect(carried.mustCarry!.join('\n\n')).toBe(scrub(must.join('\n\n')));
}
