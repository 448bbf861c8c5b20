import type { BlockData } from '../articles/body.js';
import type { Content } from '../articles/content-hash.js';
import { plainText } from '../articles/plain-text.js';
import { diffWords, mostEdits, type WordDiff } from './diff-words.js';

export enum BlockChange {
  ADDED = 'ADDED',
  REMOVED = 'REMOVED',
  MOVED = 'MOVED',
  CHANGED = 'CHANGED',
  SAME = 'SAME',
}

/** What happened to one block. `before` and `after` are the block in the two revisions, null where it is not there. */
export interface ChangedBlock extends WordDiff {
  key: string;
  change: BlockChange;
  /** Whether it stands elsewhere among the blocks both revisions have; a changed block may be moved as well. */
  moved: boolean;
  before: BlockData | null;
  after: BlockData | null;
}

/** What happened between two revisions of a text; the counts are those of headline, dek and body together. */
export interface ChangedContent extends Omit<WordDiff, 'runs'> {
  headline: WordDiff;
  /** Null where neither has one. */
  dek: WordDiff | null;
  /** In the order of the later revision, what is gone after what it followed. */
  blocks: ChangedBlock[];
}

/**
 * The differences of two revisions: blocks by key, text by word. However long and unlike they are, the work has a bound: the more blocks have
 * changed, the sooner one of them that has changed beyond recognition is shown as replaced whole.
 */
export function diffRevisions(from: Content, to: Content): ChangedContent {
  const headline = diffWords(from.headline, to.headline);
  const dek = from.dek === null && to.dek === null ? null : diffWords(from.dek ?? '', to.dek ?? '');
  const blocks = diffBlocks(from.body, to.body);
  const all = [headline, ...(dek ? [dek] : []), ...blocks];
  const sum = (count: (diff: WordDiff) => number): number => all.reduce((total, diff) => total + count(diff), 0);
  return {
    headline,
    dek,
    blocks,
    wordsDeleted: sum((diff) => diff.wordsDeleted),
    wordsInserted: sum((diff) => diff.wordsInserted),
    wordsChanged: sum((diff) => diff.wordsChanged),
  };
}

function diffBlocks(from: readonly BlockData[], to: readonly BlockData[]): ChangedBlock[] {
  const partner = partners(from, to);
  const most = editsEach([...partner].filter(([index, old]) => !alike(from[old], to[index])).length);
  const staying = longestRise([...to.keys()].flatMap((index) => partner.get(index) ?? []));
  const kept = new Set(partner.values());
  const gone = [...from.keys()].filter((old) => !kept.has(old));
  const changes: ChangedBlock[] = [];
  const goneAfter = (old: number): void => {
    for (let next = old + 1; next < from.length && !kept.has(next); next += 1) changes.push(goneBlock(from[next]!));
  };
  if (gone.length > 0) goneAfter(-1);
  for (const [index, after] of to.entries()) {
    const old = partner.get(index);
    if (old === undefined) changes.push(newBlock(after));
    else {
      changes.push(keptBlock(from[old]!, after, { moved: !staying.has(old), most }));
      goneAfter(old);
    }
  }
  return changes;
}

/** Positions in `to` → positions of the same block in `from`; a key that stands twice is paired in order. */
function partners(from: readonly BlockData[], to: readonly BlockData[]): Map<number, number> {
  const waiting = new Map<string, number[]>();
  for (const [old, { key }] of from.entries()) {
    const list = waiting.get(key);
    if (list) list.push(old);
    else waiting.set(key, [old]);
  }
  for (const list of waiting.values()) list.reverse();
  const pairs = new Map<number, number>();
  for (const [index, { key }] of to.entries()) {
    const old = waiting.get(key)?.pop();
    if (old !== undefined) pairs.set(index, old);
  }
  return pairs;
}

/** The most numbers of a list that stand in rising order: those blocks that need not move. */
function longestRise(numbers: readonly number[]): Set<number> {
  const ends: number[] = [];
  const before = new Map<number, number | undefined>();
  for (const number of numbers) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle]! < number) low = middle + 1;
      else high = middle;
    }
    before.set(number, ends[low - 1]);
    ends[low] = number;
  }
  const rise = new Set<number>();
  for (let number = ends.at(-1); number !== undefined; number = before.get(number)) rise.add(number);
  return rise;
}

// What the most edits in as many as sixteen blocks cost.
const mostWork = 16 * mostEdits ** 2;

/** How many edits each of some changed blocks may have: all of them together cost no more than `mostWork`. */
const editsEach = (blocks: number): number => Math.min(mostEdits, Math.floor(Math.sqrt(mostWork / Math.max(1, blocks))));

const textOf = (block: BlockData): string => plainText([block]);

const newBlock = (after: BlockData): ChangedBlock => ({
  ...{ key: after.key, change: BlockChange.ADDED, moved: false, before: null, after },
  ...diffWords('', textOf(after)),
});

const goneBlock = (before: BlockData): ChangedBlock => ({
  ...{ key: before.key, change: BlockChange.REMOVED, moved: false, before, after: null },
  ...diffWords(textOf(before), ''),
});

function keptBlock(before: BlockData, after: BlockData, { moved, most }: { moved: boolean; most: number }): ChangedBlock {
  const same = alike(before, after);
  const change = same ? (moved ? BlockChange.MOVED : BlockChange.SAME) : BlockChange.CHANGED;
  return { key: after.key, change, moved, before, after, ...diffWords(textOf(before), textOf(after), most) };
}

/** Whether two JSON-shaped values are the same, whatever the order of their fields. */
function alike(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [fieldsOf(a), fieldsOf(b)];
  return left.size === right.size && [...left].every(([key, value]) => right.has(key) && alike(value, right.get(key)));
}

const fieldsOf = (value: object): Map<string, unknown> => new Map(Object.entries(value).filter(([, inner]) => inner !== undefined));
