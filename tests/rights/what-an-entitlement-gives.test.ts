import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Access, type Denial, givesImage, givesVideo, levels, publicAccess } from '../../src/rights/access.js';
import { compareAccess } from '../../src/rights/compare-access.js';
import { explain } from '../../src/rights/explain.js';
import type { AgencyTerms, EntitlementTerms, RightsFacts } from '../../src/rights/facts.js';
import { match } from '../../src/rights/match.js';
import { agencyTerms, entitlementTerms, later, pictureTerms, rightsNow, textFacts } from '../support/rights.js';

type Row = [what: string, facts: Partial<RightsFacts>, entitlement: Partial<EntitlementTerms>, given: 'all' | Denial];

/** One entitlement and one text: either all of the text is given, or nothing for a reason. */
const texts: Row[] = [
  ['everything, to who may have everything', {}, {}, 'all'],
  ['an edition that is named', {}, { editions: ['ru', 'tt'] }, 'all'],
  ['an edition that is not', {}, { editions: ['ru'] }, 'EDITION_NOT_INCLUDED'],
  ['a story with one of the topics', {}, { topics: ['sport', 'politics'] }, 'all'],
  ['a story with none of them', {}, { topics: ['sport'] }, 'TOPIC_NOT_INCLUDED'],
  ['a story without topics, to who may have some', { topics: [] }, { topics: ['sport'] }, 'TOPIC_NOT_INCLUDED'],
  ['a form that is named', {}, { kinds: ['NEWS'] }, 'all'],
  ['a form that is not', {}, { kinds: ['OPINION'] }, 'KIND_NOT_INCLUDED'],
  ['what a machine wrote', { origin: 'MACHINE' }, {}, 'MACHINE_NOT_INCLUDED'],
  ['what a machine wrote, to who takes that', { origin: 'MACHINE' }, { machine: true }, 'all'],
  ['what a machine wrote and an editor checked', { origin: 'MACHINE_REVIEWED' }, {}, 'all'],
  ['a story under embargo', { embargoUntil: later(1) }, {}, 'EMBARGOED'],
  ['a story under embargo, early', { embargoUntil: later(1) }, { early: true }, 'all'],
  ['a story whose embargo ends this moment', { embargoUntil: rightsNow }, {}, 'all'],
  ['a draft', { publishedAt: null }, { early: true }, 'NOT_PUBLISHED'],
  ['what will be published', { publishedAt: later(1) }, { early: true }, 'NOT_PUBLISHED'],
  ['what is published this moment', { publishedAt: rightsNow }, {}, 'all'],
  ['what was taken back', { retractedAt: rightsNow }, {}, 'RETRACTED'],
  ['what will be taken back', { retractedAt: later(1) }, {}, 'all'],
  ['what comes to its end this moment', { expiresAt: rightsNow }, {}, 'EXPIRED'],
  ['what will come to its end', { expiresAt: later(1) }, {}, 'all'],
  ['anything from the moment on', {}, { validFrom: rightsNow }, 'all'],
  ['anything before', {}, { validFrom: later(1) }, 'ENTITLEMENT_NOT_BEGUN'],
  ['anything to the moment', {}, { validUntil: later(1) }, 'all'],
  ['anything after', {}, { validUntil: rightsNow }, 'ENTITLEMENT_ENDED'],
  ['anything in no time at all', {}, { validFrom: rightsNow, validUntil: rightsNow }, 'ENTITLEMENT_ENDED'],
  ['copy nobody has ruled on', { wires: [agencyTerms('tass')] }, {}, 'all'],
  ['copy of an agency that is excluded', { wires: [agencyTerms('tass')] }, { excludedAgencies: ['tass'] }, 'AGENCY_EXCLUDED'],
  ['copy of another one', { wires: [agencyTerms('reuters')] }, { excludedAgencies: ['tass'] }, 'all'],
  ['copy of both', { wires: [agencyTerms('reuters'), agencyTerms('tass')] }, { excludedAgencies: ['tass'] }, 'AGENCY_EXCLUDED'],
  [
    'free copy of an agency that is excluded',
    { wires: [agencyTerms('tass', { redistribution: 'FREE' })] },
    { excludedAgencies: ['tass'] },
    'all',
  ],
  ['copy for nobody', { wires: [agencyTerms('tass', { redistribution: 'NONE' })] }, { early: true, machine: true }, 'REDISTRIBUTION_NONE'],
  ['copy for Germany, everywhere', { wires: [agencyTerms('dpa', { territories: ['DE'] })] }, {}, 'REDISTRIBUTION_TERRITORIES'],
  ['copy for Germany, in Bavaria', { wires: [agencyTerms('dpa', { territories: ['DE'] })] }, { territories: ['DE-BY'] }, 'all'],
  [
    'copy for Bavaria, in Germany',
    { wires: [agencyTerms('dpa', { territories: ['DE-BY'] })] },
    { territories: ['DE'] },
    'REDISTRIBUTION_TERRITORIES',
  ],
  [
    'free copy for Germany, in France',
    { wires: [agencyTerms('dpa', { redistribution: 'FREE', territories: ['DE'] })] },
    { territories: ['FR'] },
    'REDISTRIBUTION_TERRITORIES',
  ],
];

test.each(texts)('%s', (_what, facts, entitlement, given) => {
  const access = match(textFacts(facts), [entitlementTerms(entitlement)], rightsNow);
  const where = entitlement.territories ?? [];
  expect(access).toEqual(
    given === 'all'
      ? { allowed: true, level: 'FULL', images: true, territories: where, omitted: [], reason: 'ENTITLED' }
      : { allowed: false, level: null, images: false, territories: [], omitted: [], reason: given },
  );
});

/** One picture of a text that is given. */
const pictures: [what: string, picture: Parameters<typeof pictureTerms>[1], entitlement: Partial<EntitlementTerms>, left: Denial | null][] =
  [
    ['a picture, with pictures', {}, {}, null],
    ['a picture, without', {}, { images: false }, 'IMAGES_NOT_INCLUDED'],
    ['a free picture, without', { redistribution: 'FREE' }, { images: false }, null],
    [
      'a free picture of an agency nobody has ruled on',
      { redistribution: 'FREE', agencies: [agencyTerms('afp')] },
      { images: false },
      'IMAGES_NOT_INCLUDED',
    ],
    [
      'a free picture of a free agency',
      { redistribution: 'FREE', agencies: [agencyTerms('afp', { redistribution: 'FREE' })] },
      { images: false, excludedAgencies: ['afp'] },
      null,
    ],
    ['a picture for nobody', { redistribution: 'NONE' }, {}, 'REDISTRIBUTION_NONE'],
    [
      'a picture of an agency that gives nobody anything',
      { redistribution: 'FREE', agencies: [agencyTerms('afp', { redistribution: 'NONE' })] },
      {},
      'REDISTRIBUTION_NONE',
    ],
    ['a picture of an agency that is excluded', { agencies: [agencyTerms('afp')] }, { excludedAgencies: ['afp'] }, 'AGENCY_EXCLUDED'],
    ['a picture for Germany, everywhere', { territories: ['DE'] }, {}, 'REDISTRIBUTION_TERRITORIES'],
    ['a picture for Germany, there', { territories: ['DE'] }, { territories: ['DE'] }, null],
    ['a picture for Germany, there and in France', { territories: ['DE'] }, { territories: ['DE', 'FR'] }, 'REDISTRIBUTION_TERRITORIES'],
  ];

test.each(pictures)('%s', (_what, picture, entitlement, left) => {
  const access = match(textFacts({ pictures: [pictureTerms('lead', picture)] }), [entitlementTerms(entitlement)], rightsNow);
  expect(access).toMatchObject({ allowed: true, level: 'FULL' });
  expect(access.omitted).toEqual(left === null ? [] : [{ part: 'IMAGE', image: 'lead', reason: left }]);
  expect(givesImage(access, 'lead')).toBe(left === null);
});

test.each<[what: string, agency: Partial<AgencyTerms>, entitlement: Partial<EntitlementTerms>, left: Denial | null]>([
  ['a video of an agency nobody has ruled on, with pictures', {}, {}, null],
  ['a video of an agency nobody has ruled on, without', {}, { images: false }, 'IMAGES_NOT_INCLUDED'],
  ['a video of a free agency, without', { redistribution: 'FREE' }, { images: false, excludedAgencies: ['afp'] }, null],
  ['a video of an agency that gives nobody anything', { redistribution: 'NONE' }, {}, 'REDISTRIBUTION_NONE'],
  ['a video of an agency that is excluded', {}, { excludedAgencies: ['afp'] }, 'AGENCY_EXCLUDED'],
  ['a video for Germany, everywhere', { territories: ['DE'] }, {}, 'REDISTRIBUTION_TERRITORIES'],
])('%s', (_what, agency, entitlement, left) => {
  const url = 'https://v.example/1';
  const video = pictureTerms(url, { video: true, redistribution: 'FREE', agencies: [agencyTerms('afp', agency)] });
  const access = match(textFacts({ pictures: [video] }), [entitlementTerms(entitlement)], rightsNow);
  expect(access).toMatchObject({ allowed: true, level: 'FULL' });
  expect(access.omitted).toEqual(left === null ? [] : [{ part: 'VIDEO', image: url, reason: left }]);
  expect(givesVideo(access, url)).toBe(left === null);
  expect(givesVideo(access, 'https://v.example/2')).toBe(true);
});

test.each([
  [
    'HEADLINE',
    [
      { part: 'DEK', image: null, reason: 'LEVEL_HEADLINE' },
      { part: 'TEXT', image: null, reason: 'LEVEL_HEADLINE' },
    ],
  ],
  ['SUMMARY', [{ part: 'TEXT', image: null, reason: 'LEVEL_SUMMARY' }]],
  ['FULL', []],
] as const)('%s says what is left out', (level, omitted) => {
  expect(match(textFacts(), [entitlementTerms({ level })], rightsNow)).toMatchObject({ level, omitted });
});

describe('several entitlements', () => {
  const one = entitlementTerms({ uuid: '1', editions: ['tt'], level: 'FULL', images: false, territories: ['RU'] });
  const other = entitlementTerms({ uuid: '2', topics: ['politics'], level: 'SUMMARY', images: true, territories: ['KZ'] });

  test('add up, part by part', () => {
    expect(match(textFacts(), [one, other], rightsNow)).toEqual({
      ...{ allowed: true, level: 'FULL', images: true, territories: ['KZ', 'RU'], omitted: [], reason: 'ENTITLED' },
    });
  });

  test('only where each gives anything', () => {
    expect(match(textFacts({ topics: [] }), [one, other], rightsNow)).toMatchObject({
      ...{ level: 'FULL', images: false, territories: ['RU'], omitted: [{ part: 'IMAGE', reason: 'IMAGES_NOT_INCLUDED' }] },
    });
  });

  test('of which none gives anything, name the reason that came nearest', () => {
    const wrongTopic = entitlementTerms({ uuid: '3', topics: ['sport'] });
    const ended = entitlementTerms({ uuid: '4', validUntil: later(-1) });
    expect(match(textFacts(), [ended, wrongTopic], rightsNow).reason).toBe('TOPIC_NOT_INCLUDED');
    expect(match(textFacts(), [], rightsNow).reason).toBe('NO_ENTITLEMENT');
  });
});

test('the trace names each rule in order, and the one that decided', () => {
  const facts = textFacts({ wires: [agencyTerms('reuters'), agencyTerms('tass')] });
  const entitlements = [
    entitlementTerms({ uuid: 'b', validFrom: later(-2), level: 'SUMMARY', images: false }),
    entitlementTerms({ uuid: 'a', validFrom: later(-3), excludedAgencies: ['tass'] }),
  ];
  const { trace } = explain(facts, entitlements, rightsNow);
  expect(trace.map(({ rule, entitlement, subject, denial, deciding }) => [rule, entitlement, subject, denial, deciding])).toEqual([
    ['PUBLISHED', null, null, null, false],
    ['NOT_RETRACTED', null, null, null, false],
    ['NOT_EXPIRED', null, null, null, false],
    ['ENTITLED', null, null, null, false],
    ['VALID', 'a', null, null, false],
    ['EDITION', 'a', 'tt', null, false],
    ['KIND', 'a', 'NEWS', null, false],
    ['TOPIC', 'a', null, null, false],
    ['MACHINE', 'a', null, null, false],
    ['EMBARGO', 'a', null, null, false],
    ['AGENCY', 'a', 'reuters', null, false],
    ['AGENCY', 'a', 'tass', 'AGENCY_EXCLUDED', false],
    ['VALID', 'b', null, null, false],
    ['EDITION', 'b', 'tt', null, false],
    ['KIND', 'b', 'NEWS', null, false],
    ['TOPIC', 'b', null, null, false],
    ['MACHINE', 'b', null, null, false],
    ['EMBARGO', 'b', null, null, false],
    ['AGENCY', 'b', 'reuters', null, false],
    ['AGENCY', 'b', 'tass', null, false],
    ['TERRITORY', 'b', null, null, false],
    ['LEVEL', 'b', 'SUMMARY', null, true],
    ['IMAGE', 'b', 'lead', 'IMAGES_NOT_INCLUDED', false],
  ]);
});

test('who is told of a retraction is who might have had the text', () => {
  const facts = textFacts({ retractedAt: later(-1) });
  expect(match({ ...facts, retractedAt: null }, [entitlementTerms({ editions: ['tt'] })], rightsNow).allowed).toBe(true);
  expect(match({ ...facts, retractedAt: null }, [entitlementTerms({ editions: ['ru'] })], rightsNow).allowed).toBe(false);
});

describe('whatever the text and the entitlements', () => {
  const some = (...values: string[]) => fc.subarray(values).map((found) => [...found]);
  const moment = fc.integer({ min: -3, max: 3 }).map(later);
  const redistribution = fc.constantFrom('FREE' as const, 'ENTITLED' as const, 'NONE' as const);
  const places = some('DE', 'DE-BY', 'FR', 'KZ');
  const agency = (name: string) => fc.record({ agency: fc.constant(name), redistribution, territories: fc.oneof(fc.constant([]), places) });
  const agencies = fc.tuple(fc.option(agency('reuters')), fc.option(agency('tass'))).map((all) => all.flatMap((each) => each ?? []));
  const picture = (image: string) =>
    fc.record({ image: fc.constant(image), redistribution, territories: fc.oneof(fc.constant([]), places), agencies });
  const anyFacts: fc.Arbitrary<RightsFacts> = fc.record({
    ...{ edition: fc.constantFrom('ru', 'tt'), topics: some('a', 'b'), kind: fc.constantFrom('NEWS', 'LIVE') },
    origin: fc.constantFrom('HUMAN' as const, 'MACHINE' as const, 'MACHINE_REVIEWED' as const),
    wires: agencies,
    pictures: fc.tuple(fc.option(picture('lead')), fc.option(picture('second'))).map((all) => all.flatMap((each) => each ?? [])),
    publishedAt: fc.option(fc.integer({ min: -3, max: 1 }).map(later), { freq: 9 }),
    ...{
      embargoUntil: fc.option(moment),
      retractedAt: fc.option(fc.integer({ min: 0, max: 3 }).map(later), { freq: 1 }),
      expiresAt: fc.option(fc.integer({ min: 0, max: 3 }).map(later), { freq: 1 }),
    },
  });
  const anyEntitlement: fc.Arbitrary<EntitlementTerms> = fc.record({
    uuid: fc.uuid(),
    ...{ editions: some('ru', 'tt'), topics: some('a', 'b'), kinds: some('NEWS', 'LIVE'), excludedAgencies: some('reuters', 'tass') },
    ...{ territories: places, level: fc.constantFrom(...levels), images: fc.boolean(), machine: fc.boolean(), early: fc.boolean() },
    ...{ validFrom: fc.integer({ min: -3, max: 1 }).map(later), validUntil: fc.option(moment) },
  });
  const anyEntitlements = fc.uniqueArray(anyEntitlement, { selector: ({ uuid }) => uuid, maxLength: 4 });
  const holds = <Values extends [unknown, ...unknown[]]>(
    ...given: [...{ [Key in keyof Values]: fc.Arbitrary<Values[Key]> }, (...values: Values) => void]
  ) => fc.assert(fc.property(...(given as unknown as [fc.Arbitrary<Values[0]>, (value: Values[0]) => void])), { numRuns: 3000 });

  test('one more entitlement takes nothing away', () => {
    holds<[RightsFacts, EntitlementTerms[], EntitlementTerms]>(anyFacts, anyEntitlements, anyEntitlement, (facts, entitlements, more) => {
      const change = compareAccess(facts, match(facts, entitlements, rightsNow), match(facts, [...entitlements, more], rightsNow));
      expect(change.takesAway).toBe(false);
    });
  });

  test('their order does not matter, not even to the trace', () => {
    holds<[RightsFacts, EntitlementTerms[]]>(anyFacts, anyEntitlements, (facts, entitlements) => {
      expect(explain(facts, entitlements.toReversed(), rightsNow)).toEqual(explain(facts, entitlements, rightsNow));
    });
  });

  test('one outside its time counts for nothing', () => {
    holds<[RightsFacts, EntitlementTerms[]]>(anyFacts, anyEntitlements, (facts, entitlements) => {
      const inTime = entitlements.filter(
        ({ validFrom, validUntil }) => validFrom <= rightsNow && (validUntil === null || validUntil > rightsNow),
      );
      const [all, valid] = [match(facts, entitlements, rightsNow), match(facts, inTime, rightsNow)];
      expect(all.allowed ? all : all.allowed).toEqual(valid.allowed ? valid : valid.allowed);
    });
  });

  test('what is for nobody is given to nobody', () => {
    holds<[RightsFacts, EntitlementTerms[]]>(anyFacts, anyEntitlements, (facts, entitlements) => {
      const access = match(facts, entitlements, rightsNow);
      const none = ({ redistribution: of }: { redistribution: string }): boolean => of === 'NONE';
      if (facts.wires.some(none)) expect(access.allowed).toBe(false);
      for (const each of facts.pictures) if ([each, ...each.agencies].some(none)) expect(givesImage(access, each.image)).toBe(false);
    });
  });

  test('a higher level gives no less', () => {
    holds<[RightsFacts, EntitlementTerms[], EntitlementTerms]>(anyFacts, anyEntitlements, anyEntitlement, (facts, entitlements, last) => {
      const at = (level: EntitlementTerms['level']): Access => match(facts, [...entitlements, { ...last, level }], rightsNow);
      for (const [lower, higher] of [
        ['HEADLINE', 'SUMMARY'],
        ['SUMMARY', 'FULL'],
      ] as const)
        expect(compareAccess(facts, at(lower), at(higher)).takesAway).toBe(false);
    });
  });

  test('together they give what one of them gives, and nothing else', () => {
    holds<[RightsFacts, EntitlementTerms[]]>(anyFacts, anyEntitlements, (facts, entitlements) => {
      const together = match(facts, entitlements, rightsNow);
      const apart = entitlements.map((each) => match(facts, [each], rightsNow)).filter(({ allowed }) => allowed);
      expect(together.allowed).toBe(apart.length > 0);
      if (!together.allowed) return;
      expect(together.level).toBe(levels.findLast((level) => apart.some((each) => each.level === level)));
      const places = apart.map(({ territories }) => territories);
      expect(new Set(together.territories)).toEqual(new Set(places.some(({ length }) => length === 0) ? [] : places.flat()));
      for (const { image } of facts.pictures) expect(givesImage(together, image)).toBe(apart.some((each) => givesImage(each, image)));
    });
  });

  test('the decision is the explanation’s, and one step decided it', () => {
    holds<[RightsFacts, EntitlementTerms[]]>(anyFacts, anyEntitlements, (facts, entitlements) => {
      const { access, trace } = explain(facts, entitlements, rightsNow);
      expect(match(facts, entitlements, rightsNow)).toEqual(access);
      const deciding = trace.filter((step) => step.deciding);
      expect(deciding).toEqual([
        access.allowed
          ? expect.objectContaining({ rule: 'LEVEL', subject: access.level, denial: null })
          : expect.objectContaining({ denial: access.reason }),
      ]);
    });
  });

  test('the public’s access gives no less than any', () => {
    holds<[RightsFacts, EntitlementTerms[]]>(anyFacts, anyEntitlements, (facts, entitlements) => {
      expect(compareAccess(facts, match(facts, entitlements, rightsNow), publicAccess).takesAway).toBe(false);
    });
  });
});

describe('of two accesses it is told what one adds, and takes away', () => {
  const facts = textFacts({ pictures: [pictureTerms('lead'), pictureTerms('second', { redistribution: 'NONE' })] });
  const with_ = (terms: Partial<EntitlementTerms>): Access => match(facts, [entitlementTerms(terms)], rightsNow);
  test.each([
    ['nothing', {}, {}, false, false],
    ['a text', { editions: ['ru'] }, {}, true, false],
    ['more of it', { level: 'SUMMARY' }, {}, true, false],
    ['less of it', { level: 'SUMMARY' }, { level: 'HEADLINE' }, false, true],
    ['a picture', { images: false }, {}, true, false],
    ['a picture for more of the text', {}, { images: false, level: 'SUMMARY' }, false, true],
    ['more of the text for a picture', { level: 'SUMMARY' }, { images: false }, true, true],
    ['the whole world', { territories: ['DE'] }, {}, true, false],
    ['a part of a country for the whole', { territories: ['DE'] }, { territories: ['DE-BY'] }, false, true],
    ['another country', { territories: ['DE'] }, { territories: ['FR'] }, true, true],
  ] as [string, Partial<EntitlementTerms>, Partial<EntitlementTerms>, boolean, boolean][])(
    '%s',
    (_what, before, after, adds, takesAway) => {
      expect(compareAccess(facts, with_(before), with_(after))).toEqual({ adds, takesAway });
    },
  );
});
