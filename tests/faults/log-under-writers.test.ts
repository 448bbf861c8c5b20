import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { makeDataSource } from '../../src/data-source.js';
import { Role } from '../../src/desks/role.js';
import { migrate } from '../../src/migrate.js';
import { EventKind } from '../../src/publishing/event.js';
import { lockArticles, writeEvents } from '../../src/publishing/event.queries.js';
import { relayState } from '../../src/publishing/relay-state.queries.js';
import { figures, many } from '../support/faults.js';
import { type Answer, openGateway, type TestGateway } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';
import { type PrivateCluster, privateCluster } from '../support/private-cluster.js';
import { logOf, relayFor } from '../support/relay.js';
import { emptyDatabase } from '../support/server-database.js';
import { until } from '../support/until.js';

const writers = 16;
const transactions = many(4_000, 2_000);
const idleMs = many(10_000, 5_000);

let cluster: PrivateCluster;
beforeAll(async () => {
  // Commits need not reach the disk here: nothing is killed, and more of them at once is what is wanted.
  cluster = await privateCluster({ synchronous_commit: 'off', fsync: 'off' });
  process.env['TEST_DATABASE_URL'] = cluster.url;
}, 60_000);
afterAll(() => cluster.remove());

/** Ten stories, each with a number that its transactions count up in the order of their commits. */
async function tenStories({ manager }: DataSource): Promise<string[]> {
  const stories = Array.from({ length: 10 }, () => randomUUID());
  await manager.query('create table counted (article uuid primary key, n int not null)');
  await manager.query('insert into counted select unnest($1::uuid[]), 0', [stories]);
  return stories;
}

const anywhere = <T>(of: readonly T[]): T => of[Math.floor(Math.random() * of.length)]!;
const moment = (): Promise<void> => sleep(Math.random() < 0.1 ? Math.random() * 60 : Math.random() * 6);
/** What a mutation writes beside its events. */
const note = (manager: EntityManager): Promise<unknown> =>
  manager.query(`insert into idempotency (caller, key, request, answer, at) values ('test', gen_random_uuid()::text, '', '{}', now())`);

/** One transaction on one or two stories: locked first, as every writer does, or second, as none may. */
async function publish(manager: EntityManager, stories: readonly string[], lock: 'first' | 'second'): Promise<number> {
  const touched = [...new Set(Math.random() < 0.2 ? [anywhere(stories), anywhere(stories)] : [anywhere(stories)])];
  return manager.transaction(async (transaction) => {
    if (lock === 'first') await lockArticles(transaction, touched);
    await note(transaction);
    await moment();
    if (lock === 'second') await lockArticles(transaction, touched);
    for (const articleUuid of touched.sort()) {
      const [{ n }] = await transaction.query<[{ n: number }]>(
        'with counted as (update counted set n = n + 1 where article = $1 returning n) select n from counted',
        [articleUuid],
      );
      await writeEvents(transaction, [{ kind: EventKind.REVISED, at: new Date(), articleUuid, editionCode: 'en', revision: n }]);
    }
    await moment();
    return touched.length;
  });
}

/** All writers at once; gives how many events they wrote. */
async function write(manager: EntityManager, stories: readonly string[], lock: 'first' | 'second', total: number): Promise<number> {
  let left = total;
  let events = 0;
  const writer = async (): Promise<void> => {
    while (left-- > 0) {
      const written = await publish(manager, stories, lock);
      events += written;
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
  return events;
}

/** How often an event of a story comes behind one that was committed after it. */
function inversions(events: readonly { article: string | null; revision: number | null }[]): number {
  const last = new Map<string, number>();
  let found = 0;
  for (const { article, revision } of events) {
    if (revision! < (last.get(article!) ?? 0)) found++;
    last.set(article!, Math.max(revision!, last.get(article!) ?? 0));
  }
  return found;
}

interface Log {
  events: { events: { seq: string; articleId: string; revision: number; cursor: string }[]; endCursor: string; hasMore: boolean };
}

/** Pages the log as a desk does until `done`, and gives the numbers it saw in the order it saw them. */
async function read(gateway: TestGateway, headers: Record<string, string>, done: () => number | undefined) {
  const seen: { seq: number; article: string; revision: number }[] = [];
  let after: string | null = null;
  while (seen.length < (done() ?? Number.POSITIVE_INFINITY)) {
    const first = 1 + Math.floor(Math.random() * 100);
    const { data, errors }: Answer<Log> = await gateway.ask<Log>(
      'query($after: String, $first: Int) { events(after: $after, first: $first) { events { seq articleId revision cursor } endCursor hasMore } }',
      { after, first },
      headers,
    );
    if (errors) throw new Error(JSON.stringify(errors));
    const { events, endCursor, hasMore }: Log['events'] = data.events;
    for (const { seq, articleId, revision } of events) seen.push({ seq: Number(seq), article: articleId, revision });
    // A reader may go on behind any event, not only behind a page.
    after = events.length > 0 && Math.random() < 0.3 ? events.at(-1)!.cursor : endCursor;
    if (!hasMore) await sleep(Math.random() * 50);
  }
  return seen;
}

test('readers miss nothing, see nothing twice, and see each story in the order of its commits', async () => {
  const gateway = await openGateway({ samples: false });
  const { headers } = await keyFor(gateway.dataSource, { roles: { en: Role.TRANSLATOR } });
  const { url } = gateway.dataSource.options as { url: string };
  const wide = await makeDataSource({ url, poolSize: writers }).initialize();
  const stories = await tenStories(wide);
  await wide.query(
    `insert into edition (code, tag, is_primary, html_lang, format_locale, script, direction, calendar, numbering_system, time_zone, native_name,
       publisher_name, former_article_urls, fallbacks, equivalents, desk, region, search_config, stale_notices, active)
     values ('en', 'en', true, 'en', 'en', 'Latn', 'LTR', 'gregory', 'latn', 'UTC', 'English', 'Meridian', '{}', '{}', '{}', 'en', 'eu', 'english', false, true)`,
  );
  await wide.query(
    `insert into article (uuid, domain, issued_on, home_edition_code, kind, urgency) select unnest($1::uuid[]), 'a.example', '20261124', 'en', 'NEWS', 5`,
    [stories],
  );
  const relay = relayFor(gateway.dataSource);
  let total: number | undefined;
  const readers = [1, 2, 3].map(() => read(gateway, headers, () => total));

  const started = performance.now();
  const writing = write(wide.manager, stories, 'first', transactions);
  const idle = new pg.Client({ connectionString: url });
  await idle.connect();
  await idle.query('begin');
  await idle.query('create table left_open (n int)');
  let lag = 0;
  for (const end = performance.now() + idleMs; performance.now() < end; await sleep(200)) {
    const state = await relayState(gateway.dataSource.manager, new Date());
    lag = Math.max(lag, state.lagSeconds);
    expect(state.horizonAgeSeconds).toBeGreaterThanOrEqual(0);
  }
  await idle.query('commit');
  await idle.end();
  total = await writing;
  const seconds = (performance.now() - started) / 1000;
  const caughtUp = await until('numbering', async () => (await relayState(gateway.dataSource.manager, new Date())).outbox === 0);
  const read3 = await Promise.all(readers);
  await relay.stop(5_000);

  const log = await logOf(gateway.dataSource);
  const missed = read3.map((seen) => log.filter(({ seq }) => !new Set(seen.map((each) => each.seq)).has(seq)).length);
  const duplicated = read3.map((seen) => seen.length - new Set(seen.map(({ seq }) => seq)).size);
  const inverted = read3.map(inversions);
  figures('log under writers', {
    writers,
    transactions,
    events: log.length,
    'seconds of writing': seconds,
    'seconds of longest lag': lag,
    'ms to catch up': caughtUp,
    'missed by three readers': missed.join('+'),
    duplicated: duplicated.join('+'),
    'inversions of a story': inverted.join('+'),
  });
  expect(log).toHaveLength(total);
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
  expect([missed, duplicated, inverted]).toEqual([
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ]);
  expect(lag).toBeGreaterThan(idleMs / 2000);
  await wide.destroy();
  await gateway.close();
}, 300_000);

test('a writer that locked its story second would be found out: the test sees inversions then', async () => {
  const { url, drop } = await emptyDatabase();
  const dataSource = await makeDataSource({ url, poolSize: writers + 4 }).initialize();
  await migrate(dataSource);
  const stories = await tenStories(dataSource);
  const relay = relayFor(dataSource);
  // The relay must look while they write, and its pauses leave it few looks.
  const pushing = setInterval(() => relay.wake(), 5);
  const total = await write(dataSource.manager, stories, 'second', transactions);
  clearInterval(pushing);
  await until('numbering', async () => (await relayState(dataSource.manager, new Date())).outbox === 0);
  await relay.stop(5_000);
  const log = await logOf(dataSource);
  const inverted = inversions(log);
  figures('planted fault, the lock taken second', { events: log.length, 'inversions of a story': inverted });
  expect(log).toHaveLength(total);
  expect(inverted).toBeGreaterThan(0);
  await dataSource.destroy();
  await drop();
}, 300_000);
