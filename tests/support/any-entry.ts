import fc from 'fast-check';
import { Origin, Significance } from '../../src/articles/translation.js';
import { Direction } from '../../src/editions/edition.js';
import type { EntryEdition, FeedHead, Gone, Item } from '../../src/feeds/item.js';
import { AspectRatio } from '../../src/images/image.js';

const awkward = [
  ...['&', '<', '>', '"', "'", ']]>', '<![CDATA[', '&amp;', '&#0;', '&xxe;', '<!DOCTYPE x>', '-->', '?>', '</script>', '<!--'],
  ...['\r', '\r\n', '\n', '\t', '\0', '\u0008', '\u000b', '\u000c', '\u001f', '\u007f', '\u0085', '\u2028', '\ufeff', '\ufffe', '\uffff'],
  ...['\ud800', '\udfff', '\udc00\ud800', '\u{1fffe}', '\u{10ffff}', '👩‍👩‍👧'],
  ...['\u200c', '\u200d', '\u200e', '\u200f', '\u202e', '\u2066', '\u2069', '\u2067متن\u2069', 'می‌خواهم', 'Татар', 'e\u0301'],
];

/** Any text at all: every code unit, and what breaks out of markup. */
export const anyString = fc
  .array(
    fc.oneof(
      fc.constantFrom(...awkward),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)), maxLength: 4 }),
    ),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(''));

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null });
const anyTime = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => new Date(seconds * 1000));
const uuid = '1c608019-c552-5477-8313-e097533ffd3e';

export const persian: EntryEdition = {
  ...{ code: 'fa', tag: 'fa', htmlLang: 'fa', direction: Direction.RTL, hreflang: 'fa', nativeName: 'فارسی' },
  ...{ publisherName: 'مریدین', siteUrl: 'https://fa.meridian.example' },
};

const anyName = anyString.map((text) => ({ id: 'topic:any', text, lang: 'fa', direction: Direction.RTL }));
const anyPicture = fc.record({ alt: anyString, caption: maybe(anyString), creditLine: maybe(anyString) }).map((words) => ({
  ...{ code: 'sea', lang: 'fa', direction: Direction.RTL, ...words },
  renditions: [
    {
      url: 'https://gateway.test/media/sea.jpg?a=1&b=2',
      ...{ ratio: AspectRatio.RATIO_16X9, width: 1600, height: 900, contentType: 'image/jpeg' },
    },
  ],
}));
const anyNotice = fc
  .record({
    text: anyString,
    mustCarry: fc.boolean(),
    placement: fc.constantFrom('ABOVE_HEADLINE' as const, 'BEFORE_BODY' as const, 'AFTER_BODY' as const, 'ABOUT_BOX' as const),
    link: maybe(anyString.map((text) => ({ url: 'https://a.example/?a=1&b=2', text }))),
    picture: maybe(anyPicture),
  })
  .map((notice) => ({ code: 'any', kind: 'LEGAL' as const, version: 1, lang: 'fa', direction: Direction.RTL, imageCode: null, ...notice }));
const anyCredit = fc
  .record({ role: fc.constantFrom('AUTHOR' as const, 'TRANSLATOR' as const, 'WIRE' as const), name: anyString })
  .map(({ role, name }) => ({ role, name, lang: 'fa', id: role === 'WIRE' ? 'agency:any' : 'person:any' }));

/** A text with hostile words wherever it has words; ids and addresses are as the gateway makes them. */
export const anyItem: fc.Arbitrary<Item> = fc
  .record({
    ...{ headline: anyString, dek: maybe(anyString), kicker: maybe(anyString), byline: maybe(anyString), creditLine: maybe(anyString) },
    body: fc.record({ html: anyString, text: anyString, showsLead: fc.boolean() }),
    ...{ credits: fc.array(anyCredit, { maxLength: 3 }), notices: fc.array(anyNotice, { maxLength: 3 }), image: maybe(anyPicture) },
    ...{
      topics: fc.array(anyName, { maxLength: 2 }),
      people: fc.array(anyName, { maxLength: 2 }),
      places: fc.array(anyName, { maxLength: 2 }),
    },
    ...{ publishedAt: anyTime, updatedAt: anyTime, publishedAtText: anyString },
    origin: fc.constantFrom(Origin.HUMAN, Origin.MACHINE, Origin.MACHINE_REVIEWED),
    significance: fc.constantFrom(Significance.MINOR, Significance.UPDATE, Significance.CORRECTION),
    correction: maybe(fc.record({ note: anyString, revision: fc.integer({ min: 1, max: 9 }) })),
    rights: fc.record({ holder: anyString, notice: anyString }),
    ...{ usageTerms: maybe(anyString), expiresAt: maybe(anyTime), territories: fc.constantFrom([], ['DE', 'RU-TA']) },
    omitted: fc.array(
      fc.record({ part: fc.constant('IMAGE' as const), image: maybe(anyString), reason: fc.constant('IMAGES_NOT_INCLUDED' as const) }),
      { maxLength: 2 },
    ),
    ...{ revision: fc.integer({ min: 1, max: 99 }), urgency: fc.integer({ min: 1, max: 9 }), isOriginal: fc.boolean() },
  })
  .map((item) => ({
    ...{ id: `urn:newsml:meridian.example:20261110:${uuid}.fa`, articleId: `urn:newsml:meridian.example:20261110:${uuid}` },
    ...{ edition: persian, url: 'https://fa.meridian.example/a/%D9%86.html?a=1&b=2', kind: 'NEWS', contentHash: 'c0ffee', ...item },
    alternates: [
      {
        ...{ id: `urn:newsml:meridian.example:20261110:${uuid}.en`, edition: 'en', lang: 'en', hreflang: 'en' },
        ...{ url: 'https://en.meridian.example/a.html', isOriginal: true },
      },
    ],
  }));

/** What stays of such a text. */
export const anyGone: fc.Arbitrary<Gone> = fc.record({ title: anyString, note: maybe(anyString), retractedAt: anyTime }).map((words) => ({
  ...{ id: `urn:newsml:meridian.example:20261110:${uuid.replace('1', '2')}.fa`, articleId: `urn:newsml:meridian.example:20261110:${uuid}` },
  ...{ revision: 3, edition: persian, kind: 'KILL', ...words },
}));

export const anyHead: fc.Arbitrary<FeedHead> = fc
  .record({ title: anyString, subtitle: anyString, rights: anyString, updatedAt: maybe(anyTime) })
  .map((words) => ({
    ...{ id: 'tag:meridian.example,2026:feeds/fa', edition: persian, topic: null, selfUrl: 'https://gateway.test/feeds/fa.atom' },
    ...{ homeUrl: 'https://fa.meridian.example', aboutUrl: 'https://gateway.test/feeds/about', ...words },
    ...{
      hubUrl: 'https://gateway.test/hub',
      nextUrl: 'https://gateway.test/feeds/fa.atom?after=CURSOR',
      prevArchiveUrl: null,
      archive: null,
    },
  }));
