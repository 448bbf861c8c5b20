import { isWord, piecesOf } from './words.js';

export enum RunKind {
  EQUAL = 'EQUAL',
  DELETED = 'DELETED',
  INSERTED = 'INSERTED',
}

/** A stretch of text that stayed, went or came. */
export interface Run {
  kind: RunKind;
  text: string;
}

/** What happened to a text: equal and deleted runs are the old one, equal and inserted runs the new one. */
export interface WordDiff {
  runs: Run[];
  wordsDeleted: number;
  wordsInserted: number;
  /** As a reader counts: a word put in another's place is one. */
  wordsChanged: number;
}

/** Past so many deletions and insertions, what differs is shown as replaced whole; the work grows with their square. */
export const mostEdits = 1000;

/** From which pieces of a text to which of another a difference reaches; ends are exclusive. */
interface Hunk {
  from: number;
  fromEnd: number;
  to: number;
  toEnd: number;
}

/** The differences of two texts by word, the same on every machine; past `most` deletions and insertions they are one. */
export function diffWords(from: string, to: string, most = mostEdits): WordDiff {
  const before = piecesOf(from);
  const after = piecesOf(to);
  const runs: Run[] = [];
  const add = (kind: RunKind, pieces: readonly string[]): void => {
    if (pieces.length > 0) runs.push({ kind, text: pieces.join('') });
  };
  const counts = { wordsDeleted: 0, wordsInserted: 0, wordsChanged: 0 };
  let at = 0;
  for (const hunk of withoutGaps(hunksOf(before, after, most), before)) {
    add(RunKind.EQUAL, before.slice(at, hunk.from));
    const deleted = before.slice(hunk.from, hunk.fromEnd);
    const inserted = after.slice(hunk.to, hunk.toEnd);
    add(RunKind.DELETED, deleted);
    add(RunKind.INSERTED, inserted);
    const [gone, come] = [deleted.filter(isWord).length, inserted.filter(isWord).length];
    counts.wordsDeleted += gone;
    counts.wordsInserted += come;
    counts.wordsChanged += Math.max(gone, come);
    at = hunk.fromEnd;
  }
  add(RunKind.EQUAL, before.slice(at));
  return { runs, ...counts };
}

/** Hunks with only white space between them made one: words change together. */
function withoutGaps(hunks: readonly Hunk[], before: readonly string[]): Hunk[] {
  const joined: Hunk[] = [];
  for (const hunk of hunks) {
    const last = joined.at(-1);
    if (last && before.slice(last.fromEnd, hunk.from).every((piece) => /^\s/u.test(piece)))
      joined[joined.length - 1] = { ...last, fromEnd: hunk.fromEnd, toEnd: hunk.toEnd };
    else joined.push(hunk);
  }
  return joined;
}

/** Where two lists differ, in order; Myers, An O(ND) Difference Algorithm, after what is equal at both ends is set aside. */
function hunksOf(before: readonly string[], after: readonly string[], most: number): Hunk[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let [end, endAfter] = [before.length, after.length];
  while (end > start && endAfter > start && before[end - 1] === after[endAfter - 1]) {
    end -= 1;
    endAfter -= 1;
  }
  if (start === end && start === endAfter) return [];
  const path = editPath(before.slice(start, end), after.slice(start, endAfter), most);
  if (!path) return [{ from: start, fromEnd: end, to: start, toEnd: endAfter }];
  const hunks: Hunk[] = [];
  for (const [x, y, right, down] of path) {
    const last = hunks.at(-1);
    if (last && last.fromEnd === start + x && last.toEnd === start + y) {
      last.fromEnd += right;
      last.toEnd += down;
    } else hunks.push({ from: start + x, fromEnd: start + x + right, to: start + y, toEnd: start + y + down });
  }
  return hunks;
}

/** The single deletions (`[x, y, 1, 0]`) and insertions (`[x, y, 0, 1]`) that lead from one list to the other; null past `limit` of them. */
function editPath(
  before: readonly string[],
  after: readonly string[],
  limit: number,
): [x: number, y: number, right: number, down: number][] | null {
  const [width, height] = [before.length, after.length];
  const most = Math.min(width + height, limit);
  // furthest[k + most + 1] is how far x comes on the diagonal x - y = k.
  const furthest = new Int32Array(2 * most + 3);
  const trace: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits += 1) {
    trace.push(furthest.slice(most + 1 - edits - 1, most + 1 + edits + 2));
    for (let k = -edits; k <= edits; k += 2) {
      const at = k + most + 1;
      const down = k === -edits || (k !== edits && furthest[at - 1]! < furthest[at + 1]!);
      let x = down ? furthest[at + 1]! : furthest[at - 1]! + 1;
      while (x < width && x - k < height && before[x] === after[x - k]) x += 1;
      furthest[at] = x;
      if (x >= width && x - k >= height) return backtrack(trace, width, height);
    }
  }
  return null;
}

/** Follows the furthest points back; each row of `trace` is centred on diagonal 0 and one wider than its number of edits on both sides. */
function backtrack(trace: readonly Int32Array[], width: number, height: number): [number, number, number, number][] {
  const path: [number, number, number, number][] = [];
  let [x, y] = [width, height];
  for (let edits = trace.length - 1; edits > 0; edits -= 1) {
    const furthest = trace[edits]!;
    const k = x - y;
    const at = k + edits + 1;
    const down = k === -edits || (k !== edits && furthest[at - 1]! < furthest[at + 1]!);
    x = down ? furthest[at + 1]! : furthest[at - 1]!;
    y = x - (down ? k + 1 : k - 1);
    path.push(down ? [x, y, 0, 1] : [x, y, 1, 0]);
  }
  return path.reverse();
}
