import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isObjectType } from 'graphql';
import { Role } from '../../src/desks/role.js';
import { inPackage } from '../../src/lib/root.js';
import { type Bundle, loadWording, makeWording, type Wording } from '../../src/lib/wording.js';
import { keepBundles } from '../../src/lib/wording-version.queries.js';
import { readableAsOf, unreadableAsOf } from '../../src/server/as-of.js';
import { makeSchema } from '../../src/server/schema.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';

// biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of what it asked for
type Seen = any;

const codes = ['en', 'ru', 'tt'];
const told = `resolution { reason served { code } } translation { id }
  notices(territory: "DE") { code version text lang link { url text } image { caption } }`;
const translation = `id revision headline dek kicker byline creditLine significance origin publishedAt updatedAt updatedAtText wordCount url
  credits { role name } body { text html } related { headline } image { alt caption creditLine }`;
/** All that a reader is told with a story, in three editions. */
const page = `__typename
  ... on Tombstone { retraction: kind }
  ... on Article {
    kind urgency homeEdition { code publisherName nativeName }
    topics { name(edition: "tt") { text } } people { name(edition: "tt") { text } } places { name(edition: "tt") { text } } agencies { name(edition: "ru") { text } }
    alternates { hreflang url }
    translations(editions: ["en", "ru", "tt"]) { ${translation} }
    ${codes.map((code) => `${code}: served(edition: "${code}", policy: ANY) { ${told} }`).join('\n')}
  }`;

let older: TestGateway;
let newer: TestGateway;
let [en, ru, tt]: Desk[] = [];
let reader: { authorization: string };
let bridge: string;
let speech: string;

/** The moments readers looked at, and what they saw. */
const looks: { what: string; at: Date; gateway: TestGateway; seen: Seen }[] = [];
let minutes = 0;
const now = (): Date => new Date(testNow.getTime() + minutes * 60_000);
const gateways: TestGateway[] = [];

/** One more gateway over the same stories, with words of its own. */
async function open(wording: Wording): Promise<TestGateway> {
  const gateway = await openGateway({ wording, ...(older && { over: older }) });
  gateways.push(gateway);
  return gateway;
}

/** Something happens, and a minute later readers look at the gateway that was started last; the next thing happens a minute after that. */
async function step(what: string, happens: () => Promise<unknown>): Promise<void> {
  const gateway = gateways.at(-1)!;
  const pass = (): void => {
    minutes++;
    for (const each of gateways) each.at(now());
  };
  pass();
  const done = (await happens()) as Seen;
  expect({ what, error: done?.error, code: done?.code, message: done?.message }).toEqual({ what });
  pass();
  looks.push({ what, at: now(), gateway, seen: await look(gateway) });
}

const look = async (gateway: TestGateway): Promise<Seen> => {
  const { data, errors } = await gateway.ask(
    `query($bridge: ID!, $speech: ID!) { bridge: article(id: $bridge) { ${page} } speech: article(id: $speech) { ${page} } }`,
    {
      bridge,
      speech,
    },
  );
  expect(errors).toBeUndefined();
  return data;
};

const lookBack = async (at: Date, gateway = newer): Promise<Seen> => {
  const { data, errors } = await gateway.ask(
    `query($at: DateTimeISO!, $bridge: ID!, $speech: ID!) @asOf(at: $at) { bridge: article(id: $bridge) { ${page} } speech: article(id: $speech) { ${page} } }`,
    { at, bridge, speech },
    reader,
  );
  expect(errors).toBeUndefined();
  return data;
};

/** As an operator changes a row of the registry. */
const change = (statement: string, ...values: unknown[]): Promise<unknown> => older.dataSource.query(statement, [now(), ...values]);

const blocks = (text: string) => [{ key: 'p1', type: 'paragraph', spans: [{ text }] }];

/** The gateway's wordings, but for some sentences. */
async function reworded(changed: Record<string, Record<string, Record<string, string>>>): Promise<Wording> {
  const { bundles } = await loadWording(inPackage('locales'));
  const made = new Map<string, Bundle>(bundles);
  for (const [tag, files] of Object.entries(changed)) {
    const bundle = made.get(tag) ?? {};
    made.set(tag, {
      ...bundle,
      ...Object.fromEntries(Object.entries(files).map(([name, lines]) => [name, { ...bundle[name], ...lines }])),
    });
  }
  return makeWording(made);
}

async function translated(desk: Desk, edition: string, source: string, headline: string): Promise<Seen> {
  const { draft } = await desk.translate({ article: bridge, edition, sources: [source] });
  const saved = await desk.saveDraft({
    article: bridge,
    edition,
    expectedVersion: draft.version,
    text: { headline, blocks: blocks(headline) },
  });
  return desk.publishDraft({ article: bridge, edition, expectedVersion: saved.draft.version });
}

/** A next revision of the Tatar text, made from a revision of the English one. */
async function madeFrom(revision: number, text: string): Promise<Seen> {
  const saved = await tt!.saveDraft({
    ...{ article: bridge, edition: 'tt', expectedVersion: 0, text: { headline: 'Күпер ачыла', blocks: blocks(text) } },
    meaning: { basis: [{ edition: 'en', revision }], note: 'Күпер сишәмбедә ачыла.' },
  });
  return tt!.publishDraft({ article: bridge, edition: 'tt', expectedVersion: saved.draft.version });
}

const correction = (expectedRevision: number, text: string, note: string) => ({
  ...{ article: bridge, edition: 'en', expectedRevision, meaning: { note } },
  text: { headline: 'A bridge opens', blocks: blocks(text) },
});

beforeAll(async () => {
  const first = await reworded({});
  older = await open(first);
  await keepBundles(older.dataSource.manager, first.bundles, testNow);
  en = await deskOf(older, 'Anna', { en: Role.CHIEF });
  ru = await deskOf(older, 'Boris', { ru: Role.CHIEF });
  tt = await deskOf(older, 'Timur', { tt: Role.EDITOR });
  reader = (await keyFor(older.dataSource, { roles: { fa: Role.TRANSLATOR } })).headers;
  speech = (await older.ask('{ articleBySlug(edition: "en", slug: "putin-2021-speech-dialogue") { ... on Article { id } } }')).data
    .articleBySlug.id;
  const { draft } = await en.createArticle({
    ...{ edition: 'en', urgency: 1, authors: ['anna-marsh'], topics: ['politics'], places: ['kazan'] },
    text: { headline: 'A bridge opens', blocks: blocks('It opens on Monday.') },
  });
  bridge = draft.articleId;

  await step('a story is published', () => en!.publishDraft({ article: bridge, edition: 'en', expectedVersion: 1 }));
  await step('it is translated into Russian', () => translated(ru!, 'ru', 'en', 'Открывается мост'));
  await step('and from English into Tatar', () => translated(tt!, 'tt', 'en', 'Күпер ачыла'));
  await step('its author marries', () =>
    change(`update person set changed_at = $1, names = names || '{"en": "Anna Hill", "tt": "Анна Хилл"}' where code = 'anna-marsh'`),
  );
  await step('an agency, a topic and a place are called otherwise', async () => {
    await change(`update agency set changed_at = $1, names = names || '{"en": "Reuters News", "tt": "Рейтерс"}' where code = 'reuters'`);
    await change(`update topic set changed_at = $1, names = names || '{"tt": "Сәясәт һәм дәүләт"}' where code = 'politics'`);
    await change(`update place set changed_at = $1, names = names || '{"tt": "Казан шәһәре"}' where code = 'kazan'`);
  });
  await step('she marries again', () =>
    change(`update person set changed_at = $1, names = names || '{"en": "Anna Wood"}' where code = 'anna-marsh'`),
  );
  await step('the publisher is called otherwise in Tatar', () =>
    change(`update edition set changed_at = $1, publisher_name = 'Яңа Меридиан' where code = 'tt'`),
  );
  await step('an edition is called otherwise, and a notice given an end', async () => {
    await change(`update edition set changed_at = $1, native_name = 'Meridian English' where code = 'en'`);
    await change(`update notice set changed_at = $1, effective_until = $1::timestamptz + interval '2 minutes' where code = 'undesirable'`);
  });
  await step('a notice ends, as was arranged', async () => {});
  await step('a notice counts one country more', () =>
    change(`update notice set changed_at = $1, values = values || '{"countries": 24}' where code = 'about'`),
  );
  await step('a notice is added that says it applies since long', () =>
    change(
      `insert into notice select (jsonb_populate_record(n, jsonb_build_object('code', 'undesirable-again', 'version', 1, 'changed_at', $1::timestamptz, 'effective_until', null))).*
       from notice n where code = 'undesirable'`,
    ),
  );
  await step('English is corrected', () => en!.correct(correction(1, 'It opens on Tuesday.', 'It opens on Tuesday, not on Monday.')));
  await step('Tatar takes that over', () => madeFrom(2, 'Ул сишәмбедә ачыла.'));
  await step('a desk mends a comma', () => en!.editMinor({ ...correction(2, 'It opens, on Tuesday.', ''), meaning: {} }));
  await step('Tatar goes back to what was wrong', () => madeFrom(1, 'Ул дүшәмбедә ачыла.'));
  await step('Russian finds its text still accurate', () => ru!.confirmStillAccurate([`${bridge}.ru`]));
  await step('the words of a picture change', () =>
    change(
      `update image_wording set changed_at = $1, caption = 'The ministry, seen from the river' where image_code = 'foreign-ministry' and edition_code = 'en'`,
    ),
  );
  await step('a credit is taken over by another agency', async () => {
    const [{ article_uuid }] = (await change(
      `update credit set until = $1 where agency_code = 'tass' and article_uuid = (select article_uuid from translation where slug = 'putin-2021-speech-dialogue' and edition_code = 'en') returning article_uuid`,
    ).then((result) => (result as Seen)[0])) as Seen;
    await change(
      `insert into credit (uuid, article_uuid, role, agency_code, position, since) values (gen_random_uuid(), $2, 'WIRE', 'afp', 1, $1)`,
      article_uuid,
    );
  });
  const second = await reworded({
    en: { credits: { authors: 'Written by {{names}}' }, labels: { breakingNews: 'Just in' } },
    tt: { notices: { correction: 'Төзәтелде ({{date}}): {{note}}' } },
  });
  newer = await open(second);
  await step('a gateway with other words is started', () => keepBundles(older.dataSource.manager, second.bundles, now()));
  const third = await reworded({ en: { credits: { authors: 'Words: {{names}}' } } });
  await open(third);
  await step('and one with others still', () => keepBundles(older.dataSource.manager, third.bundles, now()));
  await step('English is told of once more', () => en!.correct(correction(3, 'It opens on Wednesday.', 'It opens on Wednesday.')));
});
afterAll(async () => {
  for (const gateway of gateways.reverse()) await gateway.close();
});

test('each thing that happened changed what readers saw', () => {
  for (const [index, { what, seen }] of looks.entries()) {
    const before = looks[index - 1]?.seen;
    expect({ what, same: JSON.stringify(seen) === JSON.stringify(before) }).toEqual({ what, same: false });
  }
});

test('what readers saw is read back word for word, for every moment they looked', async () => {
  for (const { what, at, seen } of looks) expect({ what, seen: await lookBack(at) }).toEqual({ what, seen });
});

test('every gateway reads the same, whatever its own words are', async () => {
  for (const { what, at, seen } of looks) expect({ what, seen: await lookBack(at, older) }).toEqual({ what, seen });
});

test('a change counts from its moment on, not a millisecond sooner', async () => {
  const married = looks.find(({ what }) => what === 'its author marries')!;
  const moment = new Date(married.at.getTime() - 60_000);
  const byline = async (at: Date): Promise<string> => (await lookBack(at)).bridge.translations[0].byline;
  expect(await byline(new Date(moment.getTime() - 1))).toBe('By Anna Marsh');
  expect(await byline(moment)).toBe('By Anna Hill');
  expect((await look(newer)).bridge.translations[0].byline).toBe('Written by Anna Wood');
});

test('before it was out a story is nothing, and so is each edition of it', async () => {
  const [published, intoRussian] = looks;
  expect((await lookBack(testNow)).bridge).toBeNull();
  expect((await lookBack(published!.at)).bridge.translations).toHaveLength(1);
  expect((await lookBack(intoRussian!.at)).bridge.translations).toHaveLength(2);
  const { slug } = (await newer.ask('query($id: ID!) { node(id: $id) { ... on Translation { slug } } }', { id: `${bridge}.en` })).data.node;
  const bySlug = `query($at: DateTimeISO!) @asOf(at: $at) { articleBySlug(edition: "en", slug: "${slug}") { __typename } }`;
  expect((await newer.ask(bySlug, { at: testNow }, reader)).data).toEqual({ articleBySlug: null });
  expect((await newer.ask(bySlug, { at: published!.at }, reader)).data).toEqual({ articleBySlug: { __typename: 'Article' } });
});

test('before notices were in the registry there were none; before names and words were kept they are the oldest known', async () => {
  const long = (await lookBack(new Date('2026-10-02T00:00:00Z'))).speech;
  expect(long.en.notices).toEqual([]);
  expect(long.translations[0]).toMatchObject({
    creditLine: 'With reporting by Reuters and TASS',
    image: looks[0]!.seen.speech.translations[0].image,
  });
});

test('as of now every sample story is what it is now', async () => {
  const samples = await openGateway();
  const { headers } = await keyFor(samples.dataSource, { operator: true });
  const { data } = await samples.ask('{ articles(first: 100) { edges { node { id } } } editions(active: true) { code } }');
  const served = data.editions
    .map(({ code }: { code: string }) => `${code.replace(/-/gu, '_')}: served(edition: "${code}", policy: ANY) { ...T }`)
    .join(' ');
  const rest = `{ article(id: $id) { ... on Article { translations { ${translation} } ${served} } } } fragment T on Served { ${told} }`;
  expect(data.articles.edges.length).toBeGreaterThan(10);
  for (const { node } of data.articles.edges) {
    const plain = await samples.ask(`query($id: ID!) ${rest}`, { id: node.id });
    expect(plain.errors).toBeUndefined();
    const asOfNow = await samples.ask(`query($id: ID!, $at: DateTimeISO!) @asOf(at: $at) ${rest}`, { id: node.id, at: testNow }, headers);
    expect(asOfNow.data).toEqual(plain.data);
  }
  await samples.close();
});

describe('who asks, and for what', () => {
  const ask = async (query: string, headers?: Record<string, string>, variables: Record<string, unknown> = {}) =>
    (await newer.ask(query, variables, headers)).errors?.map(({ extensions, message }) => `${extensions.code} ${message}`);
  const past = '2026-11-23T12:02:00Z';

  test('readers without a key are refused, operators and anybody with a role are not', async () => {
    const query = `query @asOf(at: "${past}") { editions { code } }`;
    expect(await ask(query)).toEqual([expect.stringMatching(/^FORBIDDEN /u)]);
    expect(await ask(query, reader)).toBeUndefined();
    expect(await ask(query, (await keyFor(older.dataSource, { operator: true })).headers)).toBeUndefined();
    expect(await ask(query, (await keyFor(older.dataSource, {})).headers)).toEqual([expect.stringMatching(/^FORBIDDEN /u)]);
  });

  test('a moment to come, or one that is none, is refused', async () => {
    expect(await ask('query @asOf(at: "2027-01-01T00:00:00Z") { editions { code } }', reader)).toEqual([
      'BAD_USER_INPUT A value in the request cannot be used: @asOf names a moment that has not come yet',
    ]);
    const query = 'query($at: DateTimeISO!) @asOf(at: $at) { editions { code } }';
    expect(await ask(query, reader, { at: 'yesterday' })).toEqual([expect.stringMatching(/^BAD_USER_INPUT /u)]);
    expect(await ask(query, reader)).toEqual([expect.stringMatching(/^BAD_USER_INPUT /u)]);
    expect(await ask(query, reader, { at: '0000-01-01T00:00:00Z' })).toEqual([expect.stringMatching(/^BAD_USER_INPUT /u)]);
  });

  test('nothing is written as of an earlier moment', async () => {
    expect(
      await ask(
        `mutation @asOf(at: "${past}") { discardDraft(input: { article: "x", edition: "en", expectedVersion: 1 }) { __typename } }`,
        reader,
      ),
    ).toEqual([expect.stringMatching(/^GRAPHQL_VALIDATION_FAILED .*asOf/u)]);
  });

  test.each([
    ['a list of stories', '{ articles { totalCount } }', 'Query.articles'],
    ['the log', '{ events { hasMore } }', 'Query.events'],
    ['staleness, in a fragment', '{ node(id: "x") { ...F } } fragment F on Translation { staleness }', 'Translation.staleness'],
    ['missed revisions', '{ node(id: "x") { ... on Translation { missed { revision } } } }', 'Translation.missed'],
  ])('%s is refused by name', async (_what, selections, field) => {
    expect(await ask(`query @asOf(at: "${past}") ${selections}`, reader)).toEqual([
      `BAD_USER_INPUT A value in the request cannot be used: ${field} cannot be read as of an earlier moment`,
    ]);
  });

  test.each([
    ['a story', `{ article(id: "ID", stage: DRAFT) { __typename } }`],
    ['a text', `{ article(id: "ID") { ... on Article { served(edition: "en", stage: DRAFT) { __typename } } } }`],
  ])('drafts of %s are refused', async (_what, selections) => {
    const { data } = await newer.ask('{ articles(edition: "en", first: 1) { edges { node { id } } } }');
    const query = `query @asOf(at: "${past}") ${selections.replace('ID', data.articles.edges[0].node.id)}`;
    expect(await ask(query, reader)).toEqual([expect.stringMatching(/^BAD_USER_INPUT .*drafts/u)]);
  });

  /** The fields of a type, those that choose with their arguments, but for those that are refused. */
  const readable = (name: string): string[] => {
    const type = makeSchema().getType(name);
    if (!isObjectType(type)) return [];
    return Object.values(type.getFields())
      .filter((field) => (name === 'Query' ? readableAsOf.has(field.name) : !unreadableAsOf.has(`${name}.${field.name}`)))
      .map((field) => [field.name, ...field.args.map((argument) => argument.name)].join(' '));
  };

  test('every field of a story that is not refused is one that is read as of then, or said to be of now', () => {
    expect(readable('Article')).toEqual([
      ...['agencies', 'alternates', 'homeEdition', 'id', 'kind', 'original', 'people', 'places', 'publishedAt'],
      ...['served edition locales policy stage', 'topics', 'translations editions', 'urgency'],
    ]);
    expect(readable('Served')).toEqual(['notices channel territory', 'resolution', 'tombstone', 'translation']);
    expect(readable('Translation')).toEqual([
      ...[
        'body',
        'byline style',
        'creditLine style',
        'credits',
        'dek',
        'direction',
        'edition',
        'expiresAt',
        'headline',
        'id',
        'image',
        'isOriginal',
        'kicker',
      ],
      ...['lang', 'omitted', 'origin', 'publishedAt', 'publishedAtText', 'readingMinutes', 'related', 'revision'],
      ...['script', 'significance', 'slug'],
      ...['updatedAt', 'updatedAtText', 'url', 'wordCount'],
    ]);
    expect(readable('Query').map((field) => field.split(' ')[0])).toEqual([...readableAsOf]);
  });

  test('the other operation of a document does not matter', async () => {
    const query = `query A @asOf(at: "${past}") { editions { code } } query B { articles { totalCount } }`;
    const payload = JSON.stringify({ query, operationName: 'A' });
    const headers = { 'content-type': 'application/json', ...reader };
    const response = await newer.app.inject({ method: 'POST', url: '/graphql', headers, payload });
    expect(response.json().errors).toBeUndefined();
    expect(response.headers['cache-control']).toBe('private, no-store');
  });
});

describe('what has been taken back or held back since', () => {
  test('an edition that was restored reads as if it had never been away', async () => {
    const restored = looks.at(-1)!;
    minutes++;
    for (const each of gateways) each.at(now());
    await ru!.retract({ article: bridge, edition: 'ru', kind: 'WITHHOLD' });
    expect((await lookBack(restored.at)).bridge.translations.map(({ id }: { id: string }) => id)).toEqual([`${bridge}.en`, `${bridge}.tt`]);
    await ru!.restore({ article: bridge, edition: 'ru', reason: 'a mistake' });
    expect(await lookBack(restored.at)).toEqual(restored.seen);
  });

  test('a story under embargo is nothing as of any moment', async () => {
    expect(await en!.setEmbargo(bridge, '2026-12-01T00:00:00Z')).toMatchObject({ articleId: bridge });
    for (const { at } of looks) expect((await lookBack(at)).bridge).toBeNull();
    await en!.setEmbargo(bridge, null);
    expect((await lookBack(looks[0]!.at)).bridge).toEqual(looks[0]!.seen.bridge);
  });

  test('addresses are those of now: what has moved is found where it is', async () => {
    await change(`update edition set changed_at = $1, article_url = 'https://tatar.example/{slug}' where code = 'tt'`);
    const [{ url }, ...others] = (await look(newer)).bridge.translations.slice(-1);
    expect([url, others]).toEqual([expect.stringMatching(/^https:\/\/tatar\.example\//u), []]);
    const { at, seen } = looks.find(({ what }) => what === 'its author marries')!;
    const back = (await lookBack(at)).bridge.translations.at(-1);
    expect(back).toEqual({ ...seen.bridge.translations.at(-1), url });
    const byUrl = 'query($at: DateTimeISO!, $url: URL!) @asOf(at: $at) { articleByUrl(url: $url) { ... on Article { id } } }';
    expect((await newer.ask(byUrl, { at, url }, reader)).data).toEqual({ articleByUrl: { id: bridge } });
  });

  test('a picture that was taken back is not shown again', async () => {
    await older.dataSource.query(`update image set retracted_at = $1 where code = 'foreign-ministry'`, [now()]);
    expect((await lookBack(looks[0]!.at)).speech.translations[0].image).toBeNull();
  });

  test('a killed story is its tombstone as of every moment', async () => {
    await en!.retract({ article: bridge, kind: 'KILL' });
    for (const { at } of looks) expect((await lookBack(at)).bridge).toEqual({ __typename: 'Tombstone', retraction: 'KILL' });
  });
});
