import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getOperationAST, parse } from 'graphql';
import { inPackage } from '../../src/lib/root.js';
import { costOf, mostCost } from '../../src/server/cost.js';
import { refuseDocument } from '../../src/server/measure-document.js';
import { makeSchema } from '../../src/server/schema.js';
import { openGateway, type TestGateway } from '../support/gateway.js';
import { editions } from '../support/sample-registry.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway();
});
afterAll(() => gateway.close());

const folder = inPackage('schema', 'operations');
const operations = readdirSync(folder).map((file) => [file, readFileSync(`${folder}/${file}`, 'utf8')] as const);
const schema = makeSchema();

function pointsOf(query: string, variables: Record<string, unknown> = {}): number {
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  return costOf(schema, document, operation, variables);
}

describe('the operations we show', () => {
  test('there are some', () => expect(operations.length).toBeGreaterThanOrEqual(8));

  test.each(operations)('%s answers over the samples with its own defaults', async (_, query) => {
    const { status, errors, data } = await gateway.ask(query);
    expect([status, errors]).toEqual([200, undefined]);
    for (const [field, value] of Object.entries(data)) {
      expect([field, value]).not.toContain(null);
      if (field === 'articles') expect((value as { edges: unknown[] }).edges).not.toHaveLength(0);
    }
  });

  test.each(operations.filter(([, query]) => query.includes('$first: Int')))('%s passes with the largest page', async (_, query) => {
    const { status, errors } = await gateway.ask(query, { first: 100 });
    expect([status, errors]).toEqual([200, undefined]);
  });

  test.each(operations)('%s stays below half of the limits with its own defaults', (_, query) => {
    expect(refuseDocument(query)).toBeUndefined();
    expect(pointsOf(query)).toBeLessThan(mostCost / 2);
  });
});

const codes = editions.map(({ code }) => code).slice(0, 27);
const headline = 'revision headline dek url lang direction byline creditLine publishedAt publishedAtText kicker significance';

describe('what a desk may ask besides', () => {
  test('twenty stories with the headlines of all their translations', async () => {
    const { errors, data } = await gateway.ask(
      `{ articles(first: 20) { edges { node { id translations { edition { code nativeName } ${headline} } } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.articles.edges.flatMap((edge: { node: { translations: unknown[] } }) => edge.node.translations).length).toBeGreaterThan(50);
  });

  test('twenty stories as each of twenty-seven editions is served them, an alias for each', async () => {
    const aliased = codes.map(
      (code) => `${code.replaceAll('-', '_')}: served(edition: "${code}", policy: CHAIN) { resolution { reason } translation { ...Card } }`,
    );
    const query = `{ articles(first: 20) { edges { node { id ${aliased.join('\n')} } } } }
      fragment Card on Translation { headline dek url lang direction publishedAtText }`;
    const { errors, data } = await gateway.ask(query);
    expect(errors).toBeUndefined();
    expect(Object.keys(data.articles.edges[0].node)).toHaveLength(28);
  });

  test('one story in twenty-seven editions with everything a page shows', async () => {
    const aliased = codes.map((code) => `${code.replaceAll('-', '_')}: served(edition: "${code}", policy: CHAIN) { ...Page }`);
    const query = `{ articleBySlug(edition: "en", slug: "putin-2021-speech-dialogue") { ... on Article { ${aliased.join('\n')} } } }
      fragment Page on Served {
        translation { ${headline} image { alt caption creditLine renditions { url width height } } body { html } related { headline url } }
        notices(territory: "RU") { text lang link { url text } }
      }`;
    const { errors, data } = await gateway.ask(query);
    expect(errors).toBeUndefined();
    expect(data.articleBySlug.fa.translation.body.html).toContain('<p>');
  });

  test('a front page and a count for each edition', async () => {
    const { errors, data } = await gateway.ask(
      `{ ${editions.map(({ code }) => `${code.replaceAll('-', '_')}: articles(edition: "${code}", first: 1) { totalCount }`).join('\n')} }`,
    );
    expect(errors).toBeUndefined();
    expect(data.en.totalCount).toBeGreaterThan(data.sq.totalCount);
  });

  test('a hundred stories with their topics, people, places and alternates', async () => {
    const { errors } = await gateway.ask(`{ articles(first: 100) { edges { node {
      id kind urgency homeEdition { code }
      topics { code name(edition: "ru") { text lang } } people { code name(edition: "ru") { text lang } }
      places { code name(edition: "ru") { text } } alternates { hreflang url }
    } served { translation { ${headline} image { alt rendition(ratio: RATIO_16X9) { url } } } } } } }`);
    expect(errors).toBeUndefined();
  });

  test('a front page with its texts', async () => {
    const { errors, data } = await gateway.ask(
      `{ articles(edition: "ru", policy: CHAIN, first: 20) { edges { served { translation { ${headline} body { html } }
        notices { text } } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.articles.edges[0].served.translation.body.html).toContain('<p>');
  });

  test('labels of all editions', async () => {
    const { errors, data } = await gateway.ask('{ editions { code tag nativeName labels { key text } } }');
    expect(errors).toBeUndefined();
    expect(data.editions).toHaveLength(editions.length);
  });
});

describe('points', () => {
  const page = (first: number | string): string =>
    `query($first: Int = 10) { articles(first: ${first}) { totalCount edges { node { translations { headline } } } } }`;

  test('grow with the page that is asked for, wherever its size is written', () => {
    const [ten, hundred] = [pointsOf(page(10)), pointsOf(page(100))];
    expect(hundred - ten).toBe(90 * (1 + 1 + 30));
    expect(pointsOf(page('$first'))).toBe(ten);
    expect(pointsOf(page('$first'), { first: 100 })).toBe(hundred);
    expect(pointsOf(page('null, last: 100'))).toBe(hundred);
  });

  test('of a list and its count grow with the editions it may serve, and again with a search', () => {
    const list = (
      given: string,
    ): string => `query($tags: [LanguageTag!] = ["ru", "tt"], $policy: LocalePolicy = ANY, $filter: ArticleFilter) {
      articles(${given}, first: 1) { totalCount } }`;
    expect(pointsOf(list('edition: "ru"'))).toBe(600);
    expect(pointsOf(list('edition: "ru", policy: CHAIN'))).toBe(3 * 600);
    expect(pointsOf(list('locales: "ru"'))).toBe(600);
    expect(pointsOf(list('locales: ["ru", "tt"]'))).toBe(2 * 600);
    expect(pointsOf(list('locales: ["ru", "tt"], policy: LOOKUP'))).toBe(4 * 600);
    expect(pointsOf(list('locales: $tags, policy: $policy'))).toBe(6 * 600);
    expect(pointsOf(list('locales: $tags, policy: $policy'), { tags: ['ru'], policy: 'STRICT' })).toBe(600);
    expect(pointsOf(list('edition: "ru", filter: { search: "вода" }'))).toBe(2 * 600);
    expect(pointsOf(list('edition: "ru", filter: $filter'), { filter: { search: 'вода' } })).toBe(2 * 600);
    expect(pointsOf(list('edition: "ru", filter: $filter'), { filter: { search: null } })).toBe(600);
    expect(pointsOf(list('edition: "ru", policy: $policy'), { policy: 'constructor' })).toBe(600);
  });

  test('are no less for a page nobody gets', () => {
    for (const first of ['-5', '0']) expect(pointsOf(page(first))).toBe(pointsOf(page(1)));
    expect(pointsOf(page(2_000_000_000))).toBe(pointsOf(page(100)));
  });

  test('count a list that names what it wants by its names', () => {
    const named = (wanted: string): string =>
      `query($of: [EditionCode!]) { articles(first: 10) { edges { node { translations(editions: ${wanted}) { headline } } } } }`;
    const story = (translations: number): number => 100 + 1 + 10 * (1 + 1 + translations);
    expect(pointsOf(named('["ru", "tt"]'))).toBe(story(2));
    expect(pointsOf(named('$of'), { of: ['ru'] })).toBe(story(1));
    expect(pointsOf(named('$of'))).toBe(story(30));
  });

  test('are the same through fragments and without', () => {
    const plain = '{ articles { edges { node { id original { headline } } } } }';
    const spread = `{ ...A } fragment A on Query { articles { ... on ArticleConnection { edges { node { ...B } } } } }
      fragment B on Article { id original { headline } }`;
    expect(pointsOf(spread)).toBe(pointsOf(plain));
  });
});
