import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { BlockData } from '../../src/articles/body.js';
import { clean } from '../../src/lib/text.js';
import { cleanLine } from '../../src/publishing/clean-input.js';
import { broken, hostile, places } from '../publishing/hostile-html.js';
import { openBrowser, type WatchedPage, watchedPage } from '../support/browser.js';
import { build, type Running, run, serve, temporaryFolder } from '../support/program.js';

let server: Running;
let browser: Browser;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let key: string;

beforeAll(async () => {
  build();
  folder = await temporaryFolder();
  const env = { DATA_DIR: folder.path, SEED: 'editions' };
  server = await serve(env);
  const made = await run(['keys', 'create', '--name', 'Desk', '--role', 'bs=CHIEF', '--role', 'ar=CHIEF'], env);
  key = made.stdout.trim();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await folder?.remove();
});

// biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of what it asked for
async function ask(query: string, input: object): Promise<any> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const { data, errors } = (await response.json()) as { data: { result: unknown }; errors?: { message: string }[] };
  if (errors) throw new Error(errors[0]?.message);
  return data.result;
}

/** A story of an edition that readers find at the gateway, whose text is published over and over. */
async function openStory(edition: string) {
  const made = await ask(
    'mutation($input: CreateArticleInput!) { result: createArticle(input: $input) { ... on DraftText { articleId version } } }',
    { edition, text: { headline: 'A story', html: '<p>Nothing yet.</p>' } },
  );
  const article: string = made.articleId;
  let version: number = made.version;
  const save = async (text: object) => {
    const saved = await ask(
      'mutation($input: SaveDraftInput!) { result: saveDraft(input: $input) { ... on DraftText { version body } ... on Problem { code } } }',
      { article, edition, expectedVersion: version, text },
    );
    version = saved.version ?? version;
    return saved;
  };
  return {
    /** What HTML is as a draft; none for HTML that is refused. */
    async paste(html: string): Promise<BlockData[]> {
      const saved = await save({ headline: 'A story', html });
      expect(['TEXT_REFUSED', undefined]).toContain(saved.code);
      return saved.body ?? [];
    },
    /** The address and the HTML of a text that is published. */
    async publish(text: object): Promise<{ url: string; html: string }> {
      expect((await save(text)).code).toBeUndefined();
      const { translation } = await ask(
        'mutation($input: PublishDraftInput!) { result: publishDraft(input: $input) { ... on Published { translation { url body { html } } } } }',
        { article, edition, expectedVersion: version },
      );
      version = 0;
      return { url: translation.url, html: translation.body.html };
    },
  };
}

/** The address of a page with nothing but this HTML, and no policy. */
const pageOf = (html: string): string => `data:text/html;charset=utf-8,${encodeURIComponent(`<!doctype html>${html}`)}`;

const marks = (names: string): string[] => names.split(' ');
/** All that a page has around a pasted text, the picture of its about-box among it; what a text may have stands in the second list. */
const frame = marks(
  'article aside[dir] aside[lang] aside body h1 head html html[dir] html[lang] link link[href] link[hreflang] link[rel] link[type] main meta meta[charset] meta[content] meta[name] nav nav[class] p[class] img img[alt] img[height] img[lang] img[src] img[width] small style title a[dir] a[hreflang] a[lang]',
);
const text = marks(
  'a a[href] blockquote br caption em figcaption figure h2 h3 h4 li ol p span span[dir] span[lang] strong table tbody td th thead tr ul',
);

/** What is wrong with a page as the browser has it. */
async function wrong({ happened, elements, protocols }: WatchedPage, allowed: readonly string[]): Promise<string[]> {
  return [
    ...(await happened()),
    ...(await elements()).filter((each) => !allowed.includes(each)),
    ...(await protocols()).filter((each) => !['http:', 'https:', 'mailto:'].includes(each)),
  ];
}

// What JSON cannot carry never comes as far as a text.
const everywhere = [...hostile, ...broken].filter((payload) => !/[\u0000\p{Surrogate}]/u.test(payload));
/** Each payload by itself, and each in one of the places, another for each. */
const ways = [
  { edition: 'bs', htmls: everywhere },
  { edition: 'ar', htmls: everywhere.map((payload, index) => places[index % places.length]!(payload)) },
];

/** Payloads a few at a time: together no longer than a headline. */
function batches(): number[][] {
  const found: number[][] = [[]];
  let length = 0;
  for (const [index, payload] of everywhere.entries()) {
    length += payload.length + 1;
    if (length > 500) {
      found.push([]);
      length = payload.length + 1;
    }
    found.at(-1)?.push(index);
  }
  return found;
}

describe.each(ways)('a text of $edition that was pasted from hostile HTML', ({ edition, htmls }) => {
  const bodies: string[] = [];

  test('opens in a browser without anything happening, under a headline that is hostile too', async () => {
    const story = await openStory(edition);
    const watched = await watchedPage(await browser.newContext(), server.url);
    const found: string[] = [];
    for (const batch of batches()) {
      const blocks: BlockData[] = [];
      for (const index of batch) {
        const pasted = await story.paste(htmls[index]!);
        blocks.push(...pasted.map((block) => ({ ...block, key: `n${index}-${block.key}` })));
      }
      const headline = batch.map((index) => clean(everywhere[index]!)).join(' ');
      const { url, html } = await story.publish({ headline, dek: headline, blocks });
      bodies.push(html);
      // Of its own address each time: a browser may keep a page for a minute.
      const answer = await watched.page.goto(`${url}?${bodies.length}`, { waitUntil: 'load' });
      const shown = await watched.page.evaluate<{ h1: string; title: string }>(
        `({ h1: document.querySelector('h1').textContent, title: document.title })`,
      );
      const words = cleanLine(headline);
      found.push(
        ...[
          ...(await wrong(watched, [...frame, ...text])),
          ...(answer?.status() === 200 ? [] : [`status ${answer?.status()}`]),
          ...(shown.h1 === words ? [] : [`headline ${shown.h1}`]),
          ...(shown.title.startsWith(words) ? [] : [`title ${shown.title}`]),
        ].map((what) => `${html}: ${what}`),
      );
    }
    expect(found).toEqual([]);
    expect(bodies.length).toBeGreaterThan(15);
  });

  test.each(['written into a page by its script', 'as the page itself'])('does nothing without a policy either, %s', async (way) => {
    const watched = await watchedPage(await browser.newContext(), server.url);
    const { page } = watched;
    const found: string[] = [];
    await page.goto(pageOf('<title>x</title><main></main>'));
    for (const html of bodies) {
      if (way === 'as the page itself') await page.goto(pageOf(`<body>${html}`));
      else await page.evaluate(`document.querySelector('main').innerHTML = ${JSON.stringify(html)}`);
      found.push(...(await wrong(watched, [...marks('html head title body main'), ...text])).map((what) => `${html}: ${what}`));
    }
    expect(found).toEqual([]);
  });
});

test.each([
  ['a script', '<script>alert(1)</script>', ['script called alert', 'script']],
  ['a handler', '<img src=x: onerror=alert(1)>', ['script called alert', 'img', 'img[onerror]', 'img[src]']],
  ['a request', '<p><img src="https://evil.example/"></p>', [expect.stringMatching(/^request https:\/\/evil/u), 'img', 'img[src]']],
  ['a frame', '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>', ['script called alert', 'frame', 'iframe', 'iframe[srcdoc]']],
  ['an address', '<a href="java\tscript:alert(1)">x</a>', ['javascript:']],
  ['a style', '<p style="position:fixed">x</p>', ['p[style]']],
  [
    'what a policy refuses',
    '<meta http-equiv=content-security-policy content="img-src \'none\'"><img src="https://evil.example/">',
    [expect.stringMatching(/^refused img-src/u), expect.stringMatching(/^console /u)],
  ],
])('such a browser tells of %s', async (_what, html, seen) => {
  const watched = await watchedPage(await browser.newContext(), server.url);
  await watched.page.goto(pageOf(html), { waitUntil: 'load' });
  expect(await wrong(watched, [...marks('html head body'), ...text])).toEqual(expect.arrayContaining(seen));
});
