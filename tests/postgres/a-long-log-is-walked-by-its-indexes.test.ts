import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { readSampleRegistry, seedRegistry } from '../../src/ingest/seed.js';
import { endOfLog, walkEvents } from '../../src/publishing/walk.queries.js';
import { openGateway, type TestGateway } from '../support/gateway.js';

/** 200,000 events of 20,000 stories in all editions of the samples, one every ten seconds, a tenth of them of stories in all editions. */
const events = 200_000;
const now = new Date('2026-11-23T12:00:00.000Z');
let gateway: TestGateway;
let dataSource: DataSource;

beforeAll(async () => {
  gateway = await openGateway({ samples: false });
  dataSource = gateway.dataSource;
  await seedRegistry(dataSource.manager, await readSampleRegistry());
  await dataSource.query(
    `insert into article (uuid, domain, issued_on, home_edition_code, kind, urgency, published_at)
     select md5(n::text)::uuid, 'meridian.example', '20261101', 'en', 'NEWS', 5, '2026-10-01T00:00Z' from generate_series(0, 19999) n`,
  );
  await dataSource.query(
    `insert into translation (article_uuid, edition_code, is_original, revision, slug, published_at, updated_at, search, fold)
     select md5(n::text)::uuid, code, code = 'en', 1, code || n, '2026-10-01T00:00Z', '2026-10-01T00:00Z', '', ''
     from generate_series(0, 19999) n, unnest(array['en', 'ru', 'tt']) code`,
  );
  await dataSource.query(
    `insert into event (seq, uuid, kind, article_uuid, edition_code, at, data)
     select n, gen_random_uuid(), case when n % 10 = 0 then 'STORY_CHANGED' else 'REVISED' end, md5((n * 7919 % 20000)::text)::uuid,
       case when n % 10 <> 0 then codes.all_codes[n % cardinality(codes.all_codes) + 1] end, $1::timestamptz - make_interval(secs => ($2 - n) * 10), '{}'
     from generate_series(1, $2::int) n, (select array_agg(code order by code) as all_codes from edition) codes`,
    [now, events],
  );
  await dataSource.query('vacuum analyze event');
  await dataSource.query('analyze article');
  await dataSource.query('analyze translation');
}, 240_000);
afterAll(() => gateway.close());

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  Plans?: Plan[];
}
const all = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(all)];

/** How the one statement of a read is executed, and how many milliseconds that takes. */
async function planOf(read: () => Promise<unknown>): Promise<{ indexes: string[]; scanned: string[]; ms: number }> {
  const sent: [string, unknown[]][] = [];
  const { logger } = dataSource;
  const silent = (): void => {};
  dataSource.logger = {
    ...{ logQueryError: silent, logQuerySlow: silent, logSchemaBuild: silent, logMigration: silent, log: silent },
    logQuery: (sql, values) => void sent.push([sql, values as unknown[]]),
  };
  await read();
  dataSource.logger = logger;
  expect(sent).toHaveLength(1);
  const [sql, values] = sent[0]!;
  const [{ 'QUERY PLAN': found }] = await dataSource.query(`explain (analyze, format json) ${sql}`, values);
  const nodes = all(found[0].Plan);
  return {
    indexes: [...new Set(nodes.flatMap((node) => node['Index Name'] ?? []))],
    scanned: nodes.filter((node) => node['Node Type'] === 'Seq Scan').map((node) => node['Relation Name']!),
    ms: found[0]['Execution Time'],
  };
}

const read = () => ({ manager: dataSource.manager, now });

test.each([
  ['the beginning', 0],
  ['the middle', events / 2],
  ['shortly before the end', events - 500],
])('a hundred texts behind %s are found by indexes', async (_, after) => {
  const { indexes, scanned, ms } = await planOf(() => walkEvents(read(), { edition: 'tt', since: after, after, upTo: events, most: 100 }));
  // In order by the edition's index, or by that of numbers where so few events are left that it is all the same.
  expect(indexes).toContain('event_article');
  expect(indexes.filter((index) => index === 'event_edition' || index === 'event_pkey')).not.toEqual([]);
  if (after === 0) expect(indexes).toContain('event_edition');
  expect(scanned).toEqual([]);
  process.stdout.write(`a hundred texts behind ${after} of ${events} events: ${ms.toFixed(1)} ms\n`);
  expect(ms).toBeLessThan(2000);
});

test.each([
  ['not late', null],
  ['an hour late', new Date(now.getTime() - 3_600_000)],
  ['a week late', new Date(now.getTime() - 7 * 86_400_000)],
])('the end of the log of who is told %s is found by the index of times', async (_, horizon) => {
  const { indexes, scanned, ms } = await planOf(() => endOfLog(read(), { after: 0, horizon }));
  expect(indexes).toContain('event_at');
  expect(scanned).toEqual([]);
  process.stdout.write(`the end of ${events} events, horizon ${horizon?.toISOString()}: ${ms.toFixed(1)} ms\n`);
  expect(ms).toBeLessThan(2000);
  const expected = horizon === null ? events : events - (now.getTime() - horizon.getTime()) / 10_000;
  expect(await endOfLog(read(), { after: 0, horizon })).toBe(expected);
});

test('who is told nothing of it comes to its end in some pages, each soon', async () => {
  let next = '/feeds/tt/media.json?after=start';
  let longest = 0;
  for (let pages = 1; ; pages++) {
    const started = performance.now();
    const response = await gateway.get(`${next}&wait=10`);
    const took = performance.now() - started;
    expect([response.statusCode, response.json().items, pages < 30]).toEqual([200, [], true]);
    next = response.json().next_url.replace('http://gateway.test', '');
    // At the end it waits.
    if (took > 9_990) break;
    longest = Math.max(longest, took);
  }
  process.stdout.write(`the longest page of which nothing is told: ${longest.toFixed(0)} ms\n`);
}, 200_000);
