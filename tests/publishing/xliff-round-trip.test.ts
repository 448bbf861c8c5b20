import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type BlockData, block, type SpanData } from '../../src/articles/body.js';
import { Direction } from '../../src/editions/edition.js';
import { clean } from '../../src/lib/text.js';
import { exportXliff, type XliffExport } from '../../src/publishing/export-xliff.js';
import { importXliff } from '../../src/publishing/import-xliff.js';
import { readXliff } from '../../src/publishing/read-xliff.js';
import type { StoryText } from '../../src/publishing/xliff.js';
import { mapUnits, unitsOf } from '../../src/publishing/xliff-units.js';
import { anyStory } from '../support/any-story.js';

const original = 'urn:newsml:meridian.example:20240220:11111111-1111-4111-8111-111111111111.tt';
const given = (text: StoryText, target?: StoryText): XliffExport => ({
  original,
  source: { tag: 'en', direction: Direction.LTR, edition: 'en', revision: 7, text },
  target: { tag: 'fa', direction: Direction.RTL, ...(target && { present: { text: target, state: 'translated' as const } }) },
});

/** Spans as a reader sees them: neighbours with the same marks are one, a mark that is false is none. */
function seen(spans: readonly SpanData[]): SpanData[] {
  const runs: SpanData[] = [];
  for (const { text, ...marks } of spans) {
    const set = Object.fromEntries(Object.entries(marks).filter(([, value]) => value));
    const last = runs.at(-1);
    const { text: _, ...before } = last ?? { text: '' };
    if (last && JSON.stringify(sorted(before)) === JSON.stringify(sorted(set))) last.text += text;
    else runs.push({ text, ...set });
  }
  return runs.map((run) => ({ ...run, text: clean(run.text) }));
}
const sorted = (marks: object): [string, unknown][] => Object.entries(marks).sort(([a], [b]) => (a < b ? -1 : 1));
const seenStory = (story: StoryText): StoryText => mapUnits(story, ({ spans }) => seen(spans));

/** What a translator might make of spans: other words before and behind, codes kept, doubled, dropped, turned round; quotations stay. */
function translated(spans: readonly SpanData[], seed: number): SpanData[] {
  const turned = seed % 3 === 0 && spans.every(({ lang }) => lang === undefined) ? [...spans].reverse() : [...spans];
  const changed = turned.map((span, index) =>
    span.lang === undefined ? { ...span, text: clean(`‏${span.text}\u200c<${seed + index}>&`) } : span,
  );
  return seed % 2 === 0 ? changed : [...changed, { text: 'ي\u2067م\u2069' }, ...changed];
}

describe('every story', () => {
  test('goes out, comes back translated, and nothing is lost', () => {
    fc.assert(
      fc.property(anyStory, fc.nat(1_000), (source, seed) => {
        let count = seed;
        const target = mapUnits(source, ({ spans, isAddress }) => (isAddress || spans.length === 0 ? spans : translated(spans, count++)));
        const document = readXliff(exportXliff(given(source, target)));
        const { text, reports, states } = importXliff(document, source);
        expect(reports).toEqual([]);
        expect(text).toEqual(seenStory(target));
        expect(new Set(states.values())).toEqual(new Set(['translated']));
        expect(document).toMatchObject({ original, srcLang: 'en', trgLang: 'fa', source: { edition: 'en', revision: 7 } });
        expect(text.blocks.filter((each) => !block.safeParse(each).success)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('comes back by a tool that copies each source into its target', () => {
    fc.assert(
      fc.property(anyStory, (source) => {
        const filled = exportXliff(given(source)).replaceAll(
          /<source>(.*?)<\/source>/gsu,
          (all, inner) => `${all}<target>${inner}</target>`,
        );
        const { text, reports } = importXliff(readXliff(filled), source);
        expect(reports).toEqual([]);
        expect(text).toEqual(seenStory(source));
      }),
      { numRuns: 500 },
    );
  });

  test('has a unit for each of its texts, each with an id of its own that XML takes for one', () => {
    fc.assert(
      fc.property(anyStory, (source) => {
        const ids: string[] = [];
        mapUnits(source, ({ id, spans }) => {
          ids.push(id);
          return spans;
        });
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.filter((id) => !/^[\w.-]+$/u.test(id))).toEqual([]);
        expect([...readXliff(exportXliff(given(source))).units.keys()]).toEqual(ids);
        expect(mapUnits(source, ({ spans }) => spans)).toEqual(source);
      }),
    );
  });
});

const story: StoryText = {
  headline: 'Court & <law>',
  dek: 'What "follows"',
  blocks: [
    {
      key: 'p1',
      type: 'paragraph',
      spans: [
        { text: 'See ' },
        { text: 'the ', href: 'https://a.example/?a=1&b=2' },
        { text: 'ruling', href: 'https://a.example/?a=1&b=2', strong: true },
        { text: ' on ' },
        { text: 'иноагент', lang: 'ru', em: true },
      ],
    },
    { key: 'q1', type: 'quote', spans: [{ text: 'I live here.' }], attribution: 'A. A., teacher' },
    { key: 'l1', type: 'list', ordered: true, items: [[{ text: 'one' }], [{ text: 'two' }]] },
    {
      key: 't1',
      type: 'table',
      caption: 'Figures',
      header: [[{ text: 'Year' }], [{ text: 'Share' }]],
      rows: [
        [[{ text: '2023' }], [{ text: '27' }]],
        [[{ text: '2024' }], [{ text: '28' }]],
      ],
    },
    { key: 'i1', type: 'image', image: 'sea' },
    { key: 'e1', type: 'embed', provider: 'x', url: 'https://x.example/1', title: 'Post', fallback: 'See it there' },
    { key: 'v1', type: 'video', url: 'https://a.example/v.mp4', title: 'Film' },
    { key: 'headline', type: 'heading', level: 2, spans: [{ text: 'Named like the headline' }] },
    { key: 'p1', type: 'paragraph', spans: [{ text: 'A key taken twice' }] },
  ],
};

describe('a document for translators', () => {
  const document = exportXliff(given(story));

  test('names its units after the blocks', () => {
    expect([...unitsOf(story).keys()].join(' ')).toBe(
      'headline dek p1 q1 q1.attribution l1.0 l1.1 t1.caption t1.h.c0 t1.h.c1 t1.r0.c0 t1.r0.c1 t1.r1.c0 t1.r1.c1 ' +
        'e1.url e1.title e1.fallback v1.url v1.title headline_2 p1_2',
    );
  });

  test('says what it is of, and in which direction it is written', () => {
    expect(document).toContain(
      `<file id="story" original="${original}" srcDir="ltr" trgDir="rtl"><mda:metadata><mda:metaGroup category="dragoman">`,
    );
    expect(document).toContain('version="2.1" srcLang="en" trgLang="fa" xml:space="preserve"');
  });

  test('holds marks as codes: links with their address, strong and em, and words in another language, which are not to be translated', () => {
    expect(document).toContain(
      '<unit id="p1" type="dragoman:paragraph"><originalData><data id="d1">https://a.example/?a=1&amp;b=2</data><data id="d0"/></originalData>' +
        '<segment state="initial"><source>See <pc id="1" type="link" dataRefStart="d1" dataRefEnd="d0">the <pc id="2" type="fmt" subType="xlf:b">ruling</pc></pc> on ' +
        '<mrk id="3" type="its:generic" translate="no" itsm:lang="ru"><pc id="4" type="fmt" subType="xlf:i">иноагент</pc></mrk></source></segment></unit>',
    );
  });

  test('leaves addresses alone, and blocks that are to stay as they are', () => {
    const fixed = exportXliff({ ...given(story, story), fixed: new Set(['q1']) });
    const still = [...fixed.matchAll(/<unit id="([^"]+)"[^>]* translate="no">/gu)].map((match) => match[1]);
    expect(still).toEqual(['q1', 'q1.attribution', 'e1.url', 'v1.url']);
    const meddled = fixed.replace('<source>https://x.example/1</source>', '$&<target>https://evil.example/</target>');
    const { text, reports } = importXliff(readXliff(meddled.replaceAll(' translate="no"', '')), story);
    expect(text.blocks[5]).toEqual(story.blocks[5]);
    expect(reports.map(({ unit }) => unit)).toEqual(['q1', 'q1.attribution']);
    expect(importXliff(readXliff(meddled), story).reports).toEqual([]);
  });

  test('gives a code of the target the id it has in the source, and a new one an id of its own', () => {
    const words: SpanData[] = [
      { text: 'ruling', strong: true },
      { text: 'new', strong: true, href: 'https://b.example/' },
    ];
    const target = mapUnits(story, ({ id, spans }) => (id === 'p1' ? words : spans));
    expect(exportXliff(given(story, target))).toContain(
      '<target><pc id="2" type="fmt" subType="xlf:b">ruling</pc>' +
        '<pc id="5" type="link" dataRefStart="d2" dataRefEnd="d0"><pc id="6" type="fmt" subType="xlf:b">new</pc></pc></target>',
    );
  });

  test('shows how far each text has come; one whose source has changed is to be looked at anew', () => {
    const present = given(
      story,
      mapUnits(story, ({ id, spans }) => (id === 'dek' ? [] : spans)),
    );
    const again = exportXliff({ ...present, target: { ...present.target, outdated: new Set(['p1', 'headline']) } });
    const state = (id: string) => readXliff(again).units.get(id)?.state;
    expect(['headline', 'dek', 'p1', 'q1'].map(state)).toEqual(['initial', 'initial', 'initial', 'translated']);
    expect(again).toContain(
      '<unit id="headline" type="dragoman:headline"><segment state="initial"><source>Court &amp; &lt;law&gt;</source><target>',
    );
  });
});

describe('words quoted in another language', () => {
  const quoted = (...spans: SpanData[]): StoryText => ({ headline: 'a', dek: null, blocks: [{ key: 'p1', type: 'paragraph', spans }] });
  const source = quoted(
    { text: 'They call it ' },
    { text: 'инo', lang: 'ru', em: true },
    { text: 'агент ', lang: 'ru' },
    { text: 'here.' },
  );
  const reports = (...target: SpanData[]) => {
    const { reports: all, text } = importXliff(readXliff(exportXliff(given(source, quoted(...target)))), source);
    return [all.map(({ unit, reason, taken }) => `${unit} ${reason} ${taken}`), text.blocks[0]];
  };

  test.each<[string, SpanData[], string[]]>([
    ['stay', [{ text: 'Монда ' }, { text: 'инo', lang: 'ru', em: true }, { text: 'агент', lang: 'ru' }], []],
    ['stay where their emphasis goes', [{ text: 'инoагент', lang: 'ru' }, { text: ' диләр.' }], []],
    ['are missed where they were translated', [{ text: 'Монда ' }, { text: 'чит ил агенты', lang: 'ru' }], ['p1 CHANGED_QUOTATION true']],
    ['are missed where they are not marked any more', [{ text: 'Монда инoагент' }], ['p1 CHANGED_QUOTATION true']],
  ])('%s', (_what, target, expected) => {
    expect(reports(...target)).toEqual([expected, { key: 'p1', type: 'paragraph', spans: target }]);
  });

  test('need no mark in a text of that language', () => {
    const document = exportXliff(given(source, quoted({ text: 'Здесь говорят «инoагент».' }))).replace('trgLang="fa"', 'trgLang="ru"');
    expect(importXliff(readXliff(document), source).reports).toEqual([]);
  });

  test('need no target where there is nothing beside them', () => {
    const title = quoted({ text: 'Память', lang: 'ru', strong: true }, { text: ' ' });
    const document = exportXliff(given(title, { ...title, blocks: [] }));
    expect(document).not.toMatch(/<unit id="p1".*<target>/u);
    expect(importXliff(readXliff(document), title)).toMatchObject({ text: { blocks: title.blocks }, reports: [] });
    const named = exportXliff(given(source, { ...source, blocks: [] }));
    expect(importXliff(readXliff(named), source).reports).toMatchObject([{ unit: 'p1', reason: 'MISSING_TARGET' }]);
  });
});

test('an import takes the form of the source, whatever form the present target has', () => {
  const blocks: BlockData[] = [{ key: 'p1', type: 'heading', level: 2, spans: [{ text: 'Хөкем' }] }];
  const present = { headline: 'Хөкем', dek: null, blocks };
  const { text, reports } = importXliff(readXliff(exportXliff(given(story, present))), story, present);
  expect(text.blocks[0]).toEqual({ key: 'p1', type: 'paragraph', spans: [{ text: 'Хөкем' }] });
  expect(text.headline).toBe('Хөкем');
  expect(text.dek).toBe(story.dek);
  expect(reports.find(({ unit }) => unit === 'dek')).toEqual({
    unit: 'dek',
    reason: 'MISSING_TARGET',
    detail: 'has no target',
    taken: false,
  });
  expect(reports.find(({ unit }) => unit === 'p1')).toMatchObject({ reason: 'LOST_LINK', taken: true });
});
