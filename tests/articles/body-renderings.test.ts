import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type BlockData, block, type SpanData } from '../../src/articles/body.js';
import { type PictureFacts, type RenderParts, renderHtml, renderMarkdown, renderText } from '../../src/articles/render-body.js';
import { clean, cleanDeep, countWords, escapeMarkup } from '../../src/lib/text.js';
import { directionOf } from '../../src/topics/name-in.js';
import { readHtml, type Token } from '../support/markup.js';

// graphiql brings it along; it has no types of its own.
const { default: MarkdownIt } = await import('markdown-it' as string);
const commonMark = new MarkdownIt('commonmark', { html: true }).enable('table');

const parts: RenderParts = {
  pictures: new Map([
    [
      'sea',
      {
        url: 'https://gw.example/media/sea.jpg?a=1&b=2',
        width: 1600,
        height: 900,
        alt: 'Диңгез "Арал"',
        caption: 'Арал, 2024 <ел>',
        creditLine: 'Фото: A & B',
        lang: null,
      },
    ],
    [
      'ship',
      {
        ...{
          url: 'https://gw.example/media/ship.jpg',
          width: 800,
          height: 600,
          alt: 'کشتی',
          caption: 'کشتی در ساحل',
          creditLine: 'Фото: C',
        },
        lang: 'fa',
      },
    ],
    ['bare', { url: 'https://gw.example/media/bare.jpg', width: 1, height: 1, alt: '', caption: null, creditLine: null, lang: null }],
  ]),
  stories: new Map([
    ['11111111-1111-4111-8111-111111111111', { headline: 'Башка *язма* <1>', url: 'https://tt.meridian.example/a/%D1%8F.html' }],
  ]),
  directionOf,
  absolute: (path) => new URL(path, 'https://gw.example').href,
};
const inputOf = (blocks: unknown[]): BlockData[] => blocks.map((each, index) => block.parse({ key: `b${index}`, ...(each as object) }));
const paragraph = (...spans: SpanData[]): BlockData[] => inputOf([{ type: 'paragraph', spans }]);

describe('a body with every kind of block', () => {
  const blocks = inputOf([
    {
      type: 'paragraph',
      spans: [
        { text: 'Кырым & <Казан> — "сүз", ' },
        { text: 'калын', strong: true },
        { text: ' һәм ' },
        { text: 'икесе', strong: true, em: true },
        { text: '.' },
      ],
    },
    { type: 'heading', level: 2, spans: [{ text: '1. Бүлек # бер' }] },
    { type: 'heading', level: 4, spans: [{ text: 'Кечкенә' }] },
    {
      type: 'paragraph',
      spans: [
        { text: 'Русча ' },
        { text: 'иноагент', lang: 'ru', em: true },
        { text: ', гарәпчә ' },
        { text: 'سلام', lang: 'ar' },
        { text: '; ' },
        { text: 'сылтама', href: 'https://x.example/?a=1&copy=2' },
      ],
    },
    { type: 'paragraph', spans: [{ text: 'Беренче юл\nикенче юл' }] },
    { type: 'quote', spans: [{ text: 'Мин монда яшим.' }], attribution: 'A. A., укытучы' },
    { type: 'quote', spans: [{ text: 'Авторсыз' }] },
    { type: 'list', ordered: false, items: [[{ text: 'бер' }], [{ text: 'ике', strong: true }]] },
    { type: 'list', ordered: true, items: [[{ text: 'беренче' }], [{ text: 'икенче' }]] },
    {
      type: 'table',
      caption: 'Таблица',
      header: [[{ text: 'Ел' }], [{ text: 'Сан | процент' }]],
      rows: [[[{ text: '2023' }], [{ text: '27' }]], [[{ text: '2024' }]]],
    },
    { type: 'image', image: 'sea' },
    { type: 'image', image: 'ship' },
    { type: 'image', image: 'bare' },
    { type: 'image', image: 'retracted' },
    {
      type: 'audio',
      url: 'https://gw.example/a.mp3',
      title: 'Тапшыру',
      seconds: 60,
      captions: [{ lang: 'ru', url: 'https://gw.example/a.vtt' }],
    },
    {
      type: 'video',
      url: 'https://gw.example/v.mp4',
      title: 'Видео & ко',
      poster: '/media/p.svg',
      captions: [{ lang: 'tt', url: 'https://gw.example/v.vtt' }],
    },
    { type: 'embed', provider: 'x', url: 'https://x.example/post/1', title: 'Пост', fallback: 'Постны X челтәрендә карагыз' },
    { type: 'related', articles: ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] },
    { type: 'related', articles: ['22222222-2222-4222-8222-222222222222'] },
  ]);

  // UPDATE_GOLDEN=1 writes the files anew: then read them, all of them.
  test.each([
    ['html', renderHtml],
    ['md', renderMarkdown],
    ['txt', renderText],
  ] as const)('is the text a person has read: body.%s', (kind, render) => {
    const golden = `tests/golden/body.${kind}`;
    if (process.env.UPDATE_GOLDEN) writeFileSync(golden, `${render(blocks, parts)}\n`);
    expect(`${render(blocks, parts)}\n`).toBe(readFileSync(golden, 'utf8'));
  });

  test('leaves out pictures and stories that may not be seen, and no empty line for them', () => {
    for (const render of [renderHtml, renderMarkdown, renderText]) {
      expect(render(blocks, parts)).not.toMatch(/retracted|22222222|\n\n\n/u);
      expect(render(inputOf([{ type: 'image', image: 'retracted' }]), parts)).toBe('');
      expect(render([], parts)).toBe('');
    }
  });
});

// Texts made to break out of whatever they are put into.
const nasty = [
  ...[
    '<',
    '>',
    '&',
    '"',
    "'",
    '&amp;',
    '&lt;b&gt;',
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '</p>',
    '<!--',
    '-->',
    ']]>',
    '<b',
    ' onclick="x"',
  ],
  ...[
    '*',
    '**',
    '_',
    '`',
    '```',
    '#',
    '- ',
    '-',
    '+ ',
    '1. ',
    '2024) ',
    '=',
    '===',
    '---',
    '***',
    '> ',
    '|',
    '~~',
    '~~~',
    '![',
    '](',
    '[x](y)',
    '[x]: y',
    '\\',
    '    ',
    '\t',
    ' ',
    '\n',
  ],
  ...['а', 'Я', 'سلام', 'é', '\u200C', '\u200F', '😀', '<https://x.example>', 'www.x.example', '{{names}}', '$&'],
];
const text = fc.oneof(
  { weight: 3, arbitrary: fc.array(fc.constantFrom(...nasty), { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join('')) },
  {
    weight: 1,
    arbitrary: fc
      .string({ unit: 'binary', minLength: 1 })
      .map(clean)
      .filter((each) => each !== ''),
  },
);
const url = fc.oneof(
  fc.constantFrom(
    'https://x.example/?a=1&b=2',
    "http://x.example/'onclick='x",
    'https://x.example/\\',
    'HTTPS://x.example/*_*',
    'mailto:a@x.example?subject=&copy;',
    'https://x.example/)](y',
  ),
  text.map((each) => `https://x.example/${each.replace(/[\s<>"]/gu, '')}`),
);
const tag = fc.constantFrom('ru', 'ar', 'fa-AF', 'sr-Latn', 'zh-Hant-TW');
const span = fc.record({ text, strong: fc.boolean(), em: fc.boolean(), href: url, lang: tag }, { requiredKeys: ['text'] });
const spans = fc.array(span, { minLength: 1, maxLength: 3 });
const file = url.filter((each) => /^https?:/iu.test(each));
const captions = fc.array(fc.record({ lang: tag, url: file }), { maxLength: 2 });
const picture = fc.record({
  url,
  width: fc.nat(),
  height: fc.nat(),
  alt: text,
  caption: fc.option(text),
  creditLine: fc.option(text),
  lang: fc.option(tag),
});
const anyBlock: fc.Arbitrary<BlockData> = fc
  .oneof<fc.Arbitrary<object>[]>(
    fc.record({ type: fc.constant('paragraph'), spans }),
    fc.record({ type: fc.constant('heading'), level: fc.constantFrom(2, 3, 4), spans }),
    fc.record({ type: fc.constant('quote'), spans, attribution: text }, { requiredKeys: ['type', 'spans'] }),
    fc.record({ type: fc.constant('list'), ordered: fc.boolean(), items: fc.array(spans, { minLength: 1, maxLength: 3 }) }),
    fc.record(
      {
        type: fc.constant('table'),
        caption: text,
        header: fc.array(spans, { maxLength: 2 }),
        rows: fc.array(fc.array(spans, { maxLength: 3 }), { minLength: 1, maxLength: 2 }),
      },
      { requiredKeys: ['type', 'rows'] },
    ),
    fc.record({ type: fc.constant('image'), image: fc.constantFrom('sea', 'any', 'retracted') }),
    fc.record({ type: fc.constant('audio'), url: file, title: text, captions }, { requiredKeys: ['type', 'url', 'title'] }),
    fc.record(
      { type: fc.constant('video'), url: file, title: text, poster: fc.constant('/media/p.svg'), captions },
      { requiredKeys: ['type', 'url', 'title'] },
    ),
    fc.record({ type: fc.constant('embed'), provider: text, url, title: text, fallback: text }),
    fc.record({ type: fc.constant('related'), articles: fc.constant(['one', 'two']) }),
  )
  .map((each) => block.parse({ key: 'b0', ...each }));
const everything = fc.record({ blocks: fc.array(anyBlock, { minLength: 1, maxLength: 4 }), any: picture, headline: text, url });
const partsWith = ({ any, headline, url: address }: { any: PictureFacts; headline: string; url: string }): RenderParts => ({
  ...parts,
  pictures: new Map([...parts.pictures, ['any', any]]),
  stories: new Map([['one', { headline, url: address }]]),
});

/** The elements and attributes HTML bodies are made of: nothing else, whatever the text is. */
const allowed: Record<string, string[]> = {
  ...Object.fromEntries(
    ['p', 'h2', 'h3', 'h4', 'em', 'strong', 'br', 'figure', 'figcaption', 'blockquote', 'ul', 'ol', 'li', 'small'].map((name) => [
      name,
      [],
    ]),
  ),
  ...Object.fromEntries(['table', 'caption', 'thead', 'tbody', 'tr', 'th', 'td'].map((name) => [name, []])),
  a: ['href'],
  span: ['lang', 'dir'],
  img: ['src', 'width', 'height', 'alt', 'lang', 'dir'],
  audio: ['controls', 'preload', 'src'],
  video: ['controls', 'preload', 'src', 'poster'],
  track: ['kind', 'srclang', 'src'],
};
const opened = (tokens: Token[]) => tokens.flatMap((token) => (token.kind === 'open' ? [token] : []));

describe('HTML', () => {
  test('has only the fixed elements and attributes, each closed, whatever is written', () => {
    fc.assert(
      fc.property(everything, (all) => {
        for (const { name, attributes } of opened(readHtml(renderHtml(all.blocks, partsWith(all))))) {
          expect(Object.keys(allowed)).toContain(name);
          for (const [key, value] of Object.entries(attributes)) {
            expect(allowed[name]).toContain(key);
            if (['href', 'src', 'poster'].includes(key)) expect(value).toMatch(/^(?:https?:\/\/|mailto:)/iu);
            if (key === 'dir') expect(value).toMatch(/^(?:ltr|rtl)$/u);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('shows every text as it was written, a line break as one', () => {
    fc.assert(
      fc.property(spans, (all) => {
        const shown = readHtml(renderHtml(paragraph(...all), parts)).map((token) =>
          token.kind === 'text' ? token.text : token.kind === 'open' && token.name === 'br' ? '\n' : '',
        );
        expect(shown.join('')).toBe(all.map((each) => each.text).join(''));
      }),
      { numRuns: 300 },
    );
  });

  test('is the same each time, and leaves what it is made from alone', () => {
    fc.assert(
      fc.property(everything, (all) => {
        const before = JSON.stringify(all.blocks);
        for (const render of [renderHtml, renderMarkdown, renderText])
          expect(render(all.blocks, partsWith(all))).toBe(render(all.blocks, partsWith(all)));
        expect(JSON.stringify(all.blocks)).toBe(before);
      }),
      { numRuns: 100 },
    );
  });

  test('says which words are in another language, and their direction', () => {
    expect(renderHtml(paragraph({ text: 'سلام', lang: 'fa-AF' }, { text: 'да', lang: 'sr-Cyrl' }), parts)).toBe(
      '<p><span lang="fa-AF" dir="rtl">سلام</span><span lang="sr-Cyrl" dir="ltr">да</span></p>',
    );
  });

  test('can be made of any language tag a body may hold', () => {
    const language = fc.oneof(
      fc.stringMatching(/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}$/u),
      fc.constantFrom('en-x', 'sr-latn', 'en-a-b', 'abcd', 'i-klingon'),
    );
    fc.assert(
      fc.property(language, (lang) => {
        const result = block.safeParse({ key: 'b', type: 'paragraph', spans: [{ text: 'a', lang }] });
        if (result.success) expect(() => renderHtml([result.data], parts)).not.toThrow();
      }),
      { numRuns: 300 },
    );
  });
});

describe('a body is refused that', () => {
  test.each([
    ['leads to a script', { type: 'paragraph', spans: [{ text: 'a', href: 'javascript:alert(1)' }] }],
    ['leads to data', { type: 'paragraph', spans: [{ text: 'a', href: 'data:text/html,x' }] }],
    ['leads to a script behind a space', { type: 'paragraph', spans: [{ text: 'a', href: ' javascript:alert(1)' }] }],
    [
      'leads to a script behind a line break',
      { type: 'paragraph', spans: [{ text: 'a', href: 'https://x.example\njavascript:alert(1)' }] },
    ],
    ['leads to a file', { type: 'embed', provider: 'x', title: 't', fallback: 'f', url: 'file:///etc/passwd' }],
    ['leads anywhere the page is', { type: 'audio', title: 't', url: '//x.example/a.mp3' }],
    ['has a poster that is a script', { type: 'video', title: 't', url: 'https://x.example/v', poster: 'javascript:alert(1)' }],
    ['has a poster at no address', { type: 'video', title: 't', url: 'https://x.example/v', poster: 'http://[' }],
    ['has a poster at another host by a path', { type: 'video', title: 't', url: 'https://x.example/v', poster: '//x.example/p' }],
    ['has a heading above its place', { type: 'heading', level: 1, spans: [{ text: 'a' }] }],
    ['has a field nobody knows', { type: 'paragraph', spans: [{ text: 'a', onclick: 'x' }] }],
    ['has an element nobody knows', { type: 'html', html: '<b>' }],
    ['has no text', { type: 'paragraph', spans: [{ text: '' }] }],
    ['has a language that is none', { type: 'paragraph', spans: [{ text: 'a', lang: 'en-x' }] }],
  ])('%s', (_what, bad) => {
    expect(block.safeParse({ key: 'b', ...bad }).success).toBe(false);
  });
});

/** Markdown as a reader sees it: the elements it makes, and its text. */
function seen(markdown: string): { elements: string[]; text: string } {
  const html: string = commonMark.render(markdown);
  const elements = [...html.matchAll(/<([a-z][a-z0-9]*)/gu)].map(([, name]) => name!);
  const shown = html
    .replace(/<[^>]*>/gu, '')
    .replace(/&(lt|gt|quot|amp);/gu, (_, name: 'lt') => ({ lt: '<', gt: '>', quot: '"', amp: '&' })[name]);
  return { elements, text: shown };
}
/** White space does not count: Markdown may break lines elsewhere. */
const letters = (shown: string): string => shown.replace(/\s+/gu, '');

describe('Markdown', () => {
  test.each([
    ['a number and a dot', '1. Бүлек'],
    ['a year and a dot', '2024. Казан'],
    ['a year and a bracket', '2024) Казан'],
    ['a dash', '- юк'],
    ['a dash alone', '-'],
    ['a number and a dot alone', '1.'],
    ['a plus', '+ әйе'],
    ['a hash', '# билге'],
    ['a line under it', 'Баш\n==='],
    ['a rule under it', 'Баш\n---'],
    ['a rule', '---'],
    ['four spaces', '    сүз'],
    ['a tab', '\tсүз'],
    ['an empty line', 'бер\n\nике'],
    ['a fence', '~~~'],
    ['a quotation mark of mail', '> сүз'],
    ['a definition', '[x]: https://x.example'],
  ])('shows a paragraph with %s as it is', (_what, written) => {
    const { elements, text: shown } = seen(renderMarkdown(paragraph({ text: written }), parts));
    expect(elements.filter((name) => name !== 'br')).toEqual(['p']);
    expect(letters(shown)).toBe(letters(written));
  });

  test('shows any paragraph as one paragraph with its text', () => {
    fc.assert(
      fc.property(text, fc.record({ strong: fc.boolean(), em: fc.boolean() }), (written, marks) => {
        fc.pre(/\S/u.test(written));
        const { elements, text: shown } = seen(renderMarkdown(paragraph({ text: written, ...marks }), parts));
        expect(elements.filter((name) => !['br', 'em', 'strong'].includes(name))).toEqual(['p']);
        if (!marks.em && !marks.strong) expect(letters(shown)).toBe(letters(written));
      }),
      { numRuns: 300 },
    );
  });

  test('keeps each item of a list and each heading one, whatever is written', () => {
    fc.assert(
      fc.property(
        fc.array(
          text.filter((each) => /\S/u.test(each)),
          { minLength: 1, maxLength: 3 },
        ),
        fc.boolean(),
        (items, ordered) => {
          const list = seen(renderMarkdown(inputOf([{ type: 'list', ordered, items: items.map((each) => [{ text: each }]) }]), parts));
          expect(list.elements.filter((name) => name !== 'br')).toEqual([ordered ? 'ol' : 'ul', ...items.map(() => 'li')]);
          expect(letters(list.text)).toBe(letters(items.join('')));
          const heading = seen(renderMarkdown(inputOf([{ type: 'heading', level: 3, spans: [{ text: items[0]! }] }]), parts));
          expect(heading.elements).toEqual(['h3']);
          expect(letters(heading.text)).toBe(letters(items[0]!));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('keeps the shape of a table', () => {
    fc.assert(
      fc.property(
        text.filter((each) => /\S/u.test(each)),
        (written) => {
          const cell = [{ text: written }];
          const { elements, text: shown } = seen(
            renderMarkdown(inputOf([{ type: 'table', header: [cell, cell], rows: [[cell, cell]] }]), parts),
          );
          expect(elements).toEqual(['table', 'thead', 'tr', 'th', 'th', 'tbody', 'tr', 'td', 'td']);
          expect(letters(shown)).toBe(letters(written.repeat(4)));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('has a table of any number of rows', () => {
    const row = [[{ text: 'a' }]];
    const table = inputOf([{ type: 'table', rows: [row] }]).map((each) => ({ ...each, rows: Array(200_000).fill(row) }) as BlockData);
    expect(renderMarkdown(table, parts).split('\n')).toHaveLength(200_002);
  });

  test('leads where the text leads', () => {
    fc.assert(
      fc.property(url, (href) => {
        const html: string = commonMark.render(renderMarkdown(paragraph({ text: 'сүз', href }), parts));
        expect(html).toBe(`<p><a href="${commonMark.utils.escapeHtml(commonMark.normalizeLink(href))}">сүз</a></p>\n`);
      }),
      { numRuns: 300 },
    );
  });

  test('has no HTML of the text', () => {
    fc.assert(
      fc.property(everything, (all) => {
        const html: string = commonMark.render(renderMarkdown(all.blocks, partsWith(all)));
        for (const [, name] of html.matchAll(/<([a-z][a-z0-9]*)/giu)) expect(['script', 'b', 'x']).not.toContain(name!.toLowerCase());
        expect(html).not.toMatch(/<img src=x/u);
      }),
      { numRuns: 300 },
    );
  });
});

describe('plain text', () => {
  test('is the text and nothing besides', () => {
    fc.assert(
      fc.property(spans, (all) => expect(renderText(paragraph(...all), parts)).toBe(all.map((each) => each.text).join(''))),
      { numRuns: 200 },
    );
  });
});

describe('text', () => {
  const codeUnits = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) });
  const forXml = /^[\u0009\u000A\u000D\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

  test('once clean stays as it is, and XML may carry it', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          codeUnits,
          fc
            .array(fc.constantFrom('\uD83D', '\uDE00', '\u0000', '\uFFFE', 'И', '\u0306', '\u200C', '\n', '\u0085'))
            .map((all) => all.join('')),
          fc
            .array(fc.constantFrom('e', '\u0301'.repeat(31), '\u0344'.repeat(30), '\u0323'.repeat(29), '\u034F', '\u0000', '\u0345'))
            .map((all) => all.join('')),
        ),
        (given) => {
          const once = clean(given);
          expect(clean(once)).toBe(once);
          expect(once).toMatch(forXml);
          expect(once).toBe(once.normalize('NFC'));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('keeps joiners, direction marks and characters beyond the first plane', () => {
    const kept = 'می‌خواهم \u200D\u200E\u200F\u2066x\u2069 😀 \u{1FFFE}\t\r\n';
    expect(clean(kept)).toBe(kept);
  });

  test('keeps up to sixty marks on a letter together, and parts more of them by an invisible joiner, thirty by thirty', () => {
    const marks = (count: number) => '\u0323'.repeat(count);
    expect(clean(`q${marks(60)}`)).toBe(`q${marks(60)}`);
    expect(clean(`q${marks(61)} сүз`)).toBe(`q${marks(30)}\u034F${marks(30)}\u034F${marks(1)} сүз`);
    expect(
      clean(`e\u0301${marks(70)}`)
        .replaceAll('\u034F', '')
        .normalize('NFC'),
    ).toBe(`e\u0301${marks(70)}`.normalize('NFC'));
  });

  test('in a value of any shape is cleaned, and its keys are kept', () => {
    expect(cleanDeep({ a: ['И\u0306\u0000', 1, null, true], 'b\u0001': { c: '\uD800' } })).toEqual({
      a: ['Й', 1, null, true],
      'b\u0001': { c: '' },
    });
  });

  test('escaped has no special character left, and comes back whole', () => {
    fc.assert(
      fc.property(text, (given) => {
        const escaped = escapeMarkup(given);
        expect(escaped).not.toMatch(/[<>"']|&(?!#\d+;)/u);
        expect(escaped.replace(/&#(\d+);/gu, (_, code: string) => String.fromCodePoint(Number(code)))).toBe(given);
      }),
    );
  });

  test.each([
    ['', 0],
    ['   ', 0],
    ['—', 0],
    ['Казан', 1],
    ['Казан шәһәре, 2024 ел.', 4],
    ['об’єкт oʻzbek می‌خواهم всё-таки', 4],
    ['…а, б!', 2],
    ['é e\u0301', 2],
    ['1,5', 2],
  ])('%j has %i words', (given, words) => {
    expect(countWords(given)).toBe(words);
  });
});
