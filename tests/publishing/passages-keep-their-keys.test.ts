import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { BlockData } from '../../src/articles/body.js';
import { blocksOfHtml } from '../../src/publishing/blocks-of-html.js';
import { type Keyless, keepKeys } from '../../src/publishing/keep-keys.js';

const body = (passages: Record<string, string>): BlockData[] =>
  Object.entries(passages).map(([key, text]) => ({ key, type: 'paragraph', spans: [{ text }] }));
const fresh = (...texts: string[]): Keyless[] => texts.map((text) => ({ type: 'paragraph', spans: [{ text }] }));
const keys = (blocks: readonly Keyless[], previous: readonly BlockData[], used?: string[]) =>
  keepKeys(blocks, previous, used).map(({ key }) => key);

const story = {
  lead: 'The parliament voted on the budget late on Tuesday.',
  talks: 'Talks with the opposition broke down hours before.',
  p7: 'The prime minister is to speak in the evening.',
  end: 'The vote had been put off three times.',
};
const previous = body(story);
const { lead, talks, p7, end } = story;

describe('a passage keeps its key', () => {
  test.each([
    ['when nothing changed', [lead, talks, p7, end], ['lead', 'talks', 'p7', 'end']],
    ['when another came before it', ['Breaking.', lead, talks, p7, end], ['p8', 'lead', 'talks', 'p7', 'end']],
    ['when one was cut', [lead, p7, end], ['lead', 'p7', 'end']],
    ['when it was moved', [end, lead, talks, p7], ['end', 'lead', 'talks', 'p7']],
    ['when words of it changed', [lead, 'Talks with the opposition broke down a day before.', p7, end], ['lead', 'talks', 'p7', 'end']],
    [
      'when much of it changed, between the same neighbours',
      [lead, 'Talks with the unions broke down, officials said.', p7, end],
      ['lead', 'talks', 'p7', 'end'],
    ],
    [
      'when it was changed and moved',
      [lead, p7, end, 'Talks with the opposition broke down hours before it.'],
      ['lead', 'p7', 'end', 'talks'],
    ],
    ['but not when it says something else', [lead, 'Nobody was hurt.', p7, end], ['lead', 'p8', 'p7', 'end']],
    ['and two that are the same keep theirs in order', [lead, lead], ['lead', 'p8']],
  ])('%s', (_what, texts, expected) => {
    expect(keys(fresh(...texts), previous)).toEqual(expected);
  });

  test('when it became a heading', () => {
    expect(keys([{ type: 'heading', level: 2, spans: [{ text: talks }] }], previous)).toEqual(['talks']);
  });

  test('a picture and an embed by what they show', () => {
    const shown: BlockData[] = [
      { key: 'pic', type: 'image', image: 'sea' },
      { key: 'film', type: 'embed', provider: 'x', url: 'https://x.example/1', title: 'A', fallback: 'A' },
    ];
    expect(
      keys(
        [
          { type: 'embed', provider: 'x', url: 'https://x.example/1', title: 'B', fallback: 'B' },
          { type: 'image', image: 'sea' },
        ],
        shown,
      ),
    ).toEqual(['film', 'pic']);
    expect(keys([{ type: 'image', image: 'lake' }], shown)).toEqual(['p1']);
  });
});

test('a key that a body has twice is kept once', () => {
  expect(keys(fresh('a', 'b'), [...body({ q: 'a' }), ...body({ q: 'b' })])).toEqual(['q', 'p1']);
});

describe('a new passage gets a key that was never another’s', () => {
  test('past the highest number of the body', () => {
    expect(keys(fresh('a', 'b'), [])).toEqual(['p1', 'p2']);
    expect(keys(fresh('a', 'b'), previous)).toEqual(['p8', 'p9']);
  });
  test('and of the revisions before', () => {
    expect(keys(fresh('a'), previous, ['p12', 'x99', 'p00', 'p9999999999999'])).toEqual(['p13']);
  });
});

const word = fc.constantFrom('vote', 'budget', 'talks', 'sea', 'грант', 'суд', 'alpha', 'beta');
const passage = fc.array(word, { maxLength: 6 }).map((words) => words.join(' '));
const anyBody = fc
  .uniqueArray(fc.tuple(fc.constantFrom('lead', 'p1', 'p2', 'p9', 'q', 'r', 's', 't'), passage), { selector: ([key]) => key })
  .map((all) => body(Object.fromEntries(all)));

describe('whatever the bodies are', () => {
  test('keys are unique, the same each time, and the body itself keeps all of them in any order', () => {
    fc.assert(
      fc.property(anyBody, fc.array(passage, { maxLength: 10 }), (before, texts) => {
        const given = keys(fresh(...texts), before);
        expect(new Set(given).size).toBe(given.length);
        expect(keys(fresh(...texts), before)).toEqual(given);
        const bare = before.map(({ key: _, ...rest }) => rest as Keyless);
        expect(keys(bare, before)).toEqual(before.map(({ key }) => key));
        expect(new Set(keys([...bare].reverse(), before))).toEqual(new Set(before.map(({ key }) => key)));
      }),
      { numRuns: 1000 },
    );
  });

  test('a passage that is nowhere else keeps its key', () => {
    fc.assert(
      fc.property(anyBody, fc.array(passage, { maxLength: 6 }), fc.nat(), (before, texts, at) => {
        const alone = 'Ни одного такого слова больше нет';
        const held: BlockData[] = [...before, { key: 'held', type: 'paragraph', spans: [{ text: alone }] }];
        const now = [...texts];
        now.splice(at % (texts.length + 1), 0, alone);
        expect(keys(fresh(...now), held)[now.indexOf(alone)]).toBe('held');
      }),
      { numRuns: 500 },
    );
  });
});

test('pasted HTML keeps the keys of the body it takes the place of', () => {
  const result = blocksOfHtml({ html: `<h2>New</h2><p>${lead}</p><p>${p7} <b>Live.</b></p>`, language: 'en', previous, usedKeys: ['p20'] });
  expect(result.ok && result.blocks.map(({ key }) => key)).toEqual(['p21', 'lead', 'p7']);
});
