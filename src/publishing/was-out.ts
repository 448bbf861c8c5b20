import type { HiddenText } from './walk.queries.js';

/** Whether readers could ever see a text, by what the log says of its publication and of its story's embargoes, before it came to its end. */
export function wasEverOut({ events, expiresAt }: Pick<HiddenText, 'events' | 'expiresAt'>): boolean {
  let [published, embargo] = [false, Number.NEGATIVE_INFINITY];
  return events.some(({ kind, edition, at, until }) => {
    if (kind === 'PUBLISHED' && edition !== null) published = true;
    if (kind === 'EMBARGO_SET') embargo = until === null ? Number.NEGATIVE_INFINITY : Date.parse(until);
    if (kind === 'EMBARGO_LIFTED') embargo = Number.NEGATIVE_INFINITY;
    return published && embargo <= Date.parse(at) && (expiresAt === null || Date.parse(at) < expiresAt.getTime());
  });
}
