import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { BlockData, SpanData } from '../../src/articles/body.js';
import { plainText } from '../../src/articles/plain-text.js';
import { type RenderParts, renderHtml } from '../../src/articles/render-body.js';
import { blocksOfHtml } from '../../src/publishing/blocks-of-html.js';
import { cleanInput } from '../../src/publishing/clean-input.js';
import { directionOf } from '../../src/topics/name-in.js';
import { anyStory } from '../support/any-story.js';

const uuids = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222', '33333333-3333-4333-8333-333333333333'];
const [one = '', two = '', unseen = ''] = uuids;
const file = (name: string): string => `https://gateway.example/media/${name}`;
const picture = (name: string) => ({
  url: file(name),
  width: 1600,
  height: 900,
  alt: 'A',
  caption: 'C',
  creditLine: 'Photo: D',
  lang: null,
});
const story = (slug: string) => ({ headline: `About ${slug}`, url: `https://gateway.example/read/en/${slug}` });
/** What readers see: the pictures `sea` and `lake`, and two of three related stories. */
const parts: RenderParts = {
  pictures: new Map([
    ['sea', picture('sea.jpg')],
    ['lake', picture('lake.jpg')],
  ]),
  stories: new Map([
    [one, story('one')],
    [two, story('two')],
  ]),
  directionOf,
  absolute: (path) => new URL(path, 'https://gateway.example').href,
};
const pictures = new Map([...parts.pictures].map(([code, { url }]) => [code, [url, url.replace('.jpg', '-320.jpg')]] as const));
const stories = new Map([...parts.stories].map(([uuid, { url }]) => [uuid, url] as const));

function paste(html: string, previous: readonly BlockData[]): BlockData[] {
  const result = blocksOfHtml({ html, language: 'en', previous, pictures, stories });
  if (!result.ok) throw new Error(result.fault.code);
  return result.blocks;
}
const again = (body: readonly BlockData[]): BlockData[] => paste(renderHtml(body, parts), body);

const paragraph = (key: string, text: string): BlockData => ({ key, type: 'paragraph', spans: [{ text }] });
const sea: BlockData = { key: 'sea', type: 'image', image: 'sea' };
const lake: BlockData = { key: 'lake', type: 'image', image: 'lake' };
const hidden: BlockData = { key: 'hidden', type: 'image', image: 'retracted' };
const film: BlockData = {
  ...{ key: 'film', type: 'video', url: 'https://v.example/1.mp4', title: 'A film', seconds: 61, poster: '/media/p.jpg' },
  captions: [{ lang: 'ru', url: 'https://v.example/1.vtt' }],
};
const sound: BlockData = { key: 'sound', type: 'audio', url: 'https://v.example/2.mp3', title: 'A talk' };
const post: BlockData = {
  key: 'post',
  type: 'embed',
  provider: 'x',
  url: 'https://a.example/9',
  title: 'Of the minister',
  fallback: 'See it',
};
const further: BlockData = { key: 'more', type: 'related', articles: [one, unseen, two] };
const secret: BlockData = { key: 'secret', type: 'related', articles: [unseen] };

const words = fc.constantFrom('vote', 'budget', 'sea', 'Суд', 'грант', '“A. & B.”', '<i>', '10%', 'متن').map((word) => `${word}.`);
const tidyText = fc.array(words, { minLength: 1, maxLength: 4 }).map((all) => all.join(' '));
const href = fc.constantFrom('https://a.example/', 'https://a.example/?a=1&b=2#x', 'mailto:desk@a.example');
const spansOf = (text: fc.Arbitrary<string>): fc.Arbitrary<SpanData[]> =>
  fc
    .tuple(text, text, fc.constantFrom<Omit<SpanData, 'text'>>({ strong: true }, { em: true }, { strong: true, em: true }, {}), href)
    .map(([a, b, marks, link]) => [{ text: `${a} ` }, { text: b, ...marks, href: link }, { text: '\n' }, { text: 'в Уфе', lang: 'ru' }]);
const line = (text: fc.Arbitrary<string>): fc.Arbitrary<SpanData[]> => text.map((each) => [{ text: each }]);
const cell = line(tidyText);
const anyBlock: Record<BlockData['type'], fc.Arbitrary<BlockData>> = {
  paragraph: spansOf(tidyText).map((spans) => ({ key: '', type: 'paragraph', spans })),
  heading: fc.tuple(fc.constantFrom(2, 3, 4), cell).map(([level, spans]) => ({ key: '', type: 'heading', level, spans })),
  quote: fc
    .tuple(spansOf(tidyText), fc.option(tidyText))
    .map(([spans, attribution]) => ({ key: '', type: 'quote', spans, ...(attribution === null ? {} : { attribution }) })),
  list: fc
    .tuple(fc.boolean(), fc.array(spansOf(tidyText), { minLength: 1, maxLength: 3 }))
    .map(([ordered, items]) => ({ key: '', type: 'list', ordered, items })),
  table: fc
    .tuple(fc.option(tidyText), fc.option(fc.tuple(cell, cell)), fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 3 }))
    .map(([caption, header, rows]) => ({
      ...{ key: '', type: 'table', ...(caption === null ? {} : { caption }), ...(header === null ? {} : { header }), rows },
    })),
  image: fc.constantFrom(sea, lake, hidden),
  audio: tidyText.map((title) => ({ ...sound, title })),
  video: tidyText.map((title) => ({ ...film, title })),
  embed: fc.tuple(tidyText, fc.oneof(tidyText, fc.constant(''))).map(([title, fallback]) => ({ ...post, title, fallback }) as BlockData),
  related: fc.constantFrom(further, secret),
};
const kinds = Object.keys(anyBlock) as BlockData['type'][];
const anyBody = fc
  .array(
    fc.constantFrom(...kinds).chain((kind) => anyBlock[kind]),
    { maxLength: 10 },
  )
  .map((blocks) => blocks.map((block, index) => ({ ...block, key: `p${index + 1}` })));

describe('a body as HTML, pasted over itself', () => {
  test('is the same blocks with the same keys, of whatever kinds they are', () => {
    fc.assert(
      fc.property(anyBody, (body) => expect(again(body)).toEqual(body)),
      { numRuns: 1000 },
    );
  });

  test('loses nothing but white space, empty parts and marks that do not show, however odd the text', () => {
    const letters = (blocks: readonly BlockData[]): string => plainText(blocks).replace(/[^\p{L}\p{N}]/gu, '');
    fc.assert(
      fc.property(anyStory, ({ blocks }) => {
        const quotesNothing = (block: BlockData): boolean =>
          block.type === 'quote' && !/[^\s\p{C}\p{Default_Ignorable_Code_Point}]/u.test(block.spans.map(({ text }) => text).join(''));
        const cleaned = cleanInput(blocks.filter((block) => !quotesNothing(block)).map((block, index) => ({ ...block, key: `p${index}` })));
        if (!cleaned.ok) return;
        const once = again(cleaned.value);
        expect(letters(once)).toBe(letters(cleaned.value));
        expect(again(once)).toEqual(once);
      }),
      { numRuns: 1000 },
    );
  });
});

const body = [sea, paragraph('p1', 'One two three.'), film, further, paragraph('p2', 'Four five six.'), sound, secret, hidden];
const keys = (blocks: readonly BlockData[]): string => blocks.map(({ key }) => key).join(' ');

describe('what HTML has no way to show keeps its place', () => {
  test.each([
    ['under text of an office program', '<p>One two three.</p><p>Four five six.</p>', 'sea p1 film more p2 sound secret hidden'],
    ['where passages came and went', '<h2>New.</h2><p>Four five six.</p><p>Last.</p>', 'sea p3 film more p2 sound secret hidden p4'],
    ['where passages were moved', '<p>Four five six.</p><p>One two three.</p>', 'sea p2 sound secret hidden p1 film more'],
    ['at the top, where no passage is left', '<p>Other matter.</p>', 'sea film more sound secret hidden p3'],
    ['where nothing is left', '', 'sea film more sound secret hidden'],
  ])('%s', (_what, html, expected) => {
    expect(keys(paste(html, body))).toBe(expected);
  });

  test('and where HTML shows one of a kind, it says which of them stay, but for those no reader sees', () => {
    const shown = (src: string) => `<p>One two three.</p><figure><img src="${src}"><figcaption>Other words</figcaption></figure>`;
    expect(keys(paste(shown(file('lake.jpg')), [sea, ...body.slice(1), lake]))).toBe('p1 film more sound secret hidden lake');
    expect(keys(paste('<p>One two three.</p><video src="https://v.example/1.mp4"></video>', [...body, { ...film, key: 'p9' }]))).toBe(
      'sea p1 film more sound secret hidden',
    );
  });

  test('but an embed is a link, and goes with it', () => {
    expect(keys(paste('<p>One two three.</p>', [paragraph('p1', 'One two three.'), post]))).toBe('p1');
  });
});

describe('what HTML shows of the body before is what it was', () => {
  const only = (html: string, ...previous: BlockData[]): BlockData => {
    const [block, ...rest] = paste(html, previous);
    expect(rest).toEqual([]);
    return block!;
  };
  test.each([
    ['a picture by the address of any of its files', `<p><img src="${file('sea-320.jpg')}" alt="x"></p>`, sea, sea],
    [
      'a recording, with its new title',
      '<figure><audio src="https://v.example/2.mp3"></audio><figcaption>B</figcaption></figure>',
      sound,
      { ...sound, title: 'B' },
    ],
    ['a video with its length, poster and captions', '<video src="https://v.example/1.mp4">Fallback</video>', film, film],
    ['an embed, with the words of its link', '<p><a href="https://a.example/9">Look</a></p>', post, { ...post, fallback: 'Look' }],
    [
      'related stories, with those nobody sees',
      `<ul><li><a href="${story('two').url}">Two</a></li></ul>`,
      further,
      { ...further, key: 'p1', articles: [two, unseen] },
    ],
  ])('%s', (_what, html, before, expected) => {
    expect(only(html, before)).toEqual(expected);
  });

  test.each([
    ['a picture it did not have', `<img src="${file('lake.jpg')}">`],
    ['a picture no reader sees', '<img src="https://gateway.example/media/retracted.jpg">'],
    ['a recording of elsewhere', '<audio src="https://evil.example/x.mp3"></audio>'],
    ['a picture as a recording’s address', '<video src="javascript:alert(1)"></video>'],
    ['an address of a picture that is a link', `<a href="${file('sea.jpg')}">x</a>`],
  ])('and not %s', (_what, html) => {
    expect(keys(paste(html, [sea, hidden]).filter(({ type }) => type !== 'paragraph'))).toBe('sea hidden');
  });

  test('a picture that stands there twice, twice', () => {
    const twice: BlockData[] = [sea, paragraph('p1', 'One two three.'), { ...sea, key: 'p2' }];
    expect(again(twice)).toEqual(twice);
  });
});
