import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { formats } from '../../src/feeds/formats.js';
import { openGateway, type TestGateway } from '../support/gateway.js';
import { blanked, type Carried, readers, readPage, wordsOf } from '../support/read-feed.js';

let gateway: TestGateway;
/** Until when some of the texts may be shown. */
const end = '2027-02-03T04:05:06.000Z';
beforeAll(async () => {
  gateway = await openGateway();
  await gateway.dataSource.query(
    `update translation t set expires_at = $1 from article a where a.uuid = t.article_uuid and a.foreign_id in ('sample-tatar-alphabets', 'sample-saiga')`,
    [end],
  );
});
afterAll(() => gateway.close());

/** Left to right and right to left; with agencies, pictures, corrections; with a story, and with an edition of one, taken back. */
const editions = ['ru', 'fa', 'tt', 'en', 'uk', 'prs'];
const inFeeds = formats.filter(({ feed }) => feed).map(({ extension }) => extension);
const ofItems = formats.filter(({ item }) => item).map(({ extension }) => extension);

const query = `query($edition: EditionCode!) { articles(edition: $edition, first: 50) { edges { served { translation {
  id revision lang direction publishedAt updatedAt expiresAt headline dek url byline creditLine kicker credits { name } edition { publisherName }
  body { text } image { creditLine rendition { url } }
} notices(territory: "UNKNOWN", channel: FEED) { text mustCarry } } } } }`;

// biome-ignore lint/suspicious/noExplicitAny: the shape of the query above
async function servedIn(edition: string): Promise<any[]> {
  const { data } = await gateway.ask(query, { edition });
  return data.articles.edges.map(({ served }: { served: unknown }) => served);
}

/** Holds what a format carries of a text against what GraphQL answers of it. */
// biome-ignore lint/suspicious/noExplicitAny: the shape of the query above
function compare(carried: Carried, { translation, notices }: any): void {
  const { id, revision, lang, direction, publishedAt, updatedAt, expiresAt, headline, url, byline, creditLine, kicker, credits, body } =
    translation;
  const { html, rights, mustCarry, ...same } = carried;
  expect(same).toEqual({
    ...{ id, revision, lang, direction: direction.toLowerCase(), headline, url },
    ...{ published: new Date(publishedAt).toISOString(), updated: new Date(updatedAt).toISOString() },
    ...{ credits: expect.anything(), expires: expiresAt, usageTerms: null, territories: carried.territories && [] },
  });
  // Atom must name an author: the publisher where nobody is.
  const named = carried.credits.filter((name) => name !== translation.edition.publisherName);
  expect(named.sort()).toEqual(credits.map(({ name }: { name: string }) => name).sort());
  expect(rights).toBe(`© ${publishedAt.slice(0, 4)} ${translation.edition.publisherName}`);
  const musts = notices.filter((each: { mustCarry: boolean }) => each.mustCarry).map(({ text }: { text: string }) => text);
  if (mustCarry !== null) expect(mustCarry).toEqual(musts);
  const words = wordsOf(html);
  for (const { text } of notices) expect(words).toContain(text);
  for (const line of [byline, creditLine, kicker]) if (line !== null) expect(words).toContain(line);
  expect(html).toMatch(new RegExp(`^<div lang="[^"]+" dir="${direction.toLowerCase()}">`, 'u'));
  for (const part of body.text.split(/\n+/u).filter((each: string) => !/^\p{P}|\t|: http|^\d+\./u.test(each)))
    expect(words).toContain(part);
}

describe.each(inFeeds)('.%s', (extension) => {
  test.each(editions)('of %s holds what the list of that edition holds, and each text is what GraphQL says it is', async (edition) => {
    const response = await gateway.get(`/feeds/${edition}.${extension}`);
    expect(response.statusCode).toBe(200);
    const [{ items }, served] = [readers[extension]!(response.body), await servedIn(edition)];
    expect(items.map(({ id }) => id)).toEqual(served.map(({ translation }) => translation.id));
    expect(items.length).toBeGreaterThan(0);
    items.forEach((item, index) => {
      compare(item, served[index]);
    });
    for (const { translation } of served)
      if (translation.image)
        for (const part of [translation.image.rendition.url, translation.image.creditLine]) expect(response.body).toContain(part);
  });

  test('tells of what was taken back in the words of its readers, and of nothing it said', async () => {
    const retracted = await gateway.dataSource.query<{ id: string; edition: string; headline: string; dek: string | null }[]>(
      `select format('urn:newsml:%s:%s:%s.%s', a.domain, a.issued_on, a.uuid, t.edition_code) id, t.edition_code edition, r.headline, r.dek
       from article a join translation t on t.article_uuid = a.uuid and t.published_at is not null
       join revision r on r.article_uuid = t.article_uuid and r.edition_code = t.edition_code
       where a.retracted_at is not null or t.retracted_at is not null`,
    );
    expect(retracted.length).toBeGreaterThan(2);
    for (const { id, edition, headline, dek } of retracted) {
      const { body } = await gateway.get(`/feeds/${edition}.${extension}`);
      const { data } = await gateway.ask(
        'query($id: ID!, $edition: EditionCode!) { article(id: $id) { ... on Tombstone { text(edition: $edition) note(edition: $edition) } } }',
        { id, edition },
      );
      const { text, note } = data.article;
      const told = readers[extension]!(body).gone.filter((each) => each.id === id);
      expect([id, ...told.map(({ words }) => words.filter(Boolean).join(' '))]).toEqual([id, note === null ? text : `${text} ${note}`]);
      for (const words of [headline, dek]) if (words !== null) expect(body).not.toContain(words);
    }
  });

  test('has its golden file', async () => {
    const { body } = await gateway.get(`/feeds/tt/culture.${extension}`);
    hold(`feed.${extension}`, blanked(body));
  });
});

function hold(name: string, body: string): void {
  const golden = `tests/golden/feeds/${name}`;
  if (process.env.UPDATE_GOLDEN) writeFileSync(golden, body);
  expect(body).toBe(readFileSync(golden, 'utf8'));
}

describe('an item alone', () => {
  const item = async (id: string, extension: string): Promise<string> => (await gateway.get(`/items/${id}.${extension}`)).body;

  test('is in .html what GraphQL says, with its credits and rights as schema.org has them', async () => {
    for (const edition of editions)
      for (const served of await servedIn(edition)) compare(readPage(await item(served.translation.id, 'html')), served);
  });

  test.each(ofItems.filter((extension) => extension !== 'html'))('is in .%s what the feed says of it', async (extension) => {
    for (const edition of ['ru', 'fa']) {
      const { body } = await gateway.get(`/feeds/${edition}.${extension}`);
      const { items } = readers[extension]!(body);
      for (const each of items) {
        const alone = await item(each.id, extension);
        const listed =
          extension === 'newsml'
            ? `<x xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>${alone.slice(alone.indexOf('\n'))}</itemSet></x>`
            : `{"items":[${alone}]}`;
        expect(readers[extension]!(listed)).toEqual({ items: [each], gone: [] });
      }
    }
  });

  test('has its golden file as a page', async () => {
    const [{ translation }] = (await servedIn('tt')).filter((each) => each.translation.image);
    hold('item.html', await item(translation.id, 'html'));
  });
});

test('every format of a feed has a reader and a golden file, and no reader is left over', () => {
  expect(Object.keys(readers).sort()).toEqual([...inFeeds].sort());
});
