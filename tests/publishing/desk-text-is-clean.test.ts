import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type BlockData, block } from '../../src/articles/body.js';
import { cleanInput, cleanLine, cleanSpans, cleanText, forbiddenCharacter } from '../../src/publishing/clean-input.js';

const given = (text: string) => cleanInput({ headline: text, body: [{ key: 'p1', type: 'paragraph', spans: [{ text }] }] });

describe('a character XML forbids is refused, with its place', () => {
  test.each([
    ['a null', 'ab\u0000', 2, 'U+0000'],
    ['a bell', '\u0007', 0, 'U+0007'],
    ['a vertical tab', 'a\u000Bb', 1, 'U+000B'],
    ['a unit separator', 'a\u001F', 1, 'U+001F'],
    ['an escape', 'x\u001B[0m', 1, 'U+001B'],
    ['half a pair', 'a\uD83D', 1, 'U+D83D'],
    ['the other half', '\uDE00', 0, 'U+DE00'],
    ['a non-character', 'ab\uFFFE', 2, 'U+FFFE'],
    ['another', '\uFFFF', 0, 'U+FFFF'],
    ['one behind a pair, counted in code units', '😀\u0001', 2, 'U+0001'],
  ])('%s', (_what, text, offset, character) => {
    expect(given(text)).toEqual({ ok: false, fault: { code: 'FORBIDDEN_CHARACTER', path: 'headline', offset, character } });
  });

  test('deep in a body: the path leads there', () => {
    const body = [{ key: 'p1' }, { key: 'p2', type: 'list', items: [[{ text: 'a' }], [{ text: 'b' }, { text: 'c\u0002' }]] }];
    expect(forbiddenCharacter({ headline: 'a', body })).toMatchObject({ path: 'body.1.items.1.1.text', offset: 1 });
  });

  test('tabs, line feeds, pairs and all other characters are none', () => {
    expect(forbiddenCharacter('\t\n\r \u007F\u0085\uFFFD😀\u{10FFFF}\uE000\uD7FF')).toBeNull();
  });
});

/** What becomes of invisible characters, one row for each row of the table that decides it. */
const fates: [what: string, before: string, after: string][] = [
  ['line ends are line feeds', 'a\r\nb\rc\u0085d\u2028e\u2029f', 'a\nb\nc\nd\ne\nf'],
  ['ZWNJ stays', 'می\u200Cخواهم', 'می\u200Cخواهم'],
  ['ZWJ stays', '👨\u200D👩\u200D👧', '👨\u200D👩\u200D👧'],
  ['direction marks stay', 'a\u200Eb\u200Fc\u061Cd', 'a\u200Eb\u200Fc\u061Cd'],
  ['an emoji selector stays', '❤\uFE0F', '❤\uFE0F'],
  ['a run of selectors is cut to one', '❤\uFE0F\uFE0E\u{E0100}x', '❤\uFE0Fx'],
  ['a selector of nothing goes', '\uFE0Fa \uFE0Fb', 'a b'],
  ['the Mongolian separator stays', 'ᠬᠠ\u180Eᠠ', 'ᠬᠠ\u180Eᠠ'],
  ['a Mongolian selector stays', 'ᠭ\u180Bᠠ', 'ᠭ\u180Bᠠ'],
  [
    'the flag of England stays',
    '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}!',
    '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}!',
  ],
  ['tags without a flag go', 'a\u{E0001}\u{E0068}\u{E0069}\u{E007F}b', 'ab'],
  ['tags of an endless flag go', '🏴\u{E0067}\u{E0062}', '🏴'],
  ['a zero-width space between Khmer words stays', 'ភាសា\u200Bខ្មែរ', 'ភាសា\u200Bខ្មែរ'],
  ['two are one', 'ភាសា\u200B\u200Bខ្មែរ', 'ភាសា\u200Bខ្មែរ'],
  ['elsewhere it goes', 'Каз\u200Bань', 'Казань'],
  ['at an end it goes', 'ភាសា\u200B', 'ភាសា'],
  ['soft hyphens go', 'Ка\u00ADзань', 'Казань'],
  ['word joiners and byte order marks go', '\uFEFFКа\u2060зань\uFEFF', 'Казань'],
  ['invisible operators and deprecated controls go', 'a\u2061\u2064\u206A\u206Fb', 'ab'],
  ['fillers go', 'a\u115F\u1160\u3164\uFFA0\u17B4\u17B5\u034Fb', 'ab'],
  ['annotation goes, its words stay', '\uFFF9字\uFFFAじ\uFFFB', '字じ'],
  ['an object without its picture goes', 'a\uFFFCb', 'ab'],
  ['C1 controls go', 'a\u0080\u009Fb', 'ab'],
  ['non-characters go', 'a\uFDD0\u{1FFFE}b', 'ab'],
  ['musical and shorthand controls go', 'a\u{1D173}\u{1BCA0}b', 'ab'],
  ['damage stays to be seen', 'a\uFFFDb', 'a\uFFFDb'],
  ['what is taken apart is composed', 'и\u0306 e\u0301', 'й é'],
  ['also over what is taken out', 'и\u00AD\u0306', 'й'],
];

describe('invisible characters', () => {
  test.each(fates)('%s', (_what, before, after) => {
    expect(cleanText(before)).toBe(after);
    expect(cleanText(after)).toBe(after);
  });
});

describe('bidi controls are kept, and closed', () => {
  test.each([
    ['an override at the end', 'a\u202Eb', 'a\u202Eb\u202C'],
    ['all of them, inside out', '\u2067a\u202Bb\u2068c', '\u2067a\u202Bb\u2068c\u2069\u202C\u2069'],
    ['a pair is left alone', '\u2066a\u2069b', '\u2066a\u2069b'],
    ['what closes nothing goes', 'a\u202Cb\u2069c', 'abc'],
    ['an embedding is not closed across an isolate', '\u202Aa\u2067b\u202Cc\u2069d\u202C', '\u202Aa\u2067bc\u2069d\u202C'],
    ['an isolate’s end closes what is open in it', '\u2067a\u202Bb\u2069c', '\u2067a\u202Bb\u202C\u2069c'],
  ])('%s', (_what, before, after) => {
    expect(cleanText(before)).toBe(after);
  });

  test('over the spans of a paragraph: a mark may fall inside what is enclosed', () => {
    const spans = [{ text: 'a\u2067b' }, { text: 'c', strong: true }, { text: 'd\u2069e' }];
    expect(cleanSpans(spans)).toEqual(spans);
    expect(cleanSpans(spans.slice(0, 2))).toEqual([{ text: 'a\u2067b' }, { text: 'c\u2069', strong: true }]);
  });
});

test('texts that meet when a span between them is emptied are composed', () => {
  expect(cleanSpans([{ text: 'и' }, { text: '\u202C', strong: true }, { text: '\u0306' }])).toEqual([{ text: 'й' }]);
});

describe('a headline', () => {
  test('is one line without white space around it', () => {
    expect(cleanLine(' \n Казан \t\n шәһәре\u00A0 \n')).toBe('Казан шәһәре');
  });
  test('keeps a space that holds words together', () => {
    expect(cleanLine('в\u00A0Казани 10\u202F000')).toBe('в\u00A0Казани 10\u202F000');
  });
});

describe('what is not text', () => {
  test('is left alone, but no address hides where it leads', () => {
    const blocks = [
      { key: 'p1', type: 'paragraph', spans: [{ text: 'a\u00AD', href: 'https://x.example/\u202Egpj.exe', lang: 'ru' }] },
      { key: 'e1', type: 'embed', provider: 'x', url: 'https://x.example/', title: ' a\n b ', fallback: 'c' },
      { key: 'i1', type: 'image', image: 'sea' },
    ];
    expect(cleanInput(blocks)).toEqual({
      ok: true,
      value: [
        { key: 'p1', type: 'paragraph', spans: [{ text: 'a', href: 'https://x.example/%E2%80%AEgpj.exe', lang: 'ru' }] },
        { key: 'e1', type: 'embed', provider: 'x', url: 'https://x.example/', title: 'a b', fallback: 'c' },
        { key: 'i1', type: 'image', image: 'sea' },
      ],
    });
  });
});

const odd = fc.constantFrom(
  ...fates.flatMap(([, before]) => [...before]),
  ...[
    '\u202A',
    '\u202B',
    '\u202C',
    '\u202D',
    '\u202E',
    '\u2066',
    '\u2067',
    '\u2068',
    '\u2069',
    '\u200B',
    '\uFE0F',
    '\u00A0',
    '\n',
    '\r',
    ' ',
    'é',
  ],
);
const text = fc.oneof(
  fc.array(odd, { maxLength: 14 }).map((characters) => characters.join('')),
  fc.string({ unit: 'binary' }),
);
const mark = fc.record({ strong: fc.boolean(), lang: fc.constantFrom('ru', 'ar') }, { requiredKeys: [] });
const spans = fc.array(
  fc.tuple(text, mark).map(([written, marks]) => ({ text: written, ...marks })),
  { minLength: 1, maxLength: 6 },
);
const passes = (written: string): boolean => forbiddenCharacter(written) === null;
const joined = (all: readonly { text: string }[]): string => all.map((each) => each.text).join('');

describe('whatever is sent', () => {
  test('cleaning twice is cleaning once', () => {
    fc.assert(
      fc.property(text.filter(passes), (written) => {
        for (const clean of [cleanText, cleanLine]) expect(clean(clean(written))).toBe(clean(written));
      }),
      { numRuns: 3000 },
    );
    fc.assert(
      fc.property(
        spans.filter((all) => all.every((each) => passes(each.text))),
        (all) => expect(cleanSpans(cleanSpans(all))).toEqual(cleanSpans(all)),
      ),
      { numRuns: 2000 },
    );
  });

  test('is refused, or is then NFC, legal in XML and closed, its paragraphs still paragraphs', () => {
    fc.assert(
      fc.property(spans, text, (all, headline) => {
        const body = [{ key: 'p1', type: 'paragraph', spans: all }] as BlockData[];
        const result = cleanInput({ headline, body });
        if (!result.ok) return expect(all.every((each) => passes(each.text)) && passes(headline)).toBe(false);
        const [paragraph] = result.value.body as { spans: { text: string }[] }[];
        for (const clean of [result.value.headline, joined(paragraph?.spans ?? [])]) {
          expect(forbiddenCharacter(clean)).toBeNull();
          expect([...clean.matchAll(/[\u202A\u202B\u202D\u202E]/gu)]).toHaveLength([...clean.matchAll(/\u202C/gu)].length);
          expect([...clean.matchAll(/[\u2066-\u2068]/gu)]).toHaveLength([...clean.matchAll(/\u2069/gu)].length);
        }
        for (const each of paragraph?.spans ?? []) expect(each.text.normalize('NFC')).toBe(each.text);
        if (paragraph?.spans.length) expect(block.safeParse(result.value.body[0]).success).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('two hundred thousand characters take less than a second', () => {
    for (const unit of [
      '\u202E',
      '\u2069',
      '\u2067',
      '\u200B',
      'ក\u200B',
      '\uFE0F',
      '🏴\u{E0067}',
      '\u00AD',
      '\r',
      ' ',
      '\u00A0 ',
      'e\u0301',
    ]) {
      const long = unit.repeat(200_000 / unit.length);
      const start = performance.now();
      cleanText(long);
      cleanLine(long);
      forbiddenCharacter(long);
      expect([unit, performance.now() - start < 1000]).toEqual([unit, true]);
    }
  });
});
