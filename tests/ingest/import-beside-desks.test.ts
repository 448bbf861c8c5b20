import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { articleUuid } from '../../src/ingest/ids.js';
import { type Story, type StoryInput, story } from '../../src/ingest/story.js';
import { writeStories } from '../../src/ingest/write-stories.js';
import { makeScheduler } from '../../src/publishing/scheduler.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { paragraph, urnOf } from '../support/make-story.js';

let gateway: TestGateway;
let desk: Desk;
let clock: Date;
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
beforeEach(() => at(0));

type Revision = StoryInput['translations'][number]['revisions'][number];
const text = (headline: string, more: Partial<Revision> = {}): Revision => ({ headline, blocks: [paragraph(`${headline}.`)], ...more });
const corrected = (headline: string): Revision =>
  text(headline, { significance: 'CORRECTION', note: 'It was another bridge.', publishedAt: minutes(-1).toISOString() });

/** A story of en with ru made from its first revision, unless ru is given too. */
const given = (
  id: string,
  en: Revision[],
  more: Partial<StoryInput> = {},
  ru = [text('Мост', { basis: [{ edition: 'en', revision: 1 }] })],
): Story =>
  story.parse({
    ...{ id, homeEdition: 'en', urgency: 3, publishedAt: minutes(-100).toISOString() },
    translations: [
      { edition: 'en', revisions: en },
      { edition: 'ru', revisions: ru },
    ],
    ...more,
  });
const write = (...stories: Story[]) => writeStories(gateway.dataSource.manager, stories, { domain: 'meridian.example', now: clock });

/** The events written of a story since a mark, as `KIND edition revision`. */
async function told(id: string, since = 0): Promise<string[]> {
  const rows: { kind: string; edition: string | null; revision: number | null }[] = await gateway.dataSource.query(
    'select kind, edition_code as edition, revision from outbox where article_uuid = $1 order by id',
    [articleUuid(id)],
  );
  return rows.slice(since).map(({ kind, edition, revision }) => [kind, edition, revision].filter((each) => each !== null).join(' '));
}
const drops = async (id: string): Promise<number> =>
  (await gateway.dataSource.query('select 1 from cache_drop where article_uuid = $1', [articleUuid(id)])).length;

/** What readers of an edition get: its words, how it stands to its sources, and what it tells of a correction. */
async function read(urn: string, edition = 'ru') {
  const { data } = await gateway.ask(
    `query($id: ID!, $edition: EditionCode!) { article(id: $id) { __typename ... on Article { served(edition: $edition) {
       translation { headline staleness } notices(territory: "KZ") { kind } } } } }`,
    { id: urn, edition },
  );
  const served = data.article?.served;
  return served
    ? { ...served.translation, corrections: served.notices.filter(({ kind }: { kind: string }) => kind === 'CORRECTION').length }
    : data.article;
}

describe('a correction that is imported', () => {
  test('is owed by the translations made from what was before it: in the log, with the notice, until they take it over', async () => {
    const first = given('bridge', [text('A bridge')]);
    await write(first);
    const urn = urnOf(first);
    expect(await read(urn)).toMatchObject({ headline: 'Мост', staleness: 'CURRENT', corrections: 0 });
    const mark = (await told('bridge')).length;
    at(5);
    await write(given('bridge', [text('A bridge'), corrected('Another bridge')]));
    expect(await told('bridge', mark)).toEqual(['REVISED en 2', 'OBLIGATION_OPENED ru']);
    expect(await read(urn)).toMatchObject({ headline: 'Мост', staleness: 'BEHIND_CORRECTION', corrections: 1 });
    expect(
      await gateway.dataSource.query('select due_at, settled_at from obligation where article_uuid = $1', [articleUuid('bridge')]),
    ).toEqual([{ due_at: minutes(5 + 6 * 60), settled_at: null }]);
    expect(await drops('bridge')).toBe(1);
    // The same again says nothing.
    at(6);
    await write(given('bridge', [text('A bridge'), corrected('Another bridge')]));
    expect(await told('bridge', mark)).toHaveLength(2);
    at(7);
    const ru = [
      text('Мост', { basis: [{ edition: 'en', revision: 1 }] }),
      text('Другой мост', { basis: [{ edition: 'en', revision: 2 }] }),
    ];
    await write(given('bridge', [text('A bridge'), corrected('Another bridge')], {}, ru));
    expect(await told('bridge', mark + 2)).toEqual(['REVISED ru 2', 'OBLIGATION_SETTLED ru']);
    expect(await read(urn)).toMatchObject({ headline: 'Другой мост', staleness: 'CURRENT', corrections: 0 });
  });

  test('is owed too when it comes with the story, in a batch with others; what nobody misses is owed by nobody', async () => {
    const behind = given('behind', [text('A bridge'), corrected('Another bridge')]);
    const made = [text('Мост', { basis: [{ edition: 'en', revision: 2 }] })];
    await write(behind, given('current', [text('A road'), corrected('Another road')], {}, made), given('plain', [text('A river')]));
    expect((await told('behind')).filter((each) => each.startsWith('OBLIGATION'))).toEqual(['OBLIGATION_OPENED ru']);
    expect([...(await told('current')), ...(await told('plain'))].filter((each) => each.startsWith('OBLIGATION'))).toEqual([]);
    expect(await read(urnOf(behind))).toMatchObject({ corrections: 1 });
    // Its own readers are told all the same, where caches had the story.
    await write(
      given('plain', [text('A river'), corrected('Another river')], {}, [
        text('Мост', { basis: [{ edition: 'en', revision: 1 }] }),
        text('Река', { basis: [{ edition: 'en', revision: 2 }] }),
      ]),
    );
    expect([(await told('plain')).filter((each) => each.startsWith('OBLIGATION')), await drops('plain'), await drops('current')]).toEqual([
      [],
      1,
      0,
    ]);
  });

  test('is owed by a translation that comes out later, from then on', async () => {
    const later = given('comes-later', [text('A bridge'), corrected('Another bridge')]);
    const [en, ru] = later.translations;
    await write({ ...later, translations: [en!, { ...ru!, publishedAt: minutes(10).toISOString() }] });
    expect(await told('comes-later')).toEqual(['PUBLISHED en 1', 'REVISED en 2']);
    at(11);
    const { manager } = gateway.dataSource;
    await makeScheduler({ manager, clock: () => clock, log: { info: () => {}, error: () => {} } }).pass();
    expect(await told('comes-later')).toEqual(['PUBLISHED en 1', 'REVISED en 2', 'PUBLISHED ru 1', 'OBLIGATION_OPENED ru']);
    expect(await read(urnOf(later))).toMatchObject({ staleness: 'BEHIND_CORRECTION', corrections: 1 });
  });

  test('is settled by what a desk publishes, like any other', async () => {
    const behind = given('desk-settles', [text('A bridge'), corrected('Another bridge')]);
    await write(behind);
    const mark = (await told('desk-settles')).length;
    await desk.confirmStillAccurate([urnOf(behind, 'ru')]);
    expect(await told('desk-settles', mark)).toEqual(['CONFIRMED ru', 'OBLIGATION_SETTLED ru']);
  });
});

describe('a retraction that is imported', () => {
  const kill = { kind: 'KILL' as const, at: testNow.toISOString() };
  const left = (id: string): Promise<object[]> =>
    gateway.dataSource.query(
      `select (select json_agg(edition_code || ' ' || state order by edition_code) from draft where article_uuid = $1) as drafts,
         (select json_agg(edition_code) from claim where article_uuid = $1) as claims,
         (select json_agg(kind || ' ' || edition_code) from timer where article_uuid = $1) as timers,
         (select json_agg(edition_code) from obligation where article_uuid = $1 and settled_at is null) as owed`,
      [articleUuid(id)],
    );

  /** A story with a correction that ru owes, and drafts of ru and tt that are claimed and scheduled. */
  async function atWork(id: string): Promise<Story> {
    const first = given(id, [text('A bridge'), corrected('Another bridge')]);
    await write(first);
    for (const edition of ['ru', 'tt']) {
      const { draft } = await desk.translate({ article: urnOf(first), edition });
      await desk.scheduleDraft({ article: urnOf(first), edition, expectedVersion: draft.version, at: minutes(60).toISOString() });
    }
    return first;
  }

  test('of the story ends schedules, claims, obligations and their timers', async () => {
    const first = await atWork('killed-at-work');
    expect(await left('killed-at-work')).toMatchObject([{ drafts: ['ru SCHEDULED', 'tt SCHEDULED'], owed: ['ru'] }]);
    const mark = (await told('killed-at-work')).length;
    at(1);
    await write({ ...first, retracted: kill });
    expect(await left('killed-at-work')).toEqual([{ drafts: ['ru DRAFT', 'tt DRAFT'], claims: null, timers: null, owed: null }]);
    expect(await told('killed-at-work', mark)).toEqual(['RETRACTED', 'CLAIM_ENDED ru', 'CLAIM_ENDED tt', 'OBLIGATION_CANCELLED ru']);
  });

  test('of one edition ends its own alone', async () => {
    const first = await atWork('edition-killed-at-work');
    at(1);
    const translations = first.translations.map((each) => (each.edition === 'ru' ? { ...each, retracted: kill } : each));
    await write({ ...first, translations });
    const [{ drafts, claims, timers, owed }] = (await left('edition-killed-at-work')) as [Record<string, string[] | null>];
    expect({ drafts, claims, owed }).toEqual({ drafts: ['ru DRAFT', 'tt SCHEDULED'], claims: ['tt'], owed: null });
    expect(timers!.sort()).toEqual(['CLAIM tt', 'CLAIM_WARNING tt', 'DRAFT tt']);
  });

  test('of what a desk has taken back already tells nothing again', async () => {
    const first = given('killed-twice', [text('A bridge')]);
    await write(first);
    await desk.retract({ article: urnOf(first), kind: 'KILL' });
    const mark = (await told('killed-twice')).length;
    await write({ ...first, retracted: kill });
    expect(await told('killed-twice', mark)).toEqual([]);
    expect((await gateway.dataSource.query('select from tombstone where article_uuid = $1', [articleUuid('killed-twice')])).length).toBe(1);
  });
});

describe('what was taken back is left as it is by imports until it is restored', () => {
  const news = (id: string) =>
    [given(id, [text('A bridge')]), given(id, [text('A bridge'), text('A new bridge')], {}, [text('Мост'), text('Новый мост')])] as const;

  test('a story', async () => {
    const [first, later] = news('killed');
    await write(first);
    at(1);
    await desk.retract({ article: urnOf(first), kind: 'KILL' });
    const mark = (await told('killed')).length;
    at(2);
    const tt = { ...later.translations[1]!, edition: 'tt' };
    const more = { ...later, translations: [...later.translations, tt] };
    expect(await write(more)).toEqual({ stories: 0, translations: 0, unchanged: 3 });
    expect(await told('killed', mark)).toEqual([]);
    at(3);
    await desk.restore({ article: urnOf(first), reason: 'It was right.' });
    expect([await read(urnOf(first), 'en'), await read(urnOf(first))]).toMatchObject([{ headline: 'A bridge' }, { headline: 'Мост' }]);
    // What had been left out comes with the next import.
    at(4);
    expect(await write(more)).toEqual({ stories: 1, translations: 3, unchanged: 0 });
    expect(await read(urnOf(first))).toMatchObject({ headline: 'Новый мост' });
    expect(await write(more)).toEqual({ stories: 0, translations: 0, unchanged: 3 });
  });

  test('an edition, while the others go on', async () => {
    const [first, later] = news('withheld');
    await write(first);
    at(1);
    await desk.retract({ article: urnOf(first), edition: 'ru', kind: 'WITHHOLD', cascade: 'NONE' });
    const mark = (await told('withheld')).length;
    at(2);
    expect(await write(later)).toEqual({ stories: 1, translations: 1, unchanged: 1 });
    expect(await told('withheld', mark)).toEqual(['REVISED en 2']);
    at(3);
    await desk.restore({ article: urnOf(first), edition: 'ru', reason: 'It was right.' });
    expect(await read(urnOf(first))).toMatchObject({ headline: 'Мост' });
  });
});

describe('an embargo', () => {
  const until = (count: number) => ({ embargoUntil: minutes(count).toISOString() });
  const ends = async (id: string): Promise<unknown[]> =>
    (
      await gateway.dataSource.query(`select data from outbox where article_uuid = $1 and kind = 'EMBARGO_SET' order by id`, [
        articleUuid(id),
      ])
    ).map(({ data }: { data: { until: string } }) => data.until);

  test('that comes with a story is told before its publication', async () => {
    await write(given('embargoed', [text('A bridge')], until(20)));
    expect(await told('embargoed')).toEqual(['EMBARGO_SET', 'PUBLISHED en 1', 'PUBLISHED ru 1']);
    expect(await ends('embargoed')).toEqual([minutes(20).toISOString()]);
    expect(await drops('embargoed')).toBe(0);
    // The same again, and a story whose embargo had ended before it came, tell nothing.
    await write(given('embargoed', [text('A bridge')], until(20)), given('was-embargoed', [text('A road')], until(-50)));
    expect([await ends('embargoed'), await told('was-embargoed')]).toMatchObject([{ length: 1 }, ['PUBLISHED en 1', 'PUBLISHED ru 1']]);
  });

  test('that is put on a story that was out hides it, is told, and every cache forgets the story', async () => {
    const first = given('hidden', [text('A bridge')]);
    await write(first);
    expect([await read(urnOf(first)), await drops('hidden')]).toMatchObject([{ headline: 'Мост' }, 0]);
    const mark = (await told('hidden')).length;
    await write({ ...first, ...until(20) });
    expect([await read(urnOf(first)), await told('hidden', mark), await drops('hidden')]).toEqual([null, ['EMBARGO_SET'], 1]);
    // Moved, after the end it had: that one is told first.
    at(25);
    await write({ ...first, ...until(40) });
    expect(await told('hidden', mark + 1)).toEqual(['EMBARGO_LIFTED', 'EMBARGO_SET']);
    expect([await ends('hidden'), await drops('hidden')]).toEqual([[minutes(20).toISOString(), minutes(40).toISOString()], 2]);
  });

  test('that a desk makes a story under is told with it', async () => {
    const create = async (more: object): Promise<string> => {
      const { draft } = await desk.createArticle({
        edition: 'en',
        authors: [],
        text: { headline: 'A', blocks: [paragraph('A.')] },
        ...more,
      });
      return draft.articleId.split(':')[4];
    };
    const kinds = (uuid: string) => gateway.dataSource.query('select kind, at, data from outbox where article_uuid = $1', [uuid]);
    expect(await kinds(await create(until(30)))).toEqual([
      { kind: 'EMBARGO_SET', at: minutes(0), data: { until: minutes(30).toISOString() } },
    ]);
    expect(await kinds(await create({}))).toEqual([]);
  });
});
