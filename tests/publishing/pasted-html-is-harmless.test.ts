import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type BlockData, block } from '../../src/articles/body.js';
import { type RenderParts, renderHtml } from '../../src/articles/render-body.js';
import { blocksOfHtml } from '../../src/publishing/blocks-of-html.js';
import { cleanInput, forbiddenCharacter } from '../../src/publishing/clean-input.js';
import { directionOf } from '../../src/topics/name-in.js';
import { readHtml } from '../support/markup.js';
import { broken, hostile, places } from './hostile-html.js';

const parts: RenderParts = { pictures: new Map(), stories: new Map(), directionOf, absolute: (path) => path };
const language = 'en';

/** The elements a reader's page may get from pasted HTML, and their attributes. */
const inert: Record<string, string[]> = {
  ...Object.fromEntries('p h2 h3 h4 em strong br figure figcaption blockquote ul ol li'.split(' ').map((name) => [name, []])),
  ...Object.fromEntries('table caption thead tbody tr th td'.split(' ').map((name) => [name, []])),
  a: ['href'],
  span: ['lang', 'dir'],
};

/** Everything wrong with what became of a piece of HTML; empty for what is harmless and stays what it is. */
function wrong(html: string): string[] {
  const result = blocksOfHtml({ html, language });
  if (!result.ok) return ['FORBIDDEN_CHARACTER', 'HTML_TOO_DEEP'].includes(result.fault.code) ? [] : [`refused: ${result.fault.code}`];
  const shown = renderHtml(result.blocks, parts);
  const again = blocksOfHtml({ html: shown, language, previous: result.blocks });
  const cleaned = cleanInput(result.blocks);
  return [
    ...result.blocks.filter((each) => !block.safeParse(each).success).map((each) => `not a block: ${JSON.stringify(each)}`),
    ...(forbiddenCharacter(result.blocks) ? ['a character XML forbids'] : []),
    ...(cleaned.ok && JSON.stringify(cleaned.value) === JSON.stringify(result.blocks) ? [] : ['text that is not clean']),
    ...activeIn(shown),
    ...(again.ok && JSON.stringify(again.blocks) === JSON.stringify(result.blocks)
      ? []
      : [`read again: ${JSON.stringify(result.blocks)} → ${JSON.stringify(again.ok ? again.blocks : again)}`]),
    ...(again.ok && again.dropped.length > 0 ? [`something to drop in ${shown}`] : []),
    ...(new Set(result.blocks.map(({ key }) => key)).size < result.blocks.length ? ['a key twice'] : []),
  ];
}

/** What acts in HTML we wrote; `readHtml` throws on what a parser could read in two ways. */
function activeIn(shown: string): string[] {
  const found: string[] = [];
  for (const token of readHtml(shown)) {
    if (token.kind !== 'open') continue;
    if (!inert[token.name]) found.push(`<${token.name}>`);
    for (const [name, value] of Object.entries(token.attributes)) {
      if (!inert[token.name]?.includes(name)) found.push(`${token.name}[${name}]`);
      if (name === 'href' && !/^(?:https?|mailto):$/u.test(new URL(String(value)).protocol)) found.push(`${value}`);
    }
  }
  return found;
}

describe('hostile HTML leaves nothing that acts, and blocks that stay what they are', () => {
  test.each(hostile)('%s', (html) => {
    expect(wrong(html)).toEqual([]);
  });

  test('in every place of a text', () => {
    const found = [...hostile, ...broken].flatMap((html) =>
      places.flatMap((place) => wrong(place(html)).map((what) => `${place(html)}: ${what}`)),
    );
    expect(found).toEqual([]);
    expect(hostile.length * places.length).toBeGreaterThan(2000);
  });

  test('two after each other', () => {
    fc.assert(
      fc.property(fc.constantFrom(...hostile), fc.constantFrom(...hostile), (one, other) => expect(wrong(one + other)).toEqual([])),
      { numRuns: 500 },
    );
  });

  test('cut anywhere', () => {
    fc.assert(
      fc.property(fc.constantFrom(...hostile), fc.nat(120), (html, end) => expect(wrong(html.slice(0, end))).toEqual([])),
      { numRuns: 1000 },
    );
  });

  test('and no words of a script or a style', () => {
    const words = hostile
      .filter((html) => /^<(?:script|style|template|noscript)[ \n>/]/i.test(html))
      .map((html) => blocksOfHtml({ html, language }))
      .map((result) => JSON.stringify(result.ok ? result.blocks : []))
      .filter((json) => /alert|import|url\(/u.test(json));
    expect(words).toEqual([]);
  });
});

describe('a character XML forbids is refused with its place in the HTML', () => {
  test.each([
    ['itself', '<p>ab\u0000</p>', 5, 'U+0000'],
    ['in an address', '<a href="java\u0001script:x">x</a>', 13, 'U+0001'],
    ['as a number', '<p>a&#11;</p>', 4, 'U+000B'],
    ['as a number without an end', '<p>a&#0027x</p>', 4, 'U+001B'],
    ['as a hexadecimal number', '<p>a&#x00001F;</p>', 4, 'U+001F'],
    ['as a non-character', '&#xfFfE;', 0, 'U+FFFE'],
    ['half a pair', '<p>\uDC00', 3, 'U+DC00'],
  ])('%s', (_what, html, offset, character) => {
    expect(blocksOfHtml({ html, language, path: 'body' })).toEqual({
      ok: false,
      fault: { code: 'FORBIDDEN_CHARACTER', path: 'body', offset, character },
    });
  });

  test.each(['&#9;&#10;&#13;&#32;x', '&#x1F600;', '&#110;&#65533;', '&#1114112;', '&#0;'])('%s is none', (html) => {
    expect(blocksOfHtml({ html, language }).ok).toBe(true);
  });
});

const piece = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...hostile,
      ...'p h1 h2 h5 b strong i em a ul ol li table tr td th caption thead blockquote cite footer figure figcaption br span sup sub q pre div section'
        .split(' ')
        .flatMap((name) => [`<${name}>`, `<${name}>`, `</${name}>`]),
      ...[
        '<span lang=ru>',
        '<span lang=ar>',
        '<p lang=en>',
        '<b style="font-weight:normal">',
        '<a href="https://x.example/">',
        '<a href="https://youtu.be/abcdefghijk">',
        '<td colspan=2>',
        '<td rowspan=3>',
        '<p style="mso-list:l0">',
        '<span style="mso-list:ignore">1.</span>',
        '<iframe src="https://vimeo.com/123"></iframe>',
        '<blockquote class="twitter-tweet">',
      ],
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...[
        'a',
        'б',
        'слово',
        ' ',
        '  ',
        '\n',
        '\t',
        '&nbsp;',
        '\u00A0',
        '—',
        '“',
        '10',
        'سلام',
        '\u202E',
        '\u2067',
        '\u2069',
        '\u202C',
        '\u200B',
        '\u00AD',
        '\uFE0F',
        '\u0306',
        'и',
        '\u200F',
        '\u3000',
        '\u2028',
        '&lt;',
        '&amp;',
        '-',
        '😀',
        '\uFEFF',
      ],
    ),
  },
);

describe('any soup of tags', () => {
  test('becomes blocks that are harmless, clean, and the same when they are read again', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => expect(wrong(pieces.join(''))).toEqual([])),
      { numRuns: 4000 },
    );
  });
});

describe('HTML made to keep a program busy', () => {
  // A second on a machine with nothing else to do; what grew by the square of a million would take minutes on any.
  const most = 5_000;

  /** Processor time, because the machine may have other things to do. */
  const milliseconds = (work: () => unknown): number => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  const repeated = (unit: string): string => unit.repeat(Math.floor(1_000_000 / unit.length));
  const units = [
    ...[
      '<b></b>',
      '<p>a</p>',
      '<li>x',
      '<br>',
      '</p>',
      '<td colspan=50 rowspan=50>x',
      '<table><tr><td>x<td>y</table>',
      '<ol><li>x</li></ol>',
    ],
    ...['<', '&', '&#x', '&amp', '<!--', '<a ', '<a href="https://x.example/', '<?', '<![CDATA[', '<script>', '<select><option>'],
    ...["<i lang=ru style='a:b;font-weight:bold'>я</i>", '<q>x</q>', '<sup>2</sup>', '<blockquote>x<cite>y</cite></blockquote>'],
    ...[' ', '\u00A0 ', '&nbsp;', '\n', '\u202E', '\u200B', '\uFE0F', 'e\u0301', 'word ', '<b>x</b><i>y</i> ', '&#0000', '&#00000000000a'],
  ];
  const attributes = [
    `<p ${repeated('a')}>x`,
    `<p style="${repeated(';')}">x`,
    `<a href="${repeated('<!--')}">x</a>`,
    `<p class="${repeated('Mso ')}">x`,
  ];
  const long = [...units.map(repeated), ...attributes, `<p ${repeated(' a=b')}>x`].map((html) => html.slice(0, 1_000_000));

  test.each(long.map((html) => [html.slice(0, 24), html]))('%s… a million characters: in time linear to them, or refused', (_, html) => {
    expect(milliseconds(() => blocksOfHtml({ html, language }))).toBeLessThan(most);
  });

  test('as much markup as is read takes no longer', () => {
    for (const unit of units.filter((each) => /[<&]/u.test(each))) {
      const html = unit.repeat(Math.floor(60_000 / (unit.split(/[<&]/u).length - 1))).slice(0, 1_000_000);
      let result: ReturnType<typeof blocksOfHtml> | undefined;
      const spent = milliseconds(() => {
        result = blocksOfHtml({ html, language });
      });
      expect([unit, spent < most]).toEqual([unit, true]);
      if (result?.ok)
        expect([
          unit,
          milliseconds(() =>
            blocksOfHtml({ html: html.replaceAll('x', 'z'), language, previous: (result as { blocks: BlockData[] }).blocks }),
          ) < most,
        ]).toEqual([unit, true]);
    }
  });

  test.each(['div', 'b', 'ul', 'blockquote', 'table', 'svg', 'a', 'x-y'])('ten thousand nested <%s> are refused', (name) => {
    const html = `<${name}>`.repeat(10_000);
    expect(milliseconds(() => blocksOfHtml({ html, language }))).toBeLessThan(most);
    expect(blocksOfHtml({ html, language })).toMatchObject({ ok: false, fault: { code: 'HTML_TOO_DEEP', max: 256 } });
  });

  test('what is too long or has too much markup is refused', () => {
    expect(blocksOfHtml({ html: 'x'.repeat(1_000_001), language })).toMatchObject({ ok: false, fault: { code: 'HTML_TOO_LONG' } });
    expect(blocksOfHtml({ html: '<'.repeat(60_001), language })).toMatchObject({ ok: false, fault: { code: 'HTML_TOO_COMPLEX' } });
  });
});
