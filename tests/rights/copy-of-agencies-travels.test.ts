import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type MadeFrom, taintOf, type WireCredit } from '../../src/rights/taint.js';
import { later } from '../support/rights.js';

const made = (edition: string, number: number, source: string, sourceNumber: number, sourceSupersededAt: Date | null = null): MadeFrom => ({
  ...{ edition, number, source, sourceNumber, sourceSupersededAt },
});
const wire = (edition: string | null, agency: string, until: Date | null = null): WireCredit => ({ edition, agency, until });

describe('copy of an agency', () => {
  const graph = [made('tt', 1, 'ru', 1), made('ru', 1, 'en', 2), made('ba', 1, 'tt', 1)];

  test('of the story is in every edition', () => {
    expect(taintOf({ edition: 'tt', number: 1 }, [], [wire(null, 'reuters')])).toEqual(['reuters']);
  });

  test('of an edition is in what was made from it, at any remove, and in nothing else', () => {
    const wires = [wire('ru', 'tass'), wire('ba', 'itar')];
    expect(taintOf({ edition: 'ba', number: 1 }, graph, wires)).toEqual(['itar', 'tass']);
    expect(taintOf({ edition: 'tt', number: 1 }, graph, wires)).toEqual(['tass']);
    expect(taintOf({ edition: 'en', number: 2 }, graph, wires)).toEqual([]);
  });

  test('that a source has dropped stays in what was made from its former revision only', () => {
    const dropped = [wire('ru', 'tass', later(-1))];
    expect(taintOf({ edition: 'tt', number: 1 }, [made('tt', 1, 'ru', 1, later(-1))], dropped)).toEqual(['tass']);
    expect(taintOf({ edition: 'tt', number: 1 }, [made('tt', 1, 'ru', 2)], dropped)).toEqual([]);
    expect(taintOf({ edition: 'ru', number: 2 }, [], dropped)).toEqual([]);
    // Dropped before that revision was followed by another: an earlier one's.
    expect(taintOf({ edition: 'tt', number: 1 }, [made('tt', 1, 'ru', 2, later(0))], dropped)).toEqual([]);
  });

  test('goes round a circle once', () => {
    expect(taintOf({ edition: 'a', number: 2 }, [made('a', 2, 'b', 1, later(-2)), made('b', 1, 'a', 2)], [wire('b', 'afp')])).toEqual([
      'afp',
    ]);
  });
});

test('in any graph it is what following every way finds', () => {
  const edition = fc.constantFrom('a', 'b', 'c', 'd');
  const number = fc.integer({ min: 1, max: 3 });
  // When a revision was followed by another is a fact of the revision, whoever was made from it.
  const superseded = fc.array(fc.option(fc.integer({ min: -5, max: 0 }).map(later)), { minLength: 12, maxLength: 12 });
  const edges = fc.array(fc.tuple(edition, number, edition, number), { maxLength: 14 });
  const wires = fc.array(
    fc.record({
      edition: fc.option(edition),
      agency: fc.constantFrom('x', 'y', 'z'),
      until: fc.option(fc.integer({ min: -5, max: 0 }).map(later)),
    }),
    { maxLength: 5 },
  );
  fc.assert(
    fc.property(edges, superseded, wires, edition, (links, times, credits, root) => {
      const timeOf = (name: string, at: number): Date | null => times['abcd'.indexOf(name) * 3 + at - 1] ?? null;
      const top = { edition: root, number: 4 };
      const graph = links.map(([of, at, source, sourceNumber]) => made(of, at, source, sourceNumber, timeOf(source, sourceNumber)));
      graph.push(...graph.filter(({ number: at }) => at === 3).map((each) => ({ ...each, edition: root, number: 4 })));
      expect(taintOf(top, graph, credits)).toEqual(naively(top, graph, credits));
    }),
    { numRuns: 3000 },
  );
});

/** The same by the plainest reading: every pair of what was made from what, until no pair is new; then every credit for every text reached. */
function naively(top: { edition: string; number: number }, graph: readonly MadeFrom[], wires: readonly WireCredit[]): string[] {
  const name = (edition: string, number: number): string => `${edition}${number}`;
  const pairs = new Set(graph.map((each) => `${name(each.edition, each.number)} ${name(each.source, each.sourceNumber)}`));
  for (let size = -1; size !== pairs.size; ) {
    size = pairs.size;
    for (const one of [...pairs])
      for (const two of [...pairs]) if (one.split(' ')[1] === two.split(' ')[0]) pairs.add(`${one.split(' ')[0]} ${two.split(' ')[1]}`);
  }
  const found = wires.filter(({ edition, until }) => {
    if (until === null && (edition === null || edition === top.edition)) return true;
    return graph.some((each) => {
      if (!pairs.has(`${name(top.edition, top.number)} ${name(each.source, each.sourceNumber)}`)) return false;
      if (edition !== null && edition !== each.source) return false;
      return until === null || (each.sourceSupersededAt !== null && until >= each.sourceSupersededAt);
    });
  });
  return [...new Set(found.map(({ agency }) => agency))].sort();
}
