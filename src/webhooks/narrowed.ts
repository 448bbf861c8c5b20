import { type Access, levels } from '../rights/access.js';
import type { GivenParts } from './delivery.js';

/** What a partner is given of a text now, as it is kept beside a body. */
export const partsOf = (access: Access & { allowed: true }, notices: GivenParts['notices']): GivenParts => ({
  ...{ level: access.level, images: access.images, territories: access.territories, notices },
  omitted: access.omitted.map(({ part, image }) => (image === null ? part : `${part}:${image}`)),
});

/** Whether a partner may have less of a text than a body holds: then the body is not sent any more. Other territories are less, for the body says where. */
export function isNarrowed(given: GivenParts, access: Access): boolean {
  if (!access.allowed) return true;
  const now = partsOf(access, given.notices);
  return (
    levels.indexOf(now.level) < levels.indexOf(given.level) ||
    (given.images && !now.images) ||
    now.omitted.some((part) => !given.omitted.includes(part)) ||
    JSON.stringify(now.territories) !== JSON.stringify(given.territories)
  );
}
