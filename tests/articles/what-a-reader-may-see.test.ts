import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { slugOf } from '../../src/articles/slug.js';
import { articleUuid } from '../../src/ingest/ids.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { makeStory, paragraph, urnOf, write } from '../support/make-story.js';

// The instant at which everything that waits for it comes out.
const instant = new Date('2026-12-01T06:00:00.000Z');
const justBefore = new Date(instant.getTime() - 1);
const muchLater = new Date('2027-06-01T00:00:00.000Z');

const wholeStory = `
  __typename
  ... on Article {
    id kind urgency publishedAt homeEdition { code } original { id headline body { blocks { ... on RelatedBlock { translations { id } } } html markdown text } } topics { code }
    translations { id headline related { id headline } }
    alternates { hreflang url }
    served(edition: "ru", policy: ANY) {
      resolution { reason served { code } tried }
      translation { id headline byline image { alt } related { id } body { blocks { __typename ... on RelatedBlock { translations { id headline url } } } html markdown text } }
      tombstone { id } notices { code }
    }
    strict: served(edition: "uk") { resolution { reason tried } translation { id } tombstone { id kind text(edition: "en") note(edition: "en") } }
    tatar: served(edition: "tt", policy: CHAIN) { resolution { reason tried } translation { id } tombstone { id kind } }
  }
  ... on Tombstone { id scope retraction: kind retractedAt text(edition: "en") note(edition: "en") }
  ... on Translation { id headline edition { code } url }`;

/** The last part of a version's address. */
function slugIn({ id, translations }: ReturnType<typeof makeStory>, edition: string): string {
  const { slug, revisions } = translations.find((each) => each.edition === edition)!;
  return slug ?? slugOf(revisions[0]!.headline, articleUuid(id));
}

/** Everything there is to ask about some stories and the lists that would hold them; the same for everybody who asks. */
async function everythingAbout(gateway: TestGateway, stories: readonly ReturnType<typeof makeStory>[]): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  const ask = async (name: string, query: string, variables: Record<string, unknown>): Promise<void> => {
    const { data, errors } = await gateway.ask(query, variables, { 'x-request-id': 'the-same-request' });
    expect(errors).toBeUndefined();
    answers.set(name, JSON.stringify(data));
  };
  const ids = stories.flatMap((story) => [urnOf(story), ...story.translations.map(({ edition }) => urnOf(story, edition))]);
  for (const id of ids) {
    await ask(`article ${id}`, `query($id: ID!) { article(id: $id) { ${wholeStory.replace(/\.\.\. on Translation.*/u, '')} } }`, { id });
    await ask(`node ${id}`, `query($id: ID!) { node(id: $id) { ${wholeStory} } }`, { id });
  }
  await ask('nodes', 'query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', { ids });
  for (const story of stories) {
    for (const { edition, formerSlugs } of story.translations) {
      for (const each of [slugIn(story, edition), ...formerSlugs]) {
        await ask(
          `slug ${edition} ${each}`,
          'query($edition: EditionCode!, $slug: String!) { articleBySlug(edition: $edition, slug: $slug) { __typename ... on Article { id } } }',
          { edition, slug: each },
        );
        const url = `http://gateway.test/read/${edition}/${each}`;
        await ask(`url ${url}`, 'query($url: URL!) { articleByUrl(url: $url) { __typename ... on Article { id } } }', { url });
        const { statusCode, body, headers } = await gateway.get(url, { 'x-request-id': 'the-same-request' });
        answers.set(`page ${url}`, JSON.stringify([statusCode, body, headers['location']]));
      }
    }
  }
  const list = `query($edition: EditionCode, $policy: LocalePolicy!, $filter: ArticleFilter, $orderBy: ArticleOrder!) {
    articles(edition: $edition, policy: $policy, filter: $filter, orderBy: $orderBy, first: 40) {
      totalCount pageInfo { hasNextPage endCursor }
      edges { cursor node { id translations { id } alternates { url } } served { resolution { reason served { code } } translation { id related { id } } tombstone { id } } }
    }
  }`;
  for (const edition of ['en', 'uk', 'tt', null]) {
    for (const policy of ['STRICT', 'LOOKUP', 'CHAIN', 'ANY'])
      await ask(`list ${edition} ${policy}`, list, { edition, policy, orderBy: 'PUBLISHED_DESC' });
  }
  const filters = [
    ...['quetzal', 'кетцаль', 'hidden', '-nothing'].map((search) => ({ search })),
    ...[
      { topics: ['media'] },
      { kind: ['OPINION'] },
      { urgency: [9] },
      { place: 'kazan' },
      { people: ['joe-biden'] },
      { agencies: ['afp'] },
    ],
    ...[
      { missingIn: ['uk'] },
      { translatedInto: ['ru'] },
      { translatedInto: ['uk'] },
      { updatedSince: '2026-11-30T00:00:00Z' },
      { publishedFrom: '2026-01-01T00:00:00Z' },
    ],
  ];
  for (const filter of filters) {
    for (const edition of ['ru', null])
      await ask(`list ${edition} ${JSON.stringify(filter)}`, list, { edition, policy: 'ANY', filter, orderBy: 'UPDATED_ASC' });
  }
  return answers;
}

const hiddenWords = { headline: 'The hidden quetzal', blocks: [paragraph('A quetzal, hidden.')] };
const hiddenParts = {
  topics: ['media'],
  people: ['joe-biden'],
  places: ['kazan'],
  agencies: ['afp'],
  kind: 'OPINION' as const,
  urgency: 9,
  image: 'saiga',
  editions: { en: hiddenWords, ru: { headline: 'Скрытый кетцаль' }, tt: {} },
};
const killed = { kind: 'KILL' as const, at: '2026-11-20T00:00:00Z', note: { en: 'Killed before anybody saw it.' } };

// Everybody has read this one; it recommends the hidden stories, and a hidden one took over the slug it once had.
const seen = makeStory({
  id: 'seen',
  related: ['draft', 'scheduled', 'embargoed', 'killed-draft', 'killed-under-embargo'],
  editions: {
    en: {
      slug: 'seen',
      formerSlugs: ['seen-before'],
      blocks: [
        paragraph('Seen.'),
        { key: 'more', type: 'related', articles: ['draft', 'scheduled', 'embargoed', 'killed-draft', 'killed-under-embargo'] },
      ],
    },
    kk: {},
  },
});
const waiting = [
  makeStory({ ...hiddenParts, id: 'scheduled', publishedAt: instant.toISOString() }),
  makeStory({ ...hiddenParts, id: 'embargoed', embargoUntil: instant.toISOString() }),
];
const never = [
  makeStory({
    ...hiddenParts,
    id: 'draft',
    publishedAt: null,
    editions: { ...hiddenParts.editions, en: { ...hiddenWords, slug: 'seen-before' } },
  }),
  makeStory({ ...hiddenParts, id: 'killed-draft', publishedAt: null, retracted: killed }),
  makeStory({ ...hiddenParts, id: 'killed-under-embargo', embargoUntil: '2026-11-25T00:00:00Z', retracted: killed }),
  makeStory({ ...hiddenParts, id: 'killed-before-its-day', publishedAt: '2026-11-25T00:00:00Z', retracted: killed }),
];
/** The story everybody has read, with versions nobody may. */
const seenWithDrafts = makeStory({
  ...seen,
  editions: {
    en: { slug: 'seen', blocks: seen.translations[0]?.revisions[0]?.blocks ?? [] },
    ru: { headline: 'Скрытый кетцаль', publishedAt: instant.toISOString() },
    uk: { headline: 'Прихований кетцаль', publishedAt: null, formerSlugs: ['seen-in-uk'] },
    tt: { publishedAt: null, retracted: killed },
    be: { publishedAt: '2026-11-25T00:00:00Z', retracted: killed },
  },
});

describe('what waits or was never published', () => {
  let gateway: TestGateway;
  const asked = [seen, ...waiting, ...never, seenWithDrafts];
  const without = new Map<Date, Map<string, string>>();
  beforeAll(async () => {
    gateway = await openGateway();
    await write(gateway, [seen]);
    for (const time of [testNow, justBefore, instant]) {
      gateway.at(time);
      without.set(time, await everythingAbout(gateway, asked));
    }
    await write(gateway, [...waiting, ...never, seenWithDrafts]);
  }, 120_000);
  afterAll(() => gateway.close());

  test.each([
    ['today', testNow],
    ['one millisecond before the embargo ends', justBefore],
  ])(
    'leaves every answer as it was, byte for byte: %s',
    async (_name, time) => {
      gateway.at(time);
      expect(await everythingAbout(gateway, asked)).toEqual(without.get(time));
    },
    60_000,
  );

  test('at its instant an embargo or a schedule lifts on every path at once, and only for what waited for it', async () => {
    gateway.at(instant);
    const [before, after] = [without.get(instant) ?? new Map<string, string>(), await everythingAbout(gateway, asked)];
    const changed = [...after].flatMap(([name, answer]) => (answer === before.get(name) ? [] : [name]));
    const named = (prefix: string): string[] => changed.filter((name) => name.startsWith(prefix));
    const ids = waiting.flatMap((story) => [urnOf(story), ...['en', 'ru', 'tt'].map((edition) => urnOf(story, edition))]);
    const russian = urnOf(seenWithDrafts, 'ru');
    const whole = [urnOf(seen), urnOf(seen, 'en'), urnOf(seen, 'kk')];
    expect(named('article').sort()).toEqual([...ids, russian, ...whole].map((id) => `article ${id}`).sort());
    expect(named('node urn').sort()).toEqual([...ids, russian, urnOf(seen)].map((id) => `node ${id}`).sort());
    expect(
      JSON.parse(after.get('nodes') ?? '')
        .nodes.map((node: { id: string } | null) => node?.id)
        .filter(Boolean)
        .sort(),
    ).toEqual(
      [...new Set([...ids, russian, ...whole])].sort().flatMap((id) => (whole.includes(id) && id !== urnOf(seen, 'kk') ? [id, id] : [id])),
    );
    const slugs = [
      ...waiting.flatMap((story) => ['en', 'ru', 'tt'].map((edition) => [edition, slugIn(story, edition)])),
      ['ru', slugIn(seenWithDrafts, 'ru')],
    ];
    expect(named('slug').sort()).toEqual(slugs.map(([edition, slug]) => `slug ${edition} ${slug}`).sort());
    const pages = slugs.map(([edition, slug]) => `http://gateway.test/read/${edition}/${slug}`);
    expect(named('url').sort()).toEqual(pages.map((url) => `url ${url}`).sort());
    // The pages of the story everybody has read link to the others now.
    const linking = ['http://gateway.test/read/en/seen', `http://gateway.test/read/kk/${slugIn(seen, 'kk')}`];
    expect(named('page').sort()).toEqual([...pages, ...linking].map((url) => `page ${url}`).sort());
    expect(named('list en STRICT')).toHaveLength(1);
    expect(after.get('list en STRICT')).toContain(urnOf(waiting[0] as never, 'en'));
    // The embargoed and the scheduled one are recommended now, the others never.
    const { article } = JSON.parse(after.get(`article ${urnOf(seen)}`) ?? '');
    const recommended = waiting.map((story) => urnOf(story, 'en'));
    expect(article.translations[0].related.map(({ id }: { id: string }) => id)).toEqual(recommended);
    const { blocks, html, markdown, text } = article.original.body;
    expect(blocks[1].translations.map(({ id }: { id: string }) => id)).toEqual(recommended);
    for (const form of [html, markdown, text]) expect(form.split('hidden-quetzal')).toHaveLength(1 + recommended.length);
  }, 60_000);

  test('what was killed before anybody saw it leaves no tombstone, even when its day has come', async () => {
    gateway.at(muchLater);
    const ids = never.flatMap((story) => [urnOf(story), urnOf(story, 'en')]);
    const { data } = await gateway.ask('query($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: [...ids, urnOf(seen, 'uk'), urnOf(seen, 'tt'), urnOf(seen, 'be')],
    });
    expect(data.nodes.filter(Boolean)).toEqual([]);
  });
});

describe('a version that comes to its end', () => {
  let gateway: TestGateway;
  const words = { ru: { headline: 'Скрытый кетцаль', slug: 'on-loan', formerSlugs: ['on-loan-before'] } };
  const bare = makeStory({ ...hiddenParts, id: 'on-loan', editions: { en: { slug: 'on-loan' }, tt: {} } });
  const whole = makeStory({ ...hiddenParts, id: 'on-loan', editions: { en: { slug: 'on-loan' }, tt: {}, ...words } });
  const without = new Map<Date, Map<string, string>>();
  beforeAll(async () => {
    gateway = await openGateway();
    await write(gateway, [bare]);
    for (const time of [justBefore, instant]) {
      gateway.at(time);
      without.set(time, await everythingAbout(gateway, [whole]));
    }
    await write(gateway, [whole]);
    await gateway.dataSource.query(`update translation set expires_at = $1 where edition_code = 'ru' and slug = 'on-loan'`, [instant]);
  }, 120_000);
  afterAll(() => gateway.close());

  test('is served to its last millisecond, on every path', async () => {
    gateway.at(justBefore);
    const [before, now] = [without.get(justBefore)!, await everythingAbout(gateway, [whole])];
    const changed = [...now].flatMap(([name, answer]) => (answer === before.get(name) ? [] : [name]));
    for (const path of ['article', 'node', 'slug ru on-loan', 'url', 'page', 'list null ANY', 'list ru {"search":"кетцаль"}'])
      expect([path, changed.some((name) => name.startsWith(path))]).toEqual([path, true]);
  });

  test('and then leaves every answer as if it had never been, byte for byte, and no tombstone', async () => {
    gateway.at(instant);
    expect(await everythingAbout(gateway, [whole])).toEqual(without.get(instant));
  }, 60_000);

  test('takes no other version with it, not even where it was the original', async () => {
    await gateway.dataSource.query(`update translation set expires_at = $1 where edition_code = 'en' and slug = 'on-loan'`, [instant]);
    const asked = `query($id: ID!) { article(id: $id) { ... on Article { original { id } translations { edition { code } }
      home: served { resolution { reason } } served(edition: "tt") { resolution { reason } } } } }`;
    gateway.at(instant);
    const { data } = await gateway.ask(asked, { id: urnOf(whole) });
    expect(data.article).toEqual({
      original: null,
      translations: [{ edition: { code: 'tt' } }],
      home: { resolution: { reason: 'NONE' } },
      served: { resolution: { reason: 'EXACT' } },
    });
  });

  test('leaves no tombstone behind where it ended before anybody could see it', async () => {
    // Its end is known before it is taken back.
    const node = async (id: string, end: string): Promise<unknown> => {
      const story = (ru: object) =>
        makeStory({
          ...{ ...hiddenParts, id, embargoUntil: '2026-11-25T00:00:00Z' },
          editions: { en: {}, ru: { headline: 'Скрытый кетцаль', ...ru }, tt: {} },
        });
      await write(gateway, [story({})]);
      await gateway.dataSource.query(`update translation set expires_at = $1 where edition_code = 'ru' and article_uuid = $2`, [
        new Date(end),
        articleUuid(id),
      ]);
      const retracted = story({ retracted: { ...killed, at: '2026-11-26T00:00:00Z' } });
      await write(gateway, [retracted]);
      return (await gateway.ask('query($id: ID!) { node(id: $id) { __typename } }', { id: urnOf(retracted, 'ru') })).data.node;
    };
    gateway.at(instant);
    expect(await node('too-late', '2026-11-24T00:00:00Z')).toBeNull();
    expect(await node('in-time', '2026-11-25T12:00:00Z')).toEqual({ __typename: 'Tombstone' });
  });
});

describe('what was retracted', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await openGateway();
  });
  afterAll(() => gateway.close());

  const caspian = makeStory({
    id: 'sample-caspian-level',
    publishedAt: '2026-10-22T07:22:00Z',
    editions: { en: { slug: 'caspian-moving-shores' } },
  });
  const matenadaran = makeStory({ id: 'sample-matenadaran', publishedAt: '2026-10-26T06:48:00Z' });
  const withdrawn = {
    __typename: 'Tombstone',
    id: urnOf(caspian),
    scope: 'STORY',
    kind: 'WITHDRAW',
    retractedAt: '2026-10-24T16:05:00.000Z',
    text: 'The editors have withdrawn this story.',
    inTatar: 'Редакция бу язманы кире алды.',
    note: 'Meridian has withdrawn this sample story because it was published before the desk had finished checking it.',
    inRussian: '«Меридиан» отозвал этот материал-образец: он вышел до того, как редакция закончила его проверку.',
    noteInTatar: null,
  };
  const tombstone = `__typename ... on Tombstone {
    id scope kind retractedAt text(edition: "en") inTatar: text(edition: "tt") note(edition: "en") inRussian: note(edition: "ru") noteInTatar: note(edition: "tt")
  }`;

  test('a retracted story is a tombstone with its text and note, by whatever name it is asked for', async () => {
    const { data, errors } = await gateway.ask(
      `query($id: ID!, $ru: ID!) {
        byId: article(id: $id) { ${tombstone} } byTranslation: article(id: $ru) { ${tombstone} }
        node(id: $id) { ${tombstone} } nodes(ids: [$ru]) { ${tombstone} }
        bySlug: articleBySlug(edition: "en", slug: "caspian-moving-shores") { ${tombstone} }
        byUrl: articleByUrl(url: "https://en.meridian.example/a/caspian-moving-shores.html") { ${tombstone} }
      }`,
      { id: urnOf(caspian), ru: urnOf(caspian, 'ru') },
    );
    expect(errors).toBeUndefined();
    for (const found of [data.byId, data.byTranslation, data.node, data.nodes[0], data.bySlug, data.byUrl])
      expect(found).toEqual(withdrawn);
  });

  test('nothing lists, recommends or finds a retracted story, and its headline and text are nowhere', async () => {
    const { data } = await gateway.ask(`{
      all: articles(first: 100, policy: ANY) { totalCount edges { node { id translations { headline related { headline } } } } }
      azerbaijani: articles(first: 100, edition: "az") { totalCount edges { node { id } } }
      found: articles(filter: { search: "Caspian" }) { totalCount }
      gallery: articleBySlug(edition: "en", slug: "aral-sea-retreat-and-dam") { ... on Article { original { headline related { headline } } } }
    }`);
    expect(JSON.stringify(data)).not.toMatch(/Caspian|Каспий|Xəzər/u);
    expect(JSON.stringify(data)).not.toContain(articleUuid('sample-caspian-level'));
    expect(data.all.totalCount).toBe(13);
    expect(data.azerbaijani.totalCount).toBe(2);
    expect(data.found.totalCount).toBe(0);
    // The desk recommends the saiga and the Caspian beside the gallery.
    expect(data.gallery.original).toEqual({
      headline: 'The Aral Sea: A Retreat and a Dam',
      related: [{ headline: 'The Saiga’s Return: How a Steppe Antelope Came Back' }],
    });
  });

  test('the page of a retracted story says so and nothing else, with 410 Gone', async () => {
    const { statusCode, body } = await gateway.get('/read/en/caspian-moving-shores');
    expect(statusCode).toBe(410);
    expect(body).toContain('Meridian has withdrawn this sample story');
    expect(body).not.toContain('A Sea That Moves');
  });

  const withheld = {
    __typename: 'Tombstone',
    id: urnOf(matenadaran, 'tt'),
    scope: 'TRANSLATION',
    kind: 'WITHHOLD',
    retractedAt: '2026-10-28T09:14:00.000Z',
  };

  test('a retracted version is its own tombstone; the story and its other versions stand', async () => {
    const { data, errors } = await gateway.ask(
      `query($id: ID!, $tt: ID!, $slug: String!) {
        article(id: $id) { ... on Article { translations { edition { code } } alternates { hreflang } original { related { id } } } }
        byTranslation: article(id: $tt) { ${tombstone} } node(id: $tt) { ${tombstone} } bySlug: articleBySlug(edition: "tt", slug: $slug) { ${tombstone} }
        tatar: articles(edition: "tt", first: 100) { edges { node { id } } }
        found: articles(edition: "tt", filter: { search: "кулъязмалар" }) { totalCount }
        missing: articles(filter: { missingIn: ["tt"], topics: ["culture"], kind: FEATURE }) { edges { node { id } } }
      }`,
      {
        id: urnOf(matenadaran),
        tt: urnOf(matenadaran, 'tt'),
        slug: slugOf('Матенадаран: кулъязмалар яшәгән йорт', articleUuid('sample-matenadaran')),
      },
    );
    expect(errors).toBeUndefined();
    expect(data.article.translations.map(({ edition }: { edition: { code: string } }) => edition.code)).toEqual(['en', 'hy', 'ru']);
    expect(data.article.alternates.map(({ hreflang }: { hreflang: string }) => hreflang)).toEqual(['en', 'hy', 'ru']);
    for (const found of [data.byTranslation, data.node, data.bySlug]) expect(found).toMatchObject(withheld);
    expect(data.node.note).toBe(
      'The Tatar version of this sample story has been withheld: it was published before it had been edited. The other versions stand.',
    );
    expect(data.node.noteInTatar).toMatch(/^Бу үрнәк язманың татарча юрамасы/u);
    expect(JSON.stringify(data.tatar)).not.toContain(urnOf(matenadaran));
    expect(data.found.totalCount).toBe(0);
    expect(JSON.stringify(data.missing)).toContain(urnOf(matenadaran));
  });

  test.each([
    ['STRICT', 'NONE', null, urnOf(matenadaran, 'tt')],
    ['LOOKUP', 'NONE', null, urnOf(matenadaran, 'tt')],
    ['CHAIN', 'FALLBACK', 'ru', null],
    ['ANY', 'FALLBACK', 'ru', null],
  ])('asked for under %s, a retracted version is a tombstone only where nothing else is served', async (policy, reason, served, id) => {
    const { data } = await gateway.ask(
      `query($id: ID!, $policy: LocalePolicy!) { article(id: $id) { ... on Article { served(edition: "tt", policy: $policy) {
        resolution { reason } translation { edition { code } } tombstone { id }
      } } } }`,
      { id: urnOf(matenadaran), policy },
    );
    expect(data.article.served).toEqual({
      resolution: { reason },
      translation: served && { edition: { code: served } },
      tombstone: id && { id },
    });
  });

  test('an edition that never had the story has neither text nor tombstone', async () => {
    const { data } = await gateway.ask(
      'query($id: ID!) { article(id: $id) { ... on Article { served(edition: "kk") { translation { id } tombstone { id } } } } }',
      { id: urnOf(matenadaran) },
    );
    expect(data.article.served).toEqual({ translation: null, tombstone: null });
  });

  const lighthouses = `{ articles(edition: "en", filter: { search: "lighthouse" }) { edges { served { translation {
    image { alt } wordCount body { blocks { __typename } html markdown text }
  } } } } }`;

  test('a retracted picture leaves the story whole and itself in no form of it, from the instant of its retraction', async () => {
    gateway.at(new Date('2026-11-10T08:59:59.999Z'));
    const { data: shown } = await gateway.ask(lighthouses);
    gateway.at(new Date('2026-11-10T09:00:00.000Z'));
    const { data: hidden } = await gateway.ask(lighthouses);
    gateway.at(testNow);
    const [before, after] = [shown, hidden].map((data) => data.articles.edges[0].served.translation);
    expect([before.image.alt, after.image]).toEqual(['A red-and-white lighthouse and a small house on a rocky coast at dusk.', null]);
    const kinds = (body: { blocks: { __typename: string }[] }): string[] => body.blocks.map((each) => each.__typename);
    expect(kinds(before.body).filter((each) => each === 'ImageBlock')).toHaveLength(1);
    expect(kinds(after.body)).toEqual(kinds(before.body).filter((each) => each !== 'ImageBlock'));
    expect(after.body.html).toBe(before.body.html.replace(/<figure><img [^>]*>.*?<\/figure>\n/u, ''));
    expect(after.body.markdown).toBe(before.body.markdown.replace(/!\[[\s\S]*?\n\n[^\n]*\n\n[^\n]*\n\n/u, ''));
    expect(after.body.text).toBe(before.body.text.replace('The lamp is lit as the sun goes down.\n\n', ''));
    expect(JSON.stringify(after)).not.toMatch(/red-and-white|The lamp is lit|lighthouse-16x9|Kowalska|<img|!\[/u);
    expect(after.wordCount).toBe(before.wordCount);
  });
});

describe('a version that was never out', () => {
  test('leaves no tombstone, whether it or its story was retracted; one that was out does', async () => {
    const gateway = await openGateway();
    const editions = {
      en: { slug: 'out' },
      ru: { slug: 'out' },
      uk: { slug: 'draft', publishedAt: null },
      be: { slug: 'later', publishedAt: '2026-11-25T00:00:00Z' },
      tt: { slug: 'killed-draft', publishedAt: null, retracted: killed },
      kk: { slug: 'killed-too', retracted: { ...killed, at: '2026-11-10T00:00:00Z' } },
    };
    const given = [
      makeStory({ id: 'killed-story', retracted: killed, editions }),
      makeStory({
        id: 'standing',
        editions: Object.fromEntries(Object.entries(editions).map(([code, each]) => [code, { ...each, slug: `${each.slug}-2` }])),
      }),
    ];
    await write(gateway, given);
    for (const time of [testNow, muchLater]) {
      gateway.at(time);
      const node = async (story: (typeof given)[number], edition: string): Promise<string | null> => {
        const { data } = await gateway.ask(
          `query($id: ID!) { node(id: $id) { __typename id } article(id: $id) { ... on Tombstone { id } ... on Article { id } } }`,
          { id: urnOf(story, edition) },
        );
        if (data.node?.__typename !== 'Translation') expect(data.article?.id).toBe(data.node?.id);
        return data.node && `${data.node.__typename} ${data.node.id === urnOf(story) ? 'of the story' : data.node.id.split('.').at(-1)}`;
      };
      const [whole, alone] = given as [(typeof given)[number], (typeof given)[number]];
      for (const edition of ['en', 'ru', 'kk']) expect(await node(whole, edition)).toBe('Tombstone of the story');
      for (const edition of ['uk', 'be', 'tt', 'hy']) expect(await node(whole, edition)).toBeNull();
      for (const edition of ['uk', 'tt', 'hy']) expect(await node(alone, edition)).toBeNull();
      expect(await node(alone, 'kk')).toBe('Tombstone kk');
      expect(await node(alone, 'be')).toBe(time === muchLater ? 'Translation be' : null);
    }
    await gateway.close();
  });
});

describe('an edition that has closed', () => {
  test('is served no more, while stories it was the home of keep their original', async () => {
    const gateway = await openGateway();
    const ask = async () =>
      gateway.ask(`{ articles(first: 40, policy: ANY) { totalCount edges {
        node { id homeEdition { code } original { id } translations { edition { code } } served { translation { id } } }
        served { translation { edition { code } } }
      } } }`);
    const before = (await ask()).data.articles;
    // With the last of its tag: one that is left would need another primary edition.
    const closed = ['ka', 'ru', 'ru-regions'];
    await gateway.dataSource.query('update edition set active = false where code = any($1)', [closed]);
    const { data, errors } = await ask();
    expect(errors).toBeUndefined();
    expect(data.articles.totalCount).toBe(before.totalCount);
    for (const [index, { node, served }] of data.articles.edges.entries()) {
      const kept = before.edges[index].node.translations.filter(
        ({ edition }: { edition: { code: string } }) => edition.code === node.homeEdition.code || !closed.includes(edition.code),
      );
      expect(node).toEqual({ ...before.edges[index].node, translations: kept });
      expect(served.translation.edition.code).toBe(node.homeEdition.code);
    }
    for (const edition of closed) {
      for (const asked of [
        'articles(edition: $edition) { totalCount }',
        'articles(filter: { translatedInto: [$edition] }) { totalCount }',
        'articles(filter: { missingIn: ["tt", $edition] }) { totalCount }',
        'articles(first: 1) { edges { node { served(edition: $edition) { resolution { reason } } } } }',
      ]) {
        const refused = await gateway.ask(`query($edition: EditionCode!) { ${asked} }`, { edition });
        const error = refused.errors?.[0];
        expect([error?.extensions.code, error?.message]).toEqual(['EDITION_CLOSED', `The edition with the code ${edition} is closed.`]);
      }
      const listed = await gateway.ask(
        'query($edition: EditionCode!) { edition(code: $edition) { active } topics { name(edition: $edition) { text } } }',
        { edition },
      );
      expect([listed.errors, listed.data.edition]).toEqual([undefined, { active: false }]);
    }
    const fallback = await gateway.ask(
      '{ articles(edition: "tt", policy: CHAIN, first: 40) { edges { served { resolution { served { code } } } } } }',
    );
    expect(JSON.stringify(fallback.data)).not.toContain('"ru"');
    await gateway.close();
  });
});
