import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openBrowser, type WatchedPage, watchedPage } from '../support/browser.js';
import { ask, build, type Running, serve, temporaryFolder } from '../support/program.js';

let server: Running;
let browser: Browser;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let pictures: string;

beforeAll(async () => {
  build();
  folder = await temporaryFolder();
  server = await serve({ DATA_DIR: folder.path });
  browser = await openBrowser();
  pictures = process.env['SCREENSHOTS'] ?? (await mkdtemp(join(tmpdir(), 'dragoman-pages-')));
  await mkdir(pictures, { recursive: true });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await folder?.remove();
  process.stderr.write(`The pages as they looked: ${pictures}\n`);
});

const open = async (width = 800): Promise<WatchedPage> =>
  watchedPage(await browser.newContext({ viewport: { width, height: 900 } }), server.url);
const shoot = ({ page }: WatchedPage, name: string) => page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });

interface Look {
  lang: string;
  dir: string;
  /** Where text begins, as laid out. */
  start: string;
  h1: string;
  wider: boolean;
  broken: string[];
  unsaid: string[];
}
/** How a page of a story looks to its reader. */
const look = ({ page }: WatchedPage): Promise<Look> =>
  page.evaluate<Look>(`(() => {
    const { lang, dir, scrollWidth, clientWidth } = document.documentElement;
    const h1 = document.querySelector('h1');
    return {
      lang, dir, h1: h1.textContent, start: getComputedStyle(h1).direction,
      wider: scrollWidth > clientWidth,
      broken: [...document.images].filter((image) => !image.complete || image.naturalWidth === 0).map(({ src }) => src),
      unsaid: [...document.images].filter(({ alt }) => alt === '').map(({ src }) => src),
    };
  })()`);

describe.each([
  ['ru', 'ru', 'ltr'],
  ['fa', 'fa', 'rtl'],
  ['tt', 'tt', 'ltr'],
])('every sample story of %s', (edition, lang, dir) => {
  test.each([
    ['on a desk', 1000],
    ['on a telephone', 360],
  ])('%s is whole, in its language and direction, and asks nobody else for anything', async (where, width) => {
    const { data } = await ask(
      server.url,
      `{ articles(edition: "${edition}", first: 30) { edges { served { translation { headline slug body { html } } } } } }`,
    );
    const texts: { headline: string; slug: string; body: { html: string } }[] = data['articles'].edges.map(
      ({ served }: { served: { translation: object } }) => served.translation,
    );
    expect(texts.length).toBeGreaterThan(2);
    const watched = await open(width);
    for (const { headline, slug } of texts) {
      const answer = await watched.page.goto(`${server.url}/read/${edition}/${encodeURIComponent(slug)}`, { waitUntil: 'load' });
      expect([slug, answer?.status(), await watched.happened()]).toEqual([slug, 200, []]);
      expect(await look(watched)).toEqual({ lang, dir, start: dir, h1: headline, wider: false, broken: [], unsaid: [] });
    }
    const longest = texts.toSorted((a, b) => b.body.html.length - a.body.html.length)[0]!;
    await watched.page.goto(`${server.url}/read/${edition}/${encodeURIComponent(longest.slug)}`, { waitUntil: 'load' });
    await shoot(watched, `${edition} ${where}`);
  });
});

test('the explorer opens, asks its first query, and reaches nothing but the gateway', async () => {
  const watched = await open(1280);
  await watched.page.goto(`${server.url}/explorer/`, { waitUntil: 'networkidle' });
  await watched.page.locator('.graphiql-editors').waitFor();
  expect(await watched.happened()).toEqual([]);
  await watched.page.locator('.graphiql-execute-button').click();
  await watched.page.locator('.graphiql-response').getByText('"data"').first().waitFor();
  expect(await watched.happened()).toEqual([]);
  await shoot(watched, 'explorer');
});

test.each([
  ['light', 900],
  ['dark', 900],
  ['light', 360],
] as const)('the partner guide is whole, %s and %i wide, and runs nothing', async (colorScheme, width) => {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  const watched = await watchedPage(context, server.url);
  const answer = await watched.page.goto(`${server.url}/partners`, { waitUntil: 'load' });
  expect([answer?.status(), await watched.happened()]).toEqual([200, []]);
  expect(await look(watched)).toMatchObject({ lang: 'en', h1: 'Partner guide', wider: false });
  const [text, page] = await watched.page.evaluate<[string, string]>(
    `[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]`,
  );
  expect([text, page]).toEqual(
    colorScheme === 'light' ? ['rgb(27, 27, 27)', 'rgb(255, 255, 255)'] : ['rgb(232, 228, 220)', 'rgb(22, 24, 27)'],
  );
  await shoot(watched, `partner guide ${colorScheme} ${width}`);
  await context.close();
});

test('a page that is not there says so without an error of its own', async () => {
  const watched = await open();
  const answer = await watched.page.goto(`${server.url}/read/ru/no-such-story`);
  expect(answer?.status()).toBe(404);
  expect((await watched.happened()).filter((what) => !/console .*404/u.test(what))).toEqual([]);
});
