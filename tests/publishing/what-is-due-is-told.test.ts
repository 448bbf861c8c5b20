import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { TimeWhatDesksOwe20261128070000 } from '../../migrations/20261128-time-what-desks-owe.js';
import { Role } from '../../src/desks/role.js';
import { publishScheduled } from '../../src/publishing/publish-text.js';
import { makeScheduler } from '../../src/publishing/scheduler.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';

/** What an edition owes is told once its time has passed, and a claim before it ends; neither of what is done by then. */
let gateway: TestGateway;
let desk: Desk;
let clock: Date;
let article: string;
let uuid: string;

const minutes = (count: number): Date => new Date(testNow.getTime() + count * 60_000);
const at = (count: number): void => {
  clock = minutes(count);
  gateway.at(clock);
};
const text = (headline: string) => ({ headline, blocks: [{ key: 'p1', type: 'paragraph', spans: [{ text: `${headline}.` }] }] });
const correct = (edition: string, expectedRevision: number, headline: string) =>
  desk.correct({ article, edition, expectedRevision, text: text(headline), meaning: { note: 'It was another.' } });
const claim = (edition: string) => desk.translate({ article, edition });
const translated = async (edition: string): Promise<void> => {
  const { draft } = await claim(edition);
  await desk.publishDraft({ article, edition, expectedVersion: draft.version });
};
const schedulerPasses = (): Promise<number> => {
  const say = (): void => {};
  const { manager } = gateway.dataSource;
  return makeScheduler({ manager, clock: () => clock, works: { DRAFT: publishScheduled }, log: { info: say, error: say } }).pass();
};

/** Events of the story behind the first `behind`: kind, edition and revision, or the source of an obligation; with their times in minutes. */
async function told(behind = 0): Promise<string[]> {
  const events: { told: string; at: Date }[] = await gateway.dataSource.query(
    `select concat_ws(' ', kind, edition_code, revision, data ->> 'source', data ->> 'sourceRevision') as told, at
     from outbox where article_uuid = $1 order by id offset $2`,
    [uuid, behind],
  );
  return events.map((each) => `${each.told} at ${(each.at.getTime() - testNow.getTime()) / 60_000}`);
}
const timers = (): Promise<object[]> =>
  gateway.dataSource.query('select kind, key, at, edition_code from timer where article_uuid = $1 order by kind, key', [uuid]);
const kindsLeft = async (): Promise<string[]> => (await timers()).map((each) => (each as { kind: string }).kind);

beforeAll(async () => {
  gateway = await openGateway();
  desk = await deskOf(gateway, 'Anna', { en: Role.CHIEF, ru: Role.CHIEF, tt: Role.CHIEF });
});
afterAll(() => gateway.close());

beforeEach(async () => {
  await gateway.dataSource.query('delete from timer');
  at(0);
  const { draft } = await desk.createArticle({ edition: 'en', authors: [], text: text('Bridge opened'), urgency: 2 });
  article = draft.articleId;
  uuid = article.split(':').at(-1)!;
  await desk.publishDraft({ article, edition: 'en', expectedVersion: 1 });
});

describe('a claim', () => {
  test('is warned of once, a quarter of an hour before it ends', async () => {
    await claim('ru');
    at(224);
    await schedulerPasses();
    expect(await told(2)).toEqual([]);
    at(225);
    await schedulerPasses();
    await schedulerPasses();
    const [warned] = await gateway.dataSource.query(`select data from outbox where article_uuid = $1 and kind = 'CLAIM_EXPIRING'`, [uuid]);
    expect(warned.data).toEqual({ holder: 'Anna', until: minutes(240).toISOString() });
    at(240);
    await schedulerPasses();
    expect(await told(2)).toEqual(['CLAIM_EXPIRING ru at 225', 'CLAIM_ENDED ru at 240']);
  });

  test('that was renewed is warned of before its new end', async () => {
    await claim('ru');
    at(100);
    await claim('ru');
    at(230);
    await schedulerPasses();
    expect(await told(3)).toEqual([]);
    at(325);
    await schedulerPasses();
    expect(await told(3)).toEqual(['CLAIM_EXPIRING ru at 325']);
  });

  test.each([
    ['published', (version: number) => desk.publishDraft({ article, edition: 'ru', expectedVersion: version })],
    ['taken back with its story', () => desk.retract({ article, kind: 'KILL' })],
  ])('on what is %s is not warned of any more', async (_, end) => {
    const { draft } = await claim('ru');
    at(1);
    await end(draft.version);
    expect(await kindsLeft()).toEqual([]);
  });

  test('that has ended meanwhile is not warned of afterwards', async () => {
    await claim('ru');
    at(300);
    await schedulerPasses();
    expect(await told(2)).toEqual(['CLAIM_ENDED ru at 240']);
  });
});

describe('what an edition owes', () => {
  beforeEach(async () => {
    await translated('ru');
    at(10);
    await correct('en', 1, 'Bridge closed');
  });

  test('is overdue at its time, once, with its source', async () => {
    at(129);
    await schedulerPasses();
    expect(await told(6)).toEqual([]);
    at(200);
    await schedulerPasses();
    await schedulerPasses();
    expect(await told(6)).toEqual(['OBLIGATION_OVERDUE ru en 2 at 130']);
    const [{ data }] = await gateway.dataSource.query(`select data from outbox where article_uuid = $1 and kind = 'OBLIGATION_OVERDUE'`, [
      uuid,
    ]);
    expect(data).toEqual({ source: 'en', sourceRevision: 2, dueAt: minutes(130).toISOString() });
  });

  test('is not overdue once it is settled', async () => {
    at(20);
    await desk.confirmStillAccurate([`${article}.ru`]);
    expect(await kindsLeft()).toEqual([]);
  });

  test('is overdue in the log before it is settled late, although the scheduler has not come to it', async () => {
    at(200);
    await desk.confirmStillAccurate([`${article}.ru`]);
    expect(await told(6)).toEqual(['OBLIGATION_OVERDUE ru en 2 at 130', 'CONFIRMED ru at 200', 'OBLIGATION_SETTLED ru en 2 at 200']);
  });

  test('is not overdue while it is taken back, and has its time anew when it is there again', async () => {
    at(20);
    await desk.retract({ article, edition: 'ru', kind: 'WITHHOLD', cascade: 'NONE' });
    expect(await kindsLeft()).toEqual([]);
    at(300);
    await desk.restore({ article, edition: 'ru', reason: 'It was right.' });
    await schedulerPasses();
    at(420);
    await schedulerPasses();
    expect((await told(8)).slice(-2)).toEqual(['OBLIGATION_OPENED ru en 2 at 300', 'OBLIGATION_OVERDUE ru en 2 at 420']);
  });

  test('of two corrections each has its own time', async () => {
    at(30);
    await correct('en', 2, 'Bridge half closed');
    at(500);
    await schedulerPasses();
    expect((await told(6)).filter((each) => each.includes('OVERDUE'))).toEqual([
      'OBLIGATION_OVERDUE ru en 2 at 130',
      'OBLIGATION_OVERDUE ru en 3 at 150',
    ]);
  });
});

test('a database that was there before gets the same timers', async () => {
  await translated('ru');
  await correct('en', 1, 'Bridge closed');
  await claim('tt');
  const kept = await timers();
  expect(kept).toHaveLength(3);
  const runner = gateway.dataSource.createQueryRunner();
  const migration = new TimeWhatDesksOwe20261128070000();
  await migration.down(runner);
  expect(await kindsLeft()).toEqual(['CLAIM']);
  await migration.up(runner);
  await runner.release();
  expect(await timers()).toEqual(kept);
});
