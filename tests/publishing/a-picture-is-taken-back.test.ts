import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { numberEvents } from '../../src/publishing/event.queries.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { makeStory, paragraph, urnOf, write } from '../support/make-story.js';
import { until } from '../support/until.js';

let gateway: TestGateway;
let en: Desk;
let both: Desk;
let tt: Desk;
let minutes = 0;

/** Time goes on by a minute with each step. */
const later = (): Date => {
  const now = new Date(testNow.getTime() + ++minutes * 60_000);
  gateway.at(now);
  return now;
};

const picture = (key: string) => ({ key, type: 'image' as const, image: 'alphabets' });
const video = { key: 'v', type: 'video' as const, url: 'https://a.example/v.mp4', title: 'V', poster: '/media/alphabets-16x9.svg' };
// Beside the sample story of tt whose lead picture it is.
const inText = makeStory({ id: 'in-text', editions: { en: { slug: 'in-text', blocks: [paragraph('Seen.'), picture('pic')] } } });
const beforeVideo = makeStory({ id: 'before-video', editions: { en: { slug: 'video', blocks: [video] }, ru: {} } });
const without = makeStory({ id: 'without', editions: { en: { slug: 'without' } } });
let sample: string;

beforeAll(async () => {
  gateway = await openGateway();
  await write(gateway, [inText, beforeVideo, without]);
  en = await deskOf(gateway, 'Anna', { en: Role.CHIEF });
  both = await deskOf(gateway, 'Both', { en: Role.CHIEF, tt: Role.CHIEF });
  tt = await deskOf(gateway, 'Timur', { tt: Role.EDITOR });
  const [{ uuid }] = await gateway.dataSource.query<[{ uuid: string }]>(`select uuid from article where image_code = 'alphabets'`);
  sample = uuid;
});
afterAll(() => gateway.close());

const everything = `{
  lead: articles(filter: { topics: ["language"] }, policy: ANY, first: 50) { edges { node { id translations { image { alt } } } } }
  text: articleBySlug(edition: "en", slug: "in-text") { ... on Article { original { body { blocks { __typename } html markdown } } } }
}`;
const seen = async () => JSON.stringify((await gateway.ask(everything)).data);
const status = async (): Promise<number> => (await gateway.get('/media/alphabets-16x9.svg')).statusCode;

const eventsOf = async (after: number) =>
  gateway.dataSource.query<{ id: string; kind: string; uuid: string | null; edition: string | null; data: object }[]>(
    'select id, kind, article_uuid as uuid, edition_code as edition, data from outbox where id > $1 order by id',
    [after],
  );
const lastEvent = async (): Promise<number> =>
  Number((await gateway.dataSource.query<[{ id: string }]>('select coalesce(max(id), 0) as id from outbox'))[0].id);

const uuids = () => [sample, ...[inText, beforeVideo].map((story) => urnOf(story).split(':').at(-1)!)].sort();

describe('a picture of three stories', () => {
  test('who may: a CHIEF of the home edition of each', async () => {
    for (const desk of [en, tt]) expect(await desk.retract({ image: 'alphabets', kind: 'KILL' })).toMatchObject({ error: 'FORBIDDEN' });
    const preview = 'query($input: RetractInput!) { retractionPreview(input: $input) { scope stories editions { code } } }';
    expect((await en.ask(preview, { input: { image: 'alphabets', kind: 'KILL' } })).errors[0].extensions.code).toBe('FORBIDDEN');
    const { retractionPreview } = (await both.ask(preview, { input: { image: 'alphabets', kind: 'KILL' } })).data;
    expect(retractionPreview).toMatchObject({ scope: 'IMAGE', editions: [] });
    expect(retractionPreview.stories.map((urn: string) => urn.split(':').at(-1)).sort()).toEqual(uuids());
    expect(await status()).toBe(200);
  });

  test('goes from lead, body and file at once; restored it is back as it was', async () => {
    const before = await seen();
    expect(before).toContain('ImageBlock');
    expect(before).toContain('alphabets-16x9.svg');
    let mark = await lastEvent();
    later();
    const asked = { image: 'alphabets', kind: 'KILL', notes: [{ lang: 'en', text: 'Not ours.' }], idempotencyKey: 'a kill' };
    const answer = await both.retract(asked);
    expect(answer).toMatchObject({ scope: 'IMAGE', articleId: null, editions: [], image: 'alphabets' });
    expect(answer.stories.map((urn: string) => urn.split(':').at(-1)).sort()).toEqual(uuids());
    const hidden = await seen();
    expect(hidden).not.toContain('ImageBlock');
    expect(hidden).not.toContain('alphabets-16x9.svg');
    expect(hidden.length).toBeLessThan(before.length);
    expect(await status()).toBe(404);
    const told = await eventsOf(mark);
    expect(told.map(({ uuid }) => uuid).sort()).toEqual(uuids());
    for (const event of told) expect(event).toMatchObject({ kind: 'RETRACTED', edition: null, data: { image: 'alphabets', kind: 'KILL' } });
    const drops = await gateway.dataSource.query<{ uuid: string }[]>(
      'select article_uuid as uuid from cache_drop order by id desc limit 3',
    );
    expect(drops.map(({ uuid }) => uuid).sort()).toEqual(uuids());
    expect(await both.retract({ ...asked, idempotencyKey: 'another' })).toMatchObject({ code: 'IS_RETRACTED' });

    // A story that joins meanwhile is no part of what was asked: the same key is answered the same.
    await write(gateway, [makeStory({ id: 'joins', image: 'alphabets', editions: { tt: {} } })]);
    expect(await both.retract(asked)).toEqual(answer);
    await gateway.dataSource.query(`update article set image_code = null where foreign_id = 'joins'`);

    mark = await lastEvent();
    later();
    expect(await en.restore({ image: 'alphabets', reason: 'Ours after all.' })).toMatchObject({ error: 'FORBIDDEN' });
    expect(await both.restore({ image: 'alphabets', reason: '' })).toMatchObject({ code: 'REASON_REQUIRED' });
    expect(await both.restore({ image: 'alphabets', reason: 'Ours after all.' })).toMatchObject({ image: 'alphabets' });
    expect(await seen()).toBe(before);
    expect(await status()).toBe(200);
    expect((await eventsOf(mark)).map(({ kind, data }) => [kind, data])).toEqual(
      uuids().map(() => ['RESTORED', { image: 'alphabets', reason: 'Ours after all.' }]),
    );
    expect(await both.restore({ image: 'alphabets', reason: 'Again.' })).toMatchObject({ code: 'NOT_RETRACTED' });
    expect(await gateway.dataSource.query('select 1 from tombstone where image_code is not null')).toEqual([]);
  });

  test('the log tells that the story itself stands', async () => {
    later();
    await both.retract({ image: 'alphabets', kind: 'WITHHOLD' });
    await until('numbering', async () => {
      await numberEvents(gateway.dataSource.manager, 1000);
      return (await lastEvent()) === 0;
    });
    const { data } = await both.ask(
      'query($id: ID!) { events(first: 100, filter: { article: $id, kinds: [RETRACTED] }) { events { scope image retraction articleId editionCode } } }',
      { id: urnOf(inText) },
    );
    expect(data.events.events.at(-1)).toEqual({
      ...{ scope: 'IMAGE', image: 'alphabets', retraction: 'WITHHOLD', articleId: urnOf(inText), editionCode: null },
    });
    expect((await gateway.ask('query($id: ID!) { article(id: $id) { __typename } }', { id: urnOf(inText) })).data.article.__typename).toBe(
      'Article',
    );
    await both.restore({ image: 'alphabets', reason: 'Shown again.' });
  });
});

test('a picture of notices alone: any CHIEF, and every page is told', async () => {
  later();
  const shown = async () =>
    (
      await gateway.ask('{ articles(first: 1) { edges { served { notices(territory: "DE") { code image { alt } } } } } }')
    ).data.articles.edges[0].served.notices.filter(({ image }: { image: object | null }) => image).length;
  expect(await shown()).toBeGreaterThan(0);
  const chief = await deskOf(gateway, 'Hy', { hy: Role.CHIEF });
  expect(await tt.retract({ image: 'about-meridian', kind: 'KILL' })).toMatchObject({ error: 'FORBIDDEN' });
  expect(await chief.retract({ image: 'about-meridian', kind: 'KILL' })).toMatchObject({ image: 'about-meridian', stories: [] });
  expect(await shown()).toBe(0);
  expect((await gateway.get('/media/about-meridian-1x1.svg')).statusCode).toBe(404);
  expect((await gateway.dataSource.query('select article_uuid from cache_drop order by id desc limit 1'))[0]).toEqual({
    article_uuid: null,
  });
  expect(await chief.restore({ image: 'about-meridian', reason: 'It is us.' })).toMatchObject({ image: 'about-meridian' });
  expect(await shown()).toBeGreaterThan(0);
});

test('a picture that nobody knows is a problem', async () => {
  expect(await both.retract({ image: 'nothing-of-the-kind', kind: 'KILL' })).toMatchObject({ code: 'UNKNOWN_NAME' });
});
