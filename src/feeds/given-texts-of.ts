import { parseUrn } from '../articles/urn.js';
import type { GivenText } from '../ledger/hold.js';
import { type Entry, isGone } from './item.js';

/** What some entries give of texts, with the notices that come with each; of what is gone they give nothing. */
export const givenTextsOf = (entries: readonly Entry[]): GivenText[] =>
  entries.flatMap((entry) => {
    const urn = isGone(entry) ? undefined : parseUrn(entry.id);
    if (isGone(entry) || !urn) return [];
    const notices = entry.notices.map(({ code, version }) => ({ code, version }));
    return [{ articleUuid: urn.uuid, editionCode: entry.edition.code, revision: entry.revision, notices }];
  });
