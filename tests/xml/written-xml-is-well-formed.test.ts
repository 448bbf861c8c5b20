import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { XmlDocument } from 'libxml2-wasm';
import { SaxesParser } from 'saxes';
import { writeXml, type XmlElement, xml } from '../../src/lib/xml.js';
import { readXml } from '../../src/lib/xml-reader.js';

const allowed = (text: string): string => text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '');
const anyString = fc.oneof(
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '&',
        '<',
        '>',
        '"',
        "'",
        ']]>',
        '\r\n',
        '\r',
        '\t',
        '\0',
        '\u0008',
        '\u000b',
        '\ufffe',
        '\uffff',
        '\ud800',
        '\udfff',
        '-->',
        '?>',
      ),
    )
    .map((parts) => parts.join('')),
);
const anyElement = fc.letrec<{ element: XmlElement }>((tie) => ({
  element: fc
    .tuple(
      fc.constantFrom('a', 'b-1', 'at:deleted-entry', '_x.y'),
      fc.dictionary(fc.constantFrom('id', 'xml:lang', 'at:ref'), fc.oneof(anyString, fc.integer(), fc.constant(undefined))),
      fc.array(fc.oneof({ depthSize: 'small' }, anyString, fc.constant(undefined), tie('element')), { maxLength: 4 }),
    )
    .map(([name, attributes, children]) => xml(name, { ...attributes, 'xmlns:at': 'urn:at' }, ...children)),
})).element;

/** What a parser that knows no leniency makes of a document, or the error it ends with. */
function textAndValues(document: string): string[] {
  const found: string[] = [];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('opentag', ({ attributes }) => found.push(...Object.values(attributes).map(({ value }) => value)));
  parser.on('text', (text) => found.push(text));
  parser.write(document).close();
  return found;
}

test('10,000 random trees are well-formed in two parsers', () => {
  fc.assert(
    fc.property(anyElement, (root) => {
      const document = writeXml(root);
      textAndValues(document);
      XmlDocument.fromString(document).dispose();
    }),
    { numRuns: 10_000 },
  );
});

test('texts and values come back as they were, but for what XML forbids', () => {
  fc.assert(
    fc.property(anyString, anyString, (text, value) => {
      const read = readXml(writeXml(xml('a', { b: value }, text, xml('c'), text)));
      expect(read.attributes.get('b')).toBe(allowed(value));
      expect(read.children.filter((each) => typeof each === 'string').join('|')).toBe([text, text].map(allowed).filter(Boolean).join('|'));
    }),
    { numRuns: 5_000 },
  );
});

test('is written as one would by hand', () => {
  const entry = xml(
    'entry',
    { xmlns: 'http://www.w3.org/2005/Atom', 'xml:lang': 'tt', 'at:by': undefined },
    xml('title', {}, 'A & "B" <c>'),
    undefined,
    xml('link', { href: '/?a=1&b="2"' }),
  );
  expect(writeXml(entry)).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
      '<entry xmlns="http://www.w3.org/2005/Atom" xml:lang="tt"><title>A &amp; "B" &lt;c&gt;</title><link href="/?a=1&amp;b=&quot;2&quot;"/></entry>\n',
  );
});

test.each(['', 'a b', '1a', 'a:b:c', 'a>', 'a="', 'á'])('%j is no name', (name) => {
  expect(() => xml(name)).toThrow(TypeError);
  expect(() => xml('a', { [name]: '' })).toThrow(TypeError);
});
