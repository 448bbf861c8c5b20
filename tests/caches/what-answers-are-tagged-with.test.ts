import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { keysOfEvent } from '../../src/caches/keys-of-event.js';
import { inPackage } from '../../src/lib/root.js';
import { EventKind } from '../../src/publishing/event.js';
import { lifetimes } from '../../src/server/cache-control.js';
import { openGateway, type TestGateway } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';

const uuid = '0b8f0c1e-6f0e-4f57-9f0e-2f4f3c1d5a77';
const text = [`story-${uuid}`, 'feeds', 'sitemap', 'graphql'];
const owed = [`story-${uuid}`, 'edition-ru', 'graphql'];

/** What an event of the story, in the Russian edition, makes caches forget. */
const forgotten: Record<string, string[]> = {
  ...{ PUBLISHED: text, REVISED: text, CONFIRMED: text, EMBARGO_LIFTED: text },
  ...{ STORY_CHANGED: [...text, 'media'], EMBARGO_SET: [...text, 'media'], EXPIRY_SET: [...text, 'media'], EXPIRED: [...text, 'media'] },
  ...{ OBLIGATION_OPENED: owed, OBLIGATION_SETTLED: owed, OBLIGATION_CANCELLED: owed },
  ...{ RETRACTED: ['all'], RESTORED: ['all'], REGISTRY_CHANGED: ['all'], NOTICE_STARTED: ['all'], NOTICE_ENDED: ['all'] },
  ...{ CLAIMED: [], CLAIM_EXPIRING: [], CLAIM_ENDED: [], OBLIGATION_OVERDUE: [], ENTITLEMENTS_CHANGED: [] },
};

test('every kind of event says what caches forget by it', () => {
  const found = Object.values(EventKind).map((kind) => [kind, keysOfEvent({ kind, articleUuid: uuid, editionCode: 'ru' })]);
  expect(Object.fromEntries(found)).toEqual(forgotten);
});

test('an event without an edition or a story still reaches every feed', () => {
  const bare = { articleUuid: null, editionCode: null };
  expect(keysOfEvent({ ...bare, kind: EventKind.OBLIGATION_OPENED })).toEqual(['feeds', 'graphql']);
  expect(keysOfEvent({ ...bare, kind: EventKind.EMBARGO_SET })).toEqual(['feeds', 'sitemap', 'graphql', 'media']);
});

let gateway: TestGateway;
let id: string;
beforeAll(async () => {
  gateway = await openGateway();
  await gateway.dataSource.query('delete from timer');
  const { data } = await gateway.ask(
    '{ articleBySlug(edition: "en", slug: "saiga-return") { ... on Article { served(edition: "en") { translation { id } } } } }',
  );
  id = data.articleBySlug.served.translation.id;
});
afterAll(() => gateway.close());

const told = async (url: string, headers: Record<string, string> = {}): Promise<unknown> => {
  const { headers: said } = await gateway.get(url, { 'apollo-require-preflight': '1', ...headers });
  return said['surrogate-key'];
};
const query = '/graphql?query={editions{code}}';

describe('an answer', () => {
  test('that may be kept is tagged with what it shows', async () => {
    const story = `story-${/[0-9a-f-]{36}/u.exec(id)![0]}`;
    expect(await told('/feeds/ru.atom')).toBe('all feeds edition-ru');
    expect(await told('/feeds/ru.json?after=start')).toBe('all feeds edition-ru');
    expect(await told('/feeds/tt/culture.rss')).toBe('all feeds edition-tt');
    expect(await told(`/items/${id}.ninjs`)).toBe(`all ${story}`);
    expect(await told('/read/en/saiga-return')).toBe(`all ${story}`);
    expect(await told('/sitemap.xml')).toBe('all sitemap');
    expect(await told('/sitemap-news/ru.xml')).toBe('all sitemap');
    expect(await told(query)).toBe('all graphql');
    expect(await told('/media/saiga-1x1.svg')).toBe('all media');
  });

  test('that is the same as before is tagged too, for a cache takes its headers', async () => {
    const { headers } = await gateway.get('/feeds/ru.atom');
    const again = await gateway.get('/feeds/ru.atom', { 'if-none-match': `${headers['etag']}` });
    expect([again.statusCode, again.headers['surrogate-key']]).toEqual([304, 'all feeds edition-ru']);
  });

  test('that is private, an error or of no content of ours is not', async () => {
    const { headers } = await keyFor(gateway.dataSource, { roles: {}, operator: true });
    for (const url of ['/feeds/ru.atom', `/items/${id}.ninjs`, query, '/sitemap.xml']) expect(await told(url, headers)).toBeUndefined();
    for (const url of ['/feeds/xx.atom', '/items/nothing.ninjs', '/read/en/nothing', '/media/nothing.svg', '/health/live'])
      expect(await told(url)).toBeUndefined();
  });
});

describe('lifetimes', () => {
  const addresses = { feed: '/feeds/ru.atom', page: '/read/en/saiga-return', graphql: query, media: '/media/saiga-1x1.svg' };
  const saidBy = async (of: TestGateway): Promise<Record<string, unknown>> => {
    const said: Record<string, unknown> = {};
    for (const [kind, url] of Object.entries(addresses))
      said[kind] = (await of.get(url, { 'apollo-require-preflight': '1' })).headers['cache-control'];
    return said;
  };

  test('are longer for a shared cache that is told of every change, and end at the next moment all the same', async () => {
    expect(await saidBy(gateway)).toEqual({
      ...{ feed: 'public, max-age=10, must-revalidate', page: 'public, max-age=60, must-revalidate' },
      ...{ graphql: 'public, max-age=60, must-revalidate', media: 'public, max-age=60, must-revalidate' },
    });
    const purged = await openGateway({ over: gateway, isPurged: true });
    expect(await saidBy(purged)).toEqual({
      ...{ feed: 'public, max-age=10, s-maxage=600, must-revalidate', page: 'public, max-age=60, s-maxage=600, must-revalidate' },
      ...{ graphql: 'public, max-age=60, s-maxage=600, must-revalidate', media: 'public, max-age=60, must-revalidate' },
    });
    const boundary = new Date('2026-11-23T12:00:40.000Z');
    await gateway.dataSource.query(`insert into timer (kind, key, at) values ('EMBARGO', 'somebody', $1)`, [boundary]);
    expect(await saidBy(purged)).toEqual({
      ...{ feed: 'public, max-age=10, s-maxage=40, must-revalidate', page: 'public, max-age=40, must-revalidate' },
      ...{ graphql: 'public, max-age=40, must-revalidate', media: 'public, max-age=40, must-revalidate' },
    });
    await gateway.dataSource.query('delete from timer');
    await purged.close();
  });

  test('are those of the table in the README', () => {
    const readme = readFileSync(inPackage('README.md'), 'utf8');
    const table = readme.slice(readme.indexOf('**Caches.**'), readme.indexOf('**Partners.**'));
    const rows = table.split('\n').flatMap((line) => {
      const cells = line.split('|').map((cell) => cell.trim());
      return /^\d+ s$/u.test(cells[3] ?? '') ? [cells.slice(3, 6).map((cell) => Number.parseInt(cell, 10))] : [];
    });
    const said = [lifetimes.feed, lifetimes.page, lifetimes.graphql, lifetimes.media].map(({ own, purged }) => [own, own, purged]);
    expect(rows).toEqual(said);
  });
});
