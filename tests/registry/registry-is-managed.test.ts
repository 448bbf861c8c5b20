import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { newEdition, newImage, newNamed, newNotice, operatorOf, type Save, type SaveName, savesOf } from '../support/registry.js';

let gateway: TestGateway;
let operator: Save;
let editor: Save;
let chief: Save;
let translator: Save;
let minutes = 0;
const later = (): Date => {
  const now = new Date(testNow.getTime() + ++minutes * 60_000);
  gateway.at(now);
  return now;
};

beforeAll(async () => {
  gateway = await openGateway();
  operator = (await operatorOf(gateway)).save;
  editor = savesOf((await deskOf(gateway, 'Anna', { en: Role.EDITOR })).ask);
  chief = savesOf((await deskOf(gateway, 'Clara', { tt: Role.CHIEF })).ask);
  translator = savesOf((await deskOf(gateway, 'Timur', { tt: Role.TRANSLATOR })).ask);
});
afterAll(() => gateway.close());

/** Every row of the registry and what is written beside it, as text. */
async function everything(): Promise<string> {
  const tables = ['edition', 'topic', 'person', 'place', 'agency', 'image', 'image_rendition', 'image_wording', 'credit', 'notice'];
  const rows: unknown[] = [];
  for (const table of [...tables, 'former_version', 'outbox', 'event', 'cache_drop', 'timer', 'audit'])
    rows.push(await gateway.dataSource.query(`select md5(string_agg(r::text, chr(10) order by r::text)) from ${table} r`));
  return JSON.stringify(rows);
}
const events = (): Promise<{ edition: string | null; at: Date; data: object }[]> =>
  gateway.dataSource.query(
    `select edition_code as edition, at, data from (select id, edition_code, at, data, kind from outbox union all select seq, edition_code, at, data, kind from event) e where kind = 'REGISTRY_CHANGED' order by at, id`,
  );
const drops = async (): Promise<number> =>
  (await gateway.dataSource.query<[{ count: number }]>('select count(*)::int as count from cache_drop where article_uuid is null'))[0]
    .count;

interface Kind {
  mutation: SaveName;
  as: () => Save;
  given: Record<string, unknown>;
  change: object;
  /** What the thing says before and after. */
  seen: [before: object, after: object];
  event: object;
  edition?: string;
  former: [kind: string, key: string, column: string, was: unknown];
  others: () => Save[];
}

const names = { change: { names: [{ lang: 'en', text: 'River Volga' }] }, column: 'names' };
const namedKind = (mutation: SaveName, kind: string): Kind => ({
  ...{ mutation, as: () => editor, given: newNamed('volga'), change: names.change },
  seen: [
    { code: 'volga', inEnglish: { text: 'The Volga', lang: 'en' }, inTatar: { text: 'Идел', lang: 'tt' } },
    { code: 'volga', inEnglish: { text: 'River Volga', lang: 'en' }, inTatar: { text: 'River Volga', lang: 'en' } },
  ],
  event: { kind, code: 'volga' },
  former: [kind, 'volga', 'names', { en: 'The Volga', tt: 'Идел' }],
  others: () => [operator, translator],
});

const kinds: Kind[] = [
  namedKind('saveTopic', 'topic'),
  namedKind('savePerson', 'person'),
  namedKind('savePlace', 'place'),
  { ...namedKind('saveAgency', 'agency'), others: () => [translator] },
  {
    ...{ mutation: 'saveEdition', as: () => operator, given: newEdition },
    change: { nativeName: 'Идел-йорт', articleUrl: 'https://volga.meridian.example/a/{slug}' },
    seen: [
      { code: 'tt-volga', nativeName: 'Идел', script: 'Cyrl', direction: 'LTR', settings: { formerArticleUrls: [] } },
      { code: 'tt-volga', nativeName: 'Идел-йорт', settings: { formerArticleUrls: ['https://volga.meridian.example/{slug}'] } },
    ],
    event: { kind: 'edition', code: 'tt-volga' },
    edition: 'tt-volga',
    former: ['edition', 'tt-volga', 'native_name', 'Идел'],
    others: () => [chief, editor],
  },
  {
    ...{ mutation: 'saveNotice', as: () => chief, given: newNotice, change: { effectiveUntil: '2026-12-01T00:00:00Z' } },
    seen: [
      { code: 'volga-risk', kind: 'SAFETY', editions: ['tt'], effectiveUntil: null },
      { code: 'volga-risk', effectiveUntil: '2026-12-01T00:00:00.000Z' },
    ],
    event: { kind: 'notice', code: 'volga-risk', mustCarry: true },
    edition: 'tt',
    former: ['notice', 'volga-risk', 'effective_until', null],
    others: () => [editor, translator],
  },
  {
    ...{ mutation: 'saveImage', as: () => editor, given: newImage, change: { focalX: 0.75, credits: [{ role: 'PHOTO', agency: 'afp' }] } },
    seen: [
      { code: 'bridge', focalX: 0.5, credits: [{ role: 'PHOTO', person: { code: 'nino-beridze' }, agency: null }] },
      { code: 'bridge', focalX: 0.75, credits: [{ role: 'PHOTO', person: null, agency: { code: 'afp' } }] },
    ],
    event: { kind: 'image', code: 'bridge' },
    former: ['image', 'bridge', 'focal_x', 0.5],
    others: () => [translator],
  },
];

describe.each(kinds.map((kind) => [kind.mutation, kind] as const))('%s', (_, kind) => {
  const { mutation, given, change, seen, former } = kind;

  test('adds it, tells the log once and has caches forget; the same again writes nothing', async () => {
    const now = later();
    const [told, dropped] = [await events(), await drops()];
    expect(await kind.as()(mutation, given)).toMatchObject({ ...seen[0], version: 1 });
    expect((await events()).slice(told.length)).toEqual([{ edition: kind.edition ?? null, at: now, data: { ...kind.event, version: 1 } }]);
    expect(await drops()).toBe(dropped + 1);
    const before = await everything();
    later();
    expect(await kind.as()(mutation, { ...given, expectedVersion: 1 })).toMatchObject({ ...seen[0], version: 1 });
    // The audit alone says that somebody asked.
    expect(JSON.parse(await everything()).slice(0, -1)).toEqual(JSON.parse(before).slice(0, -1));
  });

  test('changes it over the version seen, and what was there is kept', async () => {
    const now = later();
    expect(await kind.as()(mutation, { ...given, ...change, expectedVersion: 1 })).toMatchObject({ ...seen[1], version: 2 });
    expect((await events()).at(-1)).toMatchObject({ at: now, data: { ...kind.event, version: 2 } });
    const [name, key, column, was] = former;
    expect(
      await gateway.dataSource.query('select version, until, row -> $3 as was from former_version where kind = $1 and key = $2', [
        name,
        key,
        column,
      ]),
    ).toEqual([{ version: 1, until: now, was }]);
  });

  test('is refused over a version that has gone, and by whoever may not; nothing is changed', async () => {
    later();
    const before = await everything();
    const again = { ...given, expectedVersion: 1 };
    expect(await kind.as()(mutation, again)).toMatchObject({ code: 'VERSION_MOVED_ON', presentVersion: 2 });
    expect(await kind.as()(mutation, given)).toMatchObject({ code: 'VERSION_MOVED_ON', presentVersion: 2 });
    expect(await kind.as()(mutation, { ...given, code: 'nobody', expectedVersion: 3 })).toMatchObject({
      code: 'UNKNOWN_NAME',
      message: expect.stringContaining('nobody'),
    });
    for (const other of kind.others())
      expect(await other(mutation, { ...again, expectedVersion: 2 })).toMatchObject({ error: 'FORBIDDEN' });
    expect(await savesOf(gateway.ask)(mutation, { ...again, expectedVersion: 2 })).toMatchObject({ error: 'FORBIDDEN' });
    expect(await everything()).toBe(before);
  });
});

const bell = String.fromCharCode(7);
const names201 = Array.from({ length: 201 }, (_, index) => ({ lang: `en-x-a${index}`, text: 'x' }));
const [file] = newImage.renditions;
const refused: [why: string, mutation: SaveName, more: object, code: string, field: string | null][] = [
  ['a code that is none', 'saveTopic', { code: 'The Volga' }, 'FIELD_REFUSED', 'code'],
  ['a name that no XML can hold', 'saveTopic', { names: [{ lang: 'en', text: `a${bell}b` }] }, 'TEXT_REFUSED', 'names.en'],
  ['an empty name', 'savePerson', { names: [{ lang: 'en', text: ' \u200b ' }] }, 'FIELD_REFUSED', 'names.en'],
  ['no name in its own language', 'savePlace', { language: 'ru' }, 'FIELD_REFUSED', 'names'],
  [
    'two names in one language',
    'saveAgency',
    {
      names: [
        { lang: 'en', text: 'x' },
        { lang: 'EN', text: 'y' },
      ],
    },
    'FIELD_REFUSED',
    'names.en',
  ],
  ['any language', 'saveTopic', { names: [{ lang: '*', text: 'x' }] }, 'FIELD_REFUSED', 'names.*'],
  ['more names than there are languages', 'saveTopic', { names: [...names201, { lang: 'en', text: 'x' }] }, 'FIELD_REFUSED', 'names'],
  ['a calendar nobody has', 'saveEdition', { calendar: 'lunar' }, 'FIELD_REFUSED', 'calendar'],
  ['digits nobody has', 'saveEdition', { numberingSystem: 'fingers' }, 'FIELD_REFUSED', 'numberingSystem'],
  ['a time zone nobody has', 'saveEdition', { timeZone: 'Volga/Kazan' }, 'FIELD_REFUSED', 'timeZone'],
  ['a distance from UTC', 'saveEdition', { timeZone: '+03:00' }, 'FIELD_REFUSED', 'timeZone'],
  ['an address without a slug', 'saveEdition', { articleUrl: 'https://volga.example/' }, 'FIELD_REFUSED', 'articleUrl'],
  ['an address that is a script', 'saveEdition', { siteUrl: 'javascript:alert(1)' }, 'FIELD_REFUSED', 'siteUrl'],
  [
    'an address of another edition',
    'saveEdition',
    { articleUrl: 'https://tt.meridian.example/a/{slug}.html' },
    'FIELD_REFUSED',
    'articleUrl',
  ],
  ['a search nobody has', 'saveEdition', { searchConfig: 'klingon' }, 'FIELD_REFUSED', 'searchConfig'],
  ['a language without wording', 'saveEdition', { tag: 'de', primary: true }, 'FIELD_REFUSED', 'tag'],
  ['no language', 'saveEdition', { tag: '*' }, 'FIELD_REFUSED', 'tag'],
  ['a second primary edition', 'saveEdition', { primary: true }, 'FIELD_REFUSED', 'primary'],
  ['the hreflang of another', 'saveEdition', { hreflang: 'tt' }, 'FIELD_REFUSED', 'hreflang'],
  ['a fallback there is not', 'saveEdition', { fallbacks: ['tt', 'atlantis'] }, 'UNKNOWN_NAME', 'fallbacks'],
  ['itself as its fallback', 'saveEdition', { fallbacks: ['tt-volga-2'] }, 'FIELD_REFUSED', 'fallbacks'],
  ['the place of one that is not primary', 'saveEdition', { primary: true, insteadOf: 'tt-regions' }, 'FIELD_REFUSED', 'insteadOf'],
  ['a territory there is not', 'saveNotice', { territories: ['SU'] }, 'INVALID_TERRITORY', null],
  ['readers nobody knows the place of', 'saveNotice', { territories: ['UNKNOWN'] }, 'FIELD_REFUSED', 'territories.0'],
  ['an end before the start', 'saveNotice', { effectiveUntil: '2026-10-01T00:00:00Z' }, 'FIELD_REFUSED', 'effectiveUntil'],
  ['a wording nobody has', 'saveNotice', { wording: 'nothing' }, 'FIELD_REFUSED', 'wording'],
  ['a wording whose numbers are missing', 'saveNotice', { wording: 'about' }, 'FIELD_REFUSED', 'values'],
  ['a wording that texts call for', 'saveNotice', { wording: 'correction' }, 'FIELD_REFUSED', 'wording'],
  ['a language no edition speaks', 'saveNotice', { legalLanguage: 'de' }, 'FIELD_REFUSED', 'legalLanguage'],
  [
    'a link whose words nobody has',
    'saveNotice',
    { linkUrl: 'https://meridian.example/x', linkWording: 'nothing' },
    'FIELD_REFUSED',
    'linkWording',
  ],
  ['a number that its wording does not take', 'saveNotice', { values: [{ name: 'languages', value: 3 }] }, 'FIELD_REFUSED', 'values'],
  ['a number nobody counts', 'saveNotice', { values: [{ name: 'nothing', value: 3 }] }, 'FIELD_REFUSED', 'values'],
  ['a kind that texts have', 'saveNotice', { kind: 'STALE' }, 'FIELD_REFUSED', 'kind'],
  ['a link without words', 'saveNotice', { linkUrl: 'https://meridian.example/x' }, 'FIELD_REFUSED', 'linkWording'],
  ['a picture there is not', 'saveNotice', { image: 'nothing' }, 'UNKNOWN_NAME', 'image'],
  ['a picture that was taken back', 'saveNotice', { image: 'lighthouse' }, 'IS_RETRACTED', null],
  ['an edition twice', 'saveNotice', { editions: ['tt', 'tt'] }, 'FIELD_REFUSED', 'editions'],
  ['a territory twice', 'saveNotice', { territories: ['RU', 'ru'] }, 'FIELD_REFUSED', 'territories'],
  ['a territory to be told and not', 'saveNotice', { excludedTerritories: ['RU'] }, 'FIELD_REFUSED', 'excludedTerritories'],
  [
    'a part whose whole is not to be told',
    'saveNotice',
    { territories: ['RU-TA'], excludedTerritories: ['RU'] },
    'FIELD_REFUSED',
    'excludedTerritories',
  ],
  ['a channel twice', 'saveNotice', { channels: ['WEB', 'WEB'] }, 'FIELD_REFUSED', 'channels'],
  ['a point outside', 'saveImage', { focalX: 1.5 }, 'FIELD_REFUSED', 'focalX'],
  ['no file', 'saveImage', { renditions: [] }, 'FIELD_REFUSED', 'renditions'],
  ['a file outside its folder', 'saveImage', { renditions: [{ ...file, url: '/media/../key' }] }, 'FIELD_REFUSED', 'renditions.0.url'],
  ['one file twice', 'saveImage', { renditions: [file, file] }, 'FIELD_REFUSED', 'renditions'],
  ['the file of another picture', 'saveImage', { renditions: [file] }, 'FIELD_REFUSED', 'renditions'],
  ['a photographer there is not', 'saveImage', { credits: [{ role: 'PHOTO', person: 'nobody' }] }, 'UNKNOWN_NAME', 'credits'],
  ['an author of a picture', 'saveImage', { credits: [{ role: 'AUTHOR', person: 'anna-marsh' }] }, 'FIELD_REFUSED', 'credits.0'],
  ['nobody in a role', 'saveImage', { credits: [{ role: 'PHOTO' }] }, 'FIELD_REFUSED', 'credits.0'],
  ['an empty alt text', 'saveImageWording', { alt: '\u200b' }, 'FIELD_REFUSED', 'alt'],
  ['an alt text that shows nothing', 'saveImageWording', { alt: '\u202E \u200D' }, 'FIELD_REFUSED', 'alt'],
  ['a name that shows nothing', 'savePerson', { names: [{ lang: 'en', text: '\u202E' }] }, 'FIELD_REFUSED', 'names.en'],
  ['words that were seen and are not there', 'saveImageWording', { expectedVersion: 3 }, 'VERSION_MOVED_ON', null],
  ['words for a picture there is not', 'saveImageWording', { image: 'nothing' }, 'UNKNOWN_NAME', 'image'],
];
const given: Record<SaveName, Record<string, unknown>> = {
  ...{ saveTopic: newNamed('don'), savePerson: newNamed('don'), savePlace: newNamed('don'), saveAgency: newNamed('don') },
  saveEdition: { ...newEdition, code: 'tt-volga-2', articleUrl: null },
  saveNotice: { ...newNotice, code: 'volga-risk-2' },
  saveImage: { ...newImage, code: 'bridge-2', renditions: [{ ...file, url: 'https://pictures.example/bridge.jpg' }] },
  saveImageWording: { image: 'bridge', edition: 'en', expectedVersion: 0, alt: 'A bridge.' },
};

test.each(refused)('%s is refused by %s, and changes nothing', async (_, mutation, more, code, field) => {
  later();
  const before = await everything();
  const who = mutation === 'saveEdition' ? operator : mutation === 'saveNotice' ? chief : editor;
  const answer = await who(mutation, { ...given[mutation], ...more });
  expect(answer).toMatchObject(field === null && code.startsWith('INVALID') ? { error: code } : { code, field });
  expect(await everything()).toBe(before);
});

test.each<[mutation: SaveName, more: object, said: string]>([
  ['savePerson', { names: [{ lang: 'en', text: '' }] }, 'names.en (is empty)'],
  ['savePerson', { names: [{ lang: 'en', text: 'x'.repeat(201) }] }, 'names.en (has more than 200 characters)'],
  ['savePerson', { names: [{ lang: '*', text: 'x' }] }, 'names.* (expected a language tag (BCP 47) in canonical form)'],
  ['saveEdition', { desk: ' ' }, 'desk (is empty)'],
  ['saveEdition', { searchConfig: 'klingon' }, 'searchConfig (expected one of simple, english, russian,'],
  ['saveNotice', { position: -1 }, 'position (is less than 0)'],
  ['saveNotice', { values: [{ name: 'languages', value: 3 }] }, 'values (the wording takes no languages)'],
  ['saveImage', { renditions: [] }, 'renditions (is empty)'],
  ['saveImage', { focalX: 1.5 }, 'focalX (is more than 1)'],
])('%s of %j says in plain words what is wrong', async (mutation, more, said) => {
  const who = mutation === 'saveEdition' ? operator : mutation === 'saveNotice' ? chief : editor;
  const { message } = await who(mutation, { ...given[mutation], ...more });
  expect(message).toContain(`cannot be used: ${said}`);
});

test('names are stored as one clean line each: NFC, nothing invisible, bidi controls in pairs', async () => {
  later();
  const text = '  Cafe\u0301 \n\u202Ede\u200b ';
  expect(await editor('saveTopic', newNamed('clean', { names: [{ lang: 'en', text }] }))).toMatchObject({
    inEnglish: { text: 'Café \u202Ede\u202C' },
  });
});

test('the same request under one key is done once', async () => {
  later();
  const input = newNamed('once', { idempotencyKey: 'registry-once' });
  expect(await editor('saveTopic', input)).toMatchObject({ version: 1 });
  expect(await editor('saveTopic', input)).toMatchObject({ version: 1 });
  expect(await editor('saveTopic', { ...input, language: 'tt' })).toMatchObject({ code: 'KEY_REUSED' });
});

test('of two who save over one version, one does', async () => {
  later();
  await editor('saveTopic', newNamed('two'));
  const save = (text: string) => editor('saveTopic', newNamed('two', { expectedVersion: 1, names: [{ lang: 'en', text }] }));
  const answers = await Promise.all([save('one'), save('two'), save('three')]);
  expect(answers.filter(({ version }) => version === 2)).toHaveLength(1);
  expect(answers.filter(({ code }) => code === 'VERSION_MOVED_ON')).toHaveLength(2);
});

test('to whom an agency’s copy and a picture may be passed on is the operator’s to say, and shown to desks and operators alone', async () => {
  later();
  const terms = { redistribution: 'NONE', redistributionTerritories: ['DE', 'FR-75'] };
  const desk = await deskOf(gateway, 'Dana', { en: Role.EDITOR });
  const query = `query { agency(code: "lowland") { version redistribution redistributionTerritories }
    registryImage(code: "ferry") { version redistribution redistributionTerritories } }`;
  const file = { ratio: 'RATIO_1X1', width: 300, height: 300, url: '/media/ferry.svg', contentType: 'image/svg+xml' };
  const save = async (who: Save, given: object): Promise<unknown[]> => [
    await who('saveAgency', { ...newNamed('lowland'), ...given }),
    await who('saveImage', { ...newImage, code: 'ferry', renditions: [file], ...given }),
  ];
  const both = (answer: object): unknown[] => [expect.objectContaining(answer), expect.objectContaining(answer)];
  // A desk founds them on the terms of what nobody has ruled on.
  expect(await save(editor, { ...terms, expectedVersion: 0 })).toEqual(both({ error: 'FORBIDDEN' }));
  expect(await save(editor, { redistribution: 'ENTITLED', expectedVersion: 0 })).toEqual(both({ version: 1 }));
  const inGermany = { ...terms, redistributionTerritories: ['DE'] };
  for (const [expectedVersion, given, shown] of [
    [1, terms, terms],
    [2, { redistributionTerritories: ['DE'] }, inGermany],
  ] as const) {
    later();
    expect(await save(editor, { ...given, expectedVersion })).toEqual(both({ error: 'FORBIDDEN' }));
    expect(await save(operator, { ...given, expectedVersion })).toEqual(both({ version: expectedVersion + 1 }));
    expect((await desk.ask(query)).data).toEqual({
      agency: { ...shown, version: expectedVersion + 1 },
      registryImage: { ...shown, version: expectedVersion + 1 },
    });
  }
  // Whatever else the desk changes, with the terms it was shown or without any, they stay.
  for (const [expectedVersion, given] of [
    [3, {}],
    [4, inGermany],
  ] as const) {
    later();
    const more = { names: [{ lang: 'en', text: `Lowland ${expectedVersion}` }] };
    expect(await editor('saveAgency', { ...newNamed('lowland', more), ...given, expectedVersion })).toMatchObject({
      version: expectedVersion + 1,
    });
    const moved = { ...newImage, code: 'ferry', renditions: [file], focalX: expectedVersion / 10, ...given, expectedVersion };
    expect(await editor('saveImage', moved)).toMatchObject({ version: expectedVersion + 1 });
    const { data } = await desk.ask(query);
    expect(data).toMatchObject({ agency: inGermany, registryImage: inGermany });
  }
  for (const given of [{ redistribution: 'FREE' }, { redistributionTerritories: [] }])
    expect(await save(editor, { ...given, expectedVersion: 5 })).toEqual(both({ error: 'FORBIDDEN' }));
  const { data } = await gateway.ask('{ agency(code: "lowland") { redistribution redistributionTerritories } }');
  expect(data).toEqual({ agency: { redistribution: null, redistributionTerritories: null } });
});
