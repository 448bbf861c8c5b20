import 'reflect-metadata';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { LabelKey } from '../src/editions/label.js';
import { scriptOf } from '../src/editions/resolve-locale.js';
import { loadWording, type Say, type Wording } from '../src/lib/wording.js';
import {
  categoriesOf,
  cleanText,
  type Folder,
  foreignWordsAreNames,
  grammarForAReason,
  keysAsInEnglish,
  notLeftInEnglish,
  notTakenFromAnother,
  oneScriptInAWord,
  overridesKnownKeys,
  placeholdersAsInEnglish,
  placeholdersStandFree,
  pluralsOfTheLanguage,
} from './support/locale-lint.js';
import { editions, notices, speakerIn } from './support/sample-registry.js';

const namespaces = ['labels', 'credits', 'notices', 'desk', 'errors'] as const;

const json = (...path: string[]) => JSON.parse(readFileSync(join('locales', ...path), 'utf8')) as Record<string, string>;
const folderOf = (tag: string, names: readonly string[] = namespaces): Folder => ({
  tag,
  files: Object.fromEntries(names.map((name) => [name, json(tag, `${name}.json`)])),
  grammar: existsSync(join('locales', tag, 'grammar.json')) ? json(tag, 'grammar.json') : undefined,
});

const tags = readdirSync('locales', { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
const siblings = new Map(editions.filter((row) => !row.primary).map((row) => [row.code, row.tag]));
const languages = tags.filter((tag) => !siblings.has(tag));
const folders = languages.map((tag) => folderOf(tag));
const en = folderOf('en');

/** Words that really are the language's own, spelt as in English. */
const sharedWords = new Set([
  'ro video',
  'sq video',
  'sq audio',
  'uz video',
  'uz audio',
  'hr video',
  'hr audio',
  'bs video',
  'bs audio',
  'sr-Latn video',
  'sr-Latn audio',
  'sr-ME video',
  'sr-ME audio',
  'crh-Latn video',
  'crh-Latn audio',
  'az video',
  'az audio',
  'ro audio',
  'tk audio',
]);

/** Names of standards, and words of GraphQL and of our schema: written in Latin letters everywhere. */
const names = new Set([
  'GraphQL',
  'BCP',
  'ISO',
  'edition',
  'locales',
  'first',
  'last',
  'alias',
  'aliases',
  'cursor',
  'tokens',
  'request',
  'id',
]);

/** Where our own tables may speak instead of Intl: where it lacks plurals or list words, and where its dates read badly. */
const grammarReasons = {
  'crh-Latn': ['plural', 'list', 'months', 'dateTime'],
  tg: ['plural', 'list', 'months', 'dateTime'],
  ce: ['list', 'months', 'dateTime'],
  tt: ['plural', 'list', 'months', 'dateTime'],
  ba: ['plural', 'list', 'months', 'dateTime'],
  kk: ['list'],
  ps: ['months', 'dateTime'],
  az: ['months', 'dateTime'],
};

// The Balkan standard languages share most of their words and many sentences; Dari shares them with Persian.
const kin = [
  ['sr-Latn', 'sr-ME', 'bs', 'hr'],
  ['fa', 'fa-AF'],
  ['tt', 'ba'],
];
const sameLanguage = (one: string, other: string): boolean => kin.some((group) => group.includes(one) && group.includes(other));

describe('every language of `locales`', () => {
  test('is a folder of an edition of the sample registry, and every edition has its folder', () => {
    expect([...languages].sort()).toEqual([...new Set(editions.map((row) => row.tag))].sort());
    expect(languages.map((tag) => Intl.getCanonicalLocales(tag)[0])).toEqual(languages);
  });

  test.each(folders.map((folder) => [folder.tag, folder] as const))('%s can be shown to readers', (tag, folder) => {
    expect(keysAsInEnglish(folder, en)).toEqual([]);
    expect(pluralsOfTheLanguage(folder)).toEqual([]);
    expect(placeholdersAsInEnglish(folder, en)).toEqual([]);
    expect(placeholdersStandFree(folder)).toEqual([]);
    expect(oneScriptInAWord(folder)).toEqual([]);
    expect(foreignWordsAreNames(folder, scriptName(tag), names)).toEqual([]);
    expect(tag === 'en' ? [] : notLeftInEnglish(folder, en, sharedWords)).toEqual([]);
    expect(cleanText(folder)).toEqual([]);
    expect(grammarForAReason(folder, grammarReasons)).toEqual([]);
  });

  test('has sentences of its own, none taken over from another language', () => {
    expect(notTakenFromAnother(folders, sameLanguage)).toEqual([]);
  });

  test('names as shared only words that are', () => {
    const used = folders.flatMap(({ tag, files }) =>
      Object.values(files).flatMap((lines) => Object.keys(lines).map((key) => `${tag} ${key}`)),
    );
    const copies = used.filter((each) =>
      notLeftInEnglish(folderOf(each.split(' ')[0]!), en, new Set()).some((line) => line.includes(each.split(' ')[1]!)),
    );
    expect([...sharedWords].filter((each) => !copies.includes(each))).toEqual([]);
  });
});

/** What is wrong with the folder of an edition that shares its language with the primary one; its tag is the edition's code. */
function wrongOverrides(folder: Folder, language: Folder): string[] {
  const shared = new Set([...sharedWords].map((each) => each.replace(`${language.tag} `, `${folder.tag} `)));
  return [
    ...overridesKnownKeys(folder, language),
    ...placeholdersAsInEnglish(folder, en),
    ...placeholdersStandFree(folder),
    ...oneScriptInAWord(folder),
    ...foreignWordsAreNames(folder, scriptName(language.tag), names),
    ...(language.tag === 'en' ? [] : notLeftInEnglish(folder, en, shared)),
    ...cleanText(folder),
  ];
}

describe('the folder of an edition that overrides wordings of its language', () => {
  const ru = folderOf('ru');
  const override = (files: Folder['files'], grammar?: Folder['grammar']): Folder => ({ tag: 'ru-regions', files, grammar });

  test('can be shown to its readers, whichever there are in `locales`', () => {
    const found = [...siblings].filter(([code]) => tags.includes(code));
    const files = (code: string) =>
      readdirSync(join('locales', code)).flatMap((file) => (file === 'grammar.json' ? [] : file.slice(0, -5)));
    expect(found.flatMap(([code, tag]) => wrongOverrides(folderOf(code, files(code)), folderOf(tag)))).toEqual([]);
  });

  test('may have a single wording of any kind', () => {
    for (const files of [
      { labels: { live: 'Онлайн' } },
      { credits: { wire: 'Источники: {{names}}' } },
      { notices: { killed: 'Этой статьи больше нет.', countries_few: '{{count}} странах мира' } },
    ])
      expect(wrongOverrides(override(files), ru)).toEqual([]);
  });

  test.each([
    ['a key that no code asks for', override({ labels: { alive: 'Онлайн' } })],
    ['a plural form that the language has not', override({ notices: { countries_two: '{{count}} странах мира' } })],
    ['a file of another name', override({ feeds: { live: 'Онлайн' } })],
    ['a sentence of an error, which no edition words', override({ errors: { NOT_FOUND: 'Такой страницы нет.' } })],
    ['grammar', override({}, { plural: 'other' })],
    ['what the language says anyway', override({ labels: { live: ru.files.labels!.live! } })],
    ['a lost placeholder', override({ credits: { wire: 'Источники' } })],
    ['an ending on a placeholder', override({ credits: { wire: 'Источники: {{names}}а' } })],
    ['a Latin letter in a Cyrillic word', override({ labels: { live: 'Oнлайн' } })],
    ['another language', override({ labels: { live: 'Tuğrı efir' } })],
    ['English', override({ labels: { live: en.files.labels!.live! } })],
    ['nothing', override({ labels: { live: '' } })],
  ])('is refused with %s', (_what, folder) => {
    expect(wrongOverrides(folder, ru)).not.toEqual([]);
  });
});

describe('what the code asks for is worded', () => {
  test('every LabelKey has its line, and every line its LabelKey', () => {
    expect(Object.keys(en.files.labels!)).toEqual(Object.values(LabelKey));
  });

  test('every error code has its sentence with its values, and every sentence its code', () => {
    const source = /interface ErrorValues \{([\s\S]*?)\n\}/u.exec(readFileSync('src/lib/errors.ts', 'utf8'))?.[1] ?? '';
    const codes = [...source.matchAll(/^ {2}([A-Z_]+): (.*);$/gmu)].map(([, code, values]) => [
      code!,
      [...values!.matchAll(/(\w+): (?:string|number)/gu)].map(([, name]) => name!),
    ]);
    expect(codes.length).toBeGreaterThan(15);
    const apollo = Object.entries({
      INTERNAL_SERVER_ERROR: [],
      GRAPHQL_PARSE_FAILED: ['detail'],
      GRAPHQL_VALIDATION_FAILED: ['detail'],
      OPERATION_RESOLUTION_FAILURE: ['detail'],
    });
    const worded = Object.entries(en.files.errors!).map(([code, text]) => [
      code,
      [...text.matchAll(/\{\{(\w+)\}\}/gu)].map(([, name]) => name!),
    ]);
    const byCode = (pairs: unknown[][]) => Object.fromEntries(pairs.map(([code, values]) => [code, [...(values as string[])].sort()]));
    expect(byCode(worded)).toEqual(byCode([...codes, ...apollo]));
  });

  test('every notice of the sample registry, its link and its numbers', () => {
    const keys = Object.keys(en.files.notices!);
    const asked = notices.flatMap((notice) =>
      [notice.wording, notice.linkWording ?? [], Object.keys(notice.values).map((name) => `${name}_other`)].flat(),
    );
    expect(asked.filter((key) => !keys.includes(key))).toEqual([]);
  });
});

describe('Serbian', () => {
  test('is the same text in both scripts', () => {
    for (const name of namespaces) {
      const cyrillic = Object.entries(json('sr-Cyrl', `${name}.json`)).map(([key, text]) => [key, toLatin(text)]);
      expect(Object.fromEntries(cyrillic)).toEqual(json('sr-Latn', `${name}.json`));
    }
  });
});

describe('every edition', () => {
  let wording: Wording;
  const say = (code: string): Say => speakerIn(wording, editions.find((row) => row.code === code)!).say;
  beforeAll(async () => {
    wording = await loadWording('locales');
  });

  test.each(editions.map((row) => [row.code, row.tag] as const))('%s counts, lists and dates in its own language', (code, tag) => {
    const voice = say(code);
    const list = voice.list(['AA', 'BB', 'CC']);
    expect(list.match(/AA.+BB.+CC/u)).not.toBeNull();
    expect(voice.list(['AA'])).toBe('AA');
    expect(voice.list([])).toBe('');
    if (tag !== 'en') expect(`${list} ${voice.list(['AA', 'BB'])}`).not.toMatch(/\band\b/u);
    // Three names end with the language's word for “and”, as two do.
    expect(list).not.toMatch(/BB, CC$/u);
    for (let count = 0; count <= 120; count++) {
      const folder = folderOf(tag);
      for (const key of ['languages', 'countries']) {
        const shown = voice.count('notices', key, count);
        const forms = categoriesOf(folder).map((category) => folder.files.notices![`${key}_${category}`]!);
        expect(forms.map((form) => form.replace('{{count}}', digits(code, count)))).toContain(shown);
      }
    }
    const date = voice.dateTime(new Date('2024-04-15T12:34:00Z'));
    expect(date).toMatch(/(?:2024|1403|۱۴۰۳)/u);
    // The names of countries are the language’s own, or none at all.
    expect(voice.territory('DE') === (tag === 'crh-Latn' ? 'DE' : 'Germany')).toBe(['en', 'crh-Latn'].includes(tag));
    expect(voice.territory('RU-TA')).toBe('RU-TA');
    // No era of the Persian calendar in Latin letters, no slash for a comma, no English.
    if (tag !== 'en') expect(date).not.toMatch(/April|\bAP\b|\bat\b|\//u);
  });
});

describe('the lint sees', () => {
  const folder = (lines: Record<string, string>, more: Partial<Folder> = {}): Folder => ({
    tag: 'ru',
    files: { notices: lines },
    grammar: undefined,
    ...more,
  });
  const english = folder(
    { wire: 'With reporting by {{names}}', killed: 'This story is gone', days_one: '{{count}} day', days_other: '{{count}} days' },
    { tag: 'en' },
  );
  const good = {
    wire: 'По материалам: {{names}}',
    killed: 'Материал отозван',
    days_one: '{{count}} день',
    days_few: '{{count}} дня',
    days_many: '{{count}} дней',
    days_other: '{{count}} дня',
  };
  const without = (...keys: string[]) => Object.fromEntries(Object.entries(good).filter(([key]) => !keys.includes(key)));

  const rules: [rule: string, complain: (bad: Folder) => string[], bad: Record<string, Folder>][] = [
    [
      'keys',
      (bad) => keysAsInEnglish(bad, english),
      {
        'a missing key': folder(without('killed')),
        'a key too many': folder({ ...good, more: 'Ещё' }),
        'another order': folder({ killed: good.killed, ...without('killed') }),
        'a missing file': folder({}, { files: {} }),
        'a file too many': folder({}, { files: { notices: good, other: { a: 'а' } } }),
      },
    ],
    [
      'plural forms',
      pluralsOfTheLanguage,
      {
        'a missing form': folder(without('days_few')),
        'a form the language has not': folder({ ...good, days_two: '{{count}} дня' }),
        'forms of English': folder(without('days_few', 'days_many')),
        'another order': folder({ ...without('days_one'), days_one: good.days_one }),
        'a language neither Intl nor we can count in': folder({ days_other: '{{count}} kün' }, { tag: 'crh-Latn' }),
        'forms besides our own rule': folder(
          { days_one: '{{count}} көн', days_other: '{{count}} көн' },
          { tag: 'tt', grammar: { plural: 'other' } },
        ),
      },
    ],
    [
      'placeholders',
      (bad) => placeholdersAsInEnglish(bad, english),
      {
        'one that is missing': folder({ wire: 'По материалам' }),
        'one too many': folder({ killed: 'Материал {{name}} отозван' }),
        'a translated name': folder({ wire: 'По материалам: {{имена}}' }),
        'one twice': folder({ wire: '{{names}}: по материалам {{names}}' }),
        'a missing count in a plural form': folder({ ...good, days_few: 'дня' }),
        'one brace lost': folder({ wire: 'По материалам: {{names}' }),
        'a nesting mark': folder({ killed: '$t(wire)' }),
      },
    ],
    [
      'what touches a placeholder',
      placeholdersStandFree,
      {
        'a case ending': folder({ wire: '{{names}}ның хәбәре' }),
        'a prefix': folder({ wire: 'و{{names}}' }),
        'a hyphen': folder({ wire: '{{names}}-тан' }),
        'a hyphen before it': folder({ wire: 'по-{{names}}' }),
        'a non-breaking hyphen': folder({ wire: '{{names}}\u2011тан' }),
        'a combining mark': folder({ wire: '{{names}}\u0301' }),
        'an apostrophe': folder({ wire: '{{names}}’nıñ haberi' }),
        'a zero-width non-joiner': folder({ wire: '{{names}}\u200Cها' }),
        'another placeholder': folder({ wire: '{{names}}{{count}}' }),
      },
    ],
    [
      'scripts in a word',
      oneScriptInAWord,
      {
        'a Latin a in a Cyrillic word': folder({ killed: 'Мaтериал' }),
        'a Cyrillic letter in a Latin word': folder({ killed: 'stоry' }),
        'Arabic and Latin': folder({ killed: 'متنtext' }),
        'Georgian and Cyrillic': folder({ killed: 'ტექსტіо' }),
        'Armenian and Latin': folder({ killed: 'Տեքuտ' }),
        'over an apostrophe': folder({ killed: 'об’єкt' }),
      },
    ],
    [
      'words of another script',
      (bad) => foreignWordsAreNames(bad, 'Cyrillic', new Set(['GraphQL'])),
      {
        'a word all of look-alikes': folder({ killed: 'Это oко' }),
        'a word left in English': folder({ killed: 'Материал GraphQL withdrawn' }),
      },
    ],
    [
      'English left over',
      (bad) => notLeftInEnglish(bad, english, new Set(['ru wire'])),
      {
        'a copy': folder({ killed: 'This story is gone' }),
        'a copy in capitals': folder({ killed: 'THIS STORY IS GONE' }),
        'a copy under another plural form': folder({ days_few: '{{count}} days' }),
      },
    ],
    [
      'sentences of another language',
      (bad) => notTakenFromAnother([bad, { ...bad, tag: 'tt' }], () => false),
      {
        'a copied sentence': folder({ killed: 'Этот материал отозван и больше не доступен.' }),
      },
    ],
    [
      'clean text',
      cleanText,
      {
        'a decomposed letter': folder({ killed: 'И\u0306од' }),
        'a control character': folder({ killed: 'Мате\u0008риал' }),
        'a lone surrogate': folder({ killed: 'Материал \uD83D' }),
        'a non-character': folder({ killed: 'Материал\uFFFE' }),
        'a leading space': folder({ killed: ' Материал' }),
        'a trailing no-break space': folder({ killed: 'Материал\u00A0' }),
        'two spaces': folder({ killed: 'Материал  отозван' }),
        'a line break': folder({ killed: 'Материал\nотозван' }),
        'typewriter quotes': folder({ killed: 'Материал "отозван"' }),
        nothing: folder({ killed: '' }),
      },
    ],
    [
      'grammar',
      (bad) => grammarForAReason(bad, { tt: ['plural', 'list'] }),
      {
        'a table where Intl knows the language': folder({}, { grammar: { plural: 'other' } }),
        'a table more than the language needs': folder({}, { tag: 'tt', grammar: { plural: 'other', months: [] } }),
      },
    ],
  ];

  const planted = rules.flatMap(([rule, complain, bad]) =>
    Object.entries(bad).map(([what, each]) => [rule, what, complain, each] as const),
  );
  test.each(planted)('%s: %s', (_rule, _what, complain, bad) => {
    expect(complain(bad)).not.toEqual([]);
  });

  test('nothing wrong in a good folder', () => {
    const complaints = rules.filter(([rule]) => rule !== 'sentences of another language').flatMap(([, complain]) => complain(folder(good)));
    expect(complaints).toEqual([]);
  });
});

/** The name Unicode has for the script of a tag. */
function scriptName(tag: string): string {
  return { Latn: 'Latin', Cyrl: 'Cyrillic', Arab: 'Arabic', Geor: 'Georgian', Armn: 'Armenian' }[scriptOf(tag)] ?? scriptOf(tag);
}

function digits(code: string, value: number): string {
  const { numberingSystem } = editions.find((row) => row.code === code)!;
  return new Intl.NumberFormat('en', { numberingSystem }).format(value);
}

function toLatin(text: string): string {
  const letters: Record<string, string> = {
    ...Object.fromEntries([...'абвгдђежзијклмнопрстћуфхцчш'].map((letter, index) => [letter, [...'abvgdđežzijklmnoprstćufhcčš'][index]!])),
    љ: 'lj',
    њ: 'nj',
    џ: 'dž',
  };
  return text.replace(/\p{Script=Cyrillic}/gu, (letter) => {
    const latin = letters[letter.toLowerCase()] ?? letter;
    return letter === letter.toLowerCase() ? latin : latin[0]!.toUpperCase() + latin.slice(1);
  });
}
