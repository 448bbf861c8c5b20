import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';
import { makeStory, paragraph, urnOf, write } from '../support/make-story.js';
import { type Operator, operatorOf } from '../support/partners.js';

const minutes = (count: number): Date => new Date(testNow.getTime() + count * 60_000);
const days = (count: number): Date => minutes(count * 1440);

/** Partners of five kinds, and by what they read. */
const partners: Record<string, { delaySeconds?: number; terms: object[] }> = {
  headlines: { terms: [{ level: 'HEADLINE' }] },
  summaries: { terms: [{ level: 'SUMMARY', editions: ['en', 'ru'], machine: true }] },
  'no-photos': { terms: [{ editions: ['ru', 'tt'], images: false }] },
  early: { terms: [{ early: true, topics: ['media'], machine: true }, { topics: ['history'] }] },
  delayed: { delaySeconds: 3600, terms: [{ topics: ['media'], excludedAgencies: ['reuters'] }] },
};

const pictured = [
  paragraph('The text itself.'),
  { key: 'i1', type: 'image' as const, image: 'saiga' },
  { key: 'v1', type: 'video' as const, url: 'https://v.example/1', title: 'A video', poster: '/media/saiga-16x9.svg' },
  { key: 'r1', type: 'related' as const, articles: ['secret', 'embargoed', 'public'] },
];
const [en, ru, tt] = [{}, {}, {}];
const hour = '2026-11-23T09:00:00Z';
const made = {
  public: makeStory({ id: 'public', topics: ['media'], publishedAt: hour, editions: { en, ru, tt } }),
  pictured: makeStory({
    ...{ id: 'pictured', topics: ['media', 'history'], image: 'aral-sea', publishedAt: hour, related: ['secret', 'embargoed', 'public'] },
    editions: { en: { blocks: pictured }, ru: { blocks: pictured }, tt: { blocks: pictured } },
  }),
  embargoed: makeStory({
    id: 'embargoed',
    topics: ['media'],
    publishedAt: hour,
    embargoUntil: days(1).toISOString(),
    editions: { en, tt },
  }),
  secret: makeStory({ id: 'secret', topics: ['history'], publishedAt: hour, embargoUntil: days(1).toISOString(), editions: { en, tt } }),
  forNobody: makeStory({
    ...{ id: 'for-nobody', topics: ['media'], publishedAt: hour, credits: [{ role: 'WIRE', agency: 'tass' }], editions: { en, ru, tt } },
  }),
  reuters: makeStory({
    ...{ id: 'of-reuters', topics: ['media'], publishedAt: hour, credits: [{ role: 'WIRE', agency: 'reuters' }], editions: { en, ru } },
  }),
  machine: makeStory({ id: 'by-machine', topics: ['media'], publishedAt: hour, editions: { en, ru, tt } }),
  fresh: makeStory({ id: 'fresh', topics: ['media'], publishedAt: minutes(-30).toISOString(), editions: { en, ru, tt } }),
  ended: makeStory({ id: 'ended', topics: ['media'], publishedAt: hour, editions: { en, tt } }),
  killed: makeStory({
    ...{ id: 'killed', topics: ['media'], publishedAt: hour, retracted: { kind: 'KILL', at: minutes(-10).toISOString() } },
    editions: { en, tt },
  }),
  killedSecret: makeStory({
    ...{ id: 'killed-secret', topics: ['history'], publishedAt: hour, embargoUntil: days(1).toISOString() },
    ...{ retracted: { kind: 'KILL', at: minutes(-10).toISOString() }, editions: { en, tt } },
  }),
};
for (const { revisions } of made.pictured.translations) revisions[0]!.dek = 'The summary.';
for (const { revisions, edition } of made.machine.translations) if (edition !== 'en') revisions[0]!.origin = 'MACHINE';
const editions = ['en', 'ru', 'tt'];

let gateway: TestGateway;
let operator: Operator;
const keys = new Map<string, { authorization: string }>();
/** The published texts of the three editions, by URN. */
let texts: { id: string; story: string; edition: string; slug: string }[];
beforeAll(async () => {
  gateway = await openGateway();
  operator = await operatorOf(gateway);
  await write(gateway, Object.values(made));
  const rows = (statement: string, values: unknown[] = []) => gateway.dataSource.query(statement, values);
  await rows(`update agency set redistribution = 'NONE' where code = 'tass'`);
  const ended = urnOf(made.ended).split(':').at(-1);
  await rows(`update translation set expires_at = $2 where article_uuid = $1 and edition_code = 'tt'`, [ended, minutes(-5)]);
  texts = await rows(
    `select 'urn:newsml:' || a.domain || ':' || a.issued_on || ':' || a.uuid as story, t.edition_code as edition, t.slug,
       'urn:newsml:' || a.domain || ':' || a.issued_on || ':' || a.uuid || '.' || t.edition_code as id
     from translation t join article a on a.uuid = t.article_uuid where t.published_at is not null and t.edition_code = any($1) order by 1, 2`,
    [editions],
  );
  for (const [code, { delaySeconds = 0, terms }] of Object.entries(partners)) {
    await operator.savePartner({ code, name: code, delaySeconds, expectedVersion: 0 });
    for (const each of terms) {
      const saved = await operator.saveEntitlement({ partner: code, expectedVersion: 0, terms: { ...each, validFrom: days(-60) } });
      expect(saved.id).toBeDefined();
    }
    keys.set(code, (await keyFor(gateway.dataSource, { partnerCode: code })).headers);
  }
});
afterAll(() => gateway.close());

interface Given {
  id: string;
  headline: string;
  dek: string | null;
  html: string | null;
  image: boolean;
  omitted: object[];
}

const fields = 'id headline dek body { html blocks { __typename } } image { alt } omitted { part image reason }';
// biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of what it asked for
const given = ({ id, headline, dek, body, image, omitted }: any): Given => ({
  ...{ id, headline, dek, html: body?.html ?? null, image: image !== null, omitted },
});

const ask = async (partner: string, query: string, variables: object = {}) => {
  const { data, errors } = await gateway.ask(query, { ...variables }, keys.get(partner));
  expect(errors).toBeUndefined();
  return data;
};

/** A list of an edition read to its end, a few stories at a time, and how many it says there are. */
async function listOf(partner: string, edition: string, first = 3): Promise<{ all: Given[]; count: number }> {
  const all: Given[] = [];
  let after: string | null = null;
  for (;;) {
    const { articles } = await ask(
      partner,
      `query($edition: EditionCode!, $first: Int, $after: String) { articles(edition: $edition, first: $first, after: $after) {
         totalCount pageInfo { hasNextPage endCursor } edges { served { translation { ${fields} } } } } }`,
      { edition, first, after },
    );
    all.push(...articles.edges.map((edge: { served: { translation: object } }) => given(edge.served.translation)));
    if (!articles.pageInfo.hasNextPage) return { all, count: articles.totalCount };
    expect(articles.edges).toHaveLength(first);
    after = articles.pageInfo.endCursor;
  }
}

/** What is said of a text, asked for in each of the ways there are: the text, how it was taken back, or nothing. */
async function askedAs(partner: string, { id, story, edition, slug }: (typeof texts)[number]): Promise<unknown[]> {
  const found = `__typename ... on Tombstone { kind } ... on Article { translations { ${fields} } served(edition: $edition) { translation { id } } }`;
  const data = await ask(
    partner,
    `query($id: ID!, $story: ID!, $edition: EditionCode!, $slug: String!) {
       byId: article(id: $id) { ${found} } byStory: article(id: $story) { ${found} }
       bySlug: articleBySlug(edition: $edition, slug: $slug) { ${found} }
       node(id: $id) { __typename ... on Tombstone { kind } ... on Translation { ${fields} } }
     }`,
    { id, story, edition, slug },
  );
  type Found = { kind?: string; translations?: { id: string }[]; served?: { translation: { id: string } | null } } | null;
  const inStory = (of: Found): unknown => {
    const text = of?.translations?.find((each) => each.id === id);
    if (of?.served) expect(of.served.translation?.id).toBe(text?.id);
    return text ? given(text) : (of?.kind ?? null);
  };
  const { node } = data;
  return [
    inStory(data.byId),
    inStory(data.byStory),
    inStory(data.bySlug),
    node?.__typename === 'Translation' ? given(node) : (node?.kind ?? null),
  ];
}

interface Told {
  allowed: boolean;
  level: string;
  omitted: { part: string; image: string | null; reason: string }[];
  reason: string;
}

async function explained(partner: string, translation: string): Promise<Told> {
  const { data } = await operator.ask(
    `query($partner: String!, $translation: ID!) { explainAccess(partner: $partner, translation: $translation) {
       access { allowed level reason omitted { part image reason } } } }`,
    { partner, translation },
  );
  return data.explainAccess.access;
}

describe.each(Object.keys(partners))('with the key of %s', (partner) => {
  test('each text, by whatever name, is there as feeds give it and explainAccess says, or is not', async () => {
    const kinds = new Set<string>();
    for (const text of texts) {
      const access = await explained(partner, text.id);
      kinds.add(access.reason);
      const answer = await gateway.get(`/items/${text.id}.json`, keys.get(partner));
      const [byId, ...others] = await askedAs(partner, text);
      if (!access.allowed) {
        expect([text.id, answer.statusCode]).toEqual([text.id, byId === 'KILL' || byId === 'WITHDRAW' ? 410 : 404]);
        // Of the story as a whole something else may be there, never this text.
        expect([text.id, others[1], others[2], typeof others[0]]).toEqual([text.id, byId, byId, typeof others[0]]);
        expect([text.id, typeof others[0] === 'string' || others[0] === null]).toEqual([text.id, true]);
        continue;
      }
      const item = answer.json();
      expect([text.id, answer.statusCode, ...others]).toEqual([text.id, 200, byId, byId, byId]);
      const { headline, dek, html, omitted, image } = byId as Given;
      expect(omitted).toEqual(access.omitted);
      expect(omitted).toEqual(item._dragoman.omitted);
      expect([headline, dek ?? undefined]).toEqual([item.title, item.summary]);
      expect(html === null).toBe(access.level !== 'FULL');
      if (html !== null) expect(item.content_html).toContain(html);
      expect(image).toBe(item.image !== undefined);
    }
    expect(kinds).toContain('ENTITLED');
    expect(kinds.size).toBeGreaterThan(3);
  });

  test.each(editions)('the list of %s holds what its feed holds, in its order, and counts no more', async (edition) => {
    const { all, count } = await listOf(partner, edition);
    const feed = (await gateway.get(`/feeds/${edition}.json`, keys.get(partner))).json();
    const items = feed.items.filter((each: { _dragoman: { retracted: unknown } }) => each._dragoman.retracted === null);
    expect(all.map(({ id }) => id)).toEqual(items.map(({ id }: { id: string }) => id));
    expect(all.map(({ omitted }) => omitted)).toEqual(items.map((each: { _dragoman: { omitted: object[] } }) => each._dragoman.omitted));
    expect(count).toBe(all.length);
    const backwards = await ask(
      partner,
      `query($edition: EditionCode!) { articles(edition: $edition, last: 100) { edges { served { translation { id } } } } }`,
      { edition },
    );
    expect(backwards.articles.edges.map((edge: { served: { translation: { id: string } } }) => edge.served.translation.id)).toEqual(
      all.map(({ id }) => id),
    );
  });
});

test('each story is what it was made to be', async () => {
  const reason = async (partner: string, story: keyof typeof made, edition: string) =>
    (await explained(partner, urnOf(made[story], edition))).reason;
  expect(await reason('headlines', 'embargoed', 'en')).toBe('EMBARGOED');
  expect(await reason('early', 'embargoed', 'en')).toBe('ENTITLED');
  expect(await reason('early', 'secret', 'en')).toBe('EMBARGOED');
  expect(await reason('headlines', 'forNobody', 'en')).toBe('REDISTRIBUTION_NONE');
  expect(await reason('delayed', 'reuters', 'en')).toBe('AGENCY_EXCLUDED');
  expect(await reason('no-photos', 'machine', 'tt')).toBe('MACHINE_NOT_INCLUDED');
  expect(await reason('delayed', 'fresh', 'tt')).toBe('DELAYED');
  expect(await reason('headlines', 'ended', 'tt')).toBe('EXPIRED');
  expect(await reason('headlines', 'killed', 'tt')).toBe('RETRACTED');
});

describe('parts that are left out', () => {
  const everything = `id dek image { alt caption renditions { url } } omitted { part image reason }
    body { html text markdown blocks { __typename ... on VideoBlock { poster } ... on RelatedBlock { translations { id } } } } related { id }`;
  const read = async (headers: Record<string, string> | undefined, edition: string) => {
    const query = `query($id: ID!) { node(id: $id) { ... on Translation { ${everything} } } }`;
    return (await gateway.ask(query, { id: urnOf(made.pictured, edition) }, headers)).data.node;
  };

  test('are the pictures, in every form of the text and in its videos', async () => {
    const text = await read(keys.get('no-photos'), 'tt');
    expect(text.image).toBeNull();
    expect(text.body.blocks.map((each: { __typename: string }) => each.__typename)).toEqual([
      'ParagraphBlock',
      'VideoBlock',
      'RelatedBlock',
    ]);
    expect(JSON.stringify([text.body, text.image])).not.toMatch(/saiga|aral/u);
    expect(text.omitted.map(({ image }: { image: string }) => image)).toEqual(['/media/saiga-16x9.svg', 'aral-sea', 'saiga']);
  });

  test('are none for everybody else', async () => {
    const text = await read(undefined, 'tt');
    expect(text.omitted).toEqual([]);
    expect(JSON.stringify(text.body)).toMatch(/saiga-16x9/u);
  });

  test('are stories beside it that the partner may not have', async () => {
    const related = async (partner: string) => {
      const text = await read(keys.get(partner), 'tt');
      const inBody = text.body.blocks.find((each: { translations?: object }) => each.translations).translations;
      expect(text.related).toEqual(inBody);
      return text.related.map(({ id }: { id: string }) => id);
    };
    expect(await related('no-photos')).toEqual([urnOf(made.public, 'tt')]);
    expect(await related('early')).toEqual([urnOf(made.embargoed, 'tt'), urnOf(made.public, 'tt')]);
  });
});

describe('what a partner may not have', () => {
  test('is told by no edition, alternate, address, search or count', async () => {
    const data = await ask(
      'no-photos',
      `query($story: ID!, $en: ID!, $url: URL!) {
         article(id: $story) { ... on Article { original { id } translations { id } alternates { url } served { resolution { reason } translation { id } } } }
         english: article(id: $en) { __typename } byUrl: articleByUrl(url: $url) { __typename } nodes(ids: [$en]) { id }
       }`,
      {
        story: urnOf(made.public),
        en: urnOf(made.public, 'en'),
        url: `http://127.0.0.1:4000/read/en/${texts.find(({ id }) => id === urnOf(made.public, 'en'))!.slug}`,
      },
    );
    expect(data).toMatchObject({
      article: { original: null, translations: [{ id: urnOf(made.public, 'ru') }, { id: urnOf(made.public, 'tt') }] },
      ...{ english: null, byUrl: null, nodes: [null] },
    });
    expect(data.article.served).toEqual({ resolution: { reason: 'NONE' }, translation: null });
    const found = `query($words: String!, $edition: EditionCode!) { articles(edition: $edition, filter: { search: $words }) { totalCount edges { node { id } } } }`;
    const search = async (partner: string, words: string, edition: string) =>
      (await ask(partner, found, { words, edition })).articles.edges.map(({ node }: { node: { id: string } }) => node.id);
    expect(await search('early', 'secret', 'en')).toEqual([]);
    expect(await search('early', 'embargoed', 'en')).toEqual([urnOf(made.embargoed)]);
    expect(await search('headlines', 'embargoed', 'en')).toEqual([]);
  });

  test('is no tombstone either, where it was never to be had', async () => {
    const kind = async (partner: string, id: string) =>
      (await ask(partner, 'query($id: ID!) { article(id: $id) { __typename } }', { id })).article?.__typename ?? null;
    expect(await kind('headlines', urnOf(made.killed))).toBe('Tombstone');
    expect(await kind('headlines', urnOf(made.killed, 'tt'))).toBe('Tombstone');
    expect(await kind('no-photos', urnOf(made.killed, 'tt'))).toBe('Tombstone');
    expect(await kind('no-photos', urnOf(made.killed, 'en'))).toBeNull();
    for (const partner of Object.keys(partners)) expect(await kind(partner, urnOf(made.killedSecret))).toBeNull();
  });

  test('leaves the place to the next edition of the plan, once for each story, and to filters by editions', async () => {
    await operator.savePartner({ code: 'russian', name: 'russian', expectedVersion: 0 });
    await operator.saveEntitlement({ partner: 'russian', expectedVersion: 0, terms: { editions: ['ru'], validFrom: days(-60) } });
    keys.set('russian', (await keyFor(gateway.dataSource, { partnerCode: 'russian' })).headers);
    const list = async (partner: string, rest: string) => {
      const { articles } = await ask(partner, `{ articles(first: 100, ${rest}) { totalCount edges { served { translation { id } } } } }`);
      expect(articles.totalCount).toBe(articles.edges.length);
      return articles.edges.map((edge: { served: { translation: { id: string } } }) => edge.served.translation.id);
    };
    const served = await list('russian', 'locales: ["tt", "ru"]');
    expect(served).toContain(urnOf(made.public, 'ru'));
    expect(served).toEqual((await listOf('russian', 'ru', 100)).all.map(({ id }) => id));
    const both = await list('no-photos', 'locales: ["tt", "ru"]');
    expect(both).toContain(urnOf(made.public, 'tt'));
    expect(both).not.toContain(urnOf(made.public, 'ru'));
    expect(both).toContain(urnOf(made.reuters, 'ru'));
    const wanted = 'edition: "ru", filter: { translatedInto: ["tt"] }';
    expect(await list('no-photos', wanted)).toContain(urnOf(made.public, 'ru'));
    expect(await list('russian', wanted)).toEqual([]);
    expect(await list('russian', 'edition: "ru", filter: { missingIn: ["tt"] }')).toEqual(served);
  });

  test.each(['early', 'delayed', 'no-photos'])('does not part a list of several languages, however it is paged: %s', async (partner) => {
    const walk = async (locales: string, first: number): Promise<string[]> => {
      const ids: string[] = [];
      for (let after: string | null = null; ; ) {
        const query = `query($locales: [LanguageTag!], $first: Int, $after: String) { articles(locales: $locales, first: $first, after: $after) {
          pageInfo { hasNextPage endCursor } edges { served { translation { id } } } } }`;
        const { articles } = await ask(partner, query, { locales: locales.split(' '), first, after });
        ids.push(...articles.edges.map((edge: { served: { translation: { id: string } } }) => edge.served.translation.id));
        if (!articles.pageInfo.hasNextPage) return ids;
        after = articles.pageInfo.endCursor;
      }
    };
    for (const locales of ['tt ru', 'tt ru en']) {
      const whole = await walk(locales, 100);
      expect(whole.length).toBeGreaterThan(1);
      for (const first of [1, 2, 3]) expect(await walk(locales, first)).toEqual(whole);
    }
  });

  test('is in no sitemap', async () => {
    const news = async (partner: string) => (await gateway.get('/sitemap-news/en.xml', keys.get(partner))).body;
    const early = await news('early');
    expect([early.includes('embargoed in en'), early.includes('secret in en')]).toEqual([true, false]);
    expect(await news('headlines')).not.toMatch(/embargoed in en|secret in en/u);
    expect(await news('no-photos')).not.toContain('<url>');
    const all = async (partner: string) => (await gateway.get('/sitemap.xml', keys.get(partner))).body;
    const stories = await all('early');
    expect([stories.includes('embargoed-in-en'), stories.includes('secret-in-en')]).toEqual([true, false]);
  });

  test('cannot be read as of an earlier moment, nor as a draft', async () => {
    for (const query of [
      'query @asOf(at: "2026-11-22T00:00:00Z") { editions { code } }',
      `{ article(id: "${urnOf(made.secret)}", stage: DRAFT) { __typename } }`,
    ]) {
      const { errors } = await gateway.ask(query, {}, keys.get('early'));
      expect(errors![0]!.extensions.code).toBe('FORBIDDEN');
    }
  });
});

test('what a partner is answered is kept by nobody', async () => {
  const url = `/graphql?query=${encodeURIComponent('{ articles(first: 1) { totalCount } }')}`;
  const response = await gateway.get(url, { 'apollo-require-preflight': '1', ...keys.get('early') });
  expect([response.statusCode, response.headers['cache-control']]).toEqual([200, 'private, no-store']);
});
