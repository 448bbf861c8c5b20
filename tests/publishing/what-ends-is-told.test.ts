import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { publishScheduled } from '../../src/publishing/publish-text.js';
import { makeScheduler } from '../../src/publishing/scheduler.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';

/** Claims and obligations end with an event, whatever ends them; and caches forget a notice that comes or goes. */
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

/** Events of the story: kind, edition and revision, or the source of an obligation; with their times in minutes. */
async function told(): Promise<string[]> {
  const events: { told: string; at: Date }[] = await gateway.dataSource.query(
    `select concat_ws(' ', kind, edition_code, revision, data ->> 'source', data ->> 'sourceRevision') as told, at
     from outbox where article_uuid = $1 order by id`,
    [uuid],
  );
  return events.map((each) => `${each.told} at ${(each.at.getTime() - testNow.getTime()) / 60_000}`);
}
const rows = (query: string): Promise<object[]> => gateway.dataSource.query(query, [uuid]);

beforeAll(async () => {
  gateway = await openGateway();
  desk = await deskOf(gateway, 'Anna', { en: Role.CHIEF, ru: Role.CHIEF, tt: Role.CHIEF });
});
afterAll(() => gateway.close());

beforeEach(async () => {
  await gateway.dataSource.query('delete from timer');
  at(0);
  const { draft } = await desk.createArticle({ edition: 'en', authors: [], text: text('Bridge opened') });
  article = draft.articleId;
  uuid = article.split(':').at(-1)!;
  await desk.publishDraft({ article, edition: 'en', expectedVersion: 1 });
});

describe('a claim', () => {
  test('that ran out before its draft published itself late ended once, by its time', async () => {
    const { draft } = await claim('ru');
    await desk.scheduleDraft({ article, edition: 'ru', expectedVersion: draft.version, at: minutes(60).toISOString() });
    at(300);
    await schedulerPasses();
    expect(await told()).toEqual(['PUBLISHED en 1 at 0', 'CLAIMED ru at 0', 'CLAIM_ENDED ru at 240', 'PUBLISHED ru 1 at 300']);
  });

  test.each([
    ['a story', {}, 'RETRACTED at 1'],
    ['its edition', { edition: 'ru', cascade: 'NONE' }, 'RETRACTED ru at 1'],
  ])('ends with %s that is taken back', async (_, what, retracted) => {
    await claim('ru');
    at(1);
    await desk.retract({ article, kind: 'KILL', ...what });
    expect(await told()).toEqual(['PUBLISHED en 1 at 0', 'CLAIMED ru at 0', retracted, 'CLAIM_ENDED ru at 1']);
    expect(await rows('select from claim where article_uuid = $1')).toEqual([]);
  });

  test('ends with the revision it was written over, although its edition stands', async () => {
    await translated('ru');
    await correct('ru', 1, 'Мост закрыт');
    await claim('ru');
    at(1);
    await desk.retract({ article, edition: 'ru', revision: 2, kind: 'KILL' });
    expect((await told()).slice(-4)).toEqual(['CLAIMED ru at 0', 'RETRACTED ru 2 at 1', 'REVISED ru 3 at 1', 'CLAIM_ENDED ru at 1']);
  });
});

test('a draft whose schedule a kill has ended has moved on: who saw it scheduled does not publish it', async () => {
  const { draft } = await claim('ru');
  const scheduled = await desk.scheduleDraft({
    ...{ article, edition: 'ru', expectedVersion: draft.version },
    at: minutes(60).toISOString(),
  });
  const seen: number = scheduled.draft.version;
  await desk.retract({ article, kind: 'KILL' });
  await desk.restore({ article, reason: 'It was right.' });
  const stale = await desk.publishDraft({ article, edition: 'ru', expectedVersion: seen });
  expect(stale).toMatchObject({ code: 'DRAFT_MOVED_ON', presentVersion: seen + 1 });
});

describe('what an edition owes', () => {
  beforeEach(async () => {
    await translated('ru');
    await correct('en', 1, 'Bridge closed');
  });
  const since = async (): Promise<string[]> => (await told()).slice(5);

  test('ends with its text, and is owed again when that is back', async () => {
    at(1);
    await desk.retract({ article, edition: 'ru', kind: 'WITHHOLD', cascade: 'NONE' });
    at(2);
    await desk.restore({ article, edition: 'ru', reason: 'It was right.' });
    expect(await since()).toEqual([
      'OBLIGATION_OPENED ru en 2 at 0',
      'RETRACTED ru at 1',
      'OBLIGATION_CANCELLED ru en 2 at 1',
      'RESTORED ru at 2',
      'OBLIGATION_OPENED ru en 2 at 2',
    ]);
  });

  test('ends when its text does, at that time', async () => {
    await desk.setExpiry({ article, edition: 'ru', until: minutes(10).toISOString() });
    at(15);
    await schedulerPasses();
    expect((await since()).slice(2)).toEqual(['EXPIRED ru at 10', 'OBLIGATION_CANCELLED ru en 2 at 10']);
  });

  test('is not owed by an edition that is back in a story that is killed, before the story is back too', async () => {
    at(1);
    await desk.retract({ article, edition: 'ru', kind: 'WITHHOLD', cascade: 'NONE' });
    await desk.retract({ article, kind: 'KILL' });
    at(2);
    expect(await desk.restore({ article, edition: 'ru', reason: 'It was right.' })).toMatchObject({ articleId: article });
    expect(await rows('select from obligation where article_uuid = $1 and settled_at is null')).toEqual([]);
    at(3);
    await desk.restore({ article, reason: 'It was right.' });
    expect((await since()).slice(-3)).toEqual(['RESTORED ru at 2', 'RESTORED at 3', 'OBLIGATION_OPENED ru en 2 at 3']);
  });
});

test('caches forget a story when a notice of a correction comes, and when it goes', async () => {
  await translated('ru');
  const drops = async (): Promise<number> => (await rows('select from cache_drop where article_uuid = $1')).length;
  expect(await drops()).toBe(0);
  await correct('en', 1, 'Bridge closed');
  expect(await drops()).toBe(1);
  await desk.confirmStillAccurate([`${article}.ru`]);
  expect(await drops()).toBe(2);
  // Nothing was owed.
  await desk.confirmStillAccurate([`${article}.ru`]);
  expect(await drops()).toBe(2);
});
