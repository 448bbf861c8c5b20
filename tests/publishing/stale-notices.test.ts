import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Significance } from '../../src/articles/translation.js';
import { openObligations } from '../../src/publishing/obligations.queries.js';
import { lagsOf } from '../../src/publishing/staleness.queries.js';
import { openGateway, type TestGateway } from '../support/gateway.js';
import { appendEdits, type Edit, writeGraphs } from '../support/write-graph.js';

const { MINOR, UPDATE, CORRECTION } = Significance;

let gateway: TestGateway;
let uuid: string;
const numbers = new Map<string, number>();
let now: Date;

beforeAll(async () => {
  gateway = await openGateway();
  await gateway.dataSource.query(`update edition set stale_notices = true where code = 'tt'`);
}, 60_000);
afterAll(() => gateway.close());

async function publishes(edition: string, significance: Significance, basis: [string, number][] = []): Promise<void> {
  now = new Date(now.getTime() + 3_600_000);
  gateway.at(now);
  const number = (numbers.get(edition) ?? 0) + 1;
  numbers.set(edition, number);
  const edit: Edit = { edition, number, significance, publishedAt: now, basis };
  await gateway.dataSource.transaction(async (manager) => {
    await appendEdits(manager, [{ uuid, home: 'en', edits: [edit], retracted: [] }], now);
    if (significance === CORRECTION)
      await openObligations(manager, { articleUuid: uuid, sourceEdition: edition, sourceNumber: number, urgency: 3, now });
  });
}

beforeEach(async () => {
  uuid = randomUUID();
  numbers.clear();
  now = new Date('2026-11-20T09:00:00.000Z');
  numbers.set('en', 1);
  const edits: Edit[] = [{ edition: 'en', number: 1, significance: UPDATE, publishedAt: now, basis: [] }];
  await writeGraphs(gateway.dataSource, [{ uuid, home: 'en', edits, confirmations: [], retracted: [] }], now);
  await publishes('ru', UPDATE, [['en', 1]]);
  await publishes('tt', UPDATE, [['ru', 1]]);
});

type Told = { code: string; kind: string; placement: string; mustCarry: boolean; lang: string; text: string };

/** What readers of an edition are told of how the text stands to its sources. */
async function toldIn(served: string): Promise<Told[]> {
  const { data, errors } = await gateway.ask(
    `query($id: ID!) { article(id: $id) { ... on Article { served(${served}) { notices { code kind placement mustCarry lang text } } } } }`,
    { id: `urn:newsml:meridian.example:20261101:${uuid}` },
  );
  expect(errors).toBeUndefined();
  return data.article.served.notices.filter(({ kind }: Told) => kind === 'STALE' || kind === 'CORRECTION');
}

describe('an edition that asks for it tells its readers that a source was updated', () => {
  test('at any remove, with the time of the newest update, where it must be seen; the others do not', async () => {
    expect(await toldIn('edition: "tt"')).toEqual([]);
    await publishes('en', UPDATE);
    await publishes('en', UPDATE);
    const updated = now;
    await publishes('en', MINOR);
    const [stale, ...rest] = await toldIn('edition: "tt"');
    expect(rest).toEqual([]);
    expect(stale).toMatchObject({ code: 'stale', kind: 'STALE', placement: 'BEFORE_BODY', mustCarry: true, lang: 'tt' });
    // Kazan is three hours ahead of UTC.
    expect(stale!.text).toContain(`${updated.getUTCHours() + 3}:00`);
    expect(stale!.text).toMatch(/^Бу текст төп нөсхәнең .*2026/u);
    expect(await toldIn('edition: "ru"')).toEqual([]);
  });

  test('in the language asked for, where it is served to readers of another', async () => {
    await publishes('en', UPDATE);
    const [stale] = await toldIn('edition: "ba", policy: CHAIN');
    expect(stale).toMatchObject({ code: 'stale', lang: 'ba', text: expect.stringMatching(/^Был текст төп нөсхәнең /u) });
  });

  test('not of spelling, and of a correction by its own notice alone', async () => {
    await publishes('en', MINOR);
    expect(await toldIn('edition: "tt"')).toEqual([]);
    await publishes('en', UPDATE);
    await publishes('en', CORRECTION);
    expect((await toldIn('edition: "tt"')).map(({ code }) => code)).toEqual(['correctionPending']);
  });

  test('until it has caught up', async () => {
    await publishes('en', UPDATE);
    expect(await toldIn('edition: "tt"')).toHaveLength(1);
    await publishes('ru', UPDATE, [['en', 2]]);
    // The Russian has gone on: the Tatar misses that now.
    expect(await toldIn('edition: "tt"')).toHaveLength(1);
    await publishes('tt', UPDATE, [['ru', 2]]);
    expect(await toldIn('edition: "tt"')).toEqual([]);
  });

  test('on the page too', async () => {
    await publishes('en', UPDATE);
    const [{ slug }] = (await gateway.dataSource.query(`select slug from translation where article_uuid = $1 and edition_code = 'tt'`, [
      uuid,
    ])) as [{ slug: string }];
    const [stale] = await toldIn('edition: "tt"');
    const { body, statusCode } = await gateway.get(`/read/tt/${encodeURIComponent(slug)}`);
    expect(statusCode).toBe(200);
    expect(body).toContain(stale!.text);
  });

  test('in a list by one statement more for all of its stories, and by none in an edition that does not ask', async () => {
    const statementsOf = async (edition: string, first: number): Promise<[statements: number, stale: number]> => {
      const statements: string[] = [];
      const { dataSource } = gateway;
      const { logger } = dataSource;
      const nothing = (): void => {};
      dataSource.logger = {
        ...{ logQueryError: nothing, logQuerySlow: nothing, logSchemaBuild: nothing, logMigration: nothing, log: nothing },
        logQuery: (sql) => void statements.push(sql),
      };
      const { data } = await gateway.ask(
        'query($edition: EditionCode, $first: Int) { articles(edition: $edition, first: $first) { edges { served { translation { headline } notices { kind } } } } }',
        { edition, first },
      );
      dataSource.logger = logger;
      expect(data.articles.edges.length).toBe(first);
      const notices = data.articles.edges.flatMap(({ served }: { served: { notices: Told[] } }) => served.notices);
      return [statements.length, notices.filter(({ kind }: Told) => kind === 'STALE').length];
    };
    await publishes('en', UPDATE);
    const [alone] = await statementsOf('ru', 1);
    expect(await statementsOf('ru', 5)).toEqual([alone, 0]);
    const [one] = await statementsOf('tt', 1);
    expect(one).toBe(alone + 1);
    const [five, stale] = await statementsOf('tt', 5);
    expect(five).toBe(alone + 1);
    const keys = [{ articleUuid: uuid, editionCode: 'tt' }];
    expect((await lagsOf(gateway.dataSource.manager, keys, now))[0]!.missed).toHaveLength(1);
    expect(stale).toBeGreaterThan(0);
  });
});
