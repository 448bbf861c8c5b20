import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Role } from '../../src/desks/role.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';

let gateway: TestGateway;
let en: Desk;
let ru: Desk;
let article: string;
let minutes = 0;

/** Time goes on by a minute with each step. */
const later = (): void => gateway.at(new Date(testNow.getTime() + ++minutes * 60_000));
const texts = [
  ['The bridge', [para('a', 'It opens on Monday.'), para('b', 'Trains will cross it.')]],
  ['The bridge', [para('a', 'It opens on Tuesday morning.'), para('b', 'Trains will cross it.')]],
  ['The new bridge', [para('b', 'Trains will cross it.'), para('a', 'It opens on Tuesday morning.'), picture('saiga')]],
  ['The new bridge', [para('b', 'Trains will cross it.'), para('a', 'It opens on Tuesday morning.'), picture('aral-sea')]],
] as const;

function para(key: string, text: string) {
  return { key, type: 'paragraph', spans: [{ text }] };
}
function picture(image: string) {
  return { key: 'pic', type: 'image', image };
}

beforeAll(async () => {
  gateway = await openGateway();
  en = await deskOf(gateway, 'Anna', { en: Role.EDITOR });
  ru = await deskOf(gateway, 'Boris', { ru: Role.EDITOR });
  for (const [index, [headline, blocks]] of texts.entries()) {
    later();
    const text = { headline, blocks };
    if (index === 0) {
      const made = await en.createArticle({ edition: 'en', authors: ['anna-marsh'], text });
      article = made.draft.articleId;
      await en.publishDraft({ article, edition: 'en', expectedVersion: 1 });
      later();
      const { draft } = await ru.translate({ article, edition: 'ru' });
      const saved = await ru.saveDraft({ article, edition: 'ru', expectedVersion: draft.version, text: { headline: 'Мост', blocks } });
      await ru.publishDraft({ article, edition: 'ru', expectedVersion: saved.draft.version });
    } else if (index === 1)
      await en.correct({ article, edition: 'en', expectedRevision: 1, text, meaning: { note: 'Not on Monday.', changeNote: 'The day.' } });
    else await en.editMinor({ article, edition: 'en', expectedRevision: index, text });
  }
  later();
});
afterAll(() => gateway.close());

const pages = `query($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { node(id: $id) { ... on Translation {
  revisions(first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { ... on Revision { number } } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
} } }`;
const page = async (variables: object) => {
  const { data, errors } = await en.ask(pages, { id: `${article}.en`, ...variables });
  if (errors) return errors[0].extensions.code;
  const { edges, pageInfo } = data.node.revisions;
  return { numbers: edges.map(({ node }: { node: { number: number } }) => node.number), ...pageInfo, edges };
};

describe('the history of a text', () => {
  test('tells all of each revision, newest first, its body as it can be sent again', async () => {
    const { data, errors } = await en.ask(
      `query($id: ID!) { article(id: $id) { ... on Article { translations { edition { code } revisions { edges { node { ... on Revision {
        number significance origin tool reviewer author changeNote note publishedAt contentHash wordCount headline dek body basis { edition { code } revision }
      } } } } } } } }`,
      { id: article },
    );
    expect(errors).toBeUndefined();
    const [english, russian] = data.article.translations.map(({ revisions }: { revisions: { edges: { node: object }[] } }) =>
      revisions.edges.map(({ node }) => node),
    );
    expect(
      english.map(({ number, headline, body }: { number: number; headline: string; body: object }) => [number, headline, body]),
    ).toEqual([...texts].map(([headline, body], index) => [index + 1, headline, body]).reverse());
    expect(english[2]).toMatchObject({
      ...{ significance: 'CORRECTION', origin: 'HUMAN', tool: null, reviewer: null, author: 'Anna', changeNote: 'The day.' },
      ...{ note: 'Not on Monday.', wordCount: 9, dek: null, basis: [], contentHash: expect.stringMatching(/^[0-9a-f]{64}$/u) },
    });
    expect(russian).toMatchObject([{ number: 1, author: 'Boris', basis: [{ edition: { code: 'en' }, revision: 1 }] }]);
  });

  test('is read page by page, both ways', async () => {
    const first = await page({ first: 3 });
    expect(first).toMatchObject({ numbers: [4, 3, 2], hasNextPage: true, hasPreviousPage: false });
    const second = await page({ first: 3, after: first.endCursor });
    expect(second).toMatchObject({ numbers: [1], hasNextPage: false, hasPreviousPage: true });
    const back = await page({ last: 2, before: second.startCursor });
    expect(back).toMatchObject({ numbers: [3, 2], hasNextPage: true, hasPreviousPage: true });
    expect(await page({ last: 9 })).toMatchObject({ numbers: [4, 3, 2, 1], hasNextPage: false, hasPreviousPage: false });
    expect(await page({ first: 101 })).toBe('PAGE_SIZE');
    const nonsense = ['x', '', Buffer.from('["revisions",null]').toString('base64url'), `${first.endCursor}=`];
    for (const after of nonsense) expect(await page({ after })).toBe('INVALID_CURSOR');
    // Another text's.
    expect(await page({ id: `${article}.ru`, after: first.endCursor })).toBe('INVALID_CURSOR');
  });

  test.each([
    ['somebody without a key', null, false],
    ['a key without a role', {}, false],
    ['a TRANSLATOR of another edition', { roles: { tt: Role.TRANSLATOR } }, true],
    ['an operator', { operator: true as const }, true],
  ])('%s', async (_who, key, allowed) => {
    const headers = key ? (await keyFor(gateway.dataSource, { name: 'x', roles: {}, ...key })).headers : {};
    const fields = ['revisions { edges { node { __typename } } }', 'revisionDiff(from: 1, to: 2) { wordsChanged }'];
    for (const field of fields) {
      const { data, errors } = await gateway.ask(
        `query($id: ID!) { node(id: $id) { ... on Translation { id ${field} } } }`,
        { id: `${article}.en` },
        headers,
      );
      expect(errors?.[0]?.extensions.code).toBe(allowed ? undefined : 'FORBIDDEN');
      expect(data.node.id).toBe(`${article}.en`);
    }
    for (const field of ['changedBlocks', 'changedWords']) {
      const { data, errors } = await gateway.ask(
        `query($id: ID!) { node(id: $id) { ... on Translation { missed { revision ${field} } } } }`,
        { id: `${article}.ru` },
        headers,
      );
      expect(errors?.[0]?.extensions.code).toBe(allowed ? undefined : 'FORBIDDEN');
      expect(data.node.missed.map(({ revision }: { revision: number }) => revision)).toEqual([2, 3, 4]);
    }
  });
});

describe('what changed', () => {
  const diff = async (from: number, to: number) =>
    (
      await en.ask(
        `query($id: ID!, $from: Int!, $to: Int!) { node(id: $id) { ... on Translation { revisionDiff(from: $from, to: $to) {
          wordsChanged headline { wordsInserted runs { kind text } } dek { wordsChanged }
          blocks { key change moved wordsChanged runs { kind text } before after }
        } } } }`,
        { id: `${article}.en`, from, to },
      )
    ).data.node.revisionDiff;

  test('is told by block and, inside a block, by word; a picture by its block', async () => {
    const [, second, third, fourth] = texts.map(([, blocks]) => blocks);
    expect(await diff(1, 2)).toMatchObject({
      ...{ wordsChanged: 2, dek: null, headline: { wordsInserted: 0, runs: [{ kind: 'EQUAL', text: 'The bridge' }] } },
      blocks: [
        {
          ...{ key: 'a', change: 'CHANGED', moved: false, wordsChanged: 2, after: second![0] },
          runs: [
            { kind: 'EQUAL', text: 'It opens on ' },
            { kind: 'DELETED', text: 'Monday' },
            { kind: 'INSERTED', text: 'Tuesday morning' },
            { kind: 'EQUAL', text: '.' },
          ],
        },
        { key: 'b', change: 'SAME' },
      ],
    });
    expect((await diff(2, 3)).blocks).toMatchObject([
      { key: 'b', change: 'MOVED', moved: true },
      { key: 'a', change: 'SAME' },
      { key: 'pic', change: 'ADDED', before: null, after: third![2], runs: [] },
    ]);
    expect((await diff(3, 4)).blocks[2]).toMatchObject({ key: 'pic', change: 'CHANGED', before: third![2], after: fourth![2] });
    // The other way round it is what goes back.
    expect((await diff(4, 1)).blocks.map(({ key, change }: { key: string; change: string }) => `${key} ${change}`)).toEqual([
      ...['a CHANGED', 'pic REMOVED', 'b SAME'],
    ]);
    expect((await diff(2, 2)).wordsChanged).toBe(0);
  });

  test.each([0, 5, -1, 2_000_000_000])('to a revision %p that there is not, is refused', async (to) => {
    const { data, errors } = await ru.ask(
      'query($id: ID!, $to: Int!) { node(id: $id) { ... on Translation { revisionDiff(from: 1, to: $to) { wordsChanged } } } }',
      {
        ...{ id: `${article}.en`, to },
      },
    );
    expect([data.node.revisionDiff, errors[0].extensions.code]).toEqual([null, 'REVISION_UNKNOWN']);
    expect(errors[0].message).toBe(`This text has no published revision ${to}.`);
  });

  test('of its sources, a translation is told by each revision that it misses', async () => {
    const { data } = await ru.ask(
      'query($id: ID!) { node(id: $id) { ... on Translation { missed { revision changedBlocks changedWords } } } }',
      {
        id: `${article}.ru`,
      },
    );
    expect(data.node.missed).toEqual([
      { revision: 2, changedBlocks: ['a'], changedWords: 2 },
      { revision: 3, changedBlocks: ['b', 'pic'], changedWords: 1 },
      { revision: 4, changedBlocks: ['pic'], changedWords: 0 },
    ]);
  });
});

/** How many statements an operation runs. */
async function statementsOf(document: string): Promise<number> {
  const statements: string[] = [];
  const { logger } = gateway.dataSource;
  const nothing = (): void => {};
  const silent = { logQueryError: nothing, logQuerySlow: nothing, logSchemaBuild: nothing, logMigration: nothing, log: nothing };
  gateway.dataSource.logger = { ...silent, logQuery: (sql) => statements.push(sql) };
  const { errors } = await en.ask(document);
  gateway.dataSource.logger = logger;
  expect(errors).toBeUndefined();
  return statements.length;
}

test('costs as many statements for all translations of many stories as for those of one', async () => {
  const asked = (fields: string, first: number) =>
    statementsOf(`{ articles(first: ${first}, policy: ANY) { edges { node { translations { edition { code } ${fields} } } } } }`);
  const plain = 'missed { revision }';
  const whole =
    'revisions(first: 2) { edges { node { ... on Revision { number body } } } } missed { changedBlocks changedWords } revisionDiff(from: 1, to: 1) { wordsChanged }';
  const [one, several] = [await asked(plain, 1), await asked(plain, 2)];
  expect(several).toBe(one);
  // The page of the history, its bodies, the two texts compared, and what was missed.
  expect([await asked(whole, 1), await asked(whole, 2)]).toEqual([one + 4, one + 4]);
});

test('of two long texts that share nothing, is found without holding everybody up', async () => {
  // As much as a request may hold, in a writing where each character is a word.
  const body = (from: number) =>
    Array.from({ length: 500 }, (_, index) =>
      para(`k${index}`, Array.from({ length: 650 }, (__, place) => String.fromCharCode(from + ((index + place) % 5000))).join('')),
    );
  const { headers } = await keyFor(gateway.dataSource, { name: 'Long', roles: { en: Role.EDITOR } });
  const uuid = article.split(':').at(-1)!;
  for (const [number, from] of [
    [5, 0x4e00],
    [6, 0x7000],
  ] as const)
    await gateway.dataSource.query(
      `insert into revision (article_uuid, edition_code, number, significance, origin, headline, dek, body, word_count, note, published_at, content_hash)
       values ($1, 'en', $2, 'UPDATE', 'HUMAN', 'Long', null, $3, 0, null, $4, '')`,
      [uuid, number, JSON.stringify(body(from)), testNow],
    );
  await gateway.dataSource.query(`update translation set revision = 6 where article_uuid = $1 and edition_code = 'en'`, [uuid]);
  const start = process.cpuUsage();
  const { data, errors } = await gateway.ask(
    'query($id: ID!) { node(id: $id) { ... on Translation { revisionDiff(from: 5, to: 6) { wordsChanged blocks { runs { kind } } } } } }',
    { id: `${article}.en` },
    headers,
  );
  const { user, system } = process.cpuUsage(start);
  expect(errors).toBeUndefined();
  expect(data.node.revisionDiff.wordsChanged).toBe(500 * 650);
  expect(data.node.revisionDiff.blocks[0].runs).toEqual([{ kind: 'DELETED' }, { kind: 'INSERTED' }]);
  expect((user + system) / 1000).toBeLessThan(2_000);
});
