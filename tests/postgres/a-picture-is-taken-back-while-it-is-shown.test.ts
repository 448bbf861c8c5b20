import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { lockArticles } from '../../src/publishing/event.queries.js';
import { publish } from '../../src/publishing/publish.queries.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { makeStory, paragraph, urnOf, write } from '../support/make-story.js';
import { until } from '../support/until.js';

// On a server alone: the embedded database has one session, which cannot write twice at a time.
let gateway: TestGateway;
let en: Desk;
let both: Desk;
let minutes = 0;

/** Time goes on by a minute with each step. */
const later = (): Date => {
  const now = new Date(testNow.getTime() + ++minutes * 60_000);
  gateway.at(now);
  return now;
};

const picture = (key: string) => ({ key, type: 'image' as const, image: 'alphabets' });
const video = { type: 'video' as const, url: 'https://a.example/v.mp4', title: 'V', poster: '/media/alphabets-16x9.svg' };
const without = makeStory({ id: 'without', editions: { en: { slug: 'without' } } });

beforeAll(async () => {
  if (!process.env['TEST_DATABASE_URL']) throw new Error('TEST_DATABASE_URL must name a PostgreSQL server');
  gateway = await openGateway();
  await write(gateway, [without]);
  en = await deskOf(gateway, 'Anna', { en: Role.CHIEF });
  both = await deskOf(gateway, 'Both', { en: Role.CHIEF, tt: Role.CHIEF });
}, 60_000);
afterAll(() => gateway.close());

const status = async (): Promise<number> => (await gateway.get('/media/alphabets-16x9.svg')).statusCode;
const eventsOf = async (after: number) =>
  gateway.dataSource.query<{ kind: string; uuid: string | null }[]>(
    'select kind, article_uuid as uuid from outbox where id > $1 order by id',
    [after],
  );
const lastEvent = async (): Promise<number> =>
  Number((await gateway.dataSource.query<[{ id: string }]>('select coalesce(max(id), 0) as id from outbox'))[0].id);

test('a story that begins to show it while it is taken back is told of, or shows it only afterwards', async () => {
  const article = urnOf(without);
  for (const round of [1, 2, 3, 4, 5, 6]) {
    later();
    const mark = await lastEvent();
    const { revision } = (
      await gateway.ask('query($id: ID!) { node(id: $id) { ... on Translation { revision } } }', { id: `${article}.en` })
    ).data.node;
    const text = { headline: `Round ${round}`, blocks: [...(round % 2 ? [picture(`p${round}`)] : [{ ...video, key: `v${round}` }])] };
    const [retracted, published] = await Promise.all([
      both.retract({ image: 'alphabets', kind: 'KILL' }),
      en.editMinor({ article, edition: 'en', expectedRevision: revision, text }),
    ]);
    expect([retracted.image, published.revision]).toEqual(['alphabets', revision + 1]);
    const mine = (await eventsOf(mark)).filter(({ uuid }) => uuid === article.split(':').at(-1)).map(({ kind }) => kind);
    expect([['REVISED'], ['REVISED', 'RETRACTED']]).toContainEqual(mine);
    expect(retracted.stories.includes(article)).toBe(mine.includes('RETRACTED'));
    expect(await status()).toBe(404);
    await both.restore({ image: 'alphabets', reason: 'The next round.' });
    await en.editMinor({
      article,
      edition: 'en',
      expectedRevision: revision + 1,
      text: { headline: 'Without', blocks: [paragraph('Seen.')] },
    });
  }
});

/** Something that is waited for until the test says. */
function deferred() {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve: () => resolve() };
}

test('a publication under way that shows it is waited for, and its story found', async () => {
  later();
  const mark = await lastEvent();
  const article = urnOf(without).split(':').at(-1)!;
  const [held, written] = [deferred(), deferred()];
  const [row] = await gateway.dataSource.query('select revision, slug, published_at from translation where article_uuid = $1', [article]);
  const number = row.revision + 1;
  const body = [picture('late')];
  const writing = gateway.dataSource.transaction(async (manager) => {
    await lockArticles(manager, [article]);
    const key = { articleUuid: article, editionCode: 'en' };
    const times = { publishedAt: row.published_at, updatedAt: row.published_at, retractedAt: null };
    await publish(
      manager,
      {
        translations: [{ ...key, isOriginal: true, revision: number, slug: row.slug, ...times, head: 'Late', text: '' }],
        revisions: [
          {
            ...{
              ...key,
              number,
              significance: 'MINOR' as never,
              origin: 'HUMAN' as never,
              headline: 'Late',
              dek: null,
              body,
              wordCount: 0,
              note: null,
            },
            ...{ publishedAt: testNow, contentHash: '', author: null, changeNote: null, tool: null, reviewer: null },
          },
        ],
        ...{ bases: [], formerSlugs: [] },
      },
      testNow,
    );
    written.resolve();
    await held.promise;
  });
  await written.promise;
  const taking = both.retract({ image: 'alphabets', kind: 'KILL' });
  // It waits for the picture's lock, which the publication holds.
  await until('the retraction waits', async () => {
    const [{ waiting }] = await gateway.dataSource.query<[{ waiting: number }]>(
      `select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return waiting > 0;
  });
  held.resolve();
  await writing;
  expect((await taking).stories).toContain(urnOf(without));
  expect((await eventsOf(mark)).filter(({ uuid }) => uuid === article).map(({ kind }) => kind)).toEqual(['REVISED', 'RETRACTED']);
});
