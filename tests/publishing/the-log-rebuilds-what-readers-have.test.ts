import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Role } from '../../src/desks/role.js';
import { publishScheduled } from '../../src/publishing/publish-text.js';
import { makeScheduler } from '../../src/publishing/scheduler.js';
import { type Desk, deskOf } from '../support/desk.js';
import { openGateway, type TestGateway, testNow } from '../support/gateway.js';

/** Random histories of one story are replayed from the log alone, and compared with what readers are served, who works and what is owed. */
let gateway: TestGateway;
let desk: Desk;
let clock = testNow;
let words = 0;

const editions = ['en', 'ru', 'tt'] as const;
const onServer = Boolean(process.env.TEST_DATABASE_URL);

beforeAll(async () => {
  gateway = await openGateway();
  desk = await deskOf(gateway, 'Anna', { en: Role.CHIEF, ru: Role.CHIEF, tt: Role.CHIEF });
}, 60_000);
afterAll(() => gateway.close());

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
const text = () => {
  words += 1;
  return { headline: `Words ${words}`, blocks: [{ key: 'p1', type: 'paragraph', spans: [{ text: `Words ${words}.` }] }] };
};

/** Somebody does something to one edition, or to its story; `revision` and `version` are what its desk sees of text and draft. */
interface Occasion {
  slot: { article: string; edition: string };
  revision: number;
  version: number;
  minutes: number;
  cascade: string;
}
const reason = 'It was right.';
const meaning = { note: 'It was another.' };
const save = ({ slot, version }: Occasion) => desk.saveDraft({ ...slot, expectedVersion: version, text: text(), meaning });
const moves: Record<string, [weight: number, make: (occasion: Occasion) => unknown]> = {
  WAIT: [4, ({ minutes }) => wait(minutes)],
  LATER: [
    4,
    ({ minutes }) => {
      wait(minutes);
      return schedulerPasses();
    },
  ],
  CLAIM: [8, ({ slot }) => desk.translate(slot)],
  DRAFT: [4, save],
  SCHEDULE: [
    8,
    async (occasion) => {
      const { draft, ...refused } = await save(occasion);
      return draft ? desk.scheduleDraft({ ...occasion.slot, expectedVersion: draft.version, at: inMinutes(occasion.minutes) }) : refused;
    },
  ],
  PUBLISH: [7, ({ slot, version }) => desk.publishDraft({ ...slot, expectedVersion: version })],
  CORRECT: [8, ({ slot, revision }) => desk.correct({ ...slot, expectedRevision: revision, text: text(), meaning })],
  EDIT: [2, ({ slot, revision }) => desk.editMinor({ ...slot, expectedRevision: revision, text: text() })],
  CONFIRM: [3, ({ slot: { article, edition } }) => desk.confirmStillAccurate([`${article}.${edition}`])],
  TAKE_BACK: [6, ({ slot, revision }) => desk.retract({ ...slot, revision, kind: 'KILL' })],
  WITHDRAW: [3, ({ slot, cascade }) => desk.retract({ ...slot, kind: 'WITHDRAW', cascade })],
  RESTORE: [8, ({ slot }) => desk.restore({ ...slot, reason })],
  KILL: [1, ({ slot: { article } }) => desk.retract({ article, kind: 'KILL' })],
  REVIVE: [5, ({ slot: { article } }) => desk.restore({ article, reason })],
  EXPIRE: [4, ({ slot, minutes }) => desk.setExpiry({ ...slot, until: inMinutes(minutes) })],
  SHOW: [3, ({ slot }) => desk.setExpiry({ ...slot, until: null })],
  EMBARGO: [2, ({ slot, minutes }) => desk.setEmbargo(slot.article, inMinutes(minutes))],
  LIFT: [2, ({ slot }) => desk.setEmbargo(slot.article, null)],
};
const step = fc.record({
  move: fc.oneof(...Object.entries(moves).map(([move, [weight]]) => ({ weight, arbitrary: fc.constant(move) }))),
  edition: fc.constantFrom(...editions),
  minutes: fc.constantFrom(5, 45, 200, 300),
  cascade: fc.constantFrom('NONE', 'DERIVED', 'ALL'),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** A story in three editions, Russian made from English and Tatar from Russian. */
async function story(): Promise<string> {
  const { draft } = await desk.createArticle({ edition: 'en', authors: [], text: text() });
  const article: string = draft.articleId;
  await desk.publishDraft({ article, edition: 'en', expectedVersion: 1 });
  for (const [edition, source] of [
    ['ru', 'en'],
    ['tt', 'ru'],
  ]) {
    await desk.saveDraft({ article, edition, expectedVersion: 0, text: text(), meaning: { basis: [{ edition: source, revision: 1 }] } });
    await desk.publishDraft({ article, edition, expectedVersion: 1 });
  }
  return article;
}

/** Takes a step, whatever is answered, and gives whether it was done. */
async function take(article: string, { move, edition, ...step }: Step): Promise<boolean> {
  wait(1);
  const [seen] = await gateway.dataSource.query<[{ revision: number; version: number }]>(
    `select coalesce(max(t.revision), 0) as revision, coalesce(max(d.version), 0) as version from translation t
     left join draft d on d.article_uuid = t.article_uuid and d.edition_code = t.edition_code where t.article_uuid = $1 and t.edition_code = $2`,
    [uuidOf(article), edition],
  );
  const answer = await moves[move]![1]({ slot: { article, edition }, ...seen, ...step });
  return !(answer && typeof answer === 'object' && ('code' in answer || 'error' in answer));
}
const uuidOf = (article: string): string => article.split(':').at(-1)!;

interface Told {
  kind: string;
  edition: string;
  revision: number | null;
  data: { until?: string | null; source?: string; sourceRevision?: number };
}
interface State {
  served: string[];
  claims: string[];
  owed: string[];
}

/**
 * What holds after a log, read once in its order. Throws where it tells something to begin that has, or to end that has not, or something to be
 * owed where there are no readers.
 */
function rebuilt(log: readonly Told[]): State {
  const sets = { revisions: new Map<string, number>(), hidden: new Set<string>(), claims: new Set<string>(), owed: new Set<string>() };
  const { revisions, hidden, claims, owed } = sets;
  const begin = (of: Set<string>, what: string): void => {
    if (of.has(what)) throw new Error(`${what} began twice`);
    of.add(what);
  };
  const end = (of: Set<string>, what: string): void => {
    if (!of.delete(what)) throw new Error(`${what} ended and had not begun`);
  };
  for (const { kind, edition, revision, data } of log) {
    const debt = `${edition} ${data.source} ${data.sourceRevision}`;
    const retracted = `${edition ?? 'story'} retracted`;
    if (kind === 'PUBLISHED' || kind === 'REVISED') {
      if (revisions.has(edition) === (kind === 'PUBLISHED')) throw new Error(`${edition} ${kind} out of turn`);
      revisions.set(edition, revision!);
    }
    // Of a single revision: what readers have is told by a REVISED.
    if (kind === 'RETRACTED' && revision === null) begin(hidden, retracted);
    if (kind === 'RESTORED' && revision === null) end(hidden, retracted);
    if (kind === 'EMBARGO_SET') {
      if (data.until == null) hidden.delete('story embargoed');
      else hidden.add('story embargoed');
    }
    if (kind === 'EMBARGO_LIFTED') end(hidden, 'story embargoed');
    if (kind === 'EXPIRED') begin(hidden, `${edition} expired`);
    if (kind === 'EXPIRY_SET') hidden.delete(`${edition} expired`);
    if (kind === 'CLAIM_EXPIRING' && !claims.has(edition)) throw new Error(`${edition} is warned of a claim that it has not`);
    if (kind === 'OBLIGATION_OVERDUE' && !owed.has(debt)) throw new Error(`${debt} is overdue and not owed`);
    // A claim may be renewed.
    if (kind === 'CLAIMED') claims.add(edition);
    if (kind === 'CLAIM_ENDED') end(claims, edition);
    if (kind === 'OBLIGATION_OPENED') {
      for (const gone of ['story retracted', `${edition} retracted`, `${edition} expired`])
        if (hidden.has(gone)) throw new Error(`${debt} is owed by ${gone}`);
      begin(owed, debt);
    }
    if (kind === 'OBLIGATION_SETTLED' || kind === 'OBLIGATION_CANCELLED') end(owed, debt);
  }
  const isHidden = (of: string): boolean => [...hidden].some((each) => each.startsWith(`${of} `));
  const served = [...revisions].filter(([code]) => !isHidden('story') && !isHidden(code)).map(([code, revision]) => `${code} ${revision}`);
  return { served: served.sort(), claims: [...claims].sort(), owed: [...owed].sort() };
}

/** What holds: as readers are served it, and in the tables of the desks. */
async function present(article: string): Promise<State> {
  const { data } = await gateway.ask(
    'query($id: ID!) { article(id: $id) { ... on Article { translations { edition { code } revision } } } }',
    { id: article },
  );
  const served: string[] = (data.article?.translations ?? []).map(
    (each: { edition: { code: string }; revision: number }) => `${each.edition.code} ${each.revision}`,
  );
  const namesOf = async (query: string): Promise<string[]> => {
    const rows = await gateway.dataSource.query<{ name: string }[]>(query, [uuidOf(article)]);
    return rows.map(({ name }) => name).sort();
  };
  return {
    served: served.sort(),
    claims: await namesOf('select edition_code as name from claim where article_uuid = $1'),
    owed: await namesOf(
      `select concat_ws(' ', edition_code, source_edition_code, source_number) as name from obligation where article_uuid = $1 and settled_at is null`,
    ),
  };
}

test('whatever happens to a story, its log alone tells what readers have, who works on it and what is owed', async () => {
  const done = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 30, size: 'max' }), async (steps) => {
      const article = await story();
      for (const each of steps) if (await take(article, each)) done.add(each.move);
      await schedulerPasses();
      // Nothing numbers here: the order of writing is that of the log.
      const log = await gateway.dataSource.query<Told[]>(
        'select kind, edition_code as edition, revision, data from outbox where article_uuid = $1 order by id',
        [uuidOf(article)],
      );
      expect(rebuilt(log)).toEqual(await present(article));
    }),
    // A failure is told, with its seed, before the test is out of time.
    { numRuns: onServer ? 40 : 8, interruptAfterTimeLimit: 90_000 },
  );
  // Otherwise nothing was compared.
  expect(done.size).toBeGreaterThan(8);
}, 120_000);
