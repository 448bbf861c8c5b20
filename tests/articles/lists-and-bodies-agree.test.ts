import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Story } from '../../src/ingest/story.js';
import { openGateway, type TestGateway } from '../support/gateway.js';
import { makeStory, write } from '../support/make-story.js';

/** Which edition a caller asks for. */
interface Asked {
  edition?: string;
  locales?: string[];
  policy: string;
}

interface ServedAnswer {
  resolution: { requested: string[]; reason: string; served: { code: string } | null; tried: string[] };
  translation: { id: string; publishedAt: string; updatedAt: string } | null;
  tombstone: { id: string } | null;
}

/** A story with what a request is served of it. */
interface Body {
  id: string;
  kind: string;
  urgency: number;
  topics: Named[];
  people: Named[];
  places: Named[];
  agencies: Named[];
  translations: { edition: Named }[];
  served: ServedAnswer;
}
type Named = { code: string };

interface Edge {
  cursor: string;
  node: { id: string; served: ServedAnswer };
  served: ServedAnswer;
}
interface Connection {
  totalCount: number;
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  edges: Edge[];
}

const served = `resolution { requested reason served { code } tried } translation { id publishedAt updatedAt } tombstone { id }`;
const servedOf = `served(edition: $edition, locales: $locales, policy: $policy) { ${served} }`;
const bodiesQuery = `query($ids: [ID!]!, $edition: EditionCode, $locales: [LanguageTag!], $policy: LocalePolicy!) { nodes(ids: $ids) { ... on Article {
  id kind urgency topics { code } people { code } places { code } agencies { code } translations { edition { code } } ${servedOf}
} } }`;
const listQuery = `query($edition: EditionCode, $locales: [LanguageTag!], $policy: LocalePolicy!, $filter: ArticleFilter, $orderBy: ArticleOrder!,
    $first: Int, $after: String, $last: Int, $before: String) {
  articles(edition: $edition, locales: $locales, policy: $policy, filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { id ${servedOf} } served { ${served} } }
  }
}`;

const day = (number: number): string => `2026-11-${String(number).padStart(2, '0')}T00:00:00Z`;

// Few codes and few days, so that conditions meet several stories and times are often the same.
const code = <Code extends string>(...codes: Code[]) => fc.uniqueArray(fc.constantFrom(...codes), { maxLength: 2 });
const editionCodes = ['en', 'ru', 'ru-regions', 'tt', 'tt-regions', 'uk', 'sr-latn', 'sr-cyrl', 'kk', 'fa', 'prs'] as const;
const aStory = fc.record({
  editions: fc.uniqueArray(fc.constantFrom(...editionCodes), { minLength: 1, maxLength: 6 }),
  days: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 6, maxLength: 6 }),
  drafts: fc.uniqueArray(fc.constantFrom(...editionCodes), { maxLength: 2 }),
  retracted: fc.uniqueArray(fc.constantFrom(...editionCodes), { maxLength: 1 }),
  hidden: fc.constantFrom('draft', 'embargoed', 'retracted', ...Array<undefined>(9).fill(undefined)),
  topics: code('media', 'history', 'science'),
  people: code('joe-biden', 'vladimir-putin'),
  places: code('kazan', 'moscow'),
  agencies: code('afp', 'reuters'),
  kind: fc.constantFrom('NEWS', 'FEATURE', 'LIVE'),
  urgency: fc.integer({ min: 1, max: 4 }),
});

/** The same sixty stories each time: gaps, same times, drafts, retracted versions, hidden stories. */
const stories: Story[] = fc
  .sample(aStory, { numRuns: 60, seed: 7 })
  .map(({ editions, days, drafts, retracted, hidden, kind, ...rest }, index) => {
    const [home] = editions;
    const publishedAt = day(days[0] ?? 1);
    const versions = editions.map((edition, at) => {
      const own = edition === home ? publishedAt : drafts.includes(edition) ? null : day((days[at] ?? 1) + 6);
      const takenBack =
        edition !== home && retracted.includes(edition) ? { retracted: { kind: 'WITHHOLD' as const, at: '2026-11-20T00:00:00Z' } } : {};
      return [edition, { publishedAt: own, ...takenBack }] as const;
    });
    const whole = makeStory({
      ...rest,
      id: `list-${index}`,
      kind: kind as Story['kind'],
      publishedAt: hidden === 'draft' ? null : publishedAt,
      ...(hidden === 'embargoed' ? { embargoUntil: '2027-01-01T00:00:00Z' } : {}),
      ...(hidden === 'retracted' ? { retracted: { kind: 'KILL' as const, at: '2026-11-20T00:00:00Z' } } : {}),
      editions: Object.fromEntries(versions),
    });
    // Every third version has been updated since.
    const translations = whole.translations.map((each, at) =>
      (index + at) % 3 > 0
        ? each
        : { ...each, revisions: [...each.revisions, { ...each.revisions[0]!, headline: 'Updated', publishedAt: day(13 + (index % 3)) }] },
    );
    return { ...whole, translations };
  });

const editionsAsked = ['en', 'ru-regions', 'tt', 'tt-regions', 'sr-latn', 'kk', 'prs', 'crh'];
const localesAsked = [['tt'], ['tt-RU', 'fa'], ['sr-ME', 'sr-Latn-RS'], ['prs', 'zh-TW', 'en-GB'], ['*', 'uz-Cyrl', 'kk-KZ'], []];
const policies = ['STRICT', 'LOOKUP', 'CHAIN', 'ANY'];
const requests: Asked[] = [{}, ...editionsAsked.map((edition) => ({ edition })), ...localesAsked.map((locales) => ({ locales }))].flatMap(
  (which) => policies.map((policy) => ({ ...which, policy })),
);
const orders = ['PUBLISHED_DESC', 'PUBLISHED_ASC', 'UPDATED_DESC', 'UPDATED_ASC'];

let gateway: TestGateway;
let ids: string[];
beforeAll(async () => {
  gateway = await openGateway();
  await write(gateway, stories);
  const rows: { urn: string }[] = await gateway.dataSource.query(
    `select 'urn:newsml:' || domain || ':' || issued_on || ':' || uuid as urn from article`,
  );
  ids = rows.map(({ urn }) => urn);
});
afterAll(() => gateway.close());

const bodies = new Map<string, Body[]>();
/** What single stories are served as under a request, those that are served at all. */
async function servedUnder(asked: Asked): Promise<Body[]> {
  const known = bodies.get(JSON.stringify(asked));
  if (known) return known;
  const { data, errors } = await gateway.ask<{ nodes: Partial<Body>[] }>(bodiesQuery, { ids, ...asked });
  expect(errors).toBeUndefined();
  const found = data.nodes.filter((each): each is Body => each?.served?.translation != null);
  bodies.set(JSON.stringify(asked), found);
  return found;
}

async function list(
  asked: Asked,
  rest: { filter?: object; orderBy?: string; first?: number; after?: string; last?: number; before?: string },
): Promise<Connection> {
  const { data, errors } = await gateway.ask<{ articles: Connection }>(listQuery, { orderBy: 'PUBLISHED_DESC', ...asked, ...rest });
  expect(errors).toBeUndefined();
  return data.articles;
}

const uuidOf = (id: string): string => id.split(':')[4] ?? '';
/** The order of a list, by the translation served; the same times are told apart by the story. */
function sorted(found: readonly Body[], orderBy: string): string[] {
  const key = ({ served: { translation }, id }: Body): string =>
    `${orderBy.startsWith('UPDATED') ? translation?.updatedAt : translation?.publishedAt} ${uuidOf(id)}`;
  const ascending = [...found].sort((a, b) => (key(a) < key(b) ? -1 : 1)).map(({ id }) => id);
  return orderBy.endsWith('ASC') ? ascending : ascending.reverse();
}

/** All edges, page by page; checks every page's own account of itself. */
async function pages(
  asked: Asked,
  size: number,
  direction: 'forward' | 'backward',
  rest: { filter?: object; orderBy?: string } = {},
): Promise<Edge[]> {
  const all: Edge[] = [];
  for (let cursor: string | undefined, page = 0; page < 200; page++) {
    const { edges, pageInfo, totalCount } = await list(asked, {
      ...rest,
      ...(direction === 'forward'
        ? { first: size, ...(cursor === undefined ? {} : { after: cursor }) }
        : { last: size, ...(cursor === undefined ? {} : { before: cursor }) }),
    });
    if (direction === 'forward') all.push(...edges);
    else all.unshift(...edges);
    const more = all.length < totalCount;
    expect(edges.length).toBeLessThanOrEqual(size);
    expect(pageInfo).toEqual({
      hasNextPage: direction === 'forward' ? more : page > 0,
      hasPreviousPage: direction === 'forward' ? page > 0 : more,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    });
    if (!more) return all;
    cursor = (direction === 'forward' ? pageInfo.endCursor : pageInfo.startCursor) ?? undefined;
  }
  throw new Error('the list does not end');
}

const idsOf = (edges: readonly Edge[]): string[] => edges.map(({ node }) => node.id);

describe('a list holds exactly the stories that are served, as they are served', () => {
  test.each(
    requests.map((asked) => [`${asked.edition ?? JSON.stringify(asked.locales ?? 'the original')} ${asked.policy}`, asked] as const),
  )('%s', async (_name, asked) => {
    const expected = await servedUnder(asked);
    const whole = await list(asked, { first: 100 });
    expect(idsOf(whole.edges)).toEqual(sorted(expected, 'PUBLISHED_DESC'));
    expect(whole.totalCount).toBe(expected.length);
    const byId = new Map(expected.map((each) => [each.id, each.served]));
    for (const edge of whole.edges) {
      expect(edge.served).toEqual(byId.get(edge.node.id));
      expect(edge.served).toEqual(edge.node.served);
    }
  });

  test('these requests are not all alike: some serve nothing, some everything, some a part', async () => {
    const counts = new Set<number>();
    for (const asked of requests) counts.add((await servedUnder(asked)).length);
    expect(counts.size).toBeGreaterThan(10);
    expect(counts).toContain(0);
  });

  test('Crimean Tatar, which has no story, lists none under STRICT and what Ukrainian supplies under CHAIN', async () => {
    expect((await list({ edition: 'crh', policy: 'STRICT' }, {})).totalCount).toBe(0);
    const { edges } = await list({ edition: 'crh', policy: 'CHAIN' }, { first: 100 });
    expect(edges.length).toBeGreaterThan(3);
    expect(new Set(edges.map(({ served: { resolution } }) => `${resolution.reason} ${resolution.served?.code}`))).toEqual(
      new Set(['FALLBACK uk']),
    );
  });
});

describe('paging', () => {
  const paged: Asked[] = [
    { policy: 'STRICT' },
    { edition: 'tt', policy: 'STRICT' },
    { edition: 'tt', policy: 'CHAIN' },
    { locales: ['prs', 'sr', 'kk'], policy: 'ANY' },
  ];

  test.each(
    paged.flatMap((asked, index) =>
      [
        [3, 100],
        [1, 7],
        [4, 60],
        [2, 9],
      ][index]!.map((size) => [`${JSON.stringify(asked)} by ${size}`, asked, size] as const),
    ),
  )(
    'forwards and backwards give the same stories: %s',
    async (_name, asked, size) => {
      const expected = sorted(await servedUnder(asked), 'PUBLISHED_DESC');
      expect(idsOf(await pages(asked, size, 'forward'))).toEqual(expected);
      expect(idsOf(await pages(asked, size, 'backward'))).toEqual(expected);
    },
    60_000,
  );

  test('in any order, from any place, by any size, both ways: a page is the slice it should be', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...requests),
        fc.constantFrom(...orders),
        fc.integer({ min: 1, max: 100 }),
        fc.nat(),
        fc.nat(),
        fc.boolean(),
        async (asked, orderBy, size, from, to, forward) => {
          const { edges: all } = await list(asked, { orderBy, first: 100 });
          const expected = sorted(await servedUnder(asked), orderBy);
          expect(idsOf(all)).toEqual(expected);
          // Between none, one or two cursors; they may lie the wrong way round, and then nothing is between them.
          const [start, end] = [from % (all.length + 1), to % (all.length + 1)];
          const after = all[start - 1]?.cursor;
          const before = all[end]?.cursor;
          const between = all.slice(start, end === all.length ? undefined : end);
          const slice = forward ? between.slice(0, size) : between.slice(-size);
          const { edges, pageInfo, totalCount } = await list(asked, {
            orderBy,
            ...(forward ? { first: size } : { last: size }),
            ...(after === undefined ? {} : { after }),
            ...(before === undefined ? {} : { before }),
          });
          expect(edges).toEqual(slice);
          expect(totalCount).toBe(all.length);
          expect(forward ? pageInfo.hasNextPage : pageInfo.hasPreviousPage).toBe(between.length > size);
        },
      ),
      { numRuns: 40, seed: 20261123 },
    );
  }, 120_000);

  test('a page stays where it is while new stories arrive', async () => {
    const asked = { edition: 'en', policy: 'STRICT' };
    const before = await list(asked, { first: 5 });
    const next = await list(asked, { first: 5, after: before.pageInfo.endCursor! });
    await gateway.dataSource.transaction(async (manager) => {
      await write({ dataSource: { manager } as never }, [makeStory({ id: 'newest', publishedAt: '2026-11-22T00:00:00Z' })]);
    });
    expect(idsOf((await list(asked, { first: 5, after: before.pageInfo.endCursor! })).edges)).toEqual(idsOf(next.edges));
    expect((await list(asked, { first: 1 })).edges[0]?.served.translation?.publishedAt).toBe('2026-11-22T00:00:00.000Z');
    bodies.clear();
    ids.push((await list(asked, { first: 1 })).edges[0]!.node.id);
  });

  test.each([
    ['first and last', { first: 1, last: 1 }, 'FIRST_AND_LAST'],
    ['a page of nothing', { first: 0 }, 'PAGE_SIZE'],
    ['a page of less than nothing', { last: -1 }, 'PAGE_SIZE'],
    ['a page of too much', { first: 101 }, 'PAGE_SIZE'],
    ['a cursor of nobody', { after: 'nonsense' }, 'INVALID_CURSOR'],
    ['an empty cursor', { before: '' }, 'INVALID_CURSOR'],
    [
      'a cursor of another order',
      { after: Buffer.from('["UPDATED_DESC",0,"00000000-0000-0000-0000-000000000000"]').toString('base64url') },
      'INVALID_CURSOR',
    ],
    ['a cursor without a story', { after: Buffer.from('["PUBLISHED_DESC",0,"nobody"]').toString('base64url') }, 'INVALID_CURSOR'],
    ['an edition and locales', { edition: 'en', locales: ['en'] }, 'EDITION_AND_LOCALES'],
    ['an edition nobody knows', { edition: 'xx' }, 'UNKNOWN_EDITION'],
    ['a condition on an edition nobody knows', { filter: { missingIn: ['ru', 'xx'] } }, 'UNKNOWN_EDITION'],
    ['another', { filter: { translatedInto: ['xx'] } }, 'UNKNOWN_EDITION'],
    ['too many codes', { filter: { topics: Array.from({ length: 51 }, (_, index) => `topic-${index}`) } }, 'TOO_MANY_VALUES'],
    ['too many locales', { locales: Array.from({ length: 21 }, () => 'en') }, 'TOO_MANY_VALUES'],
  ])('%s is refused by its code', async (_name, given, refusal) => {
    const { data, errors } = await gateway.ask(listQuery, { policy: 'STRICT', orderBy: 'PUBLISHED_DESC', ...given });
    expect(data?.['articles'] ?? null).toBeNull();
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual([refusal]);
  });
});

/** The conditions of a list, as its description says them. */
interface Filter {
  topics?: string[];
  people?: string[];
  agencies?: string[];
  place?: string;
  kind?: string[];
  urgency?: number[];
  publishedFrom?: string;
  publishedBefore?: string;
  updatedSince?: string;
  translatedInto?: string[];
  missingIn?: string[];
}

function meets(body: Body, filter: Filter): boolean {
  const { translation } = body.served;
  const [published, updated] = [translation!.publishedAt, translation!.updatedAt].map((time) => Date.parse(time)) as [number, number];
  const any = (named: readonly Named[], codes: readonly string[] | undefined): boolean =>
    !codes || named.some((each) => codes.includes(each.code));
  const languages = body.translations.map(({ edition }) => edition.code);
  return (
    any(body.topics, filter.topics) &&
    any(body.people, filter.people) &&
    any(body.agencies, filter.agencies) &&
    any(body.places, filter.place === undefined ? undefined : [filter.place]) &&
    (filter.kind?.includes(body.kind) ?? true) &&
    (filter.urgency?.includes(body.urgency) ?? true) &&
    (filter.publishedFrom === undefined || published >= Date.parse(filter.publishedFrom)) &&
    (filter.publishedBefore === undefined || published < Date.parse(filter.publishedBefore)) &&
    (filter.updatedSince === undefined || updated >= Date.parse(filter.updatedSince)) &&
    (filter.translatedInto?.every((each) => languages.includes(each)) ?? true) &&
    !(filter.missingIn?.some((each) => languages.includes(each)) ?? false)
  );
}

const single: [string, Filter][] = [
  ['topics', { topics: ['media', 'science'] }],
  ['people', { people: ['joe-biden'] }],
  ['agencies', { agencies: ['afp', 'tass'] }],
  ['place', { place: 'kazan' }],
  ['kind', { kind: ['LIVE', 'FEATURE'] }],
  ['urgency', { urgency: [1, 2] }],
  ['publishedFrom', { publishedFrom: day(4) }],
  ['publishedBefore', { publishedBefore: day(4) }],
  ['updatedSince', { updatedSince: day(13) }],
  ['translatedInto', { translatedInto: ['ru', 'en'] }],
  ['missingIn', { missingIn: ['ru', 'en'] }],
];

describe('conditions', () => {
  const asking: Asked[] = [{ policy: 'STRICT' }, { edition: 'tt', policy: 'CHAIN' }, { locales: ['sr', 'kk', 'ru'], policy: 'ANY' }];

  test.each(single)('%s keeps the stories that meet it by the translation served, and counts them', async (_name, filter) => {
    for (const asked of asking) {
      const all = await servedUnder(asked);
      const expected = all.filter((each) => meets(each, filter));
      const { edges, totalCount } = await list(asked, { filter, first: 100 });
      expect(idsOf(edges)).toEqual(sorted(expected, 'PUBLISHED_DESC'));
      expect(totalCount).toBe(expected.length);
      expect(expected.length).toBeGreaterThan(0);
      expect(expected.length).toBeLessThan(all.length);
    }
  });

  test('all conditions of a list must hold, in every order', async () => {
    const several = fc
      .uniqueArray(fc.constantFrom(...single), { minLength: 1, maxLength: 4 })
      .map((filters) => Object.assign({}, ...filters.map(([, filter]) => filter)) as Filter);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...requests), several, fc.constantFrom(...orders), async (asked, filter, orderBy) => {
        const expected = (await servedUnder(asked)).filter((each) => meets(each, filter));
        const { edges, totalCount } = await list(asked, { filter, orderBy, first: 100 });
        expect(idsOf(edges)).toEqual(sorted(expected, orderBy));
        expect(totalCount).toBe(expected.length);
      }),
      { numRuns: 40, seed: 7 },
    );
  }, 120_000);

  test.each(['tt', 'ru', 'en', 'crh'])(
    'what is missing in %s and what is translated into it are the whole list, and nothing is both',
    async (edition) => {
      for (const asked of asking) {
        const [missing, there, all] = await Promise.all(
          [{ missingIn: [edition] }, { translatedInto: [edition] }, {}].map((filter) => list(asked, { filter, first: 100 })),
        );
        expect([...idsOf(missing!.edges), ...idsOf(there!.edges)].sort()).toEqual(idsOf(all!.edges).sort());
        expect(missing!.totalCount + there!.totalCount).toBe(all!.totalCount);
      }
    },
  );

  test('a single value needs no brackets, and an empty filter keeps everything', async () => {
    const { data } = await gateway.ask(
      '{ one: articles(filter: { kind: LIVE, urgency: 1 }) { totalCount } same: articles(filter: { kind: [LIVE], urgency: [1] }) { totalCount } all: articles(filter: {}) { totalCount } bare: articles { totalCount } }',
    );
    expect(data.one).toEqual(data.same);
    expect(data.all).toEqual(data.bare);
    expect(data.one.totalCount).toBeGreaterThan(0);
  });

  test.each([
    ['codes nobody has', { topics: ['nobody'], people: ['nobody'], agencies: ['nobody'], place: 'nobody' }],
    ['an urgency beyond all', { urgency: [2_147_483_647, -1] }],
    ['a time before all times', { publishedBefore: '0001-01-01T00:00:00Z' }],
    ['a time after all times', { updatedSince: '9999-12-31T23:59:59.999Z' }],
    ['an empty list of codes', { topics: [] }],
  ])('%s: an empty list, and no error', async (_name, filter) => {
    expect(await list({ policy: 'ANY' }, { filter })).toMatchObject({ totalCount: 0, edges: [] });
  });
});
