import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { articleUuid } from '../../src/ingest/ids.js';
import { openGateway, type TestGateway } from '../support/gateway.js';
import { makeStory, paragraph, write } from '../support/make-story.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
  await write(gateway, [
    makeStory({ id: 'only-in-text', editions: { en: { headline: 'Nothing to see', blocks: [paragraph('A wombat dug its burrows.')] } } }),
    makeStory({ id: 'draft', publishedAt: null, editions: { en: { headline: 'A wombat in a draft' } } }),
    makeStory({ id: 'embargoed', embargoUntil: '2030-01-01T00:00:00Z', editions: { en: { headline: 'A wombat under embargo' } } }),
    makeStory({
      id: 'half',
      editions: {
        en: { headline: 'A numbat', blocks: [paragraph('½ and ⅓; №5; ŉ; two-fold.')] },
        tt: { headline: 'Намбат', publishedAt: null },
      },
    }),
    makeStory({
      id: 'persian-letters',
      editions: {
        fa: {
          headline: 'پیش\u200Cبینی هوا',
          blocks: [paragraph('کتابخانه\u200Cهای قدیمی در ۱۴۰۳ مسئولان تازه\u200Cای می\u200Cیابند؛ خانهٔ کوچک.')],
        },
      },
    }),
    makeStory({
      id: 'arabic-letters',
      editions: { prs: { headline: 'كتابهاي تازه', blocks: [paragraph('در سال ٢٠٢٥ مكتبهاي نو ميسازند.')] } },
    }),
    makeStory({
      id: 'pashto-urdu-arabic',
      editions: {
        ps: { headline: 'نوې خبرتیا', blocks: [paragraph('ګڼ ښوونکي پوهنتونۍ ته ځي، په ۱۲ بجو.')] },
        ur: { headline: 'نئی خبر', blocks: [paragraph('ہمارے ملک کے بچّے پڑھتے ہیں۔')] },
        ar: { headline: 'أخبار القاهرة', blocks: [paragraph('وصل المسافرون إلى المدينة القديمة في عام ٢٠٢٥، والتقوا مُعلِّمًا.')] },
      },
    }),
    makeStory({ id: 'accents', editions: { ro: { headline: 'Țări și orașe' }, kk: { headline: 'Ёлка және йод' } } }),
  ]);
});
afterAll(() => gateway.close());

const query =
  'query($edition: EditionCode, $policy: LocalePolicy!, $search: String!) { articles(edition: $edition, policy: $policy, filter: { search: $search }, first: 100) { totalCount edges { node { id } } } }';

/** The stories found, by the ids they were imported by. */
async function find(edition: string | null, search: string, policy = 'STRICT'): Promise<string[]> {
  const { data, errors } = await gateway.ask(query, { edition, policy, search });
  expect(errors).toBeUndefined();
  expect(data.articles.totalCount).toBe(data.articles.edges.length);
  return data.articles.edges.map(({ node }: { node: { id: string } }) => names.get(node.id.split(':')[4] ?? '') ?? node.id);
}

const names = new Map(
  [
    'kremlin-dialogue',
    'breaking-test',
    'baikonur-lease',
    'lighthouses',
    'al-khwarizmi',
    'georgian-scripts',
    'tatar-alphabets',
    'embargoed-leap-year',
    'saiga-return',
    'caspian-level',
    'matenadaran',
    'aral-gallery',
    'volga-live',
    'nowruz',
    'danube',
  ].map((name) => [articleUuid(`sample-${name}`), name] as const),
);
for (const name of [...'only-in-text draft embargoed half accents persian-letters arabic-letters pashto-urdu-arabic'.split(' ')])
  names.set(articleUuid(name), name);

describe('where PostgreSQL knows the language, any form of a word finds it', () => {
  test.each([
    ['en', 'antelopes', 'saiga-return'],
    ['en', 'LIGHTHOUSE', 'lighthouses'],
    ['en', 'lighthouses', 'lighthouses'],
    ['en', 'wombats', 'only-in-text'],
    ['en', 'digging burrow', undefined],
    ['en', 'wombat burrow', 'only-in-text'],
    ['ru', 'антилопами', 'saiga-return'],
    ['ru', 'сайгаков', 'saiga-return'],
    ['ru', 'маяками', 'lighthouses'],
    ['ru', 'космодрому', 'baikonur-lease'],
    ['ru', 'упреками', 'kremlin-dialogue'],
    ['ru', 'упрёк', 'kremlin-dialogue'],
    ['ru', 'сайгаки'.normalize('NFD'), 'saiga-return'],
    ['hy', 'ձեռագրերը', 'matenadaran'],
    ['ro', 'tari', 'accents'],
    ['ro', 'Țară', 'accents'],
  ])('%s: %s', async (edition, search, expected) => {
    const found = await find(edition, search);
    if (expected === undefined) expect(found).toEqual([]);
    else expect(found).toContain(expected);
  });

  test('words are all meant, unless “or” stands between them; quoted ones stand together; a minus keeps stories out', async () => {
    expect(await find('en', 'saiga lighthouse')).toEqual([]);
    expect((await find('en', 'saiga or lighthouse')).sort()).toEqual(expect.arrayContaining(['lighthouses', 'saiga-return']));
    expect(await find('en', '"dug its burrows"')).toEqual(['only-in-text']);
    expect(await find('en', '"burrows dug its"')).toEqual([]);
    const antelopes = await find('en', 'saiga');
    expect(antelopes).toContain('saiga-return');
    expect(await find('en', 'saiga -antelope')).toEqual(antelopes.filter((each) => each !== 'saiga-return'));
  });
});

describe('Serbian is one language in two alphabets', () => {
  test.each([
    ['sr-latn', 'река', 'danube'],
    ['sr-cyrl', 'reka', 'danube'],
    ['sr-latn', 'земаља', 'danube'],
    ['sr-cyrl', 'zemalja', 'danube'],
    ['sr-latn', 'реке', 'danube'],
    ['sr-cyrl', 'rekama', 'danube'],
    // Letters that Latin writes with a diacritic.
    ['sr-latn', 'државе', 'kremlin-dialogue'],
    ['sr-cyrl', 'države', 'kremlin-dialogue'],
    ['sr-latn', 'države', 'kremlin-dialogue'],
    ['sr-cyrl', 'државе', 'kremlin-dialogue'],
    ['sr-latn', 'drzave', 'kremlin-dialogue'],
    ['sr-latn', 'Џо Бајден', 'kremlin-dialogue'],
    ['sr-cyrl', 'Džo Bajden', 'kremlin-dialogue'],
  ])('%s: %s', async (edition, search, expected) => {
    expect(await find(edition, search)).toContain(expected);
  });
});

describe('in the Arabic script, letters that readers take for one another are one', () => {
  test.each([
    ['as it is written', 'fa', 'کتابخانه\u200Cهای قدیمی', 'persian-letters'],
    ['Arabic kaf and yeh', 'fa', 'كتابخانه\u200Cهاي قديمي', 'persian-letters'],
    ['without the joiner', 'fa', 'کتابخانههای', 'persian-letters'],
    ['a space for the joiner', 'fa', 'کتابخانه های', 'persian-letters'],
    ['without the joiner, its beginning', 'fa', 'کتابخانه', 'persian-letters'],
    ['the part behind the joiner', 'fa', 'یابند', 'persian-letters'],
    ['in a headline, without the joiner', 'fa', 'پیشبینی', 'persian-letters'],
    ['Latin digits', 'fa', '1403', 'persian-letters'],
    ['Arabic digits', 'fa', '١٤٠٣', 'persian-letters'],
    ['Persian digits', 'fa', '۱۴۰۳', 'persian-letters'],
    ['no hamza', 'fa', 'مسیولان', 'persian-letters'],
    ['heh with and without its hamza', 'fa', 'خانه کوچک', 'persian-letters'],
    ['heh with its hamza in one letter', 'fa', 'خانۀ', 'persian-letters'],
    ['Persian letters for a text in Arabic ones', 'prs', 'کتابهای', 'arabic-letters'],
    ['a joiner the text has not', 'prs', 'مکتب\u200Cهای', 'arabic-letters'],
    ['a joiner the text has not, and digits of another keyboard', 'prs', 'می\u200Cسازند ۲۰۲۵', 'arabic-letters'],
    ['Pashto yehs', 'ps', 'نوی خبرتيا', 'pashto-urdu-arabic'],
    ['Pashto gaf and feminine yeh', 'ps', 'گڼ پوهنتونی', 'pashto-urdu-arabic'],
    ['Urdu heh, kaf and yeh barree', 'ur', 'همارى ملك كى', 'pashto-urdu-arabic'],
    ['Urdu without its doubling sign', 'ur', 'بچے', 'pashto-urdu-arabic'],
    ['Urdu heh with two eyes', 'ur', 'پڑهتے', 'pashto-urdu-arabic'],
    ['Arabic without hamza and dots', 'ar', 'اخبار القاهرة', 'pashto-urdu-arabic'],
    ['Arabic, another form of the word', 'ar', 'خبر', undefined],
    ['Arabic from a Persian keyboard', 'ar', 'المدینة القدیمة', 'pashto-urdu-arabic'],
    ['Arabic without vowel signs', 'ar', 'معلما', 'pashto-urdu-arabic'],
    ['Arabic, stretched', 'ar', 'القاهـــرة', 'pashto-urdu-arabic'],
    ['another letter', 'fa', 'گتابخانه', undefined],
  ])('%s', async (_name, edition, search, expected) => {
    const found = await find(edition, search);
    if (expected === undefined) expect(found).toEqual([]);
    else expect(found).toContain(expected);
  });
});

describe('where PostgreSQL does not know the language', () => {
  test.each([
    ['the beginnings of words', 'tt', 'әлиф', 'tatar-alphabets'],
    ['the beginnings of several words, in any order', 'tt', 'тат язу', 'tatar-alphabets'],
    ['a headline that looks alike: an ending', 'tt', 'әлифбаны', 'tatar-alphabets'],
    ['a headline that looks alike: a slip', 'tt', 'татрар язуы', 'tatar-alphabets'],
    ['capitals', 'tt', 'ӘЛИФБА', 'tatar-alphabets'],
    ['Persian', 'fa', 'الگوریتم', 'al-khwarizmi'],
    ['accents left out', 'kk', 'елка', 'accents'],
    ['letters and accents apart', 'kk', 'е\u0308лка', 'accents'],
  ])('%s find it', async (_name, edition, search, expected) => {
    expect(await find(edition, search)).toContain(expected);
  });

  test('one word that is nowhere finds nothing', async () => {
    expect(await find('tt', 'әлифба пингвин')).toEqual([]);
    expect(await find('tt', 'пингвин')).toEqual([]);
  });
});

test('what a policy supplies is searched in its own language', async () => {
  expect(await find('tt', 'антилопами', 'STRICT')).toEqual([]);
  expect(await find('tt', 'антилопами', 'CHAIN')).toEqual(['saiga-return']);
  expect(await find('uk', 'lighthouses', 'ANY')).toEqual(['lighthouses']);
});

test('without an edition the originals are searched, each in its language', async () => {
  expect(await find(null, 'lighthouses')).toEqual(['lighthouses']);
  expect(await find(null, 'әлифба')).toEqual(['tatar-alphabets']);
  expect(await find(null, 'Волгой')).toEqual(['volga-live']);
});

test('drafts and what is under embargo, retracted or another version’s are not found', async () => {
  for (const edition of ['en', null]) expect(await find(edition, 'wombat')).toEqual(['only-in-text']);
  expect(await find('tt', 'намбат')).toEqual([]);
  expect(await find('uk', 'сайгака', 'ANY')).toEqual([]);
  expect(await find('en', 'Caspian')).toEqual([]);
  expect(await find('en', 'leap year')).toEqual([]);
  expect(await find('tt', 'кулъязмалар', 'ANY')).toEqual([]);
});

describe('whatever is typed, the answer is a list', () => {
  const hostile = [
    ...[
      '&',
      '|',
      '!',
      '!!',
      '<->',
      ':*',
      'a:*b',
      'a & | b',
      '(a',
      'a)',
      "'",
      "''",
      '"',
      '"unclosed',
      '\\',
      "\\'",
      'a\\:*',
      '-',
      '- -',
      '-a',
      'or',
      'or or',
      '*',
      '%',
      '_',
    ],
    ...[
      "x'); drop table article; --",
      '$1',
      '{{x}}',
      '<script>',
      'a\tb\nc',
      '\u200C\u200D',
      '\u202E',
      '\uFEFF',
      '🙂',
      '👩‍👩‍👧',
      '一',
      'ﷺ',
      'ﬁ',
      'ŉ',
      'ŉa ŉb',
      '½',
      'a⅓',
      '½½½',
      '№5',
      'ĸ',
      'İ',
      'ß',
      '\u0301',
      'a\u0301',
      '٣',
      '𝔘',
    ],
    ...['', ' ', 'x'.repeat(200), 'a '.repeat(100), '!'.repeat(200), '½'.repeat(200), "'".repeat(200)],
  ];
  const editions = ['en', 'ru', 'sr-cyrl', 'tt', null];

  test.each(hostile.map((search) => [JSON.stringify(search).slice(0, 40), search]))('%s', async (_name, search) => {
    for (const edition of editions) await find(edition, search, 'ANY');
  });

  test('any text at all', async () => {
    const character = fc.oneof(fc.constantFrom(...'\'"\\&|!():*<->- ŉ½⅓ёйİ'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...editions), fc.string({ unit: character, maxLength: 40 }), async (edition, search) => {
        await find(edition, search.replaceAll('\u0000', ''));
      }),
      { numRuns: 150, seed: 7 },
    );
  }, 60_000);

  test('signs without a word find nothing', async () => {
    for (const search of ['', ' ', '!!', "'", '🙂', '\u200C']) expect(await find('tt', search)).toEqual([]);
  });

  test.each([
    ['201 characters', 'x'.repeat(201)],
    ['a NUL', 'a\u0000b'],
  ])('%s are refused by a code', async (_name, search) => {
    const { errors } = await gateway.ask(query, { edition: 'en', policy: 'ANY', search });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  });
});
