import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { articleUuid } from '../../src/ingest/ids.js';
import { numberEvents } from '../../src/publishing/event.queries.js';
import { makeScheduler } from '../../src/publishing/scheduler.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { makeStory, urnOf, write } from '../support/make-story.js';
import { until } from '../support/until.js';

/** What comes to its time is in the log before what a desk does behind it, also while the scheduler has not come to it. */
let gateway: TestGateway;
let desk: Desk;
let clock: Date;
let stories = 0;
/** The id of the test's own story. */
let id: string;

const minutes = (count: number): Date => new Date(testNow.getTime() + count * 60_000);
const at = (count: number): void => {
  clock = minutes(count);
  gateway.at(clock);
};

beforeAll(async () => {
  gateway = await openGateway();
  desk = await deskOf(gateway, 'Anna', { en: Role.CHIEF, ru: Role.CHIEF, tt: Role.CHIEF });
});
afterAll(() => gateway.close());
beforeEach(async () => {
  // What earlier tests left to come is nothing to this one.
  await gateway.dataSource.query('delete from timer');
  id = `story-${++stories}`;
  at(0);
});

/** Kinds and editions of the events of a story, in the order in which they will be numbered, with their times in minutes. */
async function told(of = id): Promise<[kind: string, edition: string | null, minute: number][]> {
  const events: { kind: string; edition: string | null; at: Date }[] = await gateway.dataSource.query(
    'select kind, edition_code as edition, at from outbox where article_uuid = $1 order by id',
    [articleUuid(of)],
  );
  return events.map(({ kind, edition, at: time }) => [kind, edition, (time.getTime() - testNow.getTime()) / 60_000]);
}
const timers = (): Promise<{ kind: string; at: Date }[]> =>
  gateway.dataSource.query('select kind, at from timer where article_uuid = $1 order by at, kind', [articleUuid(id)]);
const schedulerPasses = (): Promise<number> => {
  const say = (): void => {};
  return makeScheduler({ manager: gateway.dataSource.manager, clock: () => clock, log: { info: say, error: say } }).pass();
};
const story = (more: object = {}) => makeStory({ id, publishedAt: minutes(0).toISOString(), ...more });
const due = () => story({ publishedAt: minutes(10).toISOString() });
const servedIn = async (article: string, edition: string): Promise<unknown> => {
  const query =
    'query($id: ID!, $edition: EditionCode) { article(id: $id) { ... on Article { served(edition: $edition) { resolution { reason } } } } }';
  return (await gateway.ask(query, { id: article, edition })).data.article?.served?.resolution.reason;
};

describe('a kill', () => {
  test('right behind a publication is told behind it', async () => {
    const given = due();
    await write(gateway, [given]);
    at(10);
    expect(await desk.retract({ article: urnOf(given), kind: 'KILL' })).toMatchObject({ articleId: urnOf(given) });
    expect(await schedulerPasses()).toBe(0);
    expect(await told()).toEqual([
      ['PUBLISHED', 'en', 10],
      ['RETRACTED', null, 10],
    ]);
  });

  test('just before a publication leaves nothing to tell', async () => {
    const given = due();
    await write(gateway, [given]);
    at(9);
    await desk.retract({ article: urnOf(given), kind: 'KILL' });
    at(10);
    await schedulerPasses();
    expect(await told()).toEqual([['RETRACTED', null, 9]]);
  });

  test('over a publication and the end of an embargo, once it is undone, is followed by both', async () => {
    const given = makeStory({
      ...{ id, publishedAt: minutes(0).toISOString(), embargoUntil: minutes(20).toISOString() },
      editions: { en: {}, ru: { publishedAt: minutes(10).toISOString() } },
    });
    await write(gateway, [given]);
    at(5);
    await desk.retract({ article: urnOf(given), kind: 'KILL' });
    at(25);
    await schedulerPasses();
    at(30);
    expect(await desk.restore({ article: urnOf(given), reason: 'It was right.' })).toMatchObject({ articleId: urnOf(given) });
    await desk.retract({ article: urnOf(given), kind: 'KILL' });
    await desk.restore({ article: urnOf(given), reason: 'It was right.' });
    expect(await told()).toEqual([
      ['EMBARGO_SET', null, 0],
      ['PUBLISHED', 'en', 0],
      ['RETRACTED', null, 5],
      ['RESTORED', null, 30],
      ['PUBLISHED', 'ru', 30],
      ['EMBARGO_LIFTED', null, 30],
      // Told once.
      ['RETRACTED', null, 30],
      ['RESTORED', null, 30],
    ]);
    expect(await servedIn(urnOf(given), 'ru')).toBe('EXACT');
  });

  test('of an edition alone that has not come out yet is followed by its publication, once it is undone', async () => {
    const given = makeStory({
      id,
      publishedAt: minutes(0).toISOString(),
      editions: { en: {}, ru: { publishedAt: minutes(10).toISOString() } },
    });
    await write(gateway, [given]);
    at(5);
    await desk.retract({ article: urnOf(given), edition: 'ru', kind: 'WITHHOLD' });
    at(15);
    await schedulerPasses();
    await desk.restore({ article: urnOf(given), edition: 'ru', reason: 'It was right.' });
    expect(await told()).toEqual([
      ['PUBLISHED', 'en', 0],
      ['RETRACTED', 'ru', 5],
      ['RESTORED', 'ru', 15],
      ['PUBLISHED', 'ru', 15],
    ]);
  });
});

test('an embargo that has ended by its time is told so before it is set again', async () => {
  const given = story({ embargoUntil: minutes(10).toISOString() });
  await write(gateway, [given]);
  at(11);
  await desk.setEmbargo(urnOf(given), minutes(30).toISOString());
  expect(await told()).toEqual([
    ['EMBARGO_SET', null, 0],
    ['PUBLISHED', 'en', 0],
    ['EMBARGO_LIFTED', null, 10],
    ['EMBARGO_SET', null, 11],
  ]);
  expect(await timers()).toEqual([{ kind: 'EMBARGO', at: minutes(30) }]);
});

test('a claim that has run out is told so before somebody else makes one', async () => {
  const given = story();
  await write(gateway, [given]);
  await desk.translate({ article: urnOf(given), edition: 'ru' });
  at(241);
  const boris = await deskOf(gateway, 'Boris', { ru: Role.TRANSLATOR });
  await boris.translate({ article: urnOf(given), edition: 'ru' });
  expect(await told()).toEqual([
    ['PUBLISHED', 'en', 0],
    ['CLAIMED', 'ru', 0],
    ['CLAIM_ENDED', 'ru', 240],
    ['CLAIMED', 'ru', 241],
  ]);
});

describe('a text that may be shown for a while', () => {
  const given = () => story({ editions: { en: {}, ru: {} } });
  const lend = (count: number | null) =>
    desk.setExpiry({ article: urnOf(given()), edition: 'ru', until: count === null ? null : minutes(count).toISOString() });
  const published = [
    ['PUBLISHED', 'en', 0],
    ['PUBLISHED', 'ru', 0],
  ];
  beforeEach(async () => {
    await write(gateway, [given()]);
  });

  test('ends by the clock, and the scheduler tells it once; caches forget', async () => {
    expect(await lend(10)).toEqual({ id: urnOf(given(), 'ru'), until: minutes(10).toISOString() });
    const { data } = await gateway.ask('query($id: ID!) { node(id: $id) { ... on Translation { expiresAt } } }', {
      id: urnOf(given(), 'ru'),
    });
    expect(data.node).toEqual({ expiresAt: minutes(10).toISOString() });
    at(9);
    expect(await schedulerPasses()).toBe(0);
    expect(await servedIn(urnOf(given()), 'ru')).toBe('EXACT');
    at(10);
    expect(await servedIn(urnOf(given()), 'ru')).toBe('NONE');
    const drops = (): Promise<object[]> => gateway.dataSource.query('select at from cache_drop where article_uuid = $1', [articleUuid(id)]);
    expect(await drops()).toHaveLength(1);
    expect(await Promise.all([schedulerPasses(), schedulerPasses()])).toContain(1);
    expect(await drops()).toHaveLength(2);
    expect(await told()).toEqual([...published, ['EXPIRY_SET', 'ru', 0], ['EXPIRED', 'ru', 10]]);
    expect(await timers()).toEqual([]);
  });

  test('whose end is moved takes its timer along, and whose end is taken away has none', async () => {
    await lend(10);
    await lend(20);
    expect(await timers()).toEqual([{ kind: 'EXPIRY', at: minutes(20) }]);
    await lend(null);
    expect(await timers()).toEqual([]);
    at(30);
    expect(await servedIn(urnOf(given()), 'ru')).toBe('EXACT');
    expect((await told()).map(([kind]) => kind)).toEqual(['PUBLISHED', 'PUBLISHED', 'EXPIRY_SET', 'EXPIRY_SET', 'EXPIRY_SET']);
  });

  test('is shown again once its end is moved, with its end told before', async () => {
    await lend(10);
    at(15);
    await lend(30);
    expect(await servedIn(urnOf(given()), 'ru')).toBe('EXACT');
    expect(await told()).toEqual([...published, ['EXPIRY_SET', 'ru', 0], ['EXPIRED', 'ru', 10], ['EXPIRY_SET', 'ru', 15]]);
  });

  test('is not shown again by being revised or restored, and its end is told although it was taken back', async () => {
    await lend(10);
    at(5);
    await desk.retract({ article: urnOf(given()), edition: 'ru', kind: 'WITHHOLD' });
    at(15);
    await schedulerPasses();
    await desk.restore({ article: urnOf(given()), edition: 'ru', reason: 'It was right.' });
    const text = { headline: 'Другой заголовок', blocks: [] };
    expect(await desk.editMinor({ article: urnOf(given()), edition: 'ru', expectedRevision: 1, text })).toMatchObject({
      ...{ revision: 2, translation: null },
    });
    expect(await servedIn(urnOf(given()), 'ru')).toBe('NONE');
    expect((await told()).slice(2)).toEqual([
      ['EXPIRY_SET', 'ru', 0],
      ['RETRACTED', 'ru', 5],
      ['EXPIRED', 'ru', 10],
      ['RESTORED', 'ru', 15],
      ['REVISED', 'ru', 15],
    ]);
  });

  test('owes its readers nothing behind its end, and what was corrected meanwhile once it is shown again', async () => {
    id += '-made-from-english';
    const other = story();
    await write(gateway, [other]);
    const article = urnOf(other);
    const { draft } = await desk.translate({ article, edition: 'ru' });
    const text = { headline: 'Мост', blocks: [{ key: 'p1', type: 'paragraph', spans: [{ text: 'Мост.' }] }] };
    const saved = await desk.saveDraft({ article, edition: 'ru', expectedVersion: draft.version, text });
    await desk.publishDraft({ article, edition: 'ru', expectedVersion: saved.draft.version });
    const correct = (revision: number, headline: string) =>
      desk.correct({
        article,
        edition: 'en',
        expectedRevision: revision,
        text: { headline, blocks: [] },
        meaning: { note: 'It was another.' },
      });
    expect((await correct(1, 'Second')).obligations).toHaveLength(1);
    await desk.setExpiry({ article, edition: 'ru', until: minutes(10).toISOString() });
    at(10);
    await schedulerPasses();
    const open = (): Promise<object[]> =>
      gateway.dataSource.query('select source_number as number from obligation where article_uuid = $1 and settled_at is null order by 1', [
        articleUuid(id),
      ]);
    expect(await open()).toEqual([]);
    expect((await correct(2, 'Third')).obligations).toEqual([]);
    await desk.setExpiry({ article, edition: 'ru', until: null });
    expect(await open()).toEqual([{ number: 2 }, { number: 3 }]);
  });

  test('has no end in the past, and none before it is published', async () => {
    expect(await lend(0)).toMatchObject({ code: 'TIME_PASSED' });
    expect(await desk.setExpiry({ article: urnOf(given()), edition: 'tt', until: minutes(10).toISOString() })).toMatchObject({
      code: 'NOT_PUBLISHED',
    });
    id += '-to-come';
    await write(gateway, [due()]);
    const early = { article: urnOf(due()), edition: 'en', until: minutes(10).toISOString() };
    expect(await desk.setExpiry(early)).toMatchObject({ code: 'TIME_PASSED' });
    expect(await desk.setExpiry({ ...early, until: minutes(11).toISOString() })).toMatchObject({ until: minutes(11).toISOString() });
  });

  test('is told in the log with its end', async () => {
    await lend(10);
    await until('numbering', async () => {
      await numberEvents(gateway.dataSource.manager, 1_000);
      return (await told()).length === 0;
    });
    const query =
      'query($article: ID!) { events(filter: { kinds: [EXPIRY_SET], article: $article }) { events { editionCode expiresAt embargoUntil } } }';
    const { data } = await desk.ask(query, { article: urnOf(given()) });
    expect(data.events.events).toEqual([{ editionCode: 'ru', expiresAt: minutes(10).toISOString(), embargoUntil: null }]);
  });
});
