import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { purgeConsumer } from '../../src/caches/purge-consumer.js';
import { startDropPurge } from '../../src/caches/purge-drops.js';
import { makePurger, type Purger } from '../../src/caches/purger.js';
import type { Worker } from '../../src/lib/work-loop.js';
import { EventKind } from '../../src/publishing/event.js';
import { dropFromCaches, lockArticles, writeEvents } from '../../src/publishing/event.queries.js';
import { relayState } from '../../src/publishing/relay-state.queries.js';
import { type CachingProxy, cachingProxy } from '../support/caching-proxy.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { logOf, relayFor } from '../support/relay.js';
import { until } from '../support/until.js';

let database: TestDatabase;
let cache: CachingProxy;
const stopping: (() => Promise<void>)[] = [];
beforeEach(async () => {
  [database, cache] = [await openTestDatabase(), await cachingProxy()];
});
afterEach(async () => {
  for (const stop of stopping.splice(0)) await stop();
  await cache.close();
  await database.close();
});

const purgerOf = (token?: string, againMs = 60_000): Purger => makePurger({ url: cache.purgeUrl, token }, { againMs });

/** A process that tells the cache what the log says. */
const relay = (purger = purgerOf()) => {
  const started = relayFor(database.dataSource, { consumers: [purgeConsumer(purger)] });
  stopping.push(() => started.stop(5_000));
  return started;
};

/** A process that tells the cache what must be forgotten at once. */
function drops(purger = purgerOf()): Worker & { said: string[]; logged: unknown[] } {
  const [said, logged]: [string[], unknown[]] = [[], []];
  const say = (facts: object, message: string): void => {
    said.push(message);
    logged.push(facts);
  };
  const started = startDropPurge({ manager: database.dataSource.manager, purger, log: { info: say, error: say } });
  stopping.push(() => started.stop(5_000));
  return Object.assign(started, { said, logged });
}

const told = (...events: { kind: EventKind; articleUuid?: string; editionCode?: string }[]): Promise<void> =>
  database.dataSource.transaction(async (manager) => {
    await lockArticles(manager, []);
    await writeEvents(
      manager,
      events.map((event) => ({ ...event, at: new Date(0) })),
    );
  });
const dropped = (articleUuid: string | null = null): Promise<void> =>
  database.dataSource.transaction((manager) => dropFromCaches(manager, articleUuid, new Date()));
const waiting = async (): Promise<number> =>
  ((await database.dataSource.query('select from cache_drop where purge_at is not null')) as object[]).length;
const behind = async (): Promise<number | undefined> => (await relayState(database.dataSource.manager, new Date())).behind['cache-purge'];

describe('the log', () => {
  test('is told in few requests, each key once, with the token', async () => {
    const stories = Array.from({ length: 150 }, () => randomUUID());
    await told(...stories.map((articleUuid) => ({ kind: EventKind.REVISED, articleUuid, editionCode: 'ru' })));
    relay(purgerOf('a secret'));
    await until('settling', async () => (await behind()) === 0);
    expect(cache.purges.every(({ keys }) => keys.length <= 100 && new Set(keys).size === keys.length)).toBe(true);
    expect(cache.purges).toHaveLength(3);
    expect(new Set(cache.purges.flatMap(({ keys }) => keys))).toEqual(
      new Set([...stories.map((uuid) => `story-${uuid}`), 'feeds', 'sitemap', 'graphql']),
    );
    expect(new Set(cache.purges.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer a secret']));
  });

  test('tells of a retraction by one key, whatever stands beside it, and of what nobody reads not at all', async () => {
    await told({ kind: EventKind.CLAIMED, articleUuid: randomUUID(), editionCode: 'ru' });
    relay();
    await until('settling', async () => (await behind()) === 0);
    expect(cache.purges).toEqual([]);
    const articleUuid = randomUUID();
    await told(
      { kind: EventKind.REVISED, articleUuid },
      { kind: EventKind.RETRACTED, articleUuid },
      { kind: EventKind.REVISED, articleUuid },
    );
    await until('settling', async () => (await behind()) === 0 && cache.purges.length > 0);
    expect(cache.purges).toEqual([{ keys: ['all'], authorization: undefined }]);
  });

  test.each([[503], [302], [404], ['hang' as const]])('counts as told only once the cache has said so, not by %s', async (how) => {
    cache.purging(how);
    const { said } = relay();
    await told({ kind: EventKind.PUBLISHED, articleUuid: randomUUID(), editionCode: 'ru' });
    await until('failing', () => said.length > 0);
    expect(said).toEqual(['the consumer failed and is tried again']);
    // Numbers are given all the same.
    await told({ kind: EventKind.PUBLISHED, articleUuid: randomUUID(), editionCode: 'ru' });
    await until('numbering', async () => (await logOf(database.dataSource)).length === 2, 10_000);
    expect(await behind()).toBeUndefined();
    cache.purging('obey');
    await until('settling', async () => (await behind()) === 0);
    expect(cache.purges.flatMap(({ keys }) => keys).filter((key) => key.startsWith('story-'))).toHaveLength(2);
    expect(said.at(-1)).toBe('the consumer takes events again');
  });

  test('is told by one of two processes', async () => {
    relay();
    relay();
    for (let round = 0; round < 10; round++) await told({ kind: EventKind.PUBLISHED, articleUuid: randomUUID() });
    await until('settling', async () => (await behind()) === 0 && (await logOf(database.dataSource)).length === 10);
    expect(cache.purges.flatMap(({ keys }) => keys).filter((key) => key.startsWith('story-'))).toHaveLength(10);
  });
});

describe('what must be forgotten at once', () => {
  test('is told before it has a number, once, by one of two processes', async () => {
    const both = [drops(), drops()];
    for (let round = 0; round < 5; round++) {
      await dropped(randomUUID());
      for (const each of both) each.wake();
      await until('telling', () => cache.purges.length === round + 1, 4_000);
    }
    await until('settling', async () => (await waiting()) === 0);
    expect(cache.purges.map(({ keys }) => keys)).toEqual(Array(5).fill(['all']));
    expect(cache.attempts()).toBe(5);
  });

  test('is told by another process where one has died over it', async () => {
    await dropped();
    await database.dataSource.query(`update cache_drop set purge_at = now() + interval '2 seconds'`);
    drops();
    const took = await until('telling', () => cache.purges.length === 1);
    expect(took).toBeGreaterThan(1_000);
  });

  test('is told later where the cache was away, and said once', async () => {
    cache.purging(500);
    const { said, logged } = drops(purgerOf('a secret'));
    await dropped();
    await until('failing', () => cache.attempts() >= 2);
    expect([cache.purges, await waiting()]).toEqual([[], 1]);
    cache.purging('obey');
    await until('telling', async () => cache.purges.length === 1 && (await waiting()) === 0);
    await until('saying so', () => said.length === 2);
    expect(said).toEqual([
      'caches cannot be told to forget at once what is taken back: tried again',
      'caches forget at once again what is taken back',
    ]);
    const { err } = logged[0] as { err: Error };
    expect(err.message).toMatch(/^The cache at 127\.0\.0\.1:\d+ cannot be purged: it answered 500$/u);
    expect(`${err.stack}${JSON.stringify(err)}`).not.toContain('a secret');
  });
});

describe('what was purged', () => {
  test('is purged again after a while, each key once', async () => {
    const purger = purgerOf(undefined, 500);
    await purger.purge(['feeds', 'story-a']);
    await purger.purge(['story-b', 'feeds']);
    await until('repeating', () => new Set(cache.purges.slice(2).flatMap(({ keys }) => keys)).size === 3);
    expect(cache.purges.slice(2).flatMap(({ keys }) => keys)).toEqual(['story-a', 'story-b', 'feeds']);
    await purger.stop();
  });

  test('is purged again where repeating failed, and early at a stop', async () => {
    const purger = purgerOf(undefined, 100);
    await purger.purge(['story-a']);
    cache.purging(500);
    await until('failing', () => cache.attempts() === 2);
    cache.purging('obey');
    await purger.stop();
    expect(cache.purges.map(({ keys }) => keys)).toEqual([['story-a'], ['story-a']]);
  });

  test('is nothing where nothing changed', async () => {
    await purgerOf().purge([]);
    expect(cache.attempts()).toBe(0);
  });
});
