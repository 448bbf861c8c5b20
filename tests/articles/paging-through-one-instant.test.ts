import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cursorOf, placeOf } from '../../src/lib/relay.js';
import { openGateway, type TestGateway } from '../support/gateway.js';
import { makeStory, write } from '../support/make-story.js';

interface Page {
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  edges: { cursor: string; served: { translation: { headline: string; publishedAt: string } } }[];
}

// Told apart by microseconds, which no stored time keeps, and by one millisecond.
const times = ['.000', '.000900', '.000001', '.001', '.001999', '.001', '.002'];
const stories = times.map((fraction, index) =>
  makeStory({
    id: `instant-${index}`,
    kind: 'AUDIO',
    urgency: 9,
    publishedAt: `2026-11-03T08:00:00${fraction}Z`,
    editions: { en: { headline: `${index}` } },
  }),
);

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
  await write(gateway, stories);
});
afterAll(() => gateway.close());

async function page(asked: {
  first?: number;
  after?: string | null;
  last?: number;
  before?: string | null;
  filter?: object;
}): Promise<Page> {
  const { data, errors } = await gateway.ask(
    `query($first: Int, $after: String, $last: Int, $before: String, $filter: ArticleFilter) {
      articles(edition: "en", filter: $filter, first: $first, after: $after, last: $last, before: $before) {
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor served { translation { headline publishedAt } } }
      }
    }`,
    { filter: { kind: 'AUDIO', urgency: 9 }, ...asked },
  );
  expect(errors).toBeUndefined();
  return data.articles;
}

const headlines = ({ edges }: Page): string[] => edges.map(({ served }) => served.translation.headline);

describe('stories of one instant', () => {
  test('come once each, forwards and backwards, and back again from any page', async () => {
    const whole = await page({ first: 100 });
    expect(whole.edges.map(({ served }) => served.translation.publishedAt.slice(20, 23))).toEqual([
      '002',
      '001',
      '001',
      '001',
      '000',
      '000',
      '000',
    ]);
    for (const size of [1, 2, 3]) {
      const [forwards, backwards]: string[][] = [[], []];
      let cursor: string | null = null;
      for (let more = true; more; ) {
        const { pageInfo, ...found }: Page = await page({ first: size, after: cursor });
        forwards!.push(...headlines({ pageInfo, ...found }));
        if (pageInfo.hasPreviousPage) {
          const back = await page({ last: size, before: pageInfo.startCursor });
          expect(headlines(back)).toEqual(forwards!.slice(0, -found.edges.length).slice(-size));
          expect(back.pageInfo.hasNextPage).toBe(true);
        }
        [cursor, more] = [pageInfo.endCursor, pageInfo.hasNextPage];
      }
      cursor = null;
      for (let more = true; more; ) {
        const found: Page = await page({ last: size, before: cursor });
        backwards!.unshift(...headlines(found));
        [cursor, more] = [found.pageInfo.startCursor, found.pageInfo.hasPreviousPage];
      }
      expect(forwards).toEqual(headlines(whole));
      expect(backwards).toEqual(headlines(whole));
    }
  });

  test('fall into one of two spans of time that meet at a microsecond', async () => {
    const meeting = '2026-11-03T08:00:00.000500Z';
    const [early, late] = await Promise.all(
      [{ publishedBefore: meeting }, { publishedFrom: meeting }].map((span) => page({ filter: { kind: 'AUDIO', urgency: 9, ...span } })),
    );
    expect([...headlines(late!), ...headlines(early!)]).toEqual(headlines(await page({})));
  });
});

describe('an empty page', () => {
  const nowhere = { startCursor: null, endCursor: null };

  test('behind the last story and before the first says where it stands', async () => {
    const { pageInfo } = await page({});
    expect(await page({ first: 5, after: pageInfo.endCursor })).toEqual({
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: true, ...nowhere },
    });
    expect(await page({ last: 5, before: pageInfo.startCursor })).toEqual({
      edges: [],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, ...nowhere },
    });
  });

  test('of an empty list has nothing on either side', async () => {
    for (const asked of [{ first: 5 }, { last: 5 }])
      expect(await page({ ...asked, filter: { topics: ['nobody'] } })).toEqual({
        edges: [],
        pageInfo: { hasNextPage: false, hasPreviousPage: false, ...nowhere },
      });
  });
});

describe('a cursor', () => {
  const list = 'PUBLISHED_DESC';
  const id = '00000000-0000-5000-8000-00000000000a';
  const made = (...parts: unknown[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

  test.each([0, 1, -1, Date.UTC(2026, 10, 3), Date.parse('0000-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')])(
    'names its place: %d',
    (time) => {
      const place = { list, at: new Date(time), id };
      expect(placeOf(cursorOf(place), list)).toEqual(place);
    },
  );

  test.each([
    ['a time before all times', made(list, -8.64e15, id)],
    ['a time after all times', made(list, 8.64e15, id)],
    ['half a millisecond', made(list, 0.5, id)],
    ['a time in words', made(list, '0', id)],
    ['hyphens for a story', made(list, 0, '-'.repeat(36))],
    ['a story without hyphens', made(list, 0, '0'.repeat(36))],
    ['one part more', made(list, 0, id, 1)],
    ['a space before it', ` ${made(list, 0, id)}`],
    ['padding', `${made(list, 0, id)}==`],
  ])('that was made by hand, with %s, is refused as a cursor', async (_, after) => {
    const { errors } = await gateway.ask('query($after: String) { articles(after: $after) { totalCount } }', { after });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['INVALID_CURSOR']);
  });
});
