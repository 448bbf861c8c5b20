import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BlockData } from '../src/articles/body.js';
import { operationsOver } from '../src/tools/bench/operations.js';
import { openGateway, type TestGateway } from './support/gateway.js';
import { keyFor } from './support/keys.js';
import { makeStory, paragraph, write } from './support/make-story.js';
import { operatorOf } from './support/partners.js';

const operation = (name: string): string => readFileSync(`schema/operations/${name}.graphql`, 'utf8');
const frontPage = operation('front-page');
const withBodies = frontPage.replace('translation { id ', 'translation { id byline wordCount body { html } ');

/**
 * The most SQL statements an operation may run, however many stories and editions it meets; each loader is one.
 * A number that grows is a decision: `shared/design/speed.md` says 8 for a page of a list.
 */
const budget: [name: string, document: string, variables: Record<string, unknown>, most: number][] = [
  ['front-page', frontPage, {}, 7],
  ['front-page with bodies', withBodies, {}, 8],
  ['all-translations', operation('all-translations'), {}, 4],
  ['missing-in-edition', operation('missing-in-edition'), { editions: ['crh'] }, 3],
  ['staleness', operation('staleness'), {}, 5],
  ['search', operation('search'), { edition: 'tt', words: 'story' }, 3],
  ['article-page', operation('article-page'), { edition: 'tt', of: 'tt', slug: 'story-0' }, 26],
  ['blocks', operation('blocks'), { edition: 'tt', slug: 'story-0' }, 13],
  ['edition-labels', operation('edition-labels'), {}, 1],
  ['negotiate', operation('negotiate'), {}, 1],
];
const lists = new Set(['front-page', 'front-page with bodies', 'all-translations', 'missing-in-edition', 'staleness', 'search']);

// One of them shows everything that an article page can show.
const rich: BlockData[] = [
  paragraph('A story.'),
  { key: 'picture', type: 'image', image: 'saiga' },
  { key: 'more', type: 'related', articles: ['story-1', 'story-2'] },
];

/** A hundred and fifty stories in these editions. */
async function filled(editions: readonly string[]): Promise<TestGateway> {
  const gateway = await openGateway();
  const stories = Array.from({ length: 150 }, (_, index) =>
    makeStory({
      id: `story-${index}`,
      publishedAt: new Date(Date.UTC(2026, 10, 21, 0, index)).toISOString(),
      topics: ['media', 'history'],
      people: ['joe-biden'],
      places: ['kazan'],
      image: 'aral-sea',
      related: ['story-3', 'story-4'],
      credits: [
        { role: 'AUTHOR', person: 'anna-marsh' },
        { role: 'WIRE', agency: 'afp' },
      ],
      editions: Object.fromEntries(
        editions.map((edition) => [
          edition,
          { slug: `story-${index}`, headline: `A story, ${index}`, blocks: index === 0 ? rich : [paragraph('A story.')] },
        ]),
      ),
    }),
  );
  await write(gateway, stories);
  return gateway;
}

/** The statements an operation runs, and how many stories its answer holds. */
async function statementsOf(
  gateway: TestGateway,
  document: string,
  variables: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<{ statements: string[]; stories: number }> {
  const statements: string[] = [];
  const { dataSource } = gateway;
  const { logger } = dataSource;
  dataSource.logger = { ...silent, logQuery: (sql) => statements.push(sql) };
  const { data, errors } = await gateway.ask(document, variables, headers);
  dataSource.logger = logger;
  expect(errors).toBeUndefined();
  return { statements, stories: data.articles?.edges.length ?? 1 };
}
const nothing = (): void => {};
const silent = { logQueryError: nothing, logQuerySlow: nothing, logSchemaBuild: nothing, logMigration: nothing, log: nothing };

let alone: TestGateway;
let everywhere: TestGateway;
beforeAll(async () => {
  alone = await filled(['tt']);
  const codes: { code: string }[] = await alone.dataSource.query(
    `select code from edition where is_primary and code not in ('tt', 'crh') order by code limit 28`,
  );
  everywhere = await filled(['tt', ...codes.map(({ code }) => code)]);
}, 120_000);
afterAll(async () => {
  await alone.close();
  await everywhere.close();
});

describe('the same number of statements for one story and for many, in one edition and in 29', () => {
  test.each(budget.filter(([name]) => lists.has(name)))(
    '%s',
    async (_name, document, variables, most) => {
      for (const gateway of [alone, everywhere]) {
        for (const first of [1, 20, 100]) {
          const { statements, stories } = await statementsOf(gateway, document, { ...variables, first });
          expect(stories).toBe(first);
          expect([first, statements.length]).toEqual([first, most]);
        }
      }
    },
    60_000,
  );

  test.each(budget.filter(([name]) => !lists.has(name)))('%s', async (_name, document, variables, most) => {
    for (const gateway of [alone, everywhere]) {
      const { statements } = await statementsOf(gateway, document, variables);
      // At most: what waits for a body joins another wave of loaders or is one of its own, as the answers come in.
      expect(statements.length).toBeLessThanOrEqual(most);
    }
  });
});

test('a page of a list stays within the eight statements that speed.md allows', () => {
  for (const [name, , , most] of budget.filter(([each]) => lists.has(each))) expect([name, most <= 8]).toEqual([name, true]);
});

test('a story by its slug, served by a fallback, stays within them too', async () => {
  const [article] = operationsOver([], [{ of: 'tt', slug: 'story-1' }]).filter(({ name }) => name === 'Q2');
  const { statements } = await statementsOf(everywhere, article!.query, article!.variants[0]!);
  expect(statements.length).toBe(8);
});

test('every operation we show has its row in the table', () => {
  const shown = readdirSync('schema/operations').map((file) => file.replace('.graphql', ''));
  // What partners read of their own endpoints shows no story.
  expect(shown.filter((name) => name !== 'webhooks' && !budget.some(([each]) => each === name))).toEqual([]);
});

test('pictures cost the same however many texts show one', async () => {
  const document = withBodies.replace('id byline', 'id image { alt creditLine rendition { url } } byline');
  for (const gateway of [alone, everywhere]) {
    // Four statements more: pictures, their files, their words, and who took them.
    for (const first of [1, 40]) expect((await statementsOf(gateway, document, { first })).statements).toHaveLength(12);
  }
});

// Who it is, what it may have (two), and in at most four waves the facts of texts (two each): what a list holds, then what else its texts lead to.
const mostForPartners = 11;

test('a partner’s key costs no more than that, however many stories and editions it may have', async () => {
  for (const gateway of [alone, everywhere]) {
    const operator = await operatorOf(gateway);
    await operator.savePartner({ code: 'outlet', name: 'An Outlet', expectedVersion: 0 });
    await operator.saveEntitlement({ partner: 'outlet', expectedVersion: 0, terms: {} });
    const { headers } = await keyFor(gateway.dataSource, { partnerCode: 'outlet' });
    for (const [name, document, variables, most] of budget) {
      for (const first of lists.has(name) ? [1, 20, 100] : [1]) {
        const { statements, stories } = await statementsOf(gateway, document, { ...variables, first }, headers);
        expect([name, stories]).toEqual([name, first]);
        expect([name, first, statements.length <= most + mostForPartners, statements.length]).toEqual([
          name,
          first,
          true,
          statements.length,
        ]);
      }
    }
  }
}, 120_000);
