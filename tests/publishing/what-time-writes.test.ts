import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { articleUuid } from '../../src/ingest/ids.js';
import { readSampleRegistry, readSampleStories, seedRegistry } from '../../src/ingest/seed.js';
import type { Story } from '../../src/ingest/story.js';
import { writeStories } from '../../src/ingest/write-stories.js';
import { insertRows } from '../../src/lib/insert-rows.js';
import { Claim } from '../../src/publishing/claim.js';
import { EventKind } from '../../src/publishing/event.js';
import { lockArticles, numberEvents, setTimers, writeEvents } from '../../src/publishing/event.queries.js';
import { makeScheduler } from '../../src/publishing/scheduler.js';
import type { TimerWorks } from '../../src/publishing/timer-work.queries.js';
import { claimTimers } from '../../src/publishing/timers.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { type Logged, logOf } from '../support/relay.js';
import { until } from '../support/until.js';

const domain = 'meridian.example';
const noon = new Date('2026-11-23T12:00:00.000Z');
const minutes = (count: number): Date => new Date(noon.getTime() + count * 60_000);

let database: TestDatabase;
let example: Story;
let clock: Date;
beforeEach(async () => {
  database = await openTestDatabase();
  clock = noon;
  await seedRegistry(database.dataSource.manager, await readSampleRegistry());
  example = (await readSampleStories())[1]!;
});
afterEach(() => database.close());

const scheduler = (works?: TimerWorks) => {
  const said: string[] = [];
  const say = (_facts: object, message: string): void => void said.push(message);
  const { manager } = database.dataSource;
  return { ...makeScheduler({ manager, clock: () => clock, works, log: { info: say, error: say } }), said };
};

/** One story with its original alone, published and under embargo as given. */
const story = (id: string, publishedAt: Date | null, more: Partial<Story> = {}): Story => ({
  ...example,
  ...{ id, publishedAt: publishedAt?.toISOString() ?? null, related: [] },
  translations: [{ ...example.translations.find(({ edition }) => edition === example.homeEdition)!, slug: id, formerSlugs: [] }].map(
    ({ publishedAt: _, ...translation }) => ({
      ...translation,
      revisions: translation.revisions.slice(0, 1).map(({ publishedAt: __, ...revision }) => ({ ...revision, basis: [] })),
    }),
  ),
  ...more,
});
const write = (...stories: Story[]) => writeStories(database.dataSource.manager, stories, { domain, now: clock });

/** What the log tells once everything written has its number, without what was there before. */
async function told(): Promise<Partial<Logged>[]> {
  const { manager } = database.dataSource;
  await until('numbering', async () => {
    await numberEvents(manager, 1_000);
    return ((await manager.query('select count(*)::int as left from outbox')) as [{ left: number }])[0].left === 0;
  });
  return (await logOf(database.dataSource)).map(({ seq: _, ...event }) => event);
}
const kinds = async (): Promise<string[]> => (await told()).map(({ kind }) => kind!);
const timersLeft = (): Promise<object[]> => database.dataSource.query('select kind, key, at from timer order by at');

describe('a text whose time comes', () => {
  test('is published then: one event, at its time, with its present revision', async () => {
    await write(story('a', minutes(10)));
    expect(await kinds()).toEqual([]);
    clock = minutes(9);
    expect(await scheduler().pass()).toBe(0);
    clock = minutes(10);
    expect(await scheduler().pass()).toBe(1);
    expect(await scheduler().pass()).toBe(0);
    expect(await told()).toEqual([
      { kind: 'PUBLISHED', article: articleUuid('a'), edition: example.homeEdition, revision: 1, at: minutes(10), data: {} },
    ]);
    expect(await timersLeft()).toEqual([]);
  });

  test('while nobody was there is told afterwards, each in the order of its time', async () => {
    await write(
      story('late', minutes(30)),
      story('early', minutes(10)),
      story('embargoed', noon, { embargoUntil: minutes(20).toISOString() }),
    );
    clock = minutes(600);
    expect(await scheduler().pass()).toBe(3);
    expect((await told()).map(({ kind, article, at }) => [kind, article, at])).toEqual([
      ['EMBARGO_SET', articleUuid('embargoed'), noon],
      ['PUBLISHED', articleUuid('embargoed'), noon],
      ['PUBLISHED', articleUuid('early'), minutes(10)],
      ['EMBARGO_LIFTED', articleUuid('embargoed'), minutes(20)],
      ['PUBLISHED', articleUuid('late'), minutes(30)],
    ]);
  });

  test('is published before it is revised, even if the revision comes first to the database', async () => {
    await write(story('a', minutes(10)));
    clock = minutes(11);
    const again = story('a', minutes(10));
    const [translation] = again.translations;
    await write({
      ...again,
      translations: [
        { ...translation!, revisions: [...translation!.revisions, { ...translation!.revisions[0]!, headline: 'Another headline' }] },
      ],
    });
    await scheduler().pass();
    expect((await told()).map(({ kind, revision }) => [kind, revision])).toEqual([
      ['PUBLISHED', 1],
      ['REVISED', 2],
    ]);
  });

  test('is told once although two schedulers and a hundred texts are due together', async () => {
    await write(...Array.from({ length: 120 }, (_, index) => story(`s${index}`, minutes(1 + (index % 3)))));
    clock = minutes(5);
    const passed = await Promise.all([scheduler().pass(), scheduler().pass()]);
    expect(passed[0] + passed[1]).toBe(120);
    const log = await told();
    expect(log).toHaveLength(120);
    expect(new Set(log.map(({ article }) => article)).size).toBe(120);
  });

  test('but was taken back before is not told', async () => {
    await write(story('a', minutes(10)), story('b', minutes(10)));
    await database.dataSource.query('update article set retracted_at = $1 where uuid = $2', [minutes(5), articleUuid('a')]);
    await database.dataSource.query('update translation set published_at = $1 where article_uuid = $2', [minutes(50), articleUuid('b')]);
    clock = minutes(10);
    await scheduler().pass();
    expect(await kinds()).toEqual([]);
  });

  test('that was a draft and is imported again with a time is published once', async () => {
    await write(story('a', null));
    await write(story('a', minutes(-5)));
    await write(story('a', minutes(-5)));
    expect((await told()).map(({ kind, at }) => [kind, at])).toEqual([['PUBLISHED', minutes(-5)]]);
  });
});

describe('an embargo', () => {
  test('lifts at its time, and not when the story is there no more', async () => {
    const until = minutes(10).toISOString();
    await write(story('a', noon, { embargoUntil: until }), story('b', noon, { embargoUntil: until }));
    await database.dataSource.query('update article set retracted_at = $1 where uuid = $2', [minutes(5), articleUuid('b')]);
    clock = minutes(11);
    await scheduler().pass();
    expect((await told()).filter(({ kind }) => kind === 'EMBARGO_LIFTED')).toEqual([
      { kind: 'EMBARGO_LIFTED', article: articleUuid('a'), edition: null, revision: null, at: minutes(10), data: {} },
    ]);
  });

  test('that is imported with another end lifts at that one, also when it has passed', async () => {
    await write(story('a', noon, { embargoUntil: minutes(30).toISOString() }));
    await write(story('a', noon, { embargoUntil: minutes(20).toISOString() }));
    expect(await timersLeft()).toMatchObject([{ kind: 'EMBARGO', at: minutes(20) }]);
    clock = minutes(15);
    await write(story('a', noon, { embargoUntil: minutes(10).toISOString() }));
    await scheduler().pass();
    expect((await told()).filter(({ kind }) => kind === 'EMBARGO_LIFTED').map(({ at }) => at)).toEqual([minutes(10)]);
  });
});

test('a claim that runs out is given up, with its holder in the log; one that was renewed stays', async () => {
  await write(story('a', noon), story('b', noon));
  const claim = (of: string, end: Date) => ({ articleUuid: articleUuid(of), editionCode: 'tt', holder: 'Timur', until: end });
  await insertRows(database.dataSource.manager, Claim, [claim('a', minutes(60)), claim('b', minutes(120))]);
  await setTimers(
    database.dataSource.manager,
    ['a', 'b'].map((of) => ({
      kind: 'CLAIM',
      key: `${articleUuid(of)}.tt`,
      at: minutes(60),
      articleUuid: articleUuid(of),
      editionCode: 'tt',
    })),
  );
  clock = minutes(60);
  await scheduler().pass();
  expect((await told()).filter(({ kind }) => kind === 'CLAIM_ENDED')).toEqual([
    { kind: 'CLAIM_ENDED', article: articleUuid('a'), edition: 'tt', revision: null, at: minutes(60), data: { holder: 'Timur' } },
  ]);
  expect(await database.dataSource.query('select article_uuid from claim')).toEqual([{ article_uuid: articleUuid('b') }]);
});

test('a claim that will run out is told of, with its holder and end; one that has ended meanwhile is not', async () => {
  await write(story('a', noon), story('b', noon));
  const claim = (of: string, end: Date) => ({ articleUuid: articleUuid(of), editionCode: 'tt', holder: 'Timur', until: end });
  await insertRows(database.dataSource.manager, Claim, [claim('a', minutes(60)), claim('b', minutes(50))]);
  await setTimers(
    database.dataSource.manager,
    ['a', 'b'].flatMap((of) =>
      claimTimers({ articleUuid: articleUuid(of), editionCode: 'tt' }, { now: noon, until: minutes(60) }).slice(1),
    ),
  );
  expect(await timersLeft()).toMatchObject([{ at: minutes(45) }, { at: minutes(45) }]);
  clock = minutes(55);
  expect(await scheduler().pass()).toBe(2);
  expect((await told()).filter(({ kind }) => kind === 'CLAIM_EXPIRING')).toEqual([
    {
      ...{ kind: 'CLAIM_EXPIRING', article: articleUuid('a'), edition: 'tt', revision: null, at: minutes(45) },
      data: { holder: 'Timur', until: minutes(60).toISOString() },
    },
  ]);
});

test('a claim of less than an hour is warned of when a quarter of it is left', () => {
  const [, warning] = claimTimers({ articleUuid: articleUuid('a'), editionCode: 'tt' }, { now: noon, until: minutes(20) });
  expect(warning).toMatchObject({ kind: 'CLAIM_WARNING', at: minutes(15) });
});

test('a notice that starts and ends is told, and every cache forgets', async () => {
  await database.dataSource.query(`update notice set effective_from = $1, effective_until = $2 where code = 'about'`, [
    minutes(1),
    minutes(2),
  ]);
  await setTimers(database.dataSource.manager, [
    { kind: 'NOTICE_START', key: 'about', at: minutes(1) },
    { kind: 'NOTICE_END', key: 'about', at: minutes(2) },
    { kind: 'NOTICE_END', key: 'gone', at: minutes(2) },
  ]);
  clock = minutes(3);
  expect(await scheduler().pass()).toBe(3);
  expect((await told()).map(({ kind, at, data }) => [kind, at, data])).toEqual([
    ['NOTICE_STARTED', minutes(1), { notice: 'about' }],
    ['NOTICE_ENDED', minutes(2), { notice: 'about' }],
  ]);
  expect(await database.dataSource.query('select article_uuid from cache_drop')).toEqual([{ article_uuid: null }, { article_uuid: null }]);
});

describe('a timer', () => {
  const draftTimer = (key: string, at: Date) => ({ kind: 'DRAFT' as const, key, at, articleUuid: articleUuid(key), editionCode: 'en' });

  test('of a kind nobody has work for waits for it', async () => {
    await setTimers(database.dataSource.manager, [draftTimer('a', noon)]);
    expect(await scheduler().pass()).toBe(0);
    expect(await timersLeft()).toHaveLength(1);
    const seen: unknown[] = [];
    await scheduler({ DRAFT: async (_manager, { key, at }, now) => void seen.push([key, at, now]) }).pass();
    expect(seen).toEqual([['a', noon, noon]]);
    expect(await timersLeft()).toEqual([]);
  });

  test('that fails leaves nothing, is tried again, and holds up no other', async () => {
    await setTimers(database.dataSource.manager, [draftTimer('bad', noon), draftTimer('good', minutes(1))]);
    clock = minutes(1);
    let broken = true;
    const each = scheduler({
      DRAFT: async (manager, { key, at }) => {
        await writeEvents(manager, [{ kind: EventKind.PUBLISHED, at, data: { key } }]);
        if (key === 'bad' && broken) throw new Error('no such draft');
      },
    });
    expect(await each.pass()).toBe(1);
    expect((await told()).map(({ data }) => data)).toEqual([{ key: 'good' }]);
    expect(await timersLeft()).toMatchObject([{ key: 'bad' }]);
    expect(each.said).toEqual(['a timer failed and is tried again']);
    broken = false;
    await until('the bad one passes', async () => (await each.pass()) === 1);
    expect((await told()).map(({ data }) => data)).toEqual([{ key: 'good' }, { key: 'bad' }]);
  });

  test('of a story that somebody holds is left for the next turn, and holds up no other', async () => {
    if (!process.env.TEST_DATABASE_URL) return; // the embedded database has one session: nobody else can hold anything
    await setTimers(database.dataSource.manager, [draftTimer('held', noon), draftTimer('free', noon)]);
    const seen: string[] = [];
    const each = scheduler({ DRAFT: async (_manager, { key }) => void seen.push(key) });
    await database.dataSource.transaction(async (manager) => {
      await lockArticles(manager, [articleUuid('held')]);
      expect(await each.pass()).toBe(1);
    });
    expect(seen).toEqual(['free']);
    expect(each.said).toEqual([]);
    await each.pass();
    expect(seen).toEqual(['free', 'held']);
  });
});
