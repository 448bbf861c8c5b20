import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Role } from '../../src/desks/role.js';
import { numberEvents } from '../../src/publishing/event.queries.js';
import { publishScheduled } from '../../src/publishing/publish-text.js';
import { makeScheduler } from '../../src/publishing/scheduler.js';
import { type Desk, deskOf } from '../support/desk.js';
import { type FeedClient, feedClient, type JsonEntry } from '../support/feed-client.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';
import { keyFor } from '../support/keys.js';
import { numberAll } from '../support/number-all.js';
import { type Operator, operatorOf } from '../support/partners.js';

/**
 * Random histories of a few stories, while the public and partners of all kinds walk the log now and then and keep what they are told. What each
 * ends with is what the other forms of its feed hold, and nothing it was ever shown was kept from it at that time.
 */
let gateway: TestGateway;
let desk: Desk;
let operator: Operator;
let clock = testNow;
let words = 0;

const hour = 3_600_000;
const feeds = ['en', 'tt'] as const;

/** What each reader is entitled to, and how late it is told, in seconds. */
const partners = {
  early: { terms: [{ early: true, machine: true, images: true }], delay: 0 },
  'early-of-one': { terms: [{}, { early: true, topics: ['culture'] }], delay: 0 },
  late: { terms: [{ machine: true }], delay: 3600 },
  'late-and-early': { terms: [{}, { early: true, topics: ['culture'] }], delay: 1800 },
  culture: { terms: [{ topics: ['culture'], machine: true }], delay: 0 },
  'no-machine': { terms: [{}], delay: 0 },
  'no-afp': { terms: [{ excludedAgencies: ['afp'], machine: true }], delay: 0 },
  headlines: { terms: [{ level: 'HEADLINE', machine: true }], delay: 0 },
} as const;
type Reader = keyof typeof partners | 'public' | 'public-culture';
const readers = [...(Object.keys(partners) as Reader[]), 'public', 'public-culture'] as const;
const keys = new Map<Reader, Record<string, string>>([
  ['public', {}],
  ['public-culture', {}],
]);

beforeAll(async () => {
  gateway = await openGateway();
  desk = await deskOf(gateway, 'Anna', { en: Role.CHIEF, ru: Role.CHIEF, tt: Role.CHIEF });
  operator = await operatorOf(gateway);
  for (const [code, { terms, delay }] of Object.entries(partners)) {
    await operator.savePartner({ code, name: code, delaySeconds: delay, expectedVersion: 0 });
    for (const each of terms) {
      const given = await operator.saveEntitlement({ partner: code, expectedVersion: 0, terms: { ...each, validFrom: daysAgo(30) } });
      expect(given.id).toBeDefined();
    }
    keys.set(code as Reader, (await keyFor(gateway.dataSource, { partnerCode: code })).headers);
  }
}, 60_000);
afterAll(() => gateway.close());

const daysAgo = (days: number): string => new Date(testNow.getTime() - days * 24 * hour).toISOString();
const wait = (minutes: number): void => {
  clock = new Date(clock.getTime() + minutes * 60_000);
  gateway.at(clock);
};
const inMinutes = (count: number): string => new Date(clock.getTime() + count * 60_000).toISOString();
const schedulerPasses = (): Promise<number> => {
  const say = (): void => {};
  const { manager } = gateway.dataSource;
  return makeScheduler({ manager, clock: () => clock, works: { DRAFT: publishScheduled }, log: { info: say, error: say } }).pass();
};
/** Words that are nowhere else, of headline, dek and body each. */
const text = () => {
  words += 1;
  return {
    headline: `Headline${words}.`,
    dek: `Dek${words}.`,
    blocks: [{ key: 'p1', type: 'paragraph', spans: [{ text: `Body${words}.` }] }],
  };
};

interface Occasion {
  slot: { article: string; edition: string };
  revision: number;
  version: number;
  facts: number;
  minutes: number;
  pick: number;
}
const meaningOf = ({ pick }: Occasion) => ({
  note: 'It was another.',
  ...[{}, { origin: 'MACHINE', tool: 'A machine' }, { origin: 'MACHINE_REVIEWED', tool: 'A machine' }][pick % 3],
});
const save = (occasion: Occasion) =>
  desk.saveDraft({ ...occasion.slot, expectedVersion: occasion.version, text: text(), meaning: meaningOf(occasion) });
const updateArticle = ({ slot: { article }, facts, pick }: Occasion) =>
  desk
    .ask(
      'mutation($input: UpdateArticleInput!) { result: updateArticle(input: $input) { ... on ArticleFacts { version } ... on Problem { code } } }',
      {
        input: {
          ...{ article, expectedVersion: facts, people: [], places: [], agencies: [] },
          kind: pick % 2 === 0 ? 'NEWS' : 'ANALYSIS',
          urgency: 1 + (pick % 9),
          topics: [['culture'], ['politics'], ['culture', 'politics'], []][pick % 4],
          credits: [[], [{ role: 'WIRE', agency: 'afp' }]][pick % 2],
        },
      },
    )
    .then(({ data, errors }) => data?.result ?? { error: errors[0].extensions.code });
const ruleOnAfp = async ({ pick }: Occasion) => {
  const [{ version }] = await gateway.dataSource.query(`select coalesce(version, 1) as version from agency where code = 'afp'`);
  const input = {
    code: 'afp',
    expectedVersion: version,
    language: 'en',
    names: [{ lang: 'en', text: 'AFP' }],
    redistribution: ['NONE', 'ENTITLED'][pick % 2],
  };
  const { data, errors } = await operator.ask(
    'mutation($input: SaveAgencyInput!) { result: saveAgency(input: $input) { ... on Agency { code } ... on Problem { problem: code } } }',
    { input },
  );
  return data?.result?.problem ? { code: data.result.problem } : data?.result ? null : { error: errors[0].extensions.code };
};
const reason = 'It was right.';
const moves: Record<string, [weight: number, make: (occasion: Occasion) => unknown]> = {
  WAIT: [4, ({ minutes }) => wait(minutes)],
  PASS: [4, () => schedulerPasses()],
  NUMBER: [4, ({ pick }) => numberEvents(gateway.dataSource.manager, 1 + pick)],
  PUBLISH: [
    8,
    async (occasion) => {
      const { draft, ...refused } = await save(occasion);
      return draft ? desk.publishDraft({ ...occasion.slot, expectedVersion: draft.version }) : refused;
    },
  ],
  SCHEDULE: [
    4,
    async (occasion) => {
      const { draft, ...refused } = await save(occasion);
      return draft ? desk.scheduleDraft({ ...occasion.slot, expectedVersion: draft.version, at: inMinutes(occasion.minutes) }) : refused;
    },
  ],
  CORRECT: [
    5,
    (occasion) => desk.correct({ ...occasion.slot, expectedRevision: occasion.revision, text: text(), meaning: meaningOf(occasion) }),
  ],
  EDIT: [2, ({ slot, revision }) => desk.editMinor({ ...slot, expectedRevision: revision, text: text() })],
  CHANGE: [7, updateArticle],
  TAKE_BACK: [4, ({ slot, revision }) => desk.retract({ ...slot, revision, kind: 'KILL' })],
  WITHDRAW: [
    3,
    ({ slot, pick }) =>
      desk.retract({ ...slot, kind: 'WITHDRAW', cascade: ['NONE', 'DERIVED', 'ALL'][pick % 3], notes: [{ lang: 'en', text: 'Why.' }] }),
  ],
  RESTORE: [5, ({ slot }) => desk.restore({ ...slot, reason })],
  KILL: [2, ({ slot: { article } }) => desk.retract({ article, kind: 'KILL' })],
  REVIVE: [4, ({ slot: { article } }) => desk.restore({ article, reason })],
  EXPIRE: [3, ({ slot, minutes }) => desk.setExpiry({ ...slot, until: inMinutes(minutes) })],
  SHOW: [2, ({ slot }) => desk.setExpiry({ ...slot, until: null })],
  EMBARGO: [4, ({ slot, minutes }) => desk.setEmbargo(slot.article, inMinutes(minutes))],
  LIFT: [3, ({ slot }) => desk.setEmbargo(slot.article, null)],
  RULE: [1, ruleOnAfp],
};
const step = fc.record({
  move: fc.oneof(...Object.entries(moves).map(([move, [weight]]) => ({ weight, arbitrary: fc.constant(move) }))),
  story: fc.nat({ max: 1 }),
  edition: fc.constantFrom(...feeds),
  minutes: fc.constantFrom(5, 45, 200),
  pick: fc.nat({ max: 11 }),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
const walk = fc.record({
  reader: fc.nat({ max: 2 }),
  feed: fc.constantFrom(...feeds),
  limit: fc.constantFrom(1, 2, 3, 50),
  pages: fc.constantFrom(1, 1, 2, 50),
});
const something = fc.oneof({ weight: 3, arbitrary: step }, { weight: 2, arbitrary: walk });
type Happening = (typeof something)['generate'] extends (...args: never[]) => fc.Value<infer Each> ? Each : never;

const some = fc.uniqueArray(fc.constantFrom(...readers), { minLength: 3, maxLength: 3 });

const uuidOf = (article: string): string => article.split(':').at(-1)!;

/** Two stories in two editions, one of them of culture and one under embargo, each with its Tatar text made from the English one. */
async function stories(): Promise<string[]> {
  const made: string[] = [];
  for (const [topics, embargoUntil] of [
    [['culture'], null],
    [['politics'], inMinutes(90)],
  ] as const) {
    const { draft } = await desk.createArticle({ edition: 'en', authors: [], topics, embargoUntil, text: text() });
    const article: string = draft.articleId;
    await desk.publishDraft({ article, edition: 'en', expectedVersion: 1 });
    await desk.saveDraft({
      article,
      edition: 'tt',
      expectedVersion: 0,
      text: text(),
      meaning: { basis: [{ edition: 'en', revision: 1 }] },
    });
    await desk.publishDraft({ article, edition: 'tt', expectedVersion: 1 });
    made.push(article);
  }
  return made;
}

async function take(articles: readonly string[], { move, edition, story, ...given }: Step): Promise<boolean> {
  wait(1);
  const article = articles[story]!;
  const [seen] = await gateway.dataSource.query<[{ revision: number; version: number; facts: number }]>(
    `select coalesce(max(t.revision), 0) as revision, coalesce(max(d.version), 0) as version, coalesce(max(a.version), 1) as facts
     from article a left join translation t on t.article_uuid = a.uuid and t.edition_code = $2
     left join draft d on d.article_uuid = a.uuid and d.edition_code = $2 where a.uuid = $1`,
    [uuidOf(article), edition],
  );
  const answer = await moves[move]![1]({ slot: { article, edition }, ...seen, ...given });
  return !(answer && typeof answer === 'object' && ('code' in answer || 'error' in answer));
}

/** Why a text may not be shown, by its rows alone: for who is told so many seconds late. */
interface Standing {
  mark: string;
  article: string;
  edition: string;
  taken: boolean;
  secret: boolean;
  young: boolean;
  topics: string[];
  machine: boolean;
  afp: boolean;
}

/** Every revision that there is of some stories, and what is the matter with it now. */
const standings = (articles: readonly string[], delay: number): Promise<Standing[]> =>
  gateway.dataSource.query(
    `select substring(r.headline from 'Headline(\\d+)') as mark, a.uuid as article, r.edition_code as edition,
       a.retracted_at is not null or t.retracted_at is not null or coalesce(t.expires_at <= $2, false) or t.published_at is null or t.published_at > $2
         or exists (select from tombstone s where s.article_uuid = a.uuid and s.edition_code = r.edition_code and s.revision = r.number and s.restored_at is null) as taken,
       coalesce(a.embargo_until > $3, false) as secret,
       coalesce(r.published_at, t.published_at) > $3 as young,
       array(select code from article_topic l where l.article_uuid = a.uuid) as topics,
       r.origin = 'MACHINE' as machine,
       exists (select from credit c where c.article_uuid = a.uuid and c.role = 'WIRE' and c.agency_code = 'afp' and c.until is null) as afp
     from revision r join article a on a.uuid = r.article_uuid join translation t on t.article_uuid = a.uuid and t.edition_code = r.edition_code
     where a.uuid = any($1)`,
    [articles.map(uuidOf), clock, new Date(clock.getTime() - delay * 1000)],
  );

function isKept(reader: Reader, { taken, secret, young, topics, machine, afp }: Standing): boolean {
  const isOf = (topic: string): boolean => topics.includes(topic);
  if (taken || young) return true;
  if (reader === 'public') return secret;
  if (reader === 'public-culture') return secret || !isOf('culture');
  if (secret && reader !== 'early' && !((reader === 'early-of-one' || reader === 'late-and-early') && isOf('culture'))) return true;
  if (reader === 'culture') return !isOf('culture');
  if (machine && ['no-machine', 'early-of-one', 'late-and-early'].includes(reader)) return true;
  return reader === 'no-afp' && afp;
}

/** Fails if a page holds words that its reader may not have now, or leads to a text that it may not have. */
async function mustKeepSecrets(reader: Reader, body: string, articles: readonly string[]): Promise<void> {
  const delay = reader in partners ? partners[reader as keyof typeof partners].delay : 0;
  const all = await standings(articles, delay);
  const shown = (what: string, { mark }: Standing): boolean => body.includes(`${what}${mark}.`);
  // What is given back after a retraction says what an earlier revision says.
  const mayBeShown = new Set(all.filter((each) => !isKept(reader, each)).map(({ mark }) => mark));
  const leaks = all.filter((each) => !mayBeShown.has(each.mark) && ['Headline', 'Dek', 'Body'].some((what) => shown(what, each)));
  const tooMuch = reader === 'headlines' ? all.filter((each) => shown('Dek', each) || shown('Body', each)) : [];
  expect([reader, clock, leaks, tooMuch]).toEqual([reader, clock, [], []]);
  const entries: JsonEntry[] = JSON.parse(body).items;
  for (const { id } of entries.flatMap(({ _dragoman: more }) => more.editions ?? [])) {
    const of = all.filter(({ article, edition }) => id.endsWith(`${article}.${edition}`));
    if (of.length > 0 && reader !== 'public-culture')
      expect([reader, id, of.some((each) => !isKept(reader, each))]).toEqual([reader, id, true]);
  }
}

/** What is compared of an entry: all of it, but by which event it was told, and other editions, whose events are theirs. */
const comparable = ({ _dragoman: { event: _, editions: __, ...more }, ...entry }: JsonEntry) => ({ ...entry, _dragoman: more });
const isOf =
  (articles: readonly string[]) =>
  ({ id }: { id: string }): boolean =>
    articles.some((article) => id.startsWith(article));

/** What the forms of a feed that are no walks hold of some stories: the newest texts, and those of days since a time. */
async function heldBy(client: FeedClient, articles: readonly string[], since: Date): Promise<JsonEntry[]> {
  const forms = [client.url];
  for (let day = since.getTime(); day < clock.getTime() + 24 * hour; day += 24 * hour)
    if (day <= clock.getTime()) forms.push(`${client.url}?archive=${new Date(day).toISOString().slice(0, 10)}`);
  const pages = await Promise.all(forms.map(client.get));
  const entries = pages.flatMap(({ items }) => items).filter(({ _dragoman: more }) => more.retracted === null);
  return [...new Map(entries.filter(isOf(articles)).map((each) => [each.id, each])).values()];
}

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);

/** Once found by chance: a text is taken back, and only then its story put under embargo; who had it must be told all the same. */
const embargoedLater: [Reader[], Happening[]] = [
  ['no-machine', 'early', 'public'],
  [
    { move: 'WITHDRAW', story: 0, edition: 'en', minutes: 5, pick: 0 },
    { move: 'PUBLISH', story: 0, edition: 'en', minutes: 200, pick: 8 },
    { move: 'EMBARGO', story: 0, edition: 'en', minutes: 200, pick: 10 },
    { move: 'EXPIRE', story: 1, edition: 'en', minutes: 5, pick: 8 },
    { move: 'CHANGE', story: 0, edition: 'tt', minutes: 45, pick: 2 },
    { reader: 0, feed: 'en', limit: 3, pages: 2 },
    { move: 'CHANGE', story: 0, edition: 'en', minutes: 5, pick: 0 },
    { reader: 2, feed: 'en', limit: 50, pages: 1 },
    { move: 'EDIT', story: 0, edition: 'tt', minutes: 5, pick: 7 },
    { move: 'RESTORE', story: 0, edition: 'tt', minutes: 5, pick: 6 },
    { reader: 1, feed: 'tt', limit: 1, pages: 1 },
    { move: 'REVIVE', story: 1, edition: 'tt', minutes: 200, pick: 8 },
    { move: 'CHANGE', story: 0, edition: 'en', minutes: 45, pick: 5 },
    { move: 'LIFT', story: 1, edition: 'tt', minutes: 200, pick: 7 },
    { move: 'TAKE_BACK', story: 1, edition: 'tt', minutes: 45, pick: 6 },
    { move: 'EXPIRE', story: 0, edition: 'en', minutes: 200, pick: 3 },
  ],
];

test('whatever happens, a walk ends with what its reader may have, and shows nothing else on its way', async () => {
  const done = new Set<string>();
  await fc.assert(
    fc.asyncProperty(some, fc.array(something, { minLength: 6, maxLength: 40, size: 'max' }), async (reading, happening) => {
      const began = clock;
      const clients = new Map<string, FeedClient>();
      const articles: string[] = [];
      for (const reader of reading)
        for (const feed of feeds) {
          const url = reader === 'public-culture' ? `/feeds/${feed}/culture.json` : `/feeds/${feed}.json`;
          const read = (body: string): Promise<void> => mustKeepSecrets(reader, body, articles);
          clients.set(`${reader} ${feed}`, await feedClient(gateway, { url, headers: keys.get(reader)!, from: 'now', read }));
        }
      articles.push(...(await stories()));
      const mirrorsAreTrue = async (which: (reader: Reader) => boolean): Promise<void> => {
        await schedulerPasses();
        await numberAll(gateway);
        for (const client of clients.values()) client.interrupted();
        for (const [name, client] of clients) {
          if (!which(name.split(' ')[0] as Reader)) continue;
          await client.walk({ limit: 3, pages: 1000 });
          const held = (await heldBy(client, articles, began)).sort(byId).map(comparable);
          const mirrored = [...client.mirror.values()].filter(isOf(articles)).sort(byId).map(comparable);
          const briefly = (all: typeof held) => all.map(({ id, _dragoman: { revision } }) => `${id} ${revision}`);
          expect([name, briefly(mirrored)]).toEqual([name, briefly(held)]);
          expect([name, mirrored]).toEqual([name, held]);
        }
      };
      // Half of the readers' systems are there before anything happens.
      if (happening.length % 2 === 0) await mirrorsAreTrue((reader) => !reader.startsWith('late'));
      for (const each of happening) {
        if ('move' in each) {
          if (await take(articles, each)) done.add(each.move);
          for (const client of clients.values()) client.interrupted();
        } else await clients.get(`${reading[each.reader]} ${each.feed}`)!.walk(each);
      }
      // Who is told late has lost at once what was taken back, and is told when its time has come.
      await mirrorsAreTrue((reader) => !reader.startsWith('late'));
      wait(600);
      await mirrorsAreTrue(() => true);
    }),
    { seed: -1329848679, numRuns: 9, examples: [embargoedLater], interruptAfterTimeLimit: 150_000 },
  );
  // Otherwise nothing was compared.
  expect(done.size).toBeGreaterThan(8);
}, 200_000);
