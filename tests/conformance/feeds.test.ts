import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvDraft04 from 'ajv-draft-04';
import ajvFormats from 'ajv-formats';
import fc from 'fast-check';
import FeedParser from 'feedparser';
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs';
import RssParser from 'rss-parser';
import { newsml } from '../../src/feeds/formats/newsml.js';
import { ninjs } from '../../src/feeds/formats/ninjs.js';
import { importStories } from '../../src/ingest/import-stories.js';
import { inPackage } from '../../src/lib/root.js';
import { anyItem } from '../support/any-entry.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { checkHostileFeeds } from '../support/hostile-feeds.js';
import { keyFor } from '../support/keys.js';
import { operatorOf } from '../support/partners.js';
import { readers } from '../support/read-feed.js';
import { feedOne, geoJson } from '../support/schemas-we-lack.js';

const fixtures = process.env.DRAGOMAN_FIXTURES ?? inPackage('..', 'shared', 'data');
const schemas = join(fixtures, 'schemas');
const json = (...path: string[]): object => JSON.parse(readFileSync(join(schemas, ...path), 'utf8'));

let gateway: TestGateway;
let folder: string;
let editions: string[];
let tester: { authorization: string };

/** The samples, with pictures and retractions, and after them the real stories, in all their editions. */
beforeAll(async () => {
  for (const path of [schemas, join(fixtures, 'stories')])
    if (!existsSync(path)) throw new Error(`there is nothing at ${path}: set DRAGOMAN_FIXTURES`);
  folder = mkdtempSync(join(tmpdir(), 'dragoman-feeds-'));
  gateway = await openGateway();
  const report = await importStories(gateway.dataSource, join(fixtures, 'stories', 'ntrex-29.jsonl'), {
    ...{ domain: 'meridian.example', now: testNow, dryRun: false, wireFromOrigin: true, keep: 1, seed: 0 },
    ...{ publishedAt: new Date('2026-11-22T06:00:00Z'), stepMs: 15 * 60_000 },
  });
  expect(report).toMatchObject({ stories: 62, translations: 1736 });
  const rows = await gateway.dataSource.query<{ code: string }[]>('select code from edition where active order by code');
  editions = rows.map(({ code }) => code);
  await gateway.dataSource.query(`update translation set expires_at = '2027-01-01T00:00Z' where edition_code in ('tt', 'fa')`);
  await (await operatorOf(gateway)).savePartner({ code: 'harbour', name: 'The Harbour Post', expectedVersion: 0 });
  ({ headers: tester } = await keyFor(gateway.dataSource, { partnerCode: 'harbour', test: true }));
}, 300_000);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await gateway.close();
});

/** Texts that may be shown in some places only, with whatever words; but not in names, whose lines the registry keeps whole. */
const nobody = { credits: [], topics: [], people: [], places: [], byline: null, creditLine: null };
const limited = fc
  .sample(anyItem, { numRuns: 200, seed: 1 })
  .filter(({ usageTerms, expiresAt, territories }) => usageTerms !== null && expiresAt && territories.length > 0)
  .map((item) => ({ ...item, ...nobody, rights: { holder: 'Meridian', notice: item.rights.notice } }));

/** What an edition's feed holds when twelve of the real stories are out, and when all are: together every text, and every sample. */
async function bothFeeds(edition: string, extension: string): Promise<string[]> {
  const bodies: string[] = [];
  for (const time of [new Date('2026-11-22T08:50:00Z'), testNow]) {
    gateway.at(time);
    const response = await gateway.get(`/feeds/${edition}.${extension}`);
    expect(response.statusCode).toBe(200);
    bodies.push(response.body);
  }
  return bodies;
}

async function everyFeed(extension: string): Promise<string[]> {
  const all = [];
  for (const edition of editions) all.push(...(await bothFeeds(edition, extension)));
  return [...all, ...(await sandboxFeeds(extension))];
}

/** The sandbox in all its forms, and each of its steps. */
async function sandboxFeeds(extension: string): Promise<string[]> {
  const bodies: string[] = [];
  for (const edition of ['en', 'fa', 'ru', 'tt']) {
    const urls = ['', '?after=start', '?after=now', '?archive=2026-10-03'].map((form) => `/feeds/${edition}.${extension}${form}`);
    for (let next: string | undefined = `/feeds/${edition}.${extension}?after=start&limit=1`; next; next = urls.shift()) {
      const response = await gateway.get(next, tester);
      expect([next, response.statusCode, response.headers['dragoman-sandbox']]).toEqual([next, 200, 'true']);
      bodies.push(response.body);
      const { items, gone } = readers[extension]!(response.body);
      const link = /<([^>]+&limit=1)>; rel="next"/u.exec(String(response.headers['link']))?.[1];
      if (link !== undefined && items.length + gone.length > 0) urls.unshift(link.slice('http://gateway.test'.length));
    }
  }
  return bodies;
}

test('the feeds hold all the real stories', async () => {
  const found = new Set((await everyFeed('json')).flatMap((body) => readers['json']!(body).items.map(({ id }) => id)));
  const [{ count }] = await gateway.dataSource.query<[{ count: number }]>(
    `select count(*)::int count from translation t join article a on a.uuid = t.article_uuid where a.published_at >= '2026-11-22'`,
  );
  expect([...found].filter((id) => id.includes(':20261122:'))).toHaveLength(count);
  expect(count).toBe(1736);
}, 600_000);

describe('Atom', () => {
  /** What jing says of files by the grammar of RFC 4287; null when they are valid. Throws without jing. */
  function faultsOf(files: string[]): string | null {
    const { error, status, stdout } = spawnSync('jing', ['-c', join(schemas, 'atom', 'atom.rnc'), ...files], { encoding: 'utf8' });
    if (error) throw new Error(`jing cannot be run (Debian package "jing"): ${error.message}`);
    return status === 0 ? null : stdout;
  }

  test('is valid by the grammar of RFC 4287', async () => {
    const files = (await everyFeed('atom')).map((body, index) => {
      const file = join(folder, `${index}.atom`);
      writeFileSync(file, body);
      return file;
    });
    expect(faultsOf(files)).toBeNull();
    const broken = join(folder, 'broken.atom');
    writeFileSync(broken, readFileSync(files[0]!, 'utf8').replace(/<updated>.*?<\/updated>/u, ''));
    expect(faultsOf([broken])).toContain('updated');
  }, 600_000);
});

describe('NewsML-G2', () => {
  let xsd: XsdValidator;
  beforeAll(() => {
    xmlRegisterFsInputProviders();
    const file = join(schemas, 'newsml-g2', 'NewsML-G2_2.35-spec-All-Power.xsd');
    const document = XmlDocument.fromString(readFileSync(file, 'utf8'), { url: pathToFileURL(file).href });
    xsd = XsdValidator.fromDoc(document);
    document.dispose();
  });
  afterAll(() => xsd?.dispose());

  function faultOf(text: string): string | null {
    const document = XmlDocument.fromString(text);
    try {
      xsd.validate(document);
      return null;
    } catch (error) {
      return (error as Error).message;
    } finally {
      document.dispose();
    }
  }

  test('is valid by the schema of 2.35, as a message and as items', async () => {
    const messages = await everyFeed('newsml');
    for (const body of messages) expect(faultOf(body)).toBeNull();
    for (const { id } of readers['newsml']!(messages[1]!).items) {
      expect(faultOf((await gateway.get(`/items/${id}.newsml`)).body)).toBeNull();
    }
    expect(messages.join('')).toContain('<expires>');
    expect(limited.length).toBeGreaterThan(10);
    for (const item of limited) expect(faultOf(newsml.item!.write(item))).toBeNull();
    expect(faultOf(messages[1]!.replace('qcode="stat:usable"', 'qcode="usable"'))).toMatch(/qcode/u);
    expect(faultOf(messages[1]!.replace('<urgency>', '<hurry>').replace('</urgency>', '</hurry>'))).toMatch(/hurry/u);
  }, 600_000);
});

describe('JSON', () => {
  const faultsOf = (validate: ValidateFunction, value: unknown): unknown => (validate(value) ? null : validate.errors);

  test('is ninjs by the schema of 3.1, item by item', async () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    ajvFormats.default(ajv);
    ajv.addSchema(geoJson);
    const validate = ajv.compile(json('ninjs', 'ninjs-schema_3.1.json'));
    const items = (await everyFeed('ninjs')).flatMap((body) => JSON.parse(body).items as Record<string, unknown>[]);
    expect(items.length).toBeGreaterThan(1736);
    for (const item of items) expect([item['uri'], faultsOf(validate, item)]).toEqual([item['uri'], null]);
    expect(items.some(({ expires }) => expires !== undefined)).toBe(true);
    for (const item of limited) expect(faultsOf(validate, JSON.parse(ninjs.item!.write(item)))).toBeNull();
    expect(faultsOf(validate, { ...items[0], usageTerms: null })).not.toBeNull();
    expect(faultsOf(validate, { ...items[0], _dragoman: {} })).not.toBeNull();
    expect(faultsOf(validate, { ...items[0], pubStatus: 'cancelled' })).not.toBeNull();
  }, 600_000);

  test('is JSON Feed by the schema of 1.1', async () => {
    const ajv = new ajvDraft04.default({ strict: false, allErrors: true });
    ajvFormats.default(ajv);
    ajv.addSchema(feedOne);
    const validate = ajv.compile(json('json-feed', 'jsonfeed-1.1.json'));
    const bodies = (await everyFeed('json')).map((body) => JSON.parse(body));
    for (const body of bodies) expect(faultsOf(validate, body)).toBeNull();
    expect(faultsOf(validate, { ...bodies[0], items: [{ title: 'without an id', content_text: '' }] })).not.toBeNull();
    expect(faultsOf(validate, { ...bodies[0], home_page_url: 'no address' })).not.toBeNull();
  }, 600_000);
});

describe('feed readers read the same items', () => {
  const read = ['ru', 'fa', 'tt', 'prs', 'uk'];
  const seconds = (time: string | Date | null | undefined): number => Math.floor(new Date(time ?? Number.NaN).getTime() / 1000);
  interface Seen {
    id: unknown;
    title: unknown;
    published: number;
  }
  const ours = (extension: string, body: string): Seen[] =>
    readers[extension]!(body).items.map(({ id, headline, published }) => ({ id, title: headline, published: seconds(published) }));
  const gone = (extension: string, body: string): string[] => readers[extension]!(body).gone.map(({ id }) => id);
  /** What a reader saw, without what was taken back. */
  const seen = (extension: string, body: string, items: Seen[]): Seen[] =>
    items.filter(({ id }) => !gone(extension, body).includes(String(id)));

  test('feedsmith', async () => {
    for (const edition of read) {
      for (const body of await bothFeeds(edition, 'rss'))
        expect(
          seen(
            'rss',
            body,
            parseRssFeed(body).items?.map(({ guid, title, pubDate }) => ({ id: guid?.value, title, published: seconds(pubDate) })) ?? [],
          ),
        ).toEqual(ours('rss', body));
      for (const body of await bothFeeds(edition, 'atom'))
        expect(
          parseAtomFeed(body).entries?.map(({ id, title, published }) => ({
            id,
            title: typeof title === 'string' ? title : title?.value,
            published: seconds(published),
          })),
        ).toEqual(ours('atom', body));
      for (const body of await bothFeeds(edition, 'json'))
        expect(
          seen(
            'json',
            body,
            parseJsonFeed(body).items?.map(({ id, title, date_published }) => ({ id, title, published: seconds(date_published) })) ?? [],
          ),
        ).toEqual(ours('json', body));
    }
  }, 600_000);

  test('rss-parser', async () => {
    const parser = new RssParser();
    for (const edition of read)
      for (const extension of ['rss', 'atom'])
        for (const body of await bothFeeds(edition, extension)) {
          const { items } = await parser.parseString(body);
          const found = items.map((item) => ({ id: item.guid ?? item['id'], title: item.title, published: seconds(item.pubDate) }));
          expect(seen(extension, body, found)).toEqual(ours(extension, body));
        }
  }, 600_000);

  test('feedparser', async () => {
    for (const edition of read)
      for (const extension of ['rss', 'atom'])
        for (const body of await bothFeeds(edition, extension)) {
          const found: Seen[] = [];
          for await (const item of Readable.from([body]).pipe(new FeedParser({})) as AsyncIterable<FeedParser.Item>)
            found.push({ id: item.guid, title: item.title, published: seconds(item.pubdate) });
          expect(seen(extension, body, found)).toEqual(ours(extension, body));
        }
  }, 600_000);
});

test('10,000 random Unicode documents make feeds that two parsers read alike, down to each text', () => {
  checkHostileFeeds(10_000);
}, 1_800_000);
