import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inPackage } from '../../src/lib/root.js';
import { build, type Running, run, serve, temporaryFolder } from '../support/program.js';
import { blanked, type Read, readers } from '../support/read-feed.js';

const fixtures = process.env.DRAGOMAN_FIXTURES ?? inPackage('..', 'shared', 'data');

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let env: Record<string, string>;
let gateway: Running;
let operator: string;
let partner: string;

const keyOf = async (...args: string[]): Promise<string> => (await run(['keys', 'create', ...args], env)).stdout.trim();

// biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of what it asked for
async function ask(key: string, query: string, variables: object = {}): Promise<any> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
}

/** As a feed reader asks: the key as the password of HTTP Basic. */
const pull = (url: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(new URL(url, gateway.url), {
    headers: { authorization: `Basic ${Buffer.from(`harbour-post:${partner}`).toString('base64')}`, ...headers },
  });

const nextOf = (response: Response): string => /<([^>]+)>; rel="next"/u.exec(response.headers.get('link') ?? '')![1]!;

/** Follows a feed from a place in the log until it has told of so many texts and there is no more, waiting for what is not numbered yet. */
async function walk(from: string, least: number): Promise<{ told: Read; next: string; written: string }> {
  const told: Read = { items: [], gone: [] };
  let written = '';
  for (let next = from; ; ) {
    const isWaiting = told.items.length + told.gone.length < least;
    const page = await pull(isWaiting ? `${next}&wait=15` : next);
    expect(page.status).toBe(200);
    const document = await page.text();
    const { items, gone } = readers['atom']!(document);
    written += document;
    told.items.push(...items);
    told.gone.push(...gone);
    next = nextOf(page);
    if (items.length + gone.length === 0) return { told, next, written };
  }
}

interface Held {
  version: number;
  /** As `code@version`. */
  notices: string[];
}

/** What an outlet holds that has pulled all of the Russian edition in one page. */
async function holdings(): Promise<Map<string, Held>> {
  const { items } = (await (await pull('/feeds/ru.json?for=harbour-post&after=start&limit=5000')).json()) as {
    items: { id: string; _dragoman: { retracted: unknown; revision: number; notices: { code: string; version: number }[] } }[];
  };
  const standing = items.filter(({ _dragoman: { retracted } }) => retracted === null);
  return new Map(
    standing.map(({ id, _dragoman: { revision, notices } }) => [
      id,
      { version: revision, notices: notices.map(({ code, version }) => `${code}@${version}`) },
    ]),
  );
}

/** How what an outlet holds of the Russian edition differs from what it may have: ids by class. */
async function reconciled(held: ReadonlyMap<string, Held>): Promise<Record<string, string[]>> {
  const response = await fetch(`${gateway.url}/partner/reconcile?edition=ru&since=2020-01-01`, {
    method: 'POST',
    headers: { authorization: `Bearer ${partner}`, 'content-type': 'application/json' },
    body: JSON.stringify([...held].map(([id, parts]) => ({ id, ...parts }))),
  });
  expect(response.status).toBe(200);
  const answer = (await response.json()) as Record<string, { id: string }[]>;
  const classes = ['missing', 'outdated', 'retracted', 'noticeChanged', 'notEntitled', 'unknown'];
  return Object.fromEntries(classes.map((each) => [each, answer[each]!.map(({ id }) => id)]));
}

/** A samples' gateway with the real stories, an outlet for {ru, tt} in full without photos, and its key. */
beforeAll(async () => {
  const stories = join(fixtures, 'stories', 'ntrex-29.jsonl');
  if (!existsSync(stories)) throw new Error(`there is nothing at ${stories}: set DRAGOMAN_FIXTURES`);
  build();
  folder = await temporaryFolder();
  env = { DATA_DIR: join(folder.path, 'data'), PUBLISHER_DOMAIN: 'meridian.example' };
  gateway = await serve(env);
  const imported = await run(['import', stories, '--published-at', '2026-11-22T06:00:00Z', '--step', '15m', '--wire-from-origin'], env);
  expect(imported.code).toBe(0);
  operator = await keyOf('--name', 'Night shift', '--operator');
  await ask(operator, 'mutation { savePartner(input: { code: "harbour-post", name: "Harbour Post", expectedVersion: 0 }) { __typename } }');
  await ask(
    operator,
    `mutation { saveEntitlement(input: { partner: "harbour-post", expectedVersion: 0, terms: { editions: ["ru", "tt"], level: FULL, images: false } }) { __typename } }`,
  );
  partner = await keyOf('--name', 'Harbour Post, feeds', '--partner', 'harbour-post');
}, 600_000);
afterAll(async () => {
  await gateway?.stop();
  await folder?.remove();
});

test('an outlet for ru and tt, in full and without photos, pulls, is told what was taken back, and comes back after an outage', async () => {
  // All that was imported is numbered.
  const all = await walk('/feeds/ru.atom?for=harbour-post&after=start&limit=5000', 62);
  expect(all.told.items.length).toBeGreaterThanOrEqual(62);
  const held = await holdings();
  const first = await pull('/feeds/ru.atom?for=harbour-post');
  const atom = await first.text();
  expect([first.status, first.headers.get('cache-control')]).toEqual([200, 'private, no-cache']);
  const file = join(folder.path, 'ru.atom');
  writeFileSync(file, atom);
  const { error, stdout } = spawnSync('jing', ['-c', join(fixtures, 'schemas', 'atom', 'atom.rnc'), file], { encoding: 'utf8' });
  expect([error, stdout]).toEqual([undefined, '']);

  const { items } = readers['atom']!(atom);
  expect(items).toHaveLength(50);
  for (const item of items) {
    expect(item.mustCarry!.length).toBeGreaterThan(0);
    for (const text of item.mustCarry!) expect(text).toMatch(/\p{Script=Cyrillic}/u);
  }
  expect(/По материалам: /u.test(atom)).toBe(true);
  // Not the whole document: a failure would print it.
  expect(/&lt;img|rel="enclosure"/u.exec(atom + all.written)?.[0]).toBeUndefined();
  expect(/<dragoman:omitted part="IMAGE"[^>]* reason="IMAGES_NOT_INCLUDED"/u.test(all.written)).toBe(true);
  const languages = [...atom.matchAll(/hreflang="([^"]+)"/gu)].map(([, tag]) => tag);
  expect([...new Set(languages)].sort()).toEqual(['ru', 'tt']);
  expect(readers['json']!(await (await pull('/feeds/fa.json')).text()).items).toEqual([]);

  // A desk in the meantime: one story is killed, one corrected, one comes out anew.
  const afterFirst = nextOf(first);
  const [killed, corrected] = items;
  const chief = await keyOf('--name', 'Russian desk', '--role', 'ru=CHIEF', '--role', 'en=CHIEF', '--role', 'tt=CHIEF');
  const storyOf = (id: string): string => id.replace(/\.[^.]+$/u, '');
  await ask(
    chief,
    `mutation($id: ID!) { retract(input: { article: $id, edition: "ru", kind: KILL, notes: [{ lang: "ru", text: "Снято." }] }) { __typename ... on Problem { code } } }`,
    { id: storyOf(killed!.id) },
  ).then(({ retract }) => expect(retract.__typename).toBe('Retracted'));
  await ask(
    chief,
    `mutation($id: ID!, $revision: Int!) { correct(input: { article: $id, edition: "ru", expectedRevision: $revision, meaning: { note: "Уточнение." }, text: { headline: "Заголовок уточнён", html: "<p>Текст уточнён.</p>" } }) { __typename ... on Problem { code message } } }`,
    { id: storyOf(corrected!.id), revision: corrected!.revision },
  ).then(({ correct }) => expect(correct.__typename).toBe('Published'));

  const second = await (await pull('/feeds/ru.atom?for=harbour-post')).text();
  expect(readers['atom']!(second).gone.map(({ id }) => id)).toContain(killed!.id);
  expect(second).not.toContain(killed!.headline);
  expect((await pull(`/items/${killed!.id}.ninjs`)).status).toBe(410);

  // What the log tells behind the first page is the difference and nothing else.
  const { told, next } = await walk(afterFirst, 2);
  expect(told.gone.map(({ id }) => id)).toEqual([killed!.id]);
  expect(told.items.map(({ id, revision, headline }) => [id, revision, headline])).toEqual([
    [corrected!.id, corrected!.revision + 1, 'Заголовок уточнён'],
  ]);
  // What it held before the outage differs from what it may have by the same two texts, and what it has pulled since by nothing.
  expect(await reconciled(held)).toEqual({
    ...{ missing: [], noticeChanged: [], notEntitled: [], unknown: [] },
    ...{ outdated: [corrected!.id], retracted: [killed!.id] },
  });
  expect(await reconciled(await holdings())).toEqual({
    missing: [],
    outdated: [],
    retracted: [],
    noticeChanged: [],
    notEntitled: [],
    unknown: [],
  });
  const end = await pull(next);
  expect(readers['atom']!(await end.text())).toEqual({ items: [], gone: [] });
  expect(blanked(end.headers.get('link')!)).toContain('?for=harbour-post&after=CURSOR>; rel="next"');
}, 600_000);
