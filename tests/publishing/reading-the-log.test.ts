import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Role } from '../../src/desks/role.js';
import { articleUuid } from '../../src/ingest/ids.js';
import { readSampleStories } from '../../src/ingest/seed.js';
import { logCursor, placeOfSealedCursor, sealedCursor, sealingKey, seqOfCursor } from '../../src/publishing/cursor.js';
import { EventKind } from '../../src/publishing/event.js';
import { numberEvents, writeEvents } from '../../src/publishing/event.queries.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';
import { logOf } from '../support/relay.js';
import { until } from '../support/until.js';

let gateway: TestGateway;
let desk: Record<string, string>;
beforeAll(async () => {
  gateway = await openGateway();
  desk = (await keyFor(gateway.dataSource, { roles: { en: Role.TRANSLATOR } })).headers;
  await number();
});
afterAll(() => gateway.close());

const number = () =>
  until('numbering', async () => {
    await numberEvents(gateway.dataSource.manager, 1_000);
    const [{ left }] = await gateway.dataSource.query<[{ left: number }]>('select count(*)::int as left from outbox');
    return left === 0;
  });

const document = `query($after: String, $first: Int, $filter: EventFilter) { events(after: $after, first: $first, filter: $filter) {
  events { id seq cursor kind at articleId editionCode translationId revision significance retraction sourceEditionCode dueAt embargoUntil holder notice }
  endCursor hasMore } }`;

interface Page {
  events: Record<string, unknown>[];
  endCursor: string;
  hasMore: boolean;
}
const page = async (variables: Record<string, unknown>): Promise<Page> => {
  const { data, errors } = await gateway.ask(document, variables, desk);
  expect(errors).toBeUndefined();
  return data.events;
};

/** Every event of a filter, in pages of some size. */
async function walk(first: number, filter?: object): Promise<Record<string, unknown>[]> {
  const all: Record<string, unknown>[] = [];
  for (let after: string | undefined; ; ) {
    const { events, endCursor, hasMore } = await page({ first, after, filter });
    all.push(...events);
    if (!hasMore) return all;
    after = endCursor;
  }
}

test('the samples are in the log: one publication for each text that is out, in the order of their times, and every retraction', async () => {
  const stories = await readSampleStories();
  const log = await logOf(gateway.dataSource);
  const out = stories.flatMap((story) =>
    story.translations
      .filter((translation) => (translation.publishedAt === undefined ? story.publishedAt : translation.publishedAt) !== null)
      .map((translation) => `${articleUuid(story.id)}.${translation.edition}`),
  );
  const published = log.filter(({ kind }) => kind === 'PUBLISHED');
  expect(published.map(({ article, edition }) => `${article}.${edition}`).sort()).toEqual(out.sort());
  expect(published.map(({ at }) => at.getTime())).toEqual([...published.map(({ at }) => at.getTime())].sort((a, b) => a - b));
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
  expect(log.filter(({ kind }) => kind === 'RETRACTED')).toHaveLength(
    stories.flatMap((story) => [story, ...story.translations]).filter(({ retracted }) => retracted).length,
  );
  const revised = stories.flatMap(({ translations }) => translations.flatMap(({ revisions }) => revisions.slice(1)));
  expect(log.filter(({ kind }) => kind === 'REVISED')).toHaveLength(revised.length);
  expect(await gateway.dataSource.query(`select kind from timer order by kind`)).toEqual([{ kind: 'EMBARGO' }, { kind: 'OBLIGATION_DUE' }]);
});

describe('a page of the log', () => {
  test('has each event once and in order, whatever the size of the pages', async () => {
    const log = await logOf(gateway.dataSource);
    for (const size of [1, 7, 100]) expect((await walk(size)).map(({ seq }) => Number(seq))).toEqual(log.map(({ seq }) => seq));
  }, 60_000);

  test('says what happened in the words of the schema', async () => {
    const { events } = await page({ first: 1, filter: { kinds: ['PUBLISHED'] } });
    const [row] = await gateway.dataSource.query(
      `select e.*, a.domain, a.issued_on from event e join article a on a.uuid = e.article_uuid where e.kind = 'PUBLISHED' order by e.seq limit 1`,
    );
    const urn = `urn:newsml:${row.domain}:${row.issued_on}:${row.article_uuid}`;
    expect(events[0]).toEqual({
      ...{ id: row.uuid, seq: row.seq, cursor: events[0]!.cursor, kind: 'PUBLISHED', at: row.at.toISOString() },
      ...{ articleId: urn, editionCode: row.edition_code, translationId: `${urn}.${row.edition_code}`, revision: 1 },
      ...{ significance: null, retraction: null, sourceEditionCode: null, dueAt: null, embargoUntil: null, holder: null, notice: null },
    });
    expect((await walk(50, { kinds: ['REVISED'] })).every(({ significance }) => significance !== null)).toBe(true);
    expect((await walk(50, { kinds: ['RETRACTED'] })).every(({ retraction }) => retraction !== null)).toBe(true);
  });

  test('goes on behind any event by its cursor', async () => {
    const { events } = await page({ first: 5 });
    expect((await page({ first: 1, after: events[2]!.cursor })).events[0]!.seq).toBe('4');
  });

  test('can be narrowed to kinds, editions and one story', async () => {
    const all = await walk(100);
    const of = async (filter: object) => (await walk(9, filter)).map(({ seq }) => seq);
    const where = (holds: (event: Record<string, unknown>) => boolean) => all.filter(holds).map(({ seq }) => seq);
    expect(await of({ editions: ['tt', 'ru'] })).toEqual(where(({ editionCode }) => editionCode === 'tt' || editionCode === 'ru'));
    expect(await of({ kinds: ['RETRACTED'] })).toEqual(where(({ kind }) => kind === 'RETRACTED'));
    const article = all[0]!.articleId;
    expect(await of({ article })).toEqual(where(({ articleId }) => articleId === article));
    expect(await of({ kinds: [] })).toEqual([]);
    const { errors } = await gateway.ask(document, { filter: { article: 'edition:tt' } }, desk);
    expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
  }, 60_000);

  test('at the end of the log gives a cursor behind which the next event is found, filtered or not', async () => {
    const ends = [
      await page({ first: 100, filter: { kinds: ['NOTICE_STARTED'] } }),
      await page({ first: 1, after: (await lastPage()).endCursor }),
    ];
    expect(ends.map(({ events, hasMore }) => [events, hasMore])).toEqual([
      [[], false],
      [[], false],
    ]);
    await writeEvents(gateway.dataSource.manager, [{ kind: EventKind.NOTICE_STARTED, at: testNow, data: { notice: 'about' } }]);
    await number();
    for (const { endCursor } of ends) {
      const { events } = await page({ first: 10, after: endCursor });
      expect(events.map(({ kind, notice, articleId }) => [kind, notice, articleId])).toEqual([['NOTICE_STARTED', 'about', null]]);
    }
  });

  test('with a rare kind looks through ten thousand events and says that there is more', async () => {
    const { manager } = gateway.dataSource;
    const head = (await logOf(gateway.dataSource)).length;
    await manager.query(
      `insert into event (seq, uuid, kind, at, data) select $1 + n, gen_random_uuid(), 'CONFIRMED', now(), '{}' from generate_series(1, 10100) n`,
      [head],
    );
    const first = await page({ filter: { kinds: ['RESTORED'] } });
    expect([first.events, first.hasMore]).toEqual([[], true]);
    expect(await page({ after: first.endCursor, filter: { kinds: ['RESTORED'] } })).toMatchObject({ events: [], hasMore: false });
  });
});

async function lastPage(): Promise<Page> {
  let found = await page({ first: 100 });
  while (found.hasMore) found = await page({ first: 100, after: found.endCursor });
  return found;
}

describe('the log is refused', () => {
  const codeOf = async (variables: object, headers = desk): Promise<string | undefined> =>
    (await gateway.ask(document, variables as Record<string, unknown>, headers)).errors?.[0]?.extensions.code;

  test('to readers, and given to desks and operators', async () => {
    expect(await codeOf({}, {})).toBe('FORBIDDEN');
    expect(await codeOf({}, (await keyFor(gateway.dataSource, { roles: {} })).headers)).toBe('FORBIDDEN');
    expect(await codeOf({}, (await keyFor(gateway.dataSource, { operator: true })).headers)).toBeUndefined();
  });

  test('behind a cursor that is none, and behind the end of a log that was set back', async () => {
    for (const after of ['', 'x', logCursor({ seq: 1, at: testNow }).slice(1), `${logCursor({ seq: 1, at: testNow })}A`])
      expect(await codeOf({ after })).toBe('INVALID_CURSOR');
    expect(await codeOf({ after: logCursor({ seq: 1_000_000, at: testNow }) })).toBe('INVALID_CURSOR');
  });

  test('behind a cursor of more than 400 days', async () => {
    const { endCursor } = await page({ first: 1 });
    gateway.at(new Date(testNow.getTime() + 400 * 86_400_000));
    expect(await codeOf({ after: endCursor })).toBeUndefined();
    gateway.at(new Date(testNow.getTime() + 400 * 86_400_000 + 1));
    expect(await codeOf({ after: endCursor })).toBe('CURSOR_EXPIRED');
    gateway.at(testNow);
  });

  test('in pages that are too large or too small', async () => {
    for (const first of [0, 101, -1]) expect(await codeOf({ first })).toBe('PAGE_SIZE');
  });
});

describe('a sealed cursor', () => {
  const key = sealingKey('a secret of thirty-two bytes or more');
  const seqs = fc.nat({ max: 2 ** 48 - 1 });

  test('opens to what was sealed, and has one length', () => {
    fc.assert(
      fc.property(seqs, seqs, fc.uint8Array({ minLength: 8, maxLength: 8 }), fc.string(), (seq, since, by, purpose) => {
        const scope = Buffer.from(by);
        const cursor = sealedCursor({ seq, since, at: testNow, scope }, purpose, key);
        expect(placeOfSealedCursor(cursor, purpose, key, testNow)).toEqual({ seq, since, scope });
        const atItsEnd = sealedCursor({ seq, at: testNow, scope }, purpose, key);
        expect(placeOfSealedCursor(atItsEnd, purpose, key, testNow)).toEqual({ seq, since: seq, scope });
        expect(cursor).toHaveLength(70);
        expect(seqOfCursor(logCursor({ seq, at: testNow }), testNow)).toBe(seq);
      }),
    );
  });

  test('tells nothing: of two for one place none is the other', () => {
    const [one, two] = [1, 2].map(() =>
      Buffer.from(sealedCursor({ seq: 7, at: testNow, scope: Buffer.alloc(8) }, 'feed', key), 'base64url'),
    );
    for (let place = 0; place < 52; place += 4) expect(one!.subarray(place, place + 4)).not.toEqual(two!.subarray(place, place + 4));
  });

  test('opens for nothing else, under no other key, and not when a bit of it was changed', () => {
    const cursor = sealedCursor({ seq: 7, at: testNow, scope: Buffer.alloc(8) }, 'feed', key);
    const refused = (changed: string, purpose = 'feed', by = key) =>
      expect(() => placeOfSealedCursor(changed, purpose, by, testNow)).toThrow('INVALID_CURSOR');
    refused(cursor, 'another feed');
    refused(cursor, 'feed', sealingKey(randomBytes(32)));
    refused(cursor.slice(0, -1));
    refused(logCursor({ seq: 7, at: testNow }));
    for (let bit = 0; bit < 52 * 8; bit++) {
      const bytes = Buffer.from(cursor, 'base64url');
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      refused(bytes.toString('base64url'));
    }
    expect(() => placeOfSealedCursor(cursor, 'feed', key, new Date(testNow.getTime() + 401 * 86_400_000))).toThrow('CURSOR_EXPIRED');
  });
});
