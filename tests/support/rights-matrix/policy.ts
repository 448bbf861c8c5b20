import type { State } from './canaries.js';
import type { InformationClass } from './classes.js';
import { type CallerName, callers } from './fixture.js';

/** What a caller may learn: everything of a class, what a tombstone says, or nothing. `.`: a story of that state has nothing of the class. */
export type May = 'ALL' | 'TOMB' | '-' | '.';

/*
 * What the columns stand for: four partners (headlines alone; no pictures; the English edition, also under embargo; the Russian edition’s culture, an hour
 * late and without the copy of one agency), an editor of another edition, an editor and the chief of the stories’ home, and an operator. Under embargo an
 * editor of another edition is given the text to translate; a tombstone is all that stays of what was taken back, but for the log and what the desk kept.
 */
const table = `
                public  headlines  pictureless  early  limited    elsewhere  desk  chief  operator

public
  identity      ALL     ALL        ALL          ALL    -          ALL        ALL   ALL    ALL
  headline      ALL     ALL        ALL          ALL    -          ALL        ALL   ALL    ALL
  text          ALL     -          ALL          ALL    -          ALL        ALL   ALL    ALL
  image         ALL     ALL        -            ALL    -          ALL        ALL   ALL    ALL
  credit        ALL     ALL        ALL          ALL    -          ALL        ALL   ALL    ALL
  notice        ALL     ALL        ALL          ALL    -          ALL        ALL   ALL    ALL
  count         ALL     ALL        ALL          ALL    -          ALL        ALL   ALL    ALL
  staleness     ALL     ALL        ALL          -      -          ALL        ALL   ALL    ALL
  draft         -       -          -            -      -          -          ALL   ALL    -
  audit         -       -          -            -      -          ALL        ALL   ALL    ALL

embargoed
  identity      -       -          -            ALL    -          ALL        ALL   ALL    ALL
  headline      -       -          -            ALL    -          ALL        ALL   ALL    -
  text          -       -          -            ALL    -          ALL        ALL   ALL    -
  image         -       -          -            ALL    -          -          ALL   ALL    -
  credit        -       -          -            ALL    -          -          ALL   ALL    -
  notice        -       -          -            ALL    -          -          ALL   ALL    -
  count         -       -          -            ALL    -          -          -     -      -
  staleness     -       -          -            -      -          -          ALL   ALL    -
  draft         -       -          -            -      -          -          ALL   ALL    -
  audit         -       -          -            -      -          -          ALL   ALL    -

restricted
  identity      ALL     -          -            -      -          ALL        ALL   ALL    ALL
  headline      ALL     -          -            -      -          ALL        ALL   ALL    ALL
  text          ALL     -          -            -      -          ALL        ALL   ALL    ALL
  image         ALL     -          -            -      -          ALL        ALL   ALL    ALL
  credit        ALL     -          -            -      -          ALL        ALL   ALL    ALL
  notice        ALL     -          -            -      -          ALL        ALL   ALL    ALL
  count         ALL     -          -            -      -          ALL        ALL   ALL    ALL
  staleness     ALL     -          -            -      -          ALL        ALL   ALL    ALL
  draft         -       -          -            -      -          -          ALL   ALL    -
  audit         -       -          -            -      -          ALL        ALL   ALL    ALL

retracted
  identity      TOMB    TOMB       TOMB         TOMB   -          ALL        ALL   ALL    ALL
  headline      -       -          -            -      -          -          -     -      -
  text          -       -          -            -      -          -          -     -      -
  image         -       -          -            -      -          -          -     -      -
  credit        -       -          -            -      -          -          ALL   ALL    -
  notice        TOMB    TOMB       TOMB         TOMB   -          TOMB       TOMB  TOMB   TOMB
  count         -       -          -            -      -          -          -     -      -
  staleness     -       -          -            -      -          -          -     -      -
  draft         -       -          -            -      -          -          -     -      -
  audit         -       -          -            -      -          -          -     -      -

draft
  identity      -       -          -            -      -          -          ALL   ALL    ALL
  headline      -       -          -            -      -          -          ALL   ALL    -
  text          -       -          -            -      -          -          ALL   ALL    -
  image         -       -          -            -      -          -          ALL   ALL    -
  credit        -       -          -            -      -          -          ALL   ALL    -
  notice        .       .          .            .      .          .          .     .      .
  count         -       -          -            -      -          -          -     -      -
  staleness     .       .          .            .      .          .          .     .      .
  draft         -       -          -            -      -          -          ALL   ALL    -
  audit         .       .          .            .      .          .          .     .      .

culture
  identity      ALL     ALL        ALL          -      ALL        ALL        ALL   ALL    ALL
  headline      ALL     ALL        ALL          -      ALL        ALL        ALL   ALL    ALL
  text          ALL     -          ALL          -      ALL        ALL        ALL   ALL    ALL
  credit        ALL     ALL        ALL          -      ALL        ALL        ALL   ALL    ALL
  count         ALL     ALL        ALL          -      ALL        ALL        ALL   ALL    ALL

excluded
  identity      ALL     ALL        ALL          -      -          ALL        ALL   ALL    ALL
  headline      ALL     ALL        ALL          -      -          ALL        ALL   ALL    ALL
  text          ALL     -          ALL          -      -          ALL        ALL   ALL    ALL
  credit        ALL     ALL        ALL          -      -          ALL        ALL   ALL    ALL
  count         ALL     ALL        ALL          -      -          ALL        ALL   ALL    ALL

fresh
  identity      ALL     ALL        ALL          -      -          ALL        ALL   ALL    ALL
  headline      ALL     ALL        ALL          -      -          ALL        ALL   ALL    ALL
  text          ALL     -          ALL          -      -          ALL        ALL   ALL    ALL
  credit        ALL     ALL        ALL          -      -          ALL        ALL   ALL    ALL
  count         ALL     ALL        ALL          -      -          ALL        ALL   ALL    ALL
`;

/** The rows of the table: state, class, and a cell for each caller. */
export const rows: readonly { state: State; of: InformationClass; cells: readonly May[] }[] = (() => {
  let state = '';
  return table.split('\n').flatMap((line) => {
    const [first = '', ...cells] = line.trim().split(/\s+/u);
    if (cells.length === 0 && first !== '') state = first;
    return cells.length === callers.length ? [{ state: state as State, of: first as InformationClass, cells: cells as May[] }] : [];
  });
})();

/** What one caller may learn, by state and class. */
export const policyOf = (caller: CallerName): Record<string, May> =>
  Object.fromEntries(rows.map(({ state, of, cells }) => [`${state} ${of}`, cells[callers.indexOf(caller)]!]));

// What documents have no place for, for whomever they are made.
const notInDocuments: readonly InformationClass[] = ['count', 'staleness', 'draft', 'audit'];

// A walk says of a text that was revised, and whose copy no partner may have, that it is gone: it may have been had before. It says its id.
const goneInWalks: readonly CallerName[] = ['headlines', 'pictureless', 'early'];

/** The same of feeds, items and sitemaps: they have fewer classes, and give desks and operators what they give everybody. */
export function policyOfDocuments(caller: CallerName): Record<string, May> {
  const policy = policyOf(['elsewhere', 'desk', 'chief', 'operator'].includes(caller) ? 'public' : caller);
  const carried = Object.entries(policy).map(([row, may]): [string, May] => [
    row,
    notInDocuments.some((each) => row.endsWith(` ${each}`)) && may !== '.' ? '-' : may,
  ]);
  return { ...Object.fromEntries(carried), ...(goneInWalks.includes(caller) && { 'restricted identity': 'TOMB' }) };
}
