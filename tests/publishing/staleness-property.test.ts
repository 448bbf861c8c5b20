import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Significance } from '../../src/articles/translation.js';
import { Staleness, worstOf } from '../../src/publishing/staleness.js';
import { lagsOf } from '../../src/publishing/staleness.queries.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { type Edit, type Graph, writeGraphs } from '../support/write-graph.js';

const now = new Date('2026-11-23T12:00:00.000Z');
const before = new Date('2026-11-20T12:00:00.000Z');
const after = new Date('2026-11-24T12:00:00.000Z');
const editions = ['en', 'ru', 'tt', 'ba', 'uk', 'be', 'fa', 'ka'];

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase({ samples: true });
}, 60_000);
afterAll(() => database.close());

type Step =
  | { kind: 'publish'; edition: number; significance: Significance; bases: number[]; late: boolean }
  | { kind: 'confirm'; edition: number; source: number }
  | { kind: 'retract'; edition: number; late: boolean }
  | { kind: 'takeBack'; edition: number; number: number; restored: boolean };

const edition = fc.nat({ max: editions.length - 1 });
const pick = fc.nat({ max: 1000 });
const rarely = fc.integer({ min: 0, max: 9 }).map((value) => value === 0);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('publish' as const),
      edition,
      // Most edits are small, so that the milder kinds of staleness are met too.
      significance: fc.oneof(
        { weight: 6, arbitrary: fc.constant(Significance.MINOR) },
        { weight: 2, arbitrary: fc.constant(Significance.UPDATE) },
        { weight: 1, arbitrary: fc.constantFrom(Significance.CORRECTION, Significance.RETRACTION) },
      ),
      bases: fc.array(pick, { maxLength: 3 }),
      late: rarely,
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('confirm' as const), edition, source: pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('retract' as const), edition, late: rarely }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('takeBack' as const), edition, number: pick, restored: rarely }) },
);

/** A story from steps: each number picks among what is there by then. */
function graphOf(steps: readonly Step[]): Graph {
  const edits: Edit[] = [{ edition: 'en', number: 1, significance: Significance.UPDATE, publishedAt: before, basis: [] }];
  const confirmations = new Map<string, Graph['confirmations'][number]>();
  const retracted = new Map<string, Date>();
  const takenBack = new Map<string, NonNullable<Graph['takenBack']>[number]>();
  for (const each of steps) {
    const code = editions[each.edition]!;
    const own = edits.filter((edit) => edit.edition === code);
    if (each.kind === 'publish') {
      const sources = new Map(
        each.bases.map((index) => edits[index % edits.length]!).map((edit) => [`${edit.edition} ${edit.number}`, edit]),
      );
      edits.push({
        ...{ edition: code, number: own.length + 1, significance: each.significance, publishedAt: each.late ? after : before },
        basis: [...sources.values()].map((edit) => [edit.edition, edit.number] as const),
      });
    } else if (own.length === 0) continue;
    else if (each.kind === 'takeBack') {
      const { number } = own[each.number % own.length]!;
      takenBack.set(`${code} ${number}`, { edition: code, number, restored: each.restored });
      // What readers had gives way to what they had before.
      if (number === own.length)
        edits.push({ edition: code, number: number + 1, significance: Significance.RETRACTION, publishedAt: before, basis: own[0]!.basis });
    } else if (each.kind === 'retract') retracted.set(code, each.late ? after : before);
    else {
      const { edition: source, number } = edits[each.source % edits.length]!;
      confirmations.set(`${code} ${source}`, [code, source, number]);
    }
  }
  return {
    uuid: randomUUID(),
    home: 'en',
    edits,
    confirmations: [...confirmations.values()],
    retracted: [...retracted],
    takenBack: [...takenBack.values()],
  };
}

/** What an edition misses, written down as the rule says it: every way from its present text to a source, one by one. */
function plainly(
  { edits, confirmations, retracted, takenBack = [] }: Graph,
  of: string,
): { missed: string[]; retracted: string[]; disowned: string[]; staleness: Staleness } {
  const numbered = (code: string): Edit[] => edits.filter((edit) => edit.edition === code);
  const missed = new Map<string, Significance>();
  const sources = new Set<string>();
  const disowned = new Set<string>();
  const tombstone = (code: string, number: number) => takenBack.find((each) => each.edition === code && each.number === number);
  /** Whether what a revision says holds no more: taken back, or brought back after another had taken its place. */
  const isVoid = (code: string, number: number): boolean => {
    const found = tombstone(code, number);
    const replaced = numbered(code).some((edit) => edit.number > number && edit.significance === Significance.RETRACTION);
    return found !== undefined && (!found.restored || replaced);
  };
  const walk = (edit: Edit, passed: readonly string[]): void => {
    for (const [source, number] of edit.basis) {
      sources.add(source);
      // What comes behind a source that was passed before is that source's own past.
      if (!passed.includes(source)) {
        const confirmed = Math.max(
          0,
          ...confirmations.filter(([by, confirmedSource]) => passed.includes(by) && confirmedSource === source).map(([, , upTo]) => upTo),
        );
        if (tombstone(source, number)?.restored === false && confirmed <= number) disowned.add(`${source} ${number}`);
        for (const later of numbered(source)) {
          if (later.publishedAt > now || later.number <= number || later.number <= confirmed) continue;
          if (confirmed >= number && later.significance === Significance.MINOR) continue;
          if (isVoid(source, later.number)) continue;
          // What takes the place of a revision is news only to those who stand on it.
          const known = Math.max(number, confirmed);
          const between = takenBack.some((each) => each.edition === source && each.number > known && each.number < later.number);
          if (later.significance === Significance.RETRACTION && between) continue;
          missed.set(`${source} ${later.number}`, later.significance);
        }
      }
      walk(numbered(source)[number - 1]!, [...passed, source]);
    }
  };
  const present = numbered(of).at(-1)!;
  walk(present, [of]);
  const gone = retracted.filter(([code, at]) => at <= now && code !== of && sources.has(code)).map(([code]) => code);
  const has = (...kinds: Significance[]): boolean => [...missed.values()].some((kind) => kinds.includes(kind));
  const staleness = (): Staleness => {
    if (!present.basis.some(([source]) => source !== of)) return of === 'en' ? Staleness.ORIGINAL : Staleness.CURRENT;
    if (gone.length + disowned.size > 0) return Staleness.SOURCE_RETRACTED;
    if (has(Significance.CORRECTION, Significance.RETRACTION)) return Staleness.BEHIND_CORRECTION;
    if (has(Significance.UPDATE)) return Staleness.BEHIND;
    return has(Significance.MINOR) ? Staleness.BEHIND_MINOR : Staleness.CURRENT;
  };
  return { missed: [...missed.keys()].sort(), retracted: gone.sort(), disowned: [...disowned].sort(), staleness: staleness() };
}

test('what every edition of a random story misses is what a plain walk over every way finds', async () => {
  const met = new Map<Staleness, number>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 8, maxLength: 40, size: 'max' }), { minLength: 1, maxLength: 12, size: 'max' }),
      async (stories) => {
        const graphs = stories.map(graphOf);
        await writeGraphs(database.dataSource, graphs, now);
        const cells = graphs.flatMap((graph) => [...new Set(graph.edits.map((edit) => edit.edition))].map((code) => ({ graph, code })));
        const lags = await lagsOf(
          database.dataSource.manager,
          cells.map(({ graph, code }) => ({ articleUuid: graph.uuid, editionCode: code })),
          now,
        );
        for (const [index, { graph, code }] of cells.entries()) {
          const { missed, retractedSources, retractedRevisions, ...rest } = lags[index]!;
          const staleness = worstOf({ missed, retractedSources, retractedRevisions, ...rest });
          met.set(staleness, (met.get(staleness) ?? 0) + 1);
          expect({
            missed: missed.map(({ sourceEditionCode, number }) => `${sourceEditionCode} ${number}`).sort(),
            retracted: [...retractedSources].sort(),
            disowned: retractedRevisions.map((each) => `${each.edition} ${each.revision}`).sort(),
            staleness,
          }).toEqual(plainly(graph, code));
        }
      },
    ),
    { numRuns: 40 },
  );
  // Otherwise nothing was compared.
  expect([...met.keys()].sort()).toEqual(Object.values(Staleness).sort());
  expect(Math.min(...met.values())).toBeGreaterThan(20);
});

test('twelve editions with ten revisions each, and more ways between them than could ever be walked, are answered at once', async () => {
  const rows: { code: string }[] = await database.dataSource.query('select code from edition order by code limit 12');
  const codes = rows.map(({ code }) => code);
  const at = (time: number) => [codes[time % 12]!, Math.floor(time / 12) + 1] as const;
  const edits = Array.from({ length: 120 }, (_, time): Edit => {
    const [code, number] = at(time);
    // Each from the two before it and one far back: as many ways as Fibonacci has rabbits.
    const basis = [time - 1, time - 2, time - 13].filter((source) => source >= 0).map(at);
    return { edition: code, number, significance: Significance.UPDATE, publishedAt: before, basis };
  });
  const uuid = randomUUID();
  await writeGraphs(database.dataSource, [{ uuid, home: codes[0]!, edits, confirmations: [], retracted: [] }], now);
  const keys = codes.map((editionCode) => ({ articleUuid: uuid, editionCode }));
  const started = performance.now();
  const lags = await lagsOf(database.dataSource.manager, keys, now);
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(lags.filter((lag) => lag!.missed.length > 0)).toHaveLength(12);
});
