import 'reflect-metadata';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readAddress } from '../src/articles/address.js';
import { type BlockData, block } from '../src/articles/body.js';
import { type RenderParts, renderHtml, renderMarkdown, renderText } from '../src/articles/render-body.js';
import { slugOf } from '../src/articles/slug.js';
import { parseUrn } from '../src/articles/urn.js';
import { parseAcceptLanguage } from '../src/editions/accept-language.js';
import { parseLine, readStory } from '../src/ingest/jsonl-story.js';
import { registry } from '../src/ingest/registry.js';
import { story } from '../src/ingest/story.js';
import { placeOf } from '../src/lib/relay.js';
import { EditionCode, LanguageTag, Territory, WebAddress } from '../src/lib/scalars.js';
import { clean, countWords, escapeMarkup } from '../src/lib/text.js';
import type { Say } from '../src/lib/wording.js';
import { refuseDocument, refuseVariables } from '../src/server/measure-document.js';
import { directionOf } from '../src/topics/name-in.js';
import { voices } from './support/sample-registry.js';

const length = 200_000;
/**
 * Rendering takes 5 ms on a quiet machine, reading some 20; composing letters whose accents have no composed form takes 55; beside other
 * suites all of it takes many times that. So what takes longer is slow only where it also grows faster than the text: four times the text
 * take a linear reader four times as long, a quadratic one sixteen times.
 */
const mostMilliseconds = 50;
const mostGrowth = 8;

/** Pieces that some expression looks for, or refuses, or looks for behind another; a run of one is what makes a careless one count twice. */
const pieces = [
  ...[' ', '\t', '\n', '\r', '\r\n', ' \n', '\u00A0', '\u2028', '\uFEFF', ' ,', '; ', ';q=', '=', ',', ':', '.', '-', '–'],
  ...[
    '`',
    '*',
    '**',
    '_',
    '~',
    '#',
    '> ',
    '|',
    '!',
    '[',
    ']',
    '](',
    '(',
    ')',
    '\\',
    '+',
    '1',
    '1.',
    '0',
    '2000 tokens',
    '{',
    '}',
    '{{',
    '}}',
    '$t(',
  ],
  ...['<', '>', '&', '&amp;', '"', "'", '/', '//', '%', '%7B', '{slug}', 'a', 'a ', 'aB', 'a-', 'a,', 'http://', 'mailto:', 'urn:newsml:'],
  ...[
    '\u200C',
    '\u200D',
    '\u0301',
    '\u0301\u0323',
    '\u0344',
    'а\u0301',
    '’',
    '\uD83D',
    '\uDE00',
    '😀',
    '\u0000',
    '\uFFFE',
    'İ',
    'ﷺ',
    '한',
    'ᄒ',
    'ᅡ',
  ],
];
const hostile = pieces.flatMap((piece) => {
  const run = piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
  return [run, `a${run}b`].map((text, index) => [`${index === 0 ? '' : 'a'}${JSON.stringify(piece)}…`, text] as const);
});

const parts: RenderParts = { pictures: new Map(), stories: new Map(), directionOf, absolute: (path) => path };
const paragraph = (text: string): BlockData[] => [{ key: 'p', type: 'paragraph', spans: [{ text, strong: true }] }];

/** A body of every kind of block in which a text may stand, each with its share of one. */
function everywhere(text: string): [BlockData[], RenderParts] {
  const share = text.slice(0, length / 10);
  const spans = [{ text: share, em: true }, { text: 'b' }];
  const blocks = [
    { type: 'heading', level: 2, spans },
    { type: 'quote', spans, attribution: share },
    { type: 'list', ordered: true, items: [spans] },
    { type: 'table', caption: share, header: [spans], rows: [[spans]] },
    { type: 'image', image: 'picture' },
    { type: 'embed', provider: 'x', url: `https://x.example/${share}`, title: '', fallback: share },
    { type: 'related', articles: ['story'] },
  ].map((each, index) => ({ key: `b${index}`, ...each }) as BlockData);
  const picture = { url: `https://x.example/${share}`, width: 1, height: 1, alt: share, caption: share, creditLine: share, lang: 'ru' };
  return [
    blocks,
    { ...parts, pictures: new Map([['picture', picture]]), stories: new Map([['story', { headline: share, url: 'https://x.example/' }]]) },
  ];
}

const lineOf = (text: string): string =>
  JSON.stringify({
    ...{ id: 'a', origin: text, sourceLocale: 'en' },
    editions: [{ locale: 'en', source: true, headline: text, dek: text, blocks: [] }],
  });
const readLine = (text: string) =>
  readStory(
    { id: 'a', origin: text, sourceLocale: 'en', editions: [{ locale: 'en', source: true, headline: text, dek: text, blocks: [] }] },
    () => 'en',
    { publishedAt: new Date(0), wireFromOrigin: true, keep: 1, seed: 1 },
  );
const site = { code: 'tt', articleUrl: 'https://tt.meridian.example/{yyyymmdd}/{slug}.html', formerArticleUrls: [] };

let say: Say;
beforeAll(async () => {
  say = (await voices()).get('tt')!;
});

/** Everything here that meets a text from outside; what it throws is its answer too. */
const readers: Record<string, (text: string) => unknown> = {
  'a paragraph in HTML': (text) => renderHtml(paragraph(text), parts),
  'a paragraph in Markdown': (text) => renderMarkdown(paragraph(text), parts),
  'a paragraph in plain text': (text) => renderText(paragraph(text), parts),
  'all blocks in HTML': (text) => renderHtml(...everywhere(text)),
  'all blocks in Markdown': (text) => renderMarkdown(...everywhere(text)),
  'all blocks in plain text': (text) => renderText(...everywhere(text)),
  'a text cleaned': clean,
  'its words counted': countWords,
  'it made safe in markup': escapeMarkup,
  'a slug of a headline': (text) => slugOf(clean(text), '11111111-1111-4111-8111-111111111111'),
  'a link of a body': (text) => block.safeParse({ key: 'b', type: 'embed', url: `https://${text}`, provider: '', title: '', fallback: '' }),
  'a poster of a body': (text) => block.safeParse({ key: 'b', type: 'video', url: 'https://x.example/', title: '', poster: `/${text}` }),
  'a language of a word': (text) => block.safeParse({ key: 'b', type: 'paragraph', spans: [{ text: 'a', lang: `en-${text}` }] }),
  'a key of a block': (text) => block.safeParse({ key: text, type: 'paragraph', spans: [{ text: 'a' }] }),
  'a slug and times of a story': (text) =>
    story.safeParse({
      id: text,
      homeEdition: text,
      publishedAt: `2026-01-01T00:00:00${text}`,
      translations: [{ edition: 'en', slug: text, revisions: [] }],
    }),
  'an address of an edition': (text) => registry.shape.editions.element.shape.articleUrl.safeParse(`https://x.example/${text}`),
  'a line of a file': parseLine,
  'texts of a line of a file': (text) => parseLine(lineOf(text)),
  'a story of a line': readLine,
  'an address of a page': (text) =>
    readAddress(WebAddress.parseValue(`https://tt.meridian.example/20260101/${text}`), [site], 'https://x.example'),
  'a longer address of a page': (text) => readAddress(`https://tt.meridian.example/20260101/${text}`, [site], 'https://x.example'),
  'an address without a scheme': (text) => WebAddress.parseValue(text),
  'a URN': (text) => parseUrn(`urn:newsml:${text}`),
  'a code of an edition': (text) => EditionCode.parseValue(text),
  'a language tag': (text) => LanguageTag.parseValue(text),
  'a territory': (text) => Territory.parseValue(text),
  'a cursor': (text) => placeOf(text, 'list'),
  'an id in a cursor': (text) => placeOf(Buffer.from(JSON.stringify(['list', 0, text])).toString('base64url'), 'list'),
  'Accept-Language': (text) => parseAcceptLanguage(`en${text}`),
  'a document': refuseDocument,
  'a name in a document': (text) => refuseDocument(`{ a(b: ${text}) }`),
  'a string in a document': (text) => refuseDocument(`{ a(b: ${JSON.stringify(text)}) }`),
  'a block string in a document': (text) => refuseDocument(`{ a(b: """${text}""") }`),
  'a variable': (text) => refuseVariables({ a: text }),
  'a value in a sentence': (text) => say.text('notices', 'correction', { note: text, date: text }),
  'a name in a list': (text) => say.list([text, 'b', text]),
};

/** The clock counts the machine's other programs too, the processor's time the compiler's threads: the smaller one is the work's. */
function millisecondsOf(work: () => unknown): number {
  const [start, before] = [performance.now(), process.cpuUsage()];
  try {
    work();
  } catch {
    // A refusal is an answer, if it comes in time.
  }
  const [wall, { user, system }] = [performance.now() - start, process.cpuUsage(before)];
  return Math.min(wall, (user + system) / 1000);
}

/** The best of three, or the first that is good enough. */
function bestOf(enough: number, work: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 3 && best > enough; attempt++) best = Math.min(best, millisecondsOf(work));
  return best;
}

describe(`is done in time for any run of ${length} characters`, () => {
  test.each(Object.entries(readers))('%s', (_name, read) => {
    const slow = hostile.flatMap(([run, text]) => {
      const whole = bestOf(mostMilliseconds, () => read(text));
      if (whole <= mostMilliseconds) return [];
      const quarter = bestOf(0, () => read(text.slice(0, length / 4)));
      return whole > quarter * mostGrowth ? [`${run}: ${Math.round(whole)} ms, a quarter of it ${Math.round(quarter)} ms`] : [];
    });
    expect(slow).toEqual([]);
  });
});
