import type { State } from './canaries.js';
import type { InformationClass } from './classes.js';
import { type CallerName, callers } from './fixture.js';

/** What a caller may learn: everything of a class, what a tombstone says, or nothing. `.`: a story of that state has nothing of the class. */
export type May = 'ALL' | 'TOMB' | '-' | '.';

const table = `
X
`;

const rows = new Map<string, string[]>();
let state = '';
for (const line of table.trim().split('\n')) {
  const [first = '', ...cells] = line.trim().split(/\s+/u);
  if (cells.length !== callers.length) state = first;
  else rows.set(`${state} ${first}`, cells);
}

/** What a caller may learn of a class of stories in a state. Throws for what the table leaves out. */
export function mayLearn(of: State, what: InformationClass, caller: CallerName): May {
  const found = rows.get(`${of} ${what}`)?.[callers.indexOf(caller)];
  if (found === undefined) throw new Error(`the table says nothing of ${what} of ${of} stories for ${caller}`);
  return found as May;
}
