import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import { revokeKey } from '../../src/desks/api-key.queries.js';
import { Role } from '../../src/desks/role.js';
import { formats } from '../../src/feeds/formats.js';
import type { Story } from '../../src/ingest/story.js';
import { sealedCursor } from '../../src/publishing/cursor.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { keyFor, testCursorKey } from '../support/keys.js';
import { makeStory, paragraph, urnOf, write } from '../support/make-story.js';
import { numberAll } from '../support/number-all.js';
import { type Operator, operatorOf } from '../support/partners.js';
import { readers } from '../support/read-feed.js';

let gateway: TestGateway;
let operator: Operator;
let desk: Desk;
beforeAll(async () => {
  gateway = await openGateway();
  operator = await operatorOf(gateway);
  desk = await deskOf(gateway, 'Anna', { mk: Role.CHIEF, ro: Role.CHIEF, ka: Role.CHIEF, be: Role.CHIEF });
});
afterAll(() => gateway.close());
afterEach(() => gateway.at(testNow));

type Headers = Record<string, string>;
const minute = 60_000;
const day = 86_400_000;
const inMs = (milliseconds: number): Date => new Date(testNow.getTime() + milliseconds);
const pathOf = (url: string): string => url.replace('http://gateway.test', '');
const idsIn = ({ body }: LightMyRequestResponse): string[] => readers['json']!(body).items.map(({ id }) => id);
const goneIn = ({ body }: LightMyRequestResponse): string[] => readers['json']!(body).gone.map(({ id }) => id);
const codeOf = (response: LightMyRequestResponse): [number, string] => [response.statusCode, response.json().errors[0].extensions.code];
const nextOf = ({ headers }: LightMyRequestResponse): string => pathOf(/<([^>]+)>; rel="next"/u.exec(String(headers['link']))![1]!);
const feedFormats = formats.filter(({ feed }) => feed);

let count = 0;
/** A partner of the test's own, with one entitlement for each of the terms, and the header of its key. */
async function partnerWith(
  terms: object[],
  delaySeconds = 0,
): Promise<{ code: string; headers: Headers; key: string; uuid: string; ids: string[] }> {
  const code = `outlet-${++count}`;
  await operator.savePartner({ code, name: 'An Outlet', delaySeconds, expectedVersion: 0 });
  const ids: string[] = [];
  for (const each of terms) {
    const saved = await operator.saveEntitlement({ partner: code, expectedVersion: 0, terms: { validFrom: inMs(-60 * day), ...each } });
    ids.push(saved.id);
  }
  return { code, ids, ...(await keyFor(gateway.dataSource, { partnerCode: code })) };
}

const place = async (stories: readonly Story[]): Promise<void> => {
  await write(gateway, stories);
  await numberAll(gateway);
};

describe('a key', () => {
  test('opens feeds as Bearer and as the password of Basic, and what it is answered is no cache’s', async () => {
    const { headers, key } = await partnerWith([{ images: true, machine: true }]);
    const basic = { authorization: `Basic ${Buffer.from(`reader:${key}`).toString('base64')}` };
    for (const shown of [headers, basic]) {
      const response = await gateway.get('/feeds/ru.json', shown);
      expect([response.statusCode, idsIn(response).length > 0]).toEqual([200, true]);
      expect(response.headers['cache-control']).toMatch(/^private, no-(store|cache)$/u);
      expect(response.headers['vary']).toContain('Authorization');
    }
  });

  test('that is wrong opens nothing, not even what everybody is given', async () => {
    for (const authorization of ['Bearer dgm_live_nonsense', `Basic ${Buffer.from('reader:nonsense').toString('base64')}`]) {
      const response = await gateway.get('/feeds/ru.atom', { authorization });
      expect(codeOf(response)).toEqual([401, 'UNAUTHENTICATED']);
      expect(response.headers['www-authenticate']).toMatch(/Bearer|Basic/u);
      expect(response.headers['cache-control']).toBe('no-store');
    }
  });

  test('opens its own partner’s feed by name, and no other’s', async () => {
    const [mine, other] = [await partnerWith([{}]), await partnerWith([{}])];
    const response = await gateway.get(`/feeds/ru.json?for=${mine.code}`, mine.headers);
    expect([response.statusCode, pathOf(response.json().feed_url)]).toEqual([200, `/feeds/ru.json?for=${mine.code}`]);
    expect(pathOf(response.json().next_url)).toMatch(new RegExp(`^/feeds/ru.json\\?for=${mine.code}&after=`, 'u'));
    expect(codeOf(await gateway.get(`/feeds/ru.json?for=${other.code}`, mine.headers))).toEqual([403, 'FORBIDDEN']);
    expect(codeOf(await gateway.get(`/feeds/ru.json?for=${mine.code}`))).toEqual([401, 'UNAUTHENTICATED']);
    const { headers } = await keyFor(gateway.dataSource, { name: 'Desk', roles: { ru: Role.CHIEF } });
    expect(codeOf(await gateway.get(`/feeds/ru.json?for=${mine.code}`, headers))).toEqual([403, 'FORBIDDEN']);
  });
});

test.each([
  ['after=nonsense', 400, 'INVALID_CURSOR'],
  ['after=start&limit=0', 400, 'BAD_USER_INPUT'],
  ['after=start&limit=101', 400, 'BAD_USER_INPUT'],
  ['after=start&limit=1.5', 400, 'BAD_USER_INPUT'],
  ['limit=5', 400, 'BAD_USER_INPUT'],
  ['wait=5', 400, 'BAD_USER_INPUT'],
  ['after=start&wait=31', 400, 'BAD_USER_INPUT'],
  ['after=start&after=now', 400, 'BAD_USER_INPUT'],
  ['after=start&archive=2026-11-01', 400, 'BAD_USER_INPUT'],
  ['archive=2026-02-30', 400, 'BAD_USER_INPUT'],
  ['archive=2026-11-24', 400, 'BAD_USER_INPUT'],
  ['archive=yesterday', 400, 'BAD_USER_INPUT'],
])('?%s is refused in words, and kept by nobody', async (query, status, code) => {
  const response = await gateway.get(`/feeds/ru.atom?${query}`);
  expect([...codeOf(response), response.headers['cache-control']]).toEqual([status, code, 'no-store']);
});

test('with a key pages may be longer, to a bound', async () => {
  const { headers } = await partnerWith([{}]);
  expect((await gateway.get('/feeds/ru.json?after=start&limit=5000', headers)).statusCode).toBe(200);
  expect(codeOf(await gateway.get('/feeds/ru.json?after=start&limit=5001', headers))).toEqual([400, 'BAD_USER_INPUT']);
});

describe('a cursor', () => {
  test('is named by every page in every format, and good in every other', async () => {
    await numberAll(gateway);
    for (const { extension } of feedFormats) {
      for (const form of ['', '?after=start', '?after=now', '?archive=2026-10-01']) {
        const response = await gateway.get(`/feeds/fa.${extension}${form}`);
        const cursor = /[?&]after=([\w-]{70})/u.exec(nextOf(response))?.[1];
        expect([extension, form, response.statusCode, cursor?.length]).toEqual([extension, form, 200, 70]);
        // NewsML-G2 and RSS have no place for it but the header of the answer, or have one.
        if (['atom', 'json', 'ninjs'].includes(extension)) expect(response.body.replaceAll('&amp;', '&')).toContain(`after=${cursor}`);
        expect(response.body).not.toMatch(/after=CURSOR/u);
      }
    }
    const first = await gateway.get('/feeds/ru.atom?after=start&limit=2');
    const cursor = /after=([\w-]+)/u.exec(nextOf(first))![1]!;
    const told = await Promise.all(
      feedFormats.map(async ({ extension }) =>
        readers[extension]!((await gateway.get(`/feeds/ru.${extension}?after=${cursor}&limit=3`)).body).items.map(({ id }) => id),
      ),
    );
    expect(told[0]).toHaveLength(3);
    for (const each of told) expect(each).toEqual(told[0]);
  });

  test('is good for its feed and its reader alone', async () => {
    const [mine, other] = [await partnerWith([{}]), await partnerWith([{}])];
    const cursor = /after=([\w-]+)/u.exec(nextOf(await gateway.get('/feeds/ru.json', mine.headers)))![1]!;
    expect((await gateway.get(`/feeds/ru.rss?after=${cursor}`, mine.headers)).statusCode).toBe(200);
    for (const [url, headers] of [
      [`/feeds/tt.json?after=${cursor}`, mine.headers],
      [`/feeds/ru/culture.json?after=${cursor}`, mine.headers],
      [`/feeds/ru.json?after=${cursor}`, other.headers],
      [`/feeds/ru.json?after=${cursor}`, {}],
    ] as [string, Headers][])
      expect([url, ...codeOf(await gateway.get(url, headers))]).toEqual([url, 400, 'INVALID_CURSOR']);
  });

  test('says so when what its reader may have has changed, and where to begin again', async () => {
    const { code, headers, ids } = await partnerWith([{}]);
    const next = nextOf(await gateway.get(`/feeds/ru.json?for=${code}`, headers));
    const refusedAs = async (expected: [number, string], at?: Date): Promise<void> => {
      if (at) gateway.at(at);
      const response = await gateway.get(next, headers);
      expect(codeOf(response)).toEqual(expected);
      const { startUrl } = response.json().errors[0].extensions;
      expect([pathOf(startUrl), response.headers['link']]).toEqual([
        `/feeds/ru.json?for=${code}&after=start`,
        `<${startUrl}>; rel="start"`,
      ]);
      expect((await gateway.get(pathOf(startUrl), headers)).statusCode).toBe(200);
    };
    await refusedAs([410, 'CURSOR_EXPIRED'], inMs(401 * day));
    gateway.at(testNow);
    await operator.saveEntitlement({
      partner: code,
      entitlement: ids[0],
      expectedVersion: 1,
      terms: { validFrom: inMs(-60 * day), images: true },
    });
    await refusedAs([409, 'CURSOR_OUTDATED']);
  });

  test('of a log that is longer than this one leads to the beginning', async () => {
    const place = { seq: 1_000_000_000, at: testNow, scope: Buffer.alloc(8) };
    const cursor = sealedCursor(place, JSON.stringify(['feed', 'ru', null, null]), testCursorKey);
    expect(codeOf(await gateway.get(`/feeds/ru.json?after=${cursor}`))).toEqual([410, 'CURSOR_EXPIRED']);
  });
});

describe('what a partner may have', () => {
  const pictured = makeStory({
    ...{ id: 'pulled-pictured', image: 'aral-sea', publishedAt: '2026-11-23T11:00:00Z', topics: ['culture'] },
    editions: { mk: { blocks: [paragraph('The text itself.'), { key: 'i', type: 'image', image: 'saiga' }] }, ro: {}, sq: {} },
  });
  const led = makeStory({ id: 'pulled-led', topics: ['politics'], editions: { mk: { headline: 'Zzled in mk' } } });
  const leading = makeStory({
    ...{ id: 'pulled-leading', topics: ['culture'], publishedAt: '2026-11-23T10:00:00Z' },
    editions: { mk: { blocks: [paragraph('Look there.'), { key: 'r', type: 'related', articles: [urnOf(led).split(':').at(-1)!] }] } },
  });
  beforeAll(() => place([led, pictured, leading]));

  test('is said in every format, with what is left out', async () => {
    const { headers } = await partnerWith([{ level: 'HEADLINE' }]);
    const withText = await partnerWith([{}]);
    for (const { extension, feed, item } of formats) {
      const url = feed ? `/feeds/mk.${extension}` : `/items/${urnOf(pictured, 'mk')}.${extension}`;
      const [brief, full] = [await gateway.get(url, headers), await gateway.get(url, withText.headers)];
      expect([extension, brief.body.includes('The text itself.'), brief.body.includes('LEVEL_HEADLINE')]).toEqual([extension, false, true]);
      expect([extension, full.body.includes('The text itself.'), full.body.includes('IMAGES_NOT_INCLUDED')]).toEqual([
        extension,
        true,
        true,
      ]);
      expect([extension, /(aral-sea|saiga)-\d+x\d+/u.exec(full.body + brief.body)?.[0], Boolean(item ?? feed)]).toEqual([
        extension,
        undefined,
        true,
      ]);
    }
  });

  test('leads to no edition and no story that it may not have', async () => {
    const { headers } = await partnerWith([{ editions: ['mk', 'ro'], topics: ['culture'] }]);
    const { headers: all } = await partnerWith([{}]);
    const [of, ofAll] = [await gateway.get('/feeds/mk.json', headers), await gateway.get('/feeds/mk.json', all)];
    const editions = ({ body }: LightMyRequestResponse): string[] =>
      JSON.parse(body)
        .items.find(({ id }: { id: string }) => id === urnOf(pictured, 'mk'))
        ._dragoman.editions.map(({ id }: { id: string }) => id.split('.').at(-1));
    expect([editions(of), editions(ofAll)]).toEqual([['ro'], ['ro', 'sq']]);
    expect([of.body.includes('Zzled'), ofAll.body.includes('Zzled')]).toEqual([false, true]);
    expect(codeOf(await gateway.get(`/items/${urnOf(led, 'mk')}.json`, headers))).toEqual([404, 'NOT_FOUND']);
  });

  test('carries the notices of where it is shown', async () => {
    const notices = async (...territories: string[]): Promise<string[]> => {
      const { headers } = await partnerWith([{ territories }]);
      const { _dragoman: more } = (await gateway.get(`/items/${urnOf(pictured, 'mk')}.json`, headers)).json();
      return more.notices.map(({ code }: { code: string }) => code);
    };
    expect(await notices('RU')).not.toEqual(await notices('DE'));
    expect(await notices()).toEqual(
      (await gateway.get(`/items/${urnOf(pictured, 'mk')}.json`)).json()._dragoman.notices.map(({ code }: { code: string }) => code),
    );
  });

  test('fills its page though most of the newest texts are not for it', async () => {
    const made = Array.from({ length: 240 }, (_, index) =>
      makeStory({
        ...{ id: `sparse-${index}`, topics: index % 4 === 0 ? ['media'] : ['security'], publishedAt: inMs(-index * minute).toISOString() },
        editions: { hy: {} },
      }),
    );
    await place(made);
    const { headers } = await partnerWith([{ topics: ['media'] }]);
    const wanted = made.filter((_, index) => index % 4 === 0).map((story) => urnOf(story, 'hy'));
    expect(idsIn(await gateway.get('/feeds/hy.json', headers))).toEqual(wanted.slice(0, 50));
    const walked = idsIn(await gateway.get('/feeds/hy.json?after=start&limit=5000', headers)).filter((id) => wanted.includes(id));
    expect(walked.toSorted()).toEqual(wanted.toSorted());
  });

  test('and what was taken back of it is told, of nothing else', async () => {
    const stories = [
      makeStory({ id: 'killed-mine', topics: ['culture'], editions: { ka: {} } }),
      makeStory({ id: 'killed-other', topics: ['politics'], editions: { ka: {} } }),
    ];
    await place(stories);
    const { headers } = await partnerWith([{ topics: ['culture'] }]);
    const [public_, own, ofTopic] = await Promise.all([
      gateway.get('/feeds/ka.json'),
      gateway.get('/feeds/ka.json', headers),
      gateway.get('/feeds/ka/culture.json'),
    ]);
    for (const story of stories) await desk.retract({ article: urnOf(story), kind: 'KILL' });
    await numberAll(gateway);
    const [mine, other] = stories.map((story) => urnOf(story, 'ka')) as [string, string];
    for (const url of ['/feeds/ka.json', nextOf(own)]) expect(goneIn(await gateway.get(url, headers))).toEqual([mine]);
    for (const url of ['/feeds/ka/culture.json', nextOf(ofTopic)]) expect(goneIn(await gateway.get(url))).toEqual([mine]);
    expect(goneIn(await gateway.get(nextOf(public_)))).toEqual([mine, other]);
    expect((await gateway.get(`/items/${mine}.json`, headers)).statusCode).toBe(410);
    expect((await gateway.get(`/items/${other}.json`, headers)).statusCode).toBe(404);
  });
});

test('what went after its story was changed is told to who had it by what it was', async () => {
  const story = makeStory({ id: 'changed-then-killed', topics: ['culture'], editions: { be: {} } });
  await place([story]);
  const { headers } = await partnerWith([{ topics: ['culture'] }]);
  const next = nextOf(await gateway.get('/feeds/be.json', headers));
  const stranger = await partnerWith([{ topics: ['media'] }]);
  const strangersNext = nextOf(await gateway.get('/feeds/be.json', stranger.headers));
  const { data } = await desk.ask('mutation($input: UpdateArticleInput!) { updateArticle(input: $input) { __typename } }', {
    input: {
      article: urnOf(story),
      expectedVersion: 1,
      kind: 'NEWS',
      urgency: 5,
      topics: ['politics'],
      people: [],
      places: [],
      agencies: [],
      credits: [],
    },
  });
  expect(data.updateArticle.__typename).toBe('ArticleFacts');
  await numberAll(gateway);
  const id = urnOf(story, 'be');
  const changed = await gateway.get(next, headers);
  expect([goneIn(changed), changed.json().items[0]._dragoman.retracted.kind]).toEqual([[id], 'REMOVED']);
  await desk.retract({ article: urnOf(story), kind: 'KILL' });
  await numberAll(gateway);
  const killed = await gateway.get(next, headers);
  expect([goneIn(killed), killed.json().items[0]._dragoman.retracted.kind]).toEqual([[id], 'KILL']);
  expect(goneIn(await gateway.get(strangersNext, stranger.headers))).toEqual([]);
});

describe('who is told late', () => {
  test('is given nothing that is younger, in no form, and what was taken back is gone at once', async () => {
    const story = makeStory({ id: 'told-late', publishedAt: inMs(-60 * minute).toISOString(), editions: { ro: {} } });
    await place([story]);
    const { headers } = await partnerWith([{ machine: true }], 1800);
    const id = urnOf(story, 'ro');
    const correct = (): Promise<unknown> =>
      desk.correct({
        article: urnOf(story),
        edition: 'ro',
        expectedRevision: 1,
        text: { headline: 'Zzyounger', blocks: [paragraph('Zzyounger.')] },
        meaning: { note: 'Zzyounger' },
      });
    expect(await correct()).toMatchObject({ revision: 2 });
    const translate = async (): Promise<void> => {
      await desk.saveDraft({
        article: urnOf(story),
        edition: 'be',
        expectedVersion: 0,
        text: { headline: 'Zzyounger', blocks: [paragraph('Zzyounger.')] },
      });
      expect(await desk.publishDraft({ article: urnOf(story), edition: 'be', expectedVersion: 1 })).toMatchObject({ revision: 1 });
    };
    await translate();
    await numberAll(gateway);
    const today = testNow.toISOString().slice(0, 10);
    const urls = ['/feeds/ro.json', '/feeds/ro.json?after=start&limit=5000', `/feeds/ro.json?archive=${today}`, `/items/${id}.json`];
    const shown = async (): Promise<[boolean, boolean][]> =>
      Promise.all(
        urls.map(async (url): Promise<[boolean, boolean]> => {
          const { body } = await gateway.get(url, headers);
          // The walk may end before, for others’ events are young too.
          return [url.includes('after=') || body.includes(id), body.includes('Zzyounger') || body.includes(urnOf(story, 'be'))];
        }),
      );
    expect(await shown()).toEqual(urls.map(() => [true, false]));
    const next = nextOf(await gateway.get('/feeds/ro.json', headers));
    gateway.at(inMs(1800_000 - 1));
    expect(await shown()).toEqual(urls.map(() => [true, false]));
    expect(idsIn(await gateway.get(next, headers))).toEqual([]);
    gateway.at(inMs(1800_000));
    expect(await shown()).toEqual(urls.map(() => [true, true]));
    expect(idsIn(await gateway.get(next, headers))).toContain(id);
    await desk.retract({ article: urnOf(story), edition: 'ro', kind: 'WITHHOLD' });
    await numberAll(gateway);
    expect(idsIn(await gateway.get('/feeds/ro.json', headers))).not.toContain(id);
    expect((await gateway.get(`/items/${id}.json`, headers)).statusCode).toBe(404);
  });

  test('is told late of a story whose embargo was lifted early', async () => {
    const story = makeStory({
      id: 'lifted',
      publishedAt: inMs(-300 * minute).toISOString(),
      embargoUntil: inMs(day).toISOString(),
      editions: { ro: {} },
    });
    await place([story]);
    const { headers } = await partnerWith([{}], 1800);
    const id = urnOf(story, 'ro');
    expect(await desk.setEmbargo(urnOf(story), null)).toMatchObject({ until: null });
    await numberAll(gateway);
    const has = async (as?: Headers): Promise<boolean[]> =>
      Promise.all(
        ['/feeds/ro.json', '/feeds/ro.json?after=start&limit=100', `/items/${id}.json`].map(async (url) =>
          (await gateway.get(url, as)).body.includes(id),
        ),
      );
    expect([await has(), await has(headers)]).toEqual([
      [true, true, true],
      [false, false, false],
    ]);
    // Behind what the test before has written by then.
    gateway.at(inMs(3 * 1800_000));
    expect(await has(headers)).toEqual([true, true, true]);
  });

  test('is led to the archives behind what it is not told of yet', async () => {
    const made = [1, 2, 3, 9].map((days) =>
      makeStory({ id: `late-${days}`, publishedAt: inMs(-days * day).toISOString(), editions: { sq: {} } }),
    );
    await place(made);
    const { headers } = await partnerWith([{}], 5 * 86_400);
    const response = await gateway.get(`/feeds/sq.json?archive=${inMs(-day).toISOString().slice(0, 10)}`, headers);
    expect(String(response.headers['link'])).toContain(
      `?archive=${inMs(-9 * day)
        .toISOString()
        .slice(0, 10)}>; rel="prev-archive"`,
    );
  });
});

test('who may have stories early is given them before everybody, and loses them when they may not be had', async () => {
  const story = makeStory({
    id: 'early',
    topics: ['culture'],
    publishedAt: inMs(-minute).toISOString(),
    embargoUntil: inMs(60 * minute).toISOString(),
    editions: { ka: { headline: 'Zzearly' } },
  });
  const [early, ofOther, plain] = [
    await partnerWith([{ early: true, topics: ['culture'] }]),
    await partnerWith([{}, { early: true, topics: ['media'] }]),
    await partnerWith([{}]),
  ];
  const next = await Promise.all([early, ofOther, plain].map(async ({ headers }) => nextOf(await gateway.get('/feeds/ka.json', headers))));
  await place([story]);
  const id = urnOf(story, 'ka');
  const told = (): Promise<string[][]> =>
    Promise.all(
      [early, ofOther, plain].map(async ({ headers }, index) =>
        idsIn(await gateway.get(next[index]!, headers)).filter((each) => each === id),
      ),
    );
  expect(await told()).toEqual([[id], [], []]);
  expect((await gateway.get(`/items/${id}.json`, ofOther.headers)).statusCode).toBe(404);
  await desk.setEmbargo(urnOf(story), null);
  await numberAll(gateway);
  expect(await told()).toEqual([[id], [id], [id]]);
  const had = nextOf(await gateway.get(next[1]!, ofOther.headers));
  await desk.setEmbargo(urnOf(story), inMs(90 * minute).toISOString());
  await numberAll(gateway);
  // Two of them had it, and one of those may have it still.
  expect(goneIn(await gateway.get(had, ofOther.headers))).toEqual([id]);
  expect(await told()).toEqual([[id], [], []]);
});

describe('who waits', () => {
  const ask = (next: string, headers: Headers, wait: number): Promise<LightMyRequestResponse> =>
    gateway.get(`${next}&wait=${wait}`, headers);

  test('is told as soon as there is something', async () => {
    const { headers } = await partnerWith([{}]);
    const next = nextOf(await gateway.get('/feeds/be.json?after=now', headers));
    const started = performance.now();
    const waiting = ask(next, headers, 20);
    const { draft } = await desk.createArticle({
      edition: 'be',
      authors: [],
      text: { headline: 'Waited for', blocks: [paragraph('Now.')] },
    });
    await desk.publishDraft({ article: draft.articleId, edition: 'be', expectedVersion: 1 });
    await numberAll(gateway);
    expect(idsIn(await waiting)).toEqual([`${draft.articleId}.be`]);
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  test('from now on is told what happens meanwhile', async () => {
    const waiting = gateway.get('/feeds/be.json?after=now&wait=10');
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { draft } = await desk.createArticle({
      ...{ edition: 'be', authors: [] },
      text: { headline: 'Since then', blocks: [paragraph('Now.')] },
    });
    await desk.publishDraft({ article: draft.articleId, edition: 'be', expectedVersion: 1 });
    await numberAll(gateway);
    expect(idsIn(await waiting)).toEqual([`${draft.articleId}.be`]);
  });

  test('beside twenty others of the same partner is answered at once, and waits again when they are done', async () => {
    const { headers } = await partnerWith([{}]);
    const next = nextOf(await gateway.get('/feeds/be.json?after=now', headers));
    const lasted = async (): Promise<number> => {
      const started = performance.now();
      expect((await ask(next, headers, 3)).statusCode).toBe(200);
      return performance.now() - started;
    };
    const waits = await Promise.all(Array.from({ length: 22 }, lasted));
    expect(waits.filter((each) => each < 2_900)).toHaveLength(2);
    expect(await lasted()).toBeGreaterThan(2_900);
  });

  test('is answered that there was nothing, with where to go on', async () => {
    const next = nextOf(await gateway.get('/feeds/be.json?after=now'));
    const started = performance.now();
    const response = await ask(next, {}, 1);
    expect(performance.now() - started).toBeGreaterThan(990);
    expect([response.statusCode, idsIn(response), response.headers['cache-control']]).toEqual([200, [], 'no-store']);
    expect(nextOf(response)).toMatch(/after=[\w-]{70}$/u);
  });

  test('is refused once the key is revoked', async () => {
    const { headers, uuid } = await partnerWith([{}]);
    const next = nextOf(await gateway.get('/feeds/be.json?after=now', headers));
    const waiting = ask(next, headers, 20);
    await revokeKey(gateway.dataSource.manager, uuid, testNow);
    expect(codeOf(await waiting)).toEqual([401, 'UNAUTHENTICATED']);
  });

  test('is let go when the process ends', async () => {
    const over = await openGateway({ over: gateway });
    const next = nextOf(await over.get('/feeds/be.json?after=now'));
    const statements = countStatements();
    const started = performance.now();
    const waiting = over.get(`${next}&wait=20`);
    setTimeout(over.stopWaiting, 200);
    expect(idsIn(await waiting)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(statements.stop().length).toBeLessThan(40);
    await over.close();
  });
});

/** What is sent to the database from now on. */
function countStatements(): { stop(): string[] } {
  const statements: string[] = [];
  const { logger } = gateway.dataSource;
  const silent = (): void => {};
  gateway.dataSource.logger = {
    ...{ logQueryError: silent, logQuerySlow: silent, logSchemaBuild: silent, logMigration: silent, log: silent },
    logQuery: (sql) => void statements.push(sql),
  };
  return {
    stop: () => {
      gateway.dataSource.logger = logger;
      return statements;
    },
  };
}

describe('who has an answer', () => {
  test.each([
    '/feeds/ru.json',
    '/feeds/ru/culture.atom',
    '/feeds/ru.rss?after=start',
    '/feeds/ru.json?archive=2026-10-01',
    '/sitemap-news/ru.xml',
  ])('of %s is told so without a look at any story', async (url) => {
    const { headers } = await partnerWith([{}]);
    for (const shown of [{}, headers] as Headers[]) {
      const { headers: first } = await gateway.get(url, shown);
      const statements = countStatements();
      const again = await gateway.get(url, { ...shown, 'if-none-match': String(first['etag']) });
      const sent = statements.stop();
      expect([again.statusCode, again.headers['etag'], sent.length > 0]).toEqual([304, first['etag'], true]);
      expect(sent.filter((sql) => /\b(article|translation|revision|tombstone)\b/u.test(sql))).toEqual([]);
    }
  });

  test('is not told so when the key may have something else, or a boundary has passed', async () => {
    const { code, headers, ids } = await partnerWith([{}]);
    const { headers: first } = await gateway.get('/feeds/mk.json', headers);
    const asked = async (): Promise<number> =>
      (await gateway.get('/feeds/mk.json', { ...headers, 'if-none-match': String(first['etag']) })).statusCode;
    expect(await asked()).toBe(304);
    await operator.saveEntitlement({
      partner: code,
      entitlement: ids[0],
      expectedVersion: 1,
      terms: { validFrom: inMs(-60 * day), level: 'HEADLINE' },
    });
    expect(await asked()).toBe(200);
  });

  test('has one that tells nothing of what it cannot see', async () => {
    const seen = async (): Promise<unknown[]> =>
      Promise.all(
        ['/feeds/sq.json', '/feeds/sq.atom?after=now', '/feeds/sq.json?archive=2026-10-02'].map(
          async (url) => (await gateway.get(url)).headers['etag'],
        ),
      );
    const before = await seen();
    await place([
      makeStory({
        id: 'unseen-secret',
        embargoUntil: inMs(day).toISOString(),
        publishedAt: inMs(-minute).toISOString(),
        editions: { sq: {} },
      }),
      makeStory({ id: 'unseen-elsewhere', editions: { hu: {} } }),
    ]);
    expect(await seen()).toEqual(before);
  });
});

describe('archives', () => {
  const made = Array.from({ length: 130 }, (_, index) =>
    makeStory({
      id: `archived-${index}`,
      publishedAt: inMs(-index * 40 * minute).toISOString(),
      editions: { tk: { headline: `Zz${index}z` } },
    }),
  );
  beforeAll(() => place(made));

  const chain = async (headers: Headers = {}): Promise<LightMyRequestResponse[]> => {
    const documents = [await gateway.get('/feeds/tk.json', headers)];
    for (;;) {
      const previous = /<([^>]+)>; rel="prev-archive"/u.exec(String(documents.at(-1)!.headers['link']))?.[1];
      if (!previous) return documents;
      documents.push(await gateway.get(pathOf(previous), headers));
    }
  };

  test('and the newest texts are everything there is, day by day', async () => {
    const { headers } = await partnerWith([{}]);
    for (const shown of [{}, headers] as Headers[]) {
      const documents = await chain(shown);
      const ids = new Set(documents.flatMap(idsIn));
      expect(made.filter((story) => !ids.has(urnOf(story, 'tk')))).toEqual([]);
      expect(new Set(documents.map(({ headers: { link } }) => /<([^>]+)>; rel="self"/u.exec(String(link))![1])).size).toBe(
        documents.length,
      );
    }
  });

  test('say whether their day is over, and lead to the newest texts', async () => {
    const [today, yesterday] = [testNow, inMs(-day)].map((at) => `/feeds/tk.atom?archive=${at.toISOString().slice(0, 10)}`) as [
      string,
      string,
    ];
    const [open, closed] = [await gateway.get(today), await gateway.get(yesterday)];
    expect([open, closed].map(({ body }) => body.includes('<fh:archive/>'))).toEqual([false, true]);
    for (const { headers } of [open, closed]) expect(headers['link']).toContain('<http://gateway.test/feeds/tk.atom>; rel="current"');
    expect((await gateway.get('/feeds/tk.atom')).body).not.toContain('fh:archive/');
  });

  test('lose what is taken back without a trace, and the newest texts tell of it', async () => {
    const story = made[100]!;
    const url = `/feeds/tk.json?archive=${story.publishedAt!.slice(0, 10)}`;
    const id = urnOf(story, 'tk');
    expect(idsIn(await gateway.get(url))).toContain(id);
    const tk = await deskOf(gateway, 'Aman', { tk: Role.CHIEF });
    await tk.retract({ article: urnOf(story), kind: 'KILL' });
    const { body } = await gateway.get(url);
    expect([body.includes(id), body.includes('Zz100z')]).toEqual([false, false]);
    expect(goneIn(await gateway.get('/feeds/tk.json'))).toContain(id);
  });
});
