import { describe, expect, test } from '@jest/globals';
import type { SpanData } from '../../src/articles/body.js';
import { importXliff, type UnitReport } from '../../src/publishing/import-xliff.js';
import { readXliff, type XliffRefusal } from '../../src/publishing/read-xliff.js';
import type { StoryText } from '../../src/publishing/xliff.js';

const link = 'https://a.example/';
const source: StoryText = {
  headline: 'Title',
  dek: null,
  blocks: [
    {
      key: 'p1',
      type: 'paragraph',
      spans: [{ text: 'One ' }, { text: 'two', strong: true }, { text: '. ' }, { text: 'Three', href: link }, { text: '.' }],
    },
    { key: 'p2', type: 'paragraph', spans: [{ text: 'Four' }] },
  ],
};
const codes = '<originalData><data id="d1">https://a.example/</data></originalData>';
const p1 = 'One <pc id="1" type="fmt" subType="xlf:b">two</pc>. <pc id="2" type="link" dataRefStart="d1">Three</pc>.';
const core = 'xmlns="urn:oasis:names:tc:xliff:document:2.0"';

const document = (units: string, { version = '2.1', head = '', attributes = 'xml:space="preserve"' } = {}): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<xliff ${core} version="${version}" srcLang="en" trgLang="tt" ${attributes}>
    <file id="f1" original="urn:x">${head}
      ${units}
    </file>
  </xliff>`;
const unit = (id: string, inner: string): string => `<unit id="${id}">${inner}</unit>`;
const segment = (sourceText: string, target?: string, attributes = ''): string =>
  `<segment ${attributes}><source>${sourceText}</source>${target === undefined ? '' : `<target>${target}</target>`}</segment>`;
const headline = unit('headline', segment('Title', 'Исем', 'state="final"'));
const p2 = unit('p2', segment('Four', 'Дүрт'));
const whole = (inner: string): string => document(headline + unit('p1', inner) + p2);

const spansOf = (file: string): SpanData[] => {
  const { text, reports } = importXliff(readXliff(file), source);
  expect(reports.filter(({ taken }) => !taken)).toEqual([]);
  const [block] = text.blocks;
  return block?.type === 'paragraph' ? block.spans : [];
};
const reportsOf = (file: string): UnitReport[] => importXliff(readXliff(file), source).reports;

describe('what tools write back is taken', () => {
  const wanted: SpanData[] = [{ text: 'Бер ' }, { text: 'ике', strong: true }, { text: '. ' }, { text: 'Өч', href: link }, { text: '.' }];
  const bold = '<pc id="1" type="fmt" subType="xlf:b">ике</pc>';
  const linked = '<pc id="2" type="link" dataRefStart="d1">Өч</pc>';

  test.each<[string, string]>([
    ['as it went out', codes + segment(p1, `Бер ${bold}. ${linked}.`)],
    ['codes named by their id only', codes + segment(p1, 'Бер <pc id="1">ике</pc>. <pc id="2">Өч</pc>.')],
    ['copies of codes', codes + segment(p1, 'Бер <pc id="8" copyOf="1">ике</pc>. <pc id="9" copyOf="2">Өч</pc>.')],
    [
      'codes in two halves',
      codes +
        segment(
          p1,
          'Бер <sc id="1" type="fmt" subType="xlf:b"/>ике<ec startRef="1"/>. <sc id="2" type="link" dataRef="d1"/>Өч<ec startRef="2"/>.',
        ),
    ],
    [
      'split into segments, with the space between them',
      `${codes}<segment id="s1" state="translated"><source>One <pc id="1" type="fmt" subType="xlf:b">two</pc>.</source><target>Бер ${bold}.</target></segment>
      <ignorable><source> </source></ignorable>
      <segment id="s2"><source><pc id="2" type="link" dataRefStart="d1">Three</pc>.</source><target>${linked}.</target></segment>`,
    ],
    [
      'split in the middle of a code',
      `${codes}<segment><source>One <sc id="1" type="fmt" subType="xlf:b"/>t</source><target>Бер <sc id="1" type="fmt" subType="xlf:b"/>и</target></segment>
      <segment><source>wo<ec startRef="1"/>. <pc id="2" type="link" dataRefStart="d1">Three</pc>.</source><target>ке<ec startRef="1"/>. ${linked}.</target></segment>`,
    ],
    [
      'segments in another order',
      `${codes}<segment><source>One</source><target order="3">${linked}.</target></segment>
      <segment><source> two</source><target order="1">Бер ${bold}</target></segment>
      <segment><source> three</source><target order="2">. </target></segment>`,
    ],
    [
      'a segment whose words have gone into another',
      `${codes}${segment('One <pc id="1" type="fmt" subType="xlf:b">two</pc>. ', `Бер ${bold}. ${linked}.`)}${segment('<pc id="2" type="link" dataRefStart="d1">Three</pc>.', '', 'state="translated"')}`,
    ],
    [
      'CDATA, references, comments and instructions',
      codes + segment(p1, `<![CDATA[Бер ]]>${bold}<!-- ? -->&#46; <?tool x?>${linked}&#x2E;`),
    ],
    [
      'terms, comments and other annotations',
      codes +
        segment(
          p1,
          `<mrk id="m1" type="term" ref="urn:t">Бер</mrk> ${bold}<sm id="m2" type="comment" value="?"/>. ${linked}<em startRef="m2"/>.`,
        ),
    ],
    [
      'modules and notes, with other targets in them',
      `<mtc:matches xmlns:mtc="urn:oasis:names:tc:xliff:matches:2.0"><mtc:match ref="#s1"><source>One</source><target>Ялгыш</target></mtc:match></mtc:matches>
      <x:extra xmlns:x="urn:x"><x:target>Ялгыш</x:target><segment><source>a</source><target>Ялгыш</target></segment></x:extra>
      <notes><note id="n1">Ялгыш</note></notes>${codes}${segment(p1, `Бер ${bold}. ${linked}.`)}`,
    ],
  ])('%s', (_, inner) => {
    expect(spansOf(whole(inner))).toEqual(wanted);
  });

  test('elements of others among the words', () => {
    expect(spansOf(whole(codes + segment(p1, `Бер ${bold}.<x:note xmlns:x="urn:x">Ялгыш</x:note> ${linked}.`)))).toEqual(wanted);
  });

  test('a file of XLIFF 2.0, in groups, with modules before its units', () => {
    const units = `<group id="g1"><notes><note>a</note></notes><group id="g2">${headline}</group>${unit('p1', codes + segment(p1, `Бер ${bold}. ${linked}.`))}</group>${p2}`;
    expect(spansOf(document(units, { version: '2.0', head: '<skeleton href="x.skl"/><x:tool xmlns:x="urn:x"/>' }))).toEqual(wanted);
  });

  test('lines broken and indented by a tool that no longer keeps white space', () => {
    const loose = segment(p1, `\n        Бер\n        ${bold}.\n        ${linked}.\n      `);
    expect(spansOf(document(headline + unit('p1', codes + loose) + p2, { attributes: '' }))).toEqual(wanted);
    expect(spansOf(document(headline + unit('p1', codes + loose) + p2, { attributes: 'xml:space="default"' }))).toEqual(wanted);
  });

  test('a prefix for the core namespace', () => {
    const file = whole(codes + segment(p1, `Бер ${bold}. ${linked}.`))
      .replace('xmlns=', 'xmlns:xlf=')
      .replaceAll(/<(\/?)(\w+)(?=[ >/])/gu, '<$1xlf:$2');
    expect(spansOf(file)).toEqual(wanted);
  });

  test('codes that overlap, codes within codes, a code twice, a line break', () => {
    const overlapping =
      '<sc id="1" type="fmt" subType="xlf:b"/>Б<sc id="7" type="fmt" subType="xlf:i"/>е<ec startRef="1"/>р<ec startRef="7"/> ';
    const nested =
      '<pc id="2"><mrk id="m" type="its:generic" xmlns:i="urn:oasis:names:tc:xliff:itsm:2.1" i:lang="ru"><pc id="1">и</pc></mrk></pc>';
    expect(
      spansOf(
        whole(codes + segment(p1, `${overlapping}${nested}<pc id="1">к</pc><ph id="3" subType="xlf:lb"/>е<pc id="5" type="ui">!</pc>`)),
      ),
    ).toEqual([
      { text: 'Б', strong: true },
      { text: 'е', strong: true, em: true },
      { text: 'р', em: true },
      { text: ' ' },
      { text: 'и', strong: true, href: link, lang: 'ru' },
      { text: 'к', strong: true },
      { text: '\nе!' },
    ]);
  });

  test('words are kept as composed characters', () => {
    expect(spansOf(whole(codes + segment(p1, 'и\u0306')))).toEqual([{ text: 'й' }]);
  });
});

describe('a bad unit is reported and keeps the words there were; the others are taken', () => {
  const reasons: [string, string, string, RegExp][] = [
    ['no target', segment(p1), 'MISSING_TARGET', /^has no target$/u],
    ['an empty target nobody has come to', segment(p1, ''), 'MISSING_TARGET', /^has no target$/u],
    ['a blank target', segment(p1, ' <pc id="1"> </pc>', 'state="final"'), 'MISSING_TARGET', /empty/u],
    ['one segment of two', segment('One', 'Бер') + segment('two'), 'MISSING_TARGET', /^1 of 2 segments/u],
    ['a code that is not in the source', segment(p1, '<pc id="9">Бер</pc>'), 'BROKEN_CODES', /"9" is not in the source/u],
    ['a code without an end', segment(p1, '<sc id="1" type="fmt"/>Бер'), 'BROKEN_CODES', /"1" is not closed/u],
    ['an end without a beginning', segment(p1, 'Бер<ec startRef="1"/>'), 'BROKEN_CODES', /without having begun/u],
    ['a code that begins twice', segment(p1, '<sc id="1"/><sc id="1"/>Бер<ec startRef="1"/>'), 'BROKEN_CODES', /twice/u],
    ['a placeholder', segment(p1, 'Бер <ph id="1"/>'), 'BROKEN_CODES', /<ph> "1"/u],
    ['an element that is no code', segment(p1, 'Бер <segment/>'), 'BROKEN_CODES', /<segment>/u],
    ['a link without an address', segment(p1, '<pc id="9" type="link">Бер</pc>'), 'BROKEN_CODES', /no address/u],
    [
      'a link to a script',
      `<originalData><data id="d">javascript:alert(1)</data></originalData>${segment(p1, '<pc id="9" type="link" dataRefStart="d">Бер</pc>')}`,
      'BROKEN_CODES',
      /href/u,
    ],
    ['words in no language', segment(p1, '<mrk id="m" xml:lang="i_x">Бер</mrk>'), 'BROKEN_CODES', /lang/u],
    [
      'more codes open than anyone needs',
      segment(p1, Array.from({ length: 65 }, (_, n) => `<sc id="c${n}" type="fmt"/>`).join('Бер')),
      'BROKEN_CODES',
      /more than 64/u,
    ],
    ['a forbidden character', segment(p1, 'Бе\u0008р'), 'FORBIDDEN_CHARACTERS', /forbids/u],
    ['a forbidden character, as a reference', segment(p1, 'Бе&#xFFFF;р'), 'FORBIDDEN_CHARACTERS', /forbids/u],
    ['a forbidden character, as a code', segment(p1, 'Бе<cp hex="0000"/>р'), 'FORBIDDEN_CHARACTERS', /forbids/u],
    ['half a surrogate pair', segment(p1, 'Бе\ud83dр'), 'FORBIDDEN_CHARACTERS', /forbids/u],
  ];
  test.each(reasons)('%s', (_, inner, reason, detail) => {
    const file = readXliff(whole((inner.includes('<originalData>') ? '' : codes) + inner));
    const { text, reports, states } = importXliff(file, source);
    expect(reports.filter(({ taken }) => !taken)).toEqual([{ unit: 'p1', reason, detail: expect.stringMatching(detail), taken: false }]);
    expect(text).toEqual({
      headline: 'Исем',
      dek: null,
      blocks: [source.blocks[0], { key: 'p2', type: 'paragraph', spans: [{ text: 'Дүрт' }] }],
    });
    expect([...states]).toEqual([
      ['headline', 'final'],
      ['p2', 'initial'],
    ]);
    const present: StoryText = { ...source, blocks: [{ key: 'p1', type: 'paragraph', spans: [{ text: 'Элеккечә' }] }] };
    expect(importXliff(file, source, present).text.blocks[0]).toEqual(present.blocks[0]);
  });

  test('units that are unknown, there twice, or not there', () => {
    const twice = unit('p1', segment('One', 'Бер'));
    expect(
      reportsOf(document(twice + twice + p2 + unit('p9', segment('a', 'b')))).map(({ unit: id, reason }) => `${id} ${reason}`),
    ).toEqual(['headline MISSING_TARGET', 'p1 DUPLICATE_UNIT', 'p9 UNKNOWN_UNIT']);
  });

  test('a link that was left out is reported, and its unit taken', () => {
    expect(reportsOf(whole(codes + segment(p1, 'Бер')))).toEqual([
      { unit: 'p1', reason: 'LOST_LINK', detail: `the link to ${link} is not in the target`, taken: true },
    ]);
  });

  test('the state of a unit is that of the segment that is least far', () => {
    const units = unit(
      'p1',
      segment('a', 'b', 'state="final"') + segment('a', 'b', 'state="translated"') + segment('a', 'b', 'state="reviewed"'),
    );
    expect(readXliff(document(units)).units.get('p1')?.state).toBe('translated');
    expect(readXliff(document(unit('p1', segment('a', 'b', 'state="ready"')))).units.get('p1')?.state).toBe('initial');
  });
});

describe('the revision it was made from', () => {
  const metadata = (edition: string, revision: string, category = 'dragoman') =>
    `<m:metadata xmlns:m="urn:oasis:names:tc:xliff:metadata:2.0"><m:metaGroup category="${category}"><m:meta type="source-edition">${edition}</m:meta><m:meta type="source-revision">\n ${revision} </m:meta></m:metaGroup></m:metadata>`;
  test.each([
    ['is read', metadata('en', '7'), { edition: 'en', revision: 7 }],
    ['beside others', metadata('x', '1', 'tool') + metadata('en', '7'), { edition: 'en', revision: 7 }],
    ['is null when the tool has dropped it', '', null],
    ['is null when it is no number', metadata('en', '7.5'), null],
    ['is null when it is none of ours', metadata('en', '7', 'tool'), null],
  ])('%s', (_, head, expected) => {
    expect(readXliff(document(headline, { head })).source).toEqual(expected);
  });
});

describe('a file that is none is refused', () => {
  test.each<[string, string, XliffRefusal]>([
    ['another format', '<html/>', 'NOT_XLIFF'],
    ['no namespace', '<xliff version="2.1"/>', 'NOT_XLIFF'],
    ['no file', `<xliff ${core} version="2.1" srcLang="en"/>`, 'NOT_XLIFF'],
    ['XLIFF 1.2', '<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2"><file/></xliff>', 'UNSUPPORTED_VERSION'],
    ['XLIFF 2.2', '<xliff xmlns="urn:oasis:names:tc:xliff:document:2.2" version="2.2"><file/></xliff>', 'UNSUPPORTED_VERSION'],
    ['two stories in one', `<xliff ${core} version="2.1" srcLang="en"><file id="a"/><file id="b"/></xliff>`, 'SEVERAL_FILES'],
    ['a DTD', `<!DOCTYPE xliff SYSTEM "x.dtd">${document(headline)}`, 'DOCTYPE'],
    ['an end that is missing', document(headline).slice(0, -10), 'NOT_WELL_FORMED'],
    ['groups without end', document('<group id="g">'.repeat(10_000)), 'TOO_DEEP'],
    ['too much of it', document(headline.repeat(40_000)), 'TOO_LARGE'],
  ])('%s', (_, file, reason) => {
    expect(() => readXliff(file)).toThrow(expect.objectContaining({ name: 'XliffRefused', reason }) as unknown as Error);
  });

  test('no file of the allowed size costs more than two seconds of a processor', () => {
    const many = (part: (n: number) => string, length: number): string => Array.from({ length }, (_, n) => part(n)).join('');
    const files = [
      document(
        unit(
          'p1',
          segment(
            'a',
            many((n) => `<sc id="${n}" type="fmt"/>a`, 60_000),
          ),
        ),
      ),
      document(
        unit(
          'p1',
          segment(
            'a',
            many((n) => `<sc id="${n}" type="fmt"/>a<ec startRef="${n}"/>`, 35_000),
          ),
        ),
      ),
      document(
        unit(
          'p1',
          many((n) => segment('a', `b${n}`), 25_000),
        ),
      ),
      document(many((n) => unit(`u${n}`, segment('a', 'b')), 20_000)),
      document(
        unit(
          'p1',
          segment(
            many((n) => `<pc id="${n}">a</pc>`, 80_000),
            'b',
          ),
        ),
      ),
      document(unit('p1', `<originalData>${many((n) => `<data id="${n}">a</data>`, 60_000)}</originalData>${segment('a', 'b')}`)),
      document(unit('p1', segment('a', ' '.repeat(1_900_000))), { attributes: '' }),
      document(unit('p1', segment('a', `${'<pc id="1" type="fmt">'.repeat(50)}${'a'.repeat(1_900_000)}${'</pc>'.repeat(50)}`))),
    ];
    for (const file of files) {
      const start = process.cpuUsage();
      importXliff(readXliff(file, { milliseconds: 60_000 }), source);
      expect(process.cpuUsage(start).user).toBeLessThan(2_000_000);
    }
  });
});
