import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { graphql } from 'graphql';
import { buildSchema, Query, Resolver } from 'type-graphql';
import type { BlockData } from '../../src/articles/body.js';
import { plainText } from '../../src/articles/plain-text.js';
import { RevisionDiff } from '../../src/publishing/diff.type.js';
import { type ChangedContent, diffRevisions } from '../../src/publishing/diff-revisions.js';
import { diffWords, type Run } from '../../src/publishing/diff-words.js';
import { isWord, piecesOf } from '../../src/publishing/words.js';

const wordsOf = (text: string): string[] => piecesOf(text).filter(isWord);

const body = (passages: Record<string, string>): BlockData[] =>
  Object.entries(passages).map(([key, text]) => ({ key, type: 'paragraph', spans: [{ text }] }));
const content = (blocks: BlockData[], headline = 'H', dek: string | null = null) => ({ headline, dek, body: blocks });
/** Runs as an editor marks them: [-gone-]{+come+}. */
const marked = (runs: readonly Run[]): string =>
  runs.map(({ kind, text }) => (kind === 'DELETED' ? `[-${text}-]` : kind === 'INSERTED' ? `{+${text}+}` : text)).join('');
const shown = (from: string, to: string): string => marked(diffWords(from, to).runs);

describe('inside a text', () => {
  test.each([
    ['nothing', 'The vote is late.', 'The vote is late.', 'The vote is late.', [0, 0, 0]],
    ['a word', 'The vote is late.', 'The vote was late.', 'The vote [-is-]{+was+} late.', [1, 1, 1]],
    ['a word more', 'The vote is late.', 'The vote is very late.', 'The vote is {+very +}late.', [0, 1, 1]],
    ['words in a row are one change', 'on Monday night', 'at noon today', '[-on Monday night-]{+at noon today+}', [3, 3, 3]],
    ['a sign', 'Late, he said', 'Late: he said', 'Late[-,-]{+:+} he said', [0, 0, 0]],
    ['a word with an apostrophe is one', 'Ukraine’s army', 'Ukraine army', '[-Ukraine’s-]{+Ukraine+} army', [1, 1, 1]],
    ['letters of other alphabets', 'Казанда җыен була', 'Казанда җыен булды', 'Казанда җыен [-була-]{+булды+}', [1, 1, 1]],
    ['writing without spaces, by character', '総理は東京で話す', '総理は大阪で話す', '総理は[-東京-]{+大阪+}で話す', [2, 2, 2]],
    ['nothing to something', '', 'A word', '{+A word+}', [0, 2, 2]],
    ['something to nothing', 'A word', '', '[-A word-]', [2, 0, 2]],
  ])('%s', (_what, from, to, expected, [deleted, inserted, changed]) => {
    expect(shown(from, to)).toBe(expected);
    expect(diffWords(from, to)).toMatchObject({ wordsDeleted: deleted, wordsInserted: inserted, wordsChanged: changed });
  });
});

describe('between bodies', () => {
  const changes = (from: BlockData[], to: BlockData[]) =>
    diffRevisions(content(from), content(to)).blocks.map(({ key, change, moved }) => `${key} ${change}${moved ? ' moved' : ''}`);
  const four = body({ a: 'One', b: 'Two', c: 'Three', d: 'Four' });
  const [a, b, c, d] = four as [BlockData, BlockData, BlockData, BlockData];

  test.each([
    ['nothing', four, ['a SAME', 'b SAME', 'c SAME', 'd SAME']],
    ['one more', [a, ...body({ n: 'New' }), b, c, d], ['a SAME', 'n ADDED', 'b SAME', 'c SAME', 'd SAME']],
    ['one less stands where it stood', [a, c, d], ['a SAME', 'b REMOVED', 'c SAME', 'd SAME']],
    ['the first ones less', [c, d], ['a REMOVED', 'b REMOVED', 'c SAME', 'd SAME']],
    ['one moved, and only it', [d, a, b, c], ['d MOVED moved', 'a SAME', 'b SAME', 'c SAME']],
    ['one changed', [a, ...body({ b: 'Two more' }), c, d], ['a SAME', 'b CHANGED', 'c SAME', 'd SAME']],
    ['one changed and moved', [a, c, d, ...body({ b: 'Two more' })], ['a SAME', 'c SAME', 'd SAME', 'b CHANGED moved']],
    ['all', body({ x: 'X' }), ['a REMOVED', 'b REMOVED', 'c REMOVED', 'd REMOVED', 'x ADDED']],
  ])('%s', (_what, to, expected) => {
    expect(changes(four, to)).toEqual(expected);
  });

  test('a mark, a link or a kind is a change without changed words', () => {
    for (const to of [
      { key: 'a', type: 'paragraph', spans: [{ text: 'One', strong: true }] },
      { key: 'a', type: 'paragraph', spans: [{ text: 'One', href: 'https://x.example/' }] },
      { key: 'a', type: 'heading', level: 2, spans: [{ text: 'One' }] },
    ] as BlockData[]) {
      const [change] = diffRevisions(content([a]), content([to])).blocks;
      expect(change).toMatchObject({ change: 'CHANGED', runs: [{ kind: 'EQUAL', text: 'One' }], wordsChanged: 0 });
    }
  });

  test('the order of fields in storage is none', () => {
    expect(
      changes(
        [{ key: 'a', type: 'paragraph', spans: [{ text: 'One', em: true }] }],
        [{ spans: [{ em: true, text: 'One' }], type: 'paragraph', key: 'a' }],
      ),
    ).toEqual(['a SAME']);
  });

  test('counts are of headline, dek and body together', () => {
    const diff = diffRevisions(content([a, b], 'Old headline', 'Dek'), content([a, ...body({ n: 'Three new words' })], 'New headline'));
    expect([diff.wordsDeleted, diff.wordsInserted, diff.wordsChanged]).toEqual([1 + 1 + 1, 1 + 3, 1 + 1 + 1 + 3]);
    expect(marked(diff.dek?.runs ?? [])).toBe('[-Dek-]');
  });
});

const word = fc.constantFrom(
  'суд',
  'вынес',
  'приговор',
  'the',
  'vote',
  '東京',
  'ภาษา',
  'it’s',
  ' ',
  ' ',
  '\n',
  ',',
  '😀',
  'e\u0301',
  '\u200C',
);
const text = fc.oneof(
  fc.array(word, { maxLength: 20 }).map((words) => words.join('')),
  fc.string({ unit: 'binary', maxLength: 30 }),
);
const block = fc
  .tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), text, fc.boolean())
  .map(([key, written, strong]): BlockData => ({ key, type: 'paragraph', spans: [{ text: written, ...(strong ? { strong } : {}) }] }));
const revision = fc.record({ headline: text, dek: fc.option(text), body: fc.array(block, { maxLength: 8 }) });

const before = (runs: readonly Run[]): string =>
  runs
    .filter(({ kind }) => kind !== 'INSERTED')
    .map((run) => run.text)
    .join('');
const after = (runs: readonly Run[]): string =>
  runs
    .filter(({ kind }) => kind !== 'DELETED')
    .map((run) => run.text)
    .join('');

/** What a diff makes of the earlier texts, taking from them all that it calls equal. */
function patched(from: string, runs: readonly Run[]): string {
  let at = 0;
  let made = '';
  for (const { kind, text: run } of runs) {
    if (kind === 'INSERTED') made += run;
    else {
      expect(from.slice(at, at + run.length)).toBe(run);
      if (kind === 'EQUAL') made += from.slice(at, at + run.length);
      at += run.length;
    }
  }
  expect(at).toBe(from.length);
  return made;
}

/** The blocks of the earlier revision after what the diff says: some taken out, some put elsewhere, some new. */
function patchedBlocks(from: readonly BlockData[], diff: ChangedContent): { key: string; text: string }[] {
  const left = [...from];
  return diff.blocks.flatMap(({ key, change, runs }) => {
    if (change === 'ADDED') return [{ key, text: after(runs) }];
    const [old] = left.splice(
      left.findIndex((each) => each.key === key && plainText([each]) === before(runs)),
      1,
    );
    expect(old?.key).toBe(key);
    return change === 'REMOVED' ? [] : [{ key, text: patched(plainText([old!]), runs) }];
  });
}

describe('whatever two revisions are', () => {
  test('the diff makes the later one of the earlier one', () => {
    fc.assert(
      fc.property(revision, revision, (from, to) => {
        const diff = diffRevisions(from, to);
        expect(patched(from.headline, diff.headline.runs)).toBe(to.headline);
        if (diff.dek) expect(patched(from.dek ?? '', diff.dek.runs)).toBe(to.dek ?? '');
        expect(patchedBlocks(from.body, diff)).toEqual(to.body.map((each) => ({ key: each.key, text: plainText([each]) })));
        expect(diff.blocks.flatMap((each) => each.after ?? [])).toEqual(to.body);
      }),
      { numRuns: 2000 },
    );
  });

  test('blocks that are not moved keep their order, and as many as can are not', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 }), (order) => {
        const from = body(Object.fromEntries(order.map((_, index) => [`k${index}`, `t${index}`])));
        const diff = diffRevisions(content(from), content(order.map((index) => from[index]!)));
        const staying = diff.blocks.filter(({ moved }) => !moved).map(({ key }) => Number(key.slice(1)));
        expect([...staying].sort((one, other) => one - other)).toEqual(staying);
        expect(staying).toHaveLength(longest(order));
      }),
      { numRuns: 300 },
    );
  });

  test('with itself it is the same, and the way back deletes what the way there inserts', () => {
    fc.assert(
      fc.property(revision, revision, (one, other) => {
        expect(diffRevisions(one, one).blocks.every(({ change }) => change === 'SAME')).toBe(true);
        const [there, back] = [diffWords(one.headline, other.headline), diffWords(other.headline, one.headline)];
        expect(before(back.runs)).toBe(after(there.runs));
        // Which of two equal ways is found may differ there and back; but where no word is said to have changed, none has.
        if (there.wordsChanged === 0) expect(wordsOf(other.headline)).toEqual(wordsOf(one.headline));
      }),
      { numRuns: 500 },
    );
  });

  test('no diff is longer than it must be', () => {
    const few = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 9 });
    fc.assert(
      fc.property(few, few, (one, other) => {
        // Signs, because white space between words joins changes.
        const [from, to] = [one, other].map((words) => words.map((each) => ({ a: '+', b: '=', c: '%' })[each]).join('')) as [
          string,
          string,
        ];
        const { runs } = diffWords(from, to);
        const kept = runs.filter(({ kind }) => kind === 'EQUAL').reduce((sum, run) => sum + run.text.length, 0);
        expect(kept).toBe(common(from, to));
      }),
      { numRuns: 500 },
    );
  });
});

/** The length of the longest rising row in a list, by trying all. */
const longest = (numbers: readonly number[], above = -1): number =>
  Math.max(0, ...numbers.map((number, index) => (number > above ? 1 + longest(numbers.slice(index + 1), number) : 0)));

/** The length of the longest text that is in both, letters left out. */
function common(one: string, other: string): number {
  if (one === '' || other === '') return 0;
  const [head, tail] = [one.slice(1), other.slice(1)];
  return one[0] === other[0] ? 1 + common(head, tail) : Math.max(common(head, other), common(one, tail));
}

describe('long texts', () => {
  const processorTime = (work: () => void): number => {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
  const words = (count: number, prefix: string): string => Array.from({ length: count }, (_, index) => `${prefix}${index % 997}`).join(' ');

  test('that have nothing in common are replaced whole, soon', () => {
    const [from, to] = [words(50_000, 'a'), words(50_000, 'b')];
    expect(processorTime(() => diffWords(from, to))).toBeLessThan(5_000);
    expect(diffWords(from, to).runs.map(({ kind }) => kind)).toEqual(['DELETED', 'INSERTED']);
    expect(diffWords(from, to).wordsChanged).toBe(50_000);
  });

  test('with a few changes show just them', () => {
    const from = words(50_000, 'a');
    const to = from.replace(/\ba7\b/gu, 'x').replace('a500 ', '');
    expect(processorTime(() => diffWords(from, to))).toBeLessThan(5_000);
    expect(diffWords(from, to)).toMatchObject({ wordsDeleted: 52, wordsInserted: 51 });
  });

  test('with a few words changed in each of very many blocks show just those', () => {
    const from = body(Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`k${index}`, words(300, 'a')])));
    const to = from.map((each) => ({ ...each, spans: [{ text: words(300, 'a').replace(/\ba[67]\b/gu, 'x') }] })) as BlockData[];
    const { blocks, wordsChanged } = diffRevisions(content(from), content(to));
    expect([wordsChanged, blocks[0]?.runs.length]).toEqual([1000, 4]);
  });

  test('of many blocks take time in proportion', () => {
    const many = body(Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`k${index}`, `word ${index}`])));
    expect(processorTime(() => diffRevisions(content(many), content([...many].reverse())))).toBeLessThan(5_000);
  });
});

test('GraphQL shows it as it is', async () => {
  const from = content(body({ a: 'One two' }), 'Old', null);
  @Resolver()
  class Differences {
    @Query(() => RevisionDiff, { description: 'For this test.' })
    diff(): RevisionDiff {
      return diffRevisions(from, content(body({ a: 'One three', b: 'New' }), 'Old', 'Dek'));
    }
  }
  const schema = await buildSchema({ resolvers: [Differences], validate: false });
  const source =
    '{ diff { wordsChanged headline { runs { kind text } } dek { wordsInserted } blocks { key change moved wordsDeleted runs { kind text } } } }';
  expect(await graphql({ schema, source })).toEqual({
    data: {
      diff: {
        wordsChanged: 3,
        headline: { runs: [{ kind: 'EQUAL', text: 'Old' }] },
        dek: { wordsInserted: 1 },
        blocks: [
          {
            ...{ key: 'a', change: 'CHANGED', moved: false, wordsDeleted: 1 },
            runs: [
              { kind: 'EQUAL', text: 'One ' },
              { kind: 'DELETED', text: 'two' },
              { kind: 'INSERTED', text: 'three' },
            ],
          },
          { key: 'b', change: 'ADDED', moved: false, wordsDeleted: 0, runs: [{ kind: 'INSERTED', text: 'New' }] },
        ],
      },
    },
  });
  const ours = ['RevisionDiff', 'BlockDiff', 'TextDiff', 'TextRun', 'BlockChange', 'RunKind'].map((name) => schema.getType(name));
  expect(ours.filter((type) => !type?.description)).toEqual([]);
});
