import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';
import { makeStory, paragraph, write } from '../support/make-story.js';

let gateway: TestGateway;
let chief: Desk;
let key: Record<string, string>;
beforeAll(async () => {
  gateway = await openGateway();
  chief = await deskOf(gateway, 'Clara', { en: Role.CHIEF });
  key = (await keyFor(gateway.dataSource, { roles: { en: Role.CHIEF } })).headers;
});
afterAll(() => gateway.close());

// A second at which nothing else happens.
const now = new Date('2027-03-01T06:00:00.000Z');
const moment = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
beforeEach(async () => {
  await gateway.dataSource.query('delete from timer');
  gateway.at(now);
});

const front = '{ articles(edition: "en", first: 3) { edges { served { translation { headline } notices { code } } } } }';
const get = (query: string, headers: Record<string, string> = {}) =>
  gateway.get(`/graphql?query=${encodeURIComponent(query)}`, { 'apollo-require-preflight': '1', ...headers });
const page = '/read/en/saiga-return';
const picture = '/media/saiga-1x1.svg';

/** What the list, the page and the picture say to caches. */
async function kept(): Promise<unknown[]> {
  const answers = [await get(front), await gateway.get(page), await gateway.get(picture)];
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
  const said = new Set(answers.map(({ headers }) => headers['cache-control']));
  return [...said];
}

describe('what everybody is given may be kept', () => {
  test('for a minute, and then caches must ask', async () => {
    expect(await kept()).toEqual(['public, max-age=60, must-revalidate']);
  });

  test('not past the end of an embargo', async () => {
    const { draft } = await chief.createArticle({
      ...{ edition: 'en', embargoUntil: moment(10).toISOString() },
      text: { headline: 'Under embargo', blocks: [paragraph('Soon.')] },
    });
    await chief.publishDraft({ article: draft.articleId, edition: 'en', expectedVersion: 1 });
    expect((await get(front)).body).not.toContain('Under embargo');
    expect(await kept()).toEqual(['public, max-age=10, must-revalidate']);
    gateway.at(moment(9.4));
    expect(await kept()).toEqual(['no-cache']);
    // Out by the clock, though nobody has passed the timer: it caps nothing any more.
    gateway.at(moment(10));
    expect((await get(front)).body).toContain('Under embargo');
    expect(await kept()).toEqual(['public, max-age=60, must-revalidate']);
  });

  test('not past the start or the end of a notice', async () => {
    const { dataSource } = gateway;
    await dataSource.query(`insert into timer (kind, key, at) values ('NOTICE_START', 'about', $1), ('NOTICE_END', 'about', $2)`, [
      moment(20.9),
      moment(5),
    ]);
    expect(await kept()).toEqual(['public, max-age=5, must-revalidate']);
    gateway.at(moment(5));
    expect(await kept()).toEqual(['public, max-age=15, must-revalidate']);
  });

  test('not past a publication that is to come, or one that is scheduled', async () => {
    gateway.at(new Date('2026-11-23T12:00:00.000Z'));
    await write(gateway, [makeStory({ id: 'to-come', publishedAt: moment(30).toISOString() })]);
    gateway.at(now);
    expect(await kept()).toEqual(['public, max-age=30, must-revalidate']);
    const { draft } = await chief.createArticle({ edition: 'en', text: { headline: 'Scheduled', blocks: [paragraph('Soon.')] } });
    const scheduled = { article: draft.articleId, edition: 'en', expectedVersion: 1, at: moment(12).toISOString() };
    expect(await chief.scheduleDraft(scheduled)).toMatchObject({ draft: { state: 'SCHEDULED' } });
    expect(await kept()).toEqual(['public, max-age=12, must-revalidate']);
  });

  test('not past the end of a text', async () => {
    const { draft } = await chief.createArticle({ edition: 'en', text: { headline: 'Until then', blocks: [paragraph('Not for long.')] } });
    await chief.publishDraft({ article: draft.articleId, edition: 'en', expectedVersion: 1 });
    const until = moment(15).toISOString();
    expect(await chief.setExpiry({ article: draft.articleId, edition: 'en', until })).toMatchObject({ until });
    expect((await get(front)).body).toContain('Until then');
    expect(await kept()).toEqual(['public, max-age=15, must-revalidate']);
    gateway.at(moment(15));
    expect((await get(front)).body).not.toContain('Until then');
  });

  test('what readers are not told of caps nothing: a claim that ends', async () => {
    await gateway.dataSource.query(`insert into timer (kind, key, at) values ('CLAIM', 'a claim', $1)`, [moment(3)]);
    expect(await kept()).toEqual(['public, max-age=60, must-revalidate']);
  });
});

describe('what is never kept', () => {
  const told = async (query: string, headers: Record<string, string> = {}) => {
    const { headers: given } = await get(query, headers);
    return given['cache-control'];
  };

  test('an answer to whoever shows a key', async () => {
    for (const query of [front, '{ viewer { name } }', '{ nothing }']) expect(await told(query, key)).toBe('private, no-store');
  });

  test('errors, whole or in part, and what says who is asking', async () => {
    expect(await told('{ nothing }')).toBe('no-store');
    expect(await told('{ articles(edition: "xx") { totalCount } }')).toBe('no-store');
    const partly = `${front.slice(0, -1)} events { edges { cursor } } }`;
    expect(await told(partly)).toBe('no-store');
    const story =
      '{ articleBySlug(edition: "en", slug: "saiga-return") { ... on Article { served(stage: DRAFT) { translation { id } } } } }';
    expect(await told(story)).toBe('no-store');
    expect(await told('{ viewer { kind } editions { code } }')).toBeUndefined();
  });

  test('a mutation, and whatever is posted', async () => {
    expect(await told('mutation { setEmbargo(article: "x") { __typename } }')).toBe('no-store');
    const posted = await gateway.app.inject({ method: 'POST', url: '/graphql', payload: { query: front } });
    expect([posted.statusCode, posted.headers['cache-control']]).toEqual([200, undefined]);
  });

  test('a page that is not there, or no longer', async () => {
    expect((await gateway.get('/read/en/nothing')).headers['cache-control']).toBe('no-store');
    const { data } = await gateway.ask('{ articleBySlug(edition: "en", slug: "saiga-return") { ... on Article { id } } }');
    await chief.retract({ article: data.articleBySlug.id, kind: 'KILL' });
    const gone = await gateway.get(page);
    expect([gone.statusCode, gone.headers['cache-control']]).toEqual([410, 'no-cache']);
  });
});

test('a look at the clock is one statement for a GET, and none for a POST', async () => {
  const statements: string[] = [];
  const { dataSource } = gateway;
  const { logger } = dataSource;
  const nothing = (): void => {};
  const silent = { logQueryError: nothing, logQuerySlow: nothing, logSchemaBuild: nothing, logMigration: nothing, log: nothing };
  dataSource.logger = { ...silent, logQuery: (sql) => statements.push(sql) };
  await get('{ editions { code } }');
  const asked = statements.splice(0);
  await gateway.ask('{ editions { code } }');
  dataSource.logger = logger;
  expect([asked.filter((sql) => sql.includes('from timer')).length, asked.length, statements.length]).toEqual([1, 2, 1]);
});
