import { outwards } from '../lib/territories.js';
import { type Access, givesImage, levels } from './access.js';
import type { RightsFacts } from './facts.js';

/** Whether one access of a text gives something that another does not, and the other way round. */
export interface AccessChange {
  adds: boolean;
  takesAway: boolean;
}

/** How `after` differs from `before`, both of the text that `facts` are of. */
export const compareAccess = (facts: RightsFacts, before: Access, after: Access): AccessChange => ({
  adds: !includesAll(facts, before, after),
  takesAway: !includesAll(facts, after, before),
});

/** Whether somebody with `one` has all that `other` gives. */
function includesAll({ pictures }: RightsFacts, one: Access, other: Access): boolean {
  if (!other.allowed) return true;
  if (!one.allowed || levels.indexOf(one.level) < levels.indexOf(other.level)) return false;
  if (pictures.some(({ image }) => givesImage(other, image) && !givesImage(one, image))) return false;
  if (one.territories.length === 0) return true;
  return other.territories.length > 0 && other.territories.every((each) => outwards(each).some((place) => one.territories.includes(place)));
}
