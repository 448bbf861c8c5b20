import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import type { Consumer } from '../../src/publishing/consumer.js';
import { EventKind, type EventRow } from '../../src/publishing/event.js';
import { lockArticles, numberEvents, writeEvents } from '../../src/publishing/event.queries.js';
import type { Relay } from '../../src/publishing/relay.js';
import { relayState } from '../../src/publishing/relay-state.queries.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { logOf, relayFor } from '../support/relay.js';
import { until } from '../support/until.js';

let database: TestDatabase;
const relays: Relay[] = [];
beforeEach(async () => {
  database = await openTestDatabase();
});
afterEach(async () => {
  for (const relay of relays.splice(0)) await relay.stop(5_000);
  await database.close();
});

const start = (...given: Parameters<typeof relayFor> extends [unknown, ...infer Rest] ? Rest : never) => {
  const relay = relayFor(database.dataSource, ...given);
  relays.push(relay);
  return relay;
};

/** Writes a number of events of one story in one transaction, told apart by `revision`. */
const publish = (from: number, to: number, article: string = randomUUID()): Promise<void> =>
  database.dataSource.transaction(async (manager) => {
    await lockArticles(manager, [article]);
    await writeEvents(
      manager,
      Array.from({ length: to - from + 1 }, (_, index) => ({
        ...{ kind: EventKind.REVISED, at: new Date(0), articleUuid: article, editionCode: 'en', revision: from + index },
      })),
    );
  });

const numbered = async (): Promise<number> => (await logOf(database.dataSource)).length;
const upTo = (most: number): number[] => Array.from({ length: most }, (_, index) => index + 1);

/** A consumer that remembers what it was given. */
function recorder(name: string, before?: (events: readonly EventRow[], manager: EntityManager) => Promise<void>) {
  const seen: number[] = [];
  const consumer: Consumer = {
    name,
    async handle(events, manager) {
      await before?.(events, manager);
      seen.push(...events.map(({ revision }) => revision!));
    },
  };
  return { seen, consumer };
}

describe('the numbers of events', () => {
  test('have no gaps and follow the order of writing, over more than one batch', async () => {
    await publish(1, 1_300);
    await publish(1_301, 2_500);
    start();
    await until('numbering', async () => (await numbered()) === 2_500);
    const log = await logOf(database.dataSource);
    expect(log.map(({ seq }) => seq)).toEqual(upTo(2_500));
    expect(log.map(({ revision }) => revision)).toEqual(upTo(2_500));
    expect(await database.dataSource.query('select count(*)::int as left from outbox')).toEqual([{ left: 0 }]);
  });

  test('are given at once when somebody says that something was committed', async () => {
    const relay = start();
    await until('the relay is idle', async () => (await relayState(database.dataSource.manager, new Date())).outbox === 0);
    await publish(1, 1);
    relay.wake();
    await until('numbering', async () => (await numbered()) === 1);
  });

  test('stay gap-free when two relays work at once', async () => {
    start();
    start();
    for (let round = 0; round < 30; round++) await publish(round * 10 + 1, round * 10 + 10);
    await until('numbering', async () => (await numbered()) === 300);
    expect((await logOf(database.dataSource)).map(({ seq, revision }) => [seq, revision])).toEqual(upTo(300).map((each) => [each, each]));
  });

  test('are given to events that came with a dump from a server that had come further', async () => {
    await publish(1, 1);
    await database.dataSource.query('update outbox set transaction = 9000000000000000');
    await until('numbering', async () => (await numberEvents(database.dataSource.manager, 10)) === 1);
  });

  test('cannot be changed or taken away afterwards', async () => {
    await publish(1, 1);
    await until('numbering', async () => (await numberEvents(database.dataSource.manager, 10)) === 1);
    await expect(database.dataSource.query('update event set seq = 7')).rejects.toThrow(/append-only/u);
    await expect(database.dataSource.query('delete from event')).rejects.toThrow(/append-only/u);
  });
});

describe('a consumer', () => {
  test('is given every event once, in order, from the first of all', async () => {
    await publish(1, 250);
    const { seen, consumer } = recorder('feeds');
    start({ consumers: [consumer] });
    await until('delivery', () => seen.length === 250);
    await publish(251, 260);
    await until('delivery', () => seen.length === 260);
    expect(seen).toEqual(upTo(260));
  });

  test('goes on where it stopped, in another process', async () => {
    const first = recorder('feeds');
    const relay = start({ consumers: [first.consumer] });
    await publish(1, 5);
    await until('delivery', () => first.seen.length === 5);
    await relay.stop(5_000);
    const second = recorder('feeds');
    start({ consumers: [second.consumer] });
    await publish(6, 8);
    await until('delivery', () => second.seen.length === 3);
    expect([first.seen, second.seen]).toEqual([upTo(5), [6, 7, 8]]);
  });

  test('is given by one of two relays at a time', async () => {
    const [one, two] = [recorder('feeds'), recorder('feeds')];
    start({ consumers: [one.consumer] });
    start({ consumers: [two.consumer] });
    for (let round = 0; round < 20; round++) await publish(round * 10 + 1, round * 10 + 10);
    await until('delivery', () => one.seen.length + two.seen.length >= 200);
    expect([...one.seen, ...two.seen].sort((a, b) => a - b)).toEqual(upTo(200));
  });

  test('that throws is tried again, loses nothing it wrote, and blocks nobody else', async () => {
    await database.dataSource.query('create table written (revision int primary key)');
    let broken = true;
    const bad = recorder('bad', async (events, manager) => {
      for (const { revision } of events) await manager.query('insert into written values ($1)', [revision]);
      if (broken && events.some(({ revision }) => revision === 30)) throw new Error('no such feed');
    });
    const good = recorder('good');
    const relay = start({ consumers: [bad.consumer, good.consumer] });
    await publish(1, 60);
    await until('delivery to the other', () => good.seen.length === 60);
    const written = async () => (await database.dataSource.query('select max(revision) as last, count(*)::int as rows from written'))[0];
    // What was handed over counts once its transaction has been committed.
    await until('delivery of what comes before the bad one', async () => (await written()).rows === 29);
    expect(await written()).toEqual({ last: 29, rows: 29 });
    await until('the bad one has failed', () => relay.said.length === 1);
    expect((await relayState(database.dataSource.manager, new Date())).behind).toEqual({ bad: 31, good: 0 });
    broken = false;
    await until('delivery of all', () => bad.seen.length === 60);
    expect(bad.seen).toEqual(upTo(60));
    expect(relay.said).toEqual(['the consumer failed and is tried again', 'the consumer takes events again']);
  });

  test('that is slow does not keep events from their numbers', async () => {
    if (!process.env.TEST_DATABASE_URL) return; // the embedded database has one session: who holds it is waited for
    let free = (): void => {};
    const held = new Promise<void>((resolve) => {
      free = resolve;
    });
    const slow = recorder('slow', () => held);
    start({ consumers: [slow.consumer] });
    await publish(1, 1);
    await until('numbering', async () => (await numbered()) === 1);
    await publish(2, 2);
    await until('numbering', async () => (await numbered()) === 2);
    expect(slow.seen).toEqual([]);
    free();
    await until('delivery', () => slow.seen.length === 2);
  });
});

test('the relay stops at once when idle, and with what is under way when not', async () => {
  const idle = start();
  await idle.stop(5_000);
  let begun = false;
  const slow = recorder('slow', async () => {
    begun = true;
    await new Promise((resolve) => setTimeout(resolve, 300));
  });
  const relay = start({ consumers: [slow.consumer] });
  await publish(1, 1);
  await until('delivery has begun', () => begun);
  await relay.stop(5_000);
  expect(slow.seen).toEqual([1]);
});

test('a consumer that never ends does not keep the relay from stopping', async () => {
  let begun = false;
  const stuck = recorder('stuck', () => {
    begun = true;
    return new Promise(() => {});
  });
  const relay = start({ consumers: [stuck.consumer] });
  await publish(1, 1);
  await until('delivery has begun', () => begun);
  await relay.stop(200);
  const free = recorder('stuck');
  start({ consumers: [free.consumer] });
  await until('delivery by another', () => free.seen.length === 1);
});

test('what is kept for a time only is forgotten after it, and nothing sooner', async () => {
  const now = new Date('2026-11-24T12:00:00Z');
  const ago = (days: number, more = 0): Date => new Date(now.getTime() - days * 86_400_000 - more);
  const { dataSource } = database;
  for (const [key, at] of Object.entries({ old: ago(7), young: ago(7, -1) }))
    await dataSource.query(`insert into idempotency (caller, key, request, answer, at) values ('a', $1, '', '{}', $2)`, [key, at]);
  await dataSource.query('insert into cache_drop (at) values ($1), ($2)', [ago(1), ago(1, -1)]);
  start({ clock: () => now });
  await until('pruning', async () => ((await dataSource.query('select 1 from idempotency')) as object[]).length === 1);
  expect(await dataSource.query('select key from idempotency')).toEqual([{ key: 'young' }]);
  expect(await dataSource.query('select at from cache_drop')).toEqual([{ at: ago(1, -1) }]);
});

test('the figures tell how long events wait, and how many', async () => {
  await publish(1, 3);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const waiting = await relayState(database.dataSource.manager, new Date());
  expect(waiting).toMatchObject({ outbox: 3, head: 0, timersDue: 0, behind: {} });
  expect(waiting.lagSeconds).toBeGreaterThan(1);
  expect(waiting.lagSeconds).toBeLessThan(60);
  expect(waiting.horizonAgeSeconds).toBeGreaterThanOrEqual(0);
  await until('numbering', async () => (await numberEvents(database.dataSource.manager, 10)) === 3);
  expect(await relayState(database.dataSource.manager, new Date())).toMatchObject({ outbox: 0, head: 3, lagSeconds: 0 });
});
