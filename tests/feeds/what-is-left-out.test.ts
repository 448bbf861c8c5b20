import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { publicCaller } from '../../src/desks/role.js';
import type { FeedContext } from '../../src/feeds/feed-context.js';
import { formats } from '../../src/feeds/formats.js';
import { type Entry, type FeedHead, type Item, isGone } from '../../src/feeds/item.js';
import { readNewest } from '../../src/feeds/read-newest.js';
import { articleUuid } from '../../src/ingest/ids.js';
import { inPackage } from '../../src/lib/root.js';
import { loadWording, type Wording } from '../../src/lib/wording.js';
import { type Access, publicAccess } from '../../src/rights/access.js';
import { makeContext } from '../../src/server/context.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { testNow } from '../support/gateway.js';
import { gatewayParts } from '../support/gateway-parts.js';
import { testCursorKey, testFindCaller } from '../support/keys.js';
import { makeStory, paragraph, write } from '../support/make-story.js';
import { readers, readPage, wordsOf } from '../support/read-feed.js';

let database: TestDatabase;
let wording: Wording;
beforeAll(async () => {
  database = await openTestDatabase({ samples: true });
  wording = await loadWording(inPackage('locales'));
  const video = { key: 'v1', type: 'video' as const, url: 'https://v.example/1', title: 'A video', poster: '/media/saiga-16x9.svg' };
  const blocks = [paragraph('The text itself.'), { key: 'i1', type: 'image' as const, image: 'saiga' }, video];
  const editions = { hu: { blocks }, ru: {}, tt: {} };
  const story = makeStory({ id: 'pictured', image: 'aral-sea', editions, publishedAt: '2026-11-23T11:00:00Z' });
  story.translations[0]!.revisions[0]!.dek = 'The summary.';
  await write(database, [story]);
});
afterAll(() => database.close());

const nothing: Access = { allowed: false, level: null, images: false, territories: [], omitted: [], reason: 'NO_ENTITLEMENT' };

type AccessOf = (text: { editionCode: string }) => Access;

async function feedFor(accessOf: AccessOf): Promise<{ head: FeedHead; entries: Entry[] }> {
  const clock = (): Date => testNow;
  const { dataSource } = database;
  const gateway = {
    ...gatewayParts,
    ...{ dataSource, wording, clock },
    findCaller: testFindCaller(dataSource, { clock }),
  };
  const sayError = wording.say({ tag: 'en', formatLocale: 'en', calendar: 'gregory', numberingSystem: 'latn', timeZone: 'UTC' });
  const context: FeedContext = {
    ...makeContext(gateway, { caller: publicCaller, requestId: 'test', sayError }),
    ...{ cursorKey: testCursorKey, accessOf: async (text) => accessOf(text), renew: () => context },
  };
  const { head, batches } = await readNewest({ edition: 'hu', extension: 'atom' }, context);
  const entries: Entry[] = [];
  for await (const batch of batches) entries.push(...batch);
  return { head, entries };
}

async function writtenFor(access: Partial<Extract<Access, { allowed: true }>>): Promise<{ item: Item; documents: Map<string, string> }> {
  const { head, entries } = await feedFor(() => ({
    ...{ allowed: true, level: 'FULL', images: true, territories: [], omitted: [], reason: 'ENTITLED' },
    ...access,
  }));
  const item = entries.find((each): each is Item => !isGone(each) && each.headline === 'pictured in hu')!;
  const documents = formats.map(({ extension, feed, item: alone }): [string, string] => [
    extension,
    feed ? [...feed.write(head, [item])].join('') : alone!.write(item),
  ]);
  return { item, documents: new Map(documents) };
}

describe('who may have no pictures', () => {
  test('gets the text without any, also of videos, and is told in every format', async () => {
    const { documents } = await writtenFor({ images: false, omitted: [{ part: 'IMAGE', image: null, reason: 'IMAGES_NOT_INCLUDED' }] });
    expect(documents.size).toBe(formats.length);
    for (const [extension, document] of documents) {
      expect([extension, document.includes('The text itself.')]).toEqual([extension, true]);
      expect([extension, /(aral-sea|saiga)-\d+x\d+/u.exec(document)?.[0]]).toEqual([extension, undefined]);
      expect([extension, /IMAGE\W.*IMAGES_NOT_INCLUDED/u.test(document)]).toEqual([extension, true]);
    }
  });

  test('and who may not have one of them gets the others', async () => {
    const left = ['saiga', '/media/saiga-16x9.svg'].map((image) => ({
      part: 'IMAGE' as const,
      image,
      reason: 'REDISTRIBUTION_NONE' as const,
    }));
    const { item } = await writtenFor({ omitted: left });
    expect(item.image?.code).toBe('aral-sea');
    expect(item.body!.html).not.toContain('saiga');
    expect((await writtenFor({ omitted: left.slice(0, 1) })).item.body!.html.match(/saiga/gu)).toHaveLength(1);
  });

  test('but who may gets them in every format', async () => {
    for (const [extension, document] of (await writtenFor({})).documents) {
      expect([extension, document.includes('aral-sea-16x9'), document.includes('saiga-16x9')]).toEqual([extension, true, true]);
      expect([extension, document.includes('IMAGES_NOT_INCLUDED')]).toEqual([extension, false]);
    }
  });
});

test('who may not have an agency’s video gets the text without it, and is told in every format', async () => {
  const { documents } = await writtenFor({ omitted: [{ part: 'VIDEO', image: 'https://v.example/1', reason: 'AGENCY_EXCLUDED' }] });
  for (const [extension, document] of documents) {
    expect([extension, document.includes('The text itself.')]).toEqual([extension, true]);
    expect([extension, /A video|<video/u.exec(document)?.[0]]).toEqual([extension, undefined]);
    expect([extension, /VIDEO\W.*AGENCY_EXCLUDED/u.test(document)]).toEqual([extension, true]);
  }
  for (const [extension, document] of (await writtenFor({ images: false })).documents)
    expect([extension, document.includes('A video')]).toEqual([extension, true]);
});

test('who may have the summary gets no text, but what must be carried with it', async () => {
  const { item, documents } = await writtenFor({ level: 'SUMMARY' });
  expect(item.body).toBeNull();
  expect(item.notices.length).toBeGreaterThan(0);
  const must = item.notices.filter(({ mustCarry }) => mustCarry).map(({ text }) => text);
  for (const [extension, document] of documents) {
    expect([extension, document.includes('The text itself.')]).toEqual([extension, false]);
    const read = readers[extension] ? readers[extension](document).items[0]! : readPage(document);
    for (const text of [...must, item.dek!]) expect([extension, wordsOf(read.html).includes(text)]).toEqual([extension, true]);
  }
});

test('who may have the headline gets no summary', async () => {
  expect((await writtenFor({ level: 'HEADLINE' })).item).toMatchObject({ headline: 'pictured in hu', dek: null, body: null });
});

test('a text that a reader may not have is not in the feed', async () => {
  const { entries } = await feedFor(() => nothing);
  expect(entries.filter((each) => !isGone(each))).toEqual([]);
});

test('an item leads to the editions its reader may have, and to no other', async () => {
  const { entries } = await feedFor(({ editionCode }) => (editionCode === 'tt' ? nothing : publicAccess));
  const item = entries.find((each): each is Item => !isGone(each) && each.headline === 'pictured in hu')!;
  expect(item.alternates.map(({ edition }) => edition)).toEqual(['ru']);
});

describe('who may show it in some places only, and until an end', () => {
  const end = '2027-01-02T03:04:05.000Z';
  beforeAll(() =>
    database.dataSource.query(`update translation set expires_at = $1 where edition_code = 'hu' and article_uuid = $2`, [
      end,
      articleUuid('pictured'),
    ]),
  );

  test('is told so in every format, by codes where it has a place for them and by a sentence', async () => {
    const { documents } = await writtenFor({ territories: ['DE', 'RU-TA', 'XK'] });
    const usageTerms = 'Csak a következő országokban és régiókban közölhető: Németország, RU-TA és Koszovó.';
    const without: string[] = [];
    for (const [extension, document] of documents) {
      const read = readers[extension] ? readers[extension](document).items[0]! : readPage(document);
      expect([extension, read.usageTerms, read.expires]).toEqual([extension, usageTerms, end]);
      if (read.territories === null) without.push(extension);
      else expect([extension, read.territories]).toEqual([extension, ['DE', 'RU-TA', 'XK']]);
    }
    // ninjs allows no property of one’s own.
    expect(without).toEqual(['ninjs', 'ninjs1']);
  });
});

test('where a partner publishes decides what it must carry, each notice once', async () => {
  const codes = async (...territories: string[]): Promise<string[]> =>
    (await writtenFor({ territories })).item.notices.map(({ code }) => code);
  const everywhere = await codes();
  expect(await codes('DE')).not.toEqual(everywhere);
  expect(await codes('DE', 'DE')).toEqual(await codes('DE'));
  expect((await codes('DE', 'RU')).toSorted()).toEqual([...new Set([...(await codes('DE')), ...(await codes('RU'))])].toSorted());
});
