import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { seed } from '../../src/ingest/seed.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { connect, listening, results, tellAll } from '../support/live-clients.js';
import { makeStory, urnOf, write } from '../support/make-story.js';

let gateway: TestGateway;
let url: string;
beforeAll(async () => {
  gateway = await openGateway({ samples: false });
  await seed(gateway.dataSource, 'editions', { domain: 'meridian.example', now: testNow });
  url = await listening(gateway);
}, 60_000);
afterAll(() => gateway.close());

const everything = `subscription($after: String, $filter: NewsFilter) { events(after: $after, filter: $filter) { id cursor kind articleId texts { translationId edition { code } revision translation { headline body { text } } gone { kind } } } }`;
let stories = 0;
const publish = async (editions: Record<string, object> = { en: {} }, more: object = {}) => {
  const story = makeStory({ id: `live-${stories++}`, editions, ...more });
  await write(gateway, [story]);
  await tellAll(gateway);
  return story;
};

test('what was published is told from the start, and then what comes, once each', async () => {
  const first = await publish();
  const second = await publish({ en: {}, ru: {} });
  const { subscribe, client } = connect(url);
  const heard = subscribe(everything, { after: 'start' });
  await results(heard, 3);
  const third = await publish();
  const told = await results(heard, 4);
  const texts = told.flatMap(({ data }) => data.events.texts.map((each: { translationId: string }) => each.translationId));
  expect(texts).toEqual([urnOf(first, 'en'), urnOf(second, 'en'), urnOf(second, 'ru'), urnOf(third, 'en')]);
  expect(told[0].data.events).toMatchObject({
    kind: 'PUBLISHED',
    articleId: urnOf(first),
    texts: [{ translation: { headline: 'live-0 in en' }, gone: null }],
  });
  await client.dispose();
}, 30_000);
