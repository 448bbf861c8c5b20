import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Story } from '../../src/ingest/story.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';
import { makeStory, paragraph, urnOf, write } from '../support/make-story.js';
import { type Operator, operatorOf } from '../support/partners.js';

const minutes = (count: number): string => new Date(testNow.getTime() + count * 60_000).toISOString();

let gateway: TestGateway;
let operator: Operator;
beforeAll(async () => {
  gateway = await openGateway();
  operator = await operatorOf(gateway);
});
afterAll(() => gateway.close());

async function partnerWith(code: string, terms: object, delaySeconds = 0): Promise<Record<string, string>> {
  await operator.savePartner({ code, name: code, delaySeconds, expectedVersion: 0 });
  await operator.saveEntitlement({ partner: code, expectedVersion: 0, terms: { ...terms, validFrom: minutes(-90_000) } });
  return (await keyFor(gateway.dataSource, { partnerCode: code })).headers;
}

interface Page {
  ids: string[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

async function pageOf(headers: Record<string, string>, rest: string): Promise<Page> {
  const { data, errors } = await gateway.ask(
    `{ articles(${rest}) { edges { served { translation { id } } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
    {},
    headers,
  );
  expect(errors).toBeUndefined();
  const { edges, pageInfo } = data.articles;
  return { ids: edges.map((edge: { served: { translation: { id: string } } }) => edge.served.translation.id), pageInfo };
}

async function countOf(headers: Record<string, string>, rest: string): Promise<number> {
  const { data } = await gateway.ask(`{ articles(${rest}) { totalCount } }`, {}, headers);
  return data.articles.totalCount;
}

/** Stories of one minute each, the first the newest. */
const row = (name: string, count: number, from: number, more: object): Story[] =>
  Array.from({ length: count }, (_, index) =>
    makeStory({ id: `${name}-${index}`, publishedAt: minutes(from - index), editions: { hu: {} }, ...more }),
  );

const mine = row('mine', 3, -3000, { topics: ['history'] });
const older = row('older', 1, -9000, { topics: ['history'] });

test('a page ends where two thousand stories were looked at, and its end leads on, whatever is hidden', async () => {
  await write(gateway, [...row('others', 1998, -500, { topics: ['media'] }), ...mine, ...older]);
  const headers = await partnerWith('historian', { topics: ['history'], early: true });
  const both = async () => {
    const first = await pageOf(headers, 'edition: "hu", first: 10');
    const second = await pageOf(headers, `edition: "hu", first: 10, after: "${first.pageInfo.endCursor}"`);
    const last = await pageOf(headers, 'edition: "hu", last: 2');
    const backwards = await pageOf(headers, `edition: "hu", last: 10, before: "${last.pageInfo.startCursor}"`);
    const before = await pageOf(headers, `edition: "hu", last: 10, before: "${backwards.pageInfo.startCursor}"`);
    return { first, second, last, backwards, before, count: await countOf(headers, 'edition: "hu"') };
  };
  const seen = await both();
  const [a, b, c] = mine.map((each) => urnOf(each, 'hu'));
  const end = urnOf(older[0]!, 'hu');
  // Ahead of the list stand the samples of the edition, which are about other things.
  const looked = 2000 - (await samplesAhead());
  expect(seen.first.ids).toEqual([a, b, c].slice(0, Math.max(0, looked - 1998)));
  expect(seen.first.pageInfo.hasNextPage).toBe(true);
  expect([...seen.first.ids, ...seen.second.ids]).toEqual(expect.arrayContaining([a, b, c, end]));
  expect(seen.second.pageInfo.hasNextPage).toBe(false);
  expect(seen.last.ids.at(-1)).toBe(end);
  expect([...seen.before.ids, ...seen.backwards.ids, ...seen.last.ids].filter((id) => [a, b, c, end].includes(id))).toEqual([a, b, c, end]);
  expect(seen.count).toBeLessThanOrEqual(seen.first.ids.length);

  // Under embargo, and of a topic that the partner has nothing early of, or anything.
  await write(gateway, row('hidden', 250, -1200, { topics: ['media'], embargoUntil: minutes(600) }));
  expect(await both()).toEqual(seen);
}, 120_000);

async function samplesAhead(): Promise<number> {
  const [{ ahead }] = await gateway.dataSource.query(
    `select count(*)::int as ahead from translation t join article a on a.uuid = t.article_uuid where t.edition_code = 'hu' and t.published_at > $1
       and t.published_at <= $2 and t.retracted_at is null and a.retracted_at is null and (a.embargo_until is null or a.embargo_until <= $2)`,
    [minutes(-500), testNow],
  );
  return ahead;
}

test('who is told late finds a text as it was, and where it stood, until it is told of its change', async () => {
  const changed = makeStory({ id: 'changed', topics: ['media'], publishedAt: minutes(-400), editions: { ru: { headline: 'Before' } } });
  changed.translations[0]!.revisions.push({
    ...changed.translations[0]!.revisions[0]!,
    ...{ headline: 'After', blocks: [paragraph('After.')], publishedAt: minutes(-10) },
  });
  const between = makeStory({ id: 'between', topics: ['media'], publishedAt: minutes(-200), editions: { ru: {} } });
  await write(gateway, [changed, between]);
  const late = await partnerWith('late', {}, 3600);
  const prompt = await partnerWith('prompt', {});
  const rest = `edition: "ru", filter: { topics: ["media"], publishedFrom: "${minutes(-401)}" }, orderBy: UPDATED_DESC`;
  const [first, second] = [urnOf(changed, 'ru'), urnOf(between, 'ru')];
  expect((await pageOf(prompt, rest)).ids).toEqual([first, second]);
  expect((await pageOf(late, rest)).ids).toEqual([second, first]);
  const walked = await pageOf(late, `first: 1, ${rest}`);
  expect((await pageOf(late, `first: 1, after: "${walked.pageInfo.endCursor}", ${rest}`)).ids).toEqual([first]);
  const since = `edition: "ru", filter: { updatedSince: "${minutes(-30)}" }`;
  expect((await pageOf(prompt, since)).ids).toContain(first);
  expect((await pageOf(late, since)).ids).not.toContain(first);
  const { data } = await gateway.ask(
    `{ articles(${rest}) { edges { served { translation { headline revision updatedAt body { text } } } } } }`,
    {},
    late,
  );
  expect(data.articles.edges[1].served.translation).toEqual({
    ...{ headline: 'Before', revision: 1, updatedAt: minutes(-400) },
    body: { text: 'The text of changed in ru.' },
  });
  gateway.at(new Date(minutes(60)));
  expect((await pageOf(late, rest)).ids).toEqual([first, second]);
  gateway.at(testNow);
});

test.each(['hy', 'kk'])('a story whose texts came out at one moment is found in %s wherever a look at the list is cut', async (edition) => {
  const of = (id: string, minute: number, topic: string): Story =>
    makeStory({ id, topics: [topic], publishedAt: minutes(minute), editions: { hy: {}, kk: {} } });
  const found = of('cut', -7, 'history');
  await write(gateway, [of('before-1', -5, 'media'), of('before-2', -6, 'media'), found]);
  const headers = await partnerWith(`only-${edition}`, { editions: [edition], topics: ['history'] });
  for (const first of [1, 2, 3]) {
    const { ids } = await pageOf(headers, `locales: ["hy", "kk"], filter: { publishedFrom: "${minutes(-300)}" }, first: ${first}`);
    expect(ids).toEqual([urnOf(found, edition)]);
  }
  const { ids } = await pageOf(headers, `locales: ["hy", "kk"], filter: { publishedFrom: "${minutes(-300)}" }, last: 1`);
  expect(ids).toEqual([urnOf(found, edition)]);
});
