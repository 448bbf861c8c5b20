import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inPackage } from '../../src/lib/root.js';
import { ask, build, type Running, run, serve } from '../support/program.js';
import { emptyDatabase } from '../support/server-database.js';

const file = join(process.env.DRAGOMAN_FIXTURES ?? inPackage('..', 'shared', 'data'), 'stories', 'ntrex-29.jsonl');

interface FixtureEdition {
  locale: string;
  source: boolean;
  headline: string;
  dek: string;
  blocks: { text: string }[];
}
interface FixtureStory {
  id: string;
  origin: string;
  editions: FixtureEdition[];
}

// What the file calls a language, where that is not the edition's code.
const codes: Record<string, string> = { 'az-Latn': 'az', 'tg-Cyrl': 'tg', 'fa-AF': 'prs', 'sr-Cyrl': 'sr-cyrl', 'sr-Latn': 'sr-latn' };
const codeOf = (locale: string): string => codes[locale] ?? locale;

/** What is kept of a character string: the characters that XML 1.0 names (production 2, Char), composed as NFC has them. */
const asStored = (text: string): string =>
  [...text]
    .filter((character) => {
      const code = character.codePointAt(0) ?? 0;
      if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
      return code < 0xd800 || (code >= 0xe000 && code <= 0xfffd) || code >= 0x10000;
    })
    .join('')
    .normalize('NFC');

interface Served {
  edition: { code: string };
  headline: string;
  dek: string;
  body: { blocks: { spans: { text: string }[] }[] };
}

let database: Awaited<ReturnType<typeof emptyDatabase>>;
let server: Running;
let stories: FixtureStory[];

beforeAll(async () => {
  if (!existsSync(file)) throw new Error(`the real stories are not at ${file}: set DRAGOMAN_FIXTURES`);
  stories = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as FixtureStory);
  build();
}, 60_000);

const options = ['--published-at', '2026-10-01T06:00:00Z', '--step', '15m', '--wire-from-origin'];
const open = async (args: string[]): Promise<{ stdout: string; stderr: string }> => {
  database = await emptyDatabase();
  const env = { DATABASE_URL: database.url };
  await run(['migrate'], env);
  await run(['seed', 'editions'], env);
  const imported = await run(['import', file, ...options, ...args], env);
  server = await serve(env);
  return imported;
};
const close = async (): Promise<void> => {
  await server.stop();
  await database.drop();
};

describe('all of them', () => {
  let imported: { stdout: string; stderr: string };
  beforeAll(async () => {
    imported = await open([]);
  }, 180_000);
  afterAll(close);

  test('the import reports 1,736 translations and 62 refused Turkish ones', () => {
    expect(imported.stdout).toBe('Imported 62 stories with 1736 translations; 0 translations were there already; 62 refused.\n');
    expect(imported.stderr.match(/^line \d+: tr: no edition has this language$/gmu)).toHaveLength(62);
  });

  // Of the file's stories in its order; four of them hold a text that is not in NFC, and all five the joiners of Persian.
  const compared = [0, 20, 30, 33, 34];

  test('every story has 28 editions, and five of them are the file’s text byte for byte', async () => {
    const list = await ask(
      server.url,
      '{ articles(first: 62, orderBy: PUBLISHED_ASC) { edges { node { id translations { edition { code } } } } } }',
    );
    const nodes = (list.data.articles.edges as { node: { id: string; translations: Served[] } }[]).map(({ node }) => node);
    expect(nodes.map(({ translations }) => translations.length)).toEqual(Array(62).fill(28));
    const shown: string[] = [];
    const differs: number[] = [];
    for (const index of compared) {
      const { data } = await ask(
        server.url,
        `{ article(id: "${nodes[index]?.id}") { ... on Article { translations {
          edition { code } headline dek body { blocks { ... on ParagraphBlock { spans { text } } } } } } } }`,
      );
      const translations = data.article.translations as Served[];
      const given = (stories[index] as FixtureStory).editions.filter((edition) => edition.locale !== 'tr');
      expect(translations.map((each) => each.edition.code)).toEqual(given.map((each) => codeOf(each.locale)).sort());
      for (const edition of given) {
        const served = translations.find((each) => each.edition.code === codeOf(edition.locale));
        const texts = [
          served?.headline,
          served?.dek,
          ...(served?.body.blocks ?? []).map((block) => block.spans.map((span) => span.text).join('')),
        ];
        const written = [edition.headline, edition.dek, ...edition.blocks.map((block) => block.text)];
        expect(texts).toEqual(written.map(asStored));
        shown.push(...texts.map(String));
        if (texts.join() !== written.join() && !differs.includes(index)) differs.push(index);
      }
    }
    expect(shown.filter((text) => text.includes('\u200C')).length).toBeGreaterThan(20);
    expect(shown.filter((text) => /[\u200E\u200F\u202A-\u202E\u2066-\u2069]/u.test(text)).length).toBeGreaterThan(20);
    expect(differs).toEqual([20, 30, 33, 34]);
  });

  test('the outlet of the source text is credited in each edition’s words', async () => {
    const { data } = await ask(
      server.url,
      '{ articles(edition: "ru", first: 1, orderBy: PUBLISHED_ASC) { edges { served { translation { creditLine } } } } }',
    );
    expect(data.articles.edges[0].served.translation.creditLine).toBe(`По материалам: ${stories[0]?.origin}`);
  });
});

describe('with gaps: --keep 0.6 --seed 7', () => {
  beforeAll(async () => {
    await open(['--keep', '0.6', '--seed', '7']);
  }, 180_000);
  afterAll(close);

  const page = async (args: string): Promise<string[]> => {
    const ids: string[] = [];
    for (let after = ''; ; ) {
      const { data } = await ask(
        server.url,
        `{ articles(${args} first: 9 ${after}) { edges { node { id } } pageInfo { hasNextPage endCursor } } }`,
      );
      ids.push(...(data.articles.edges as { node: { id: string } }[]).map(({ node }) => node.id));
      const { hasNextPage, endCursor } = data.articles.pageInfo as { hasNextPage: boolean; endCursor: string };
      if (!hasNextPage) return ids;
      after = `after: "${endCursor}"`;
    }
  };
  const withEdition = async (codes: string[]): Promise<string[]> => {
    const { data } = await ask(server.url, '{ articles(first: 100) { edges { node { id translations { edition { code } } } } } }');
    const edges = data.articles.edges as { node: { id: string; translations: Served[] } }[];
    return edges.filter(({ node }) => node.translations.some((each) => codes.includes(each.edition.code))).map(({ node }) => node.id);
  };

  test('the Tatar list is exactly what has Tatar text, its chain adds what Russian supplies, missingIn is the rest, and crh has none', async () => {
    const everything = await page('');
    const tatar = await page('edition: "tt"');
    expect(everything).toHaveLength(62);
    expect(tatar).toEqual(await withEdition(['tt']));
    expect(tatar.length).toBeGreaterThan(20);
    expect(tatar.length).toBeLessThan(55);
    const chain = await page('edition: "tt", policy: CHAIN');
    expect(chain).toEqual(await withEdition(['tt', 'ru']));
    expect(chain.length).toBeGreaterThan(tatar.length);
    expect((await page('filter: { missingIn: ["tt"] }')).sort()).toEqual(everything.filter((id) => !tatar.includes(id)).sort());
    expect(await page('edition: "crh"')).toEqual([]);
  }, 60_000);

  test('the same seed drops the same editions again', async () => {
    const again = await run(['import', file, ...options, '--keep', '0.6', '--seed', '7'], { DATABASE_URL: database.url });
    expect(again.stdout).toMatch(/^Imported 0 stories with 0 translations; \d+ translations were there already; 62 refused\.\n$/u);
  }, 120_000);
});
