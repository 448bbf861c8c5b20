import fc from 'fast-check';
import type { BlockData, SpanData } from '../../src/articles/body.js';
import { clean } from '../../src/lib/text.js';
import type { StoryText } from '../../src/publishing/xliff.js';

const awkward = [
  '&',
  '<',
  '>',
  '"',
  "'",
  ']]>',
  '<![CDATA[',
  '&amp;',
  '&#0;',
  '<pc id="1">',
  ' ',
  '  ',
  '\n',
  '\t',
  '\r',
  '\r\n',
  '\u00a0',
  '\u0085',
  '\u2028',
  '\u200c', // ZWNJ
  '\u200d', // ZWJ
  '\u200e', // LRM
  '\u200f', // RLM
  '\u2067متن\u2069',
  '\u202bעברית\u202c',
  '\ufeff',
  'می‌خواهم',
  'Татар',
  'e\u0301',
  '𝒳',
  '👩‍👩‍👧',
  '\u{1fffe}',
  '\u{10ffff}',
];

/** Text as it is stored, never blank: plain, in any script, and made to break out of what it is put into. */
export const anyText = fc
  .array(
    fc.oneof(fc.constantFrom(...awkward), fc.string({ unit: 'grapheme', maxLength: 8 }), fc.string({ unit: 'binary', maxLength: 4 })),
    {
      maxLength: 6,
    },
  )
  .map((parts) => clean(parts.join('')))
  .map((text) => (text.trim() === '' ? `${text}х` : text));

const href = fc.constantFrom(
  'https://a.example/',
  'https://a.example/?a=1&b=2#x',
  "mailto:desk@a.example?subject='&'",
  'https://ü.example/тест',
);
const lang = fc.constantFrom('ru', 'ar', 'sr-Latn', 'zh-Hant-TW');
const anySpan: fc.Arbitrary<SpanData> = fc
  .record({ text: anyText, strong: fc.boolean(), em: fc.boolean(), href, lang }, { requiredKeys: ['text'] })
  .map((span) => span as SpanData);
const anySpans = fc.array(anySpan, { minLength: 1, maxLength: 5 });
const url = fc.constantFrom('https://a.example/a.mp3', 'https://a.example/v?x=1&y="2"'.replaceAll('"', '%22'));
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const textOrNone = fc.oneof({ weight: 4, arbitrary: anyText }, fc.constant(''));

const kinds: Record<BlockData['type'], (key: string) => fc.Arbitrary<BlockData>> = {
  paragraph: (key) => anySpans.map((spans) => ({ key, type: 'paragraph', spans })),
  heading: (key) => anySpans.map((spans) => ({ key, type: 'heading', level: 3, spans })),
  quote: (key) =>
    fc.tuple(anySpans, maybe(textOrNone)).map(([spans, attribution]) => ({ key, type: 'quote', spans, ...defined({ attribution }) })),
  list: (key) =>
    fc
      .tuple(fc.boolean(), fc.array(anySpans, { minLength: 1, maxLength: 3 }))
      .map(([ordered, items]) => ({ key, type: 'list', ordered, items })),
  table: (key) =>
    fc
      .tuple(
        maybe(textOrNone),
        maybe(fc.array(anySpans, { maxLength: 3 })),
        fc.array(fc.array(anySpans, { maxLength: 3 }), { minLength: 1, maxLength: 3 }),
      )
      .map(([caption, header, rows]) => ({ key, type: 'table', ...defined({ caption, header }), rows })),
  image: (key) => fc.constant({ key, type: 'image', image: 'sea' }),
  audio: (key) => fc.tuple(url, textOrNone).map(([address, title]) => ({ key, type: 'audio', url: address, title, seconds: 5 })),
  video: (key) =>
    fc.tuple(url, textOrNone).map(([address, title]) => ({ key, type: 'video', url: address, title, poster: '/media/p.svg' })),
  embed: (key) =>
    fc
      .tuple(url, textOrNone, textOrNone)
      .map(([address, title, fallback]) => ({ key, type: 'embed', provider: 'x', url: address, title, fallback })),
  related: (key) => fc.constant({ key, type: 'related', articles: ['11111111-1111-4111-8111-111111111111'] }),
};

/** A story with blocks of any kind and marks in any combination; keys may be those of headline and dek, or be taken twice. */
export const anyStory: fc.Arbitrary<StoryText> = fc.record({
  headline: anyText,
  dek: fc.option(textOrNone, { nil: null }),
  blocks: fc
    .array(
      fc.tuple(
        fc.constantFrom(...(Object.keys(kinds) as BlockData['type'][])),
        fc.constantFrom('p1', 'p2', 'p3', 'headline', 'dek', 'a-1'),
      ),
      {
        maxLength: 8,
      },
    )
    .chain((plan) => fc.tuple(...plan.map(([kind, key]) => kinds[kind](key)))),
});

const defined = <T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
