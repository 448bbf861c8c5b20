import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway } from '../support/gateway.js';
import { makeStory, urnOf, write } from '../support/make-story.js';

let gateway: TestGateway;
let desk: Desk;
const [old, better, secret, other] = ['old', 'better', 'secret', 'other'].map((id) =>
  makeStory({ id, editions: { ka: {}, ro: {} }, ...(id === 'secret' && { embargoUntil: '2026-11-25T00:00:00Z' }) }),
);
beforeAll(async () => {
  gateway = await openGateway();
  await write(gateway, [old!, better!, secret!, other!]);
  desk = await deskOf(gateway, 'Nino', { ka: Role.CHIEF });
});
afterAll(() => gateway.close());

const replace = (story: typeof old, replacedBy: string, more: object = {}) =>
  desk.retract({ article: urnOf(story!), kind: 'REPLACE', replacedBy, ...more });
const placeOf = async (extension: string, story = old): Promise<[number, unknown]> => {
  const { statusCode, headers } = await gateway.get(`/items/${urnOf(story!, 'ro')}.${extension}`);
  return [statusCode, headers['location']];
};

test('what cannot be meant is refused, and changes nothing', async () => {
  expect(await replace(old, urnOf(better!), { kind: 'KILL' })).toMatchObject({ error: 'BAD_USER_INPUT' });
  expect(await replace(old, urnOf(old!))).toMatchObject({ error: 'BAD_USER_INPUT' });
  expect(await replace(old, urnOf(makeStory({ id: 'never written', editions: { ka: {} } })))).toMatchObject({ code: 'STORY_UNKNOWN' });
  expect(await placeOf('json')).toEqual([200, undefined]);
});

test('a story that was replaced leads to the one in its place: as an item, in feeds, in GraphQL and on its page', async () => {
  const named = `query($id: ID!) { article(id: $id) { ... on Article { served(edition: "ro") { translation { slug } } } } }`;
  const { slug } = (await gateway.ask(named, { id: urnOf(old!) })).data.article.served.translation;
  expect(await replace(old, urnOf(better!))).toMatchObject({ articleId: urnOf(old!) });
  for (const extension of ['json', 'ninjs', 'newsml', 'html'])
    expect(await placeOf(extension)).toEqual([308, `http://gateway.test/items/${urnOf(better!, 'ro')}.${extension}`]);
  const gone = (await gateway.get('/feeds/ro.json')).json().items.find(({ id }: { id: string }) => id === urnOf(old!, 'ro'));
  expect(gone._dragoman.retracted).toMatchObject({ kind: 'REPLACE', replacement: urnOf(better!, 'ro') });
  const query = `query($id: ID!) { article(id: $id) { ... on Tombstone { kind replacedBy { id } } } }`;
  expect((await gateway.ask(query, { id: urnOf(old!) })).data.article).toEqual({ kind: 'REPLACE', replacedBy: { id: urnOf(better!) } });
  const page = await gateway.get(`/read/ro/${slug}`);
  expect([page.statusCode, page.body.includes('better in ro')]).toEqual([410, true]);
});

test('but not to one that readers may not see', async () => {
  expect(await replace(other, urnOf(secret!))).toMatchObject({ articleId: urnOf(other!) });
  expect(await placeOf('json', other)).toEqual([410, undefined]);
  const feed = await gateway.get('/feeds/ro.json');
  expect(feed.body).not.toContain(urnOf(secret!));
  gateway.at(new Date('2026-11-25T00:00:01Z'));
  expect(await placeOf('json', other)).toEqual([308, `http://gateway.test/items/${urnOf(secret!, 'ro')}.json`]);
});
