import type { EventRow } from '../publishing/event.js';
import type { TakedownCauseRow, TakedownKind, TakedownReason } from './takedown.js';

/** What an event says must be taken down: its cause, but for what only the tables know. */
export type Caused = Pick<TakedownCauseRow, 'reason' | 'kind'> &
  Pick<TakedownCauseRow, 'articleUuid' | 'editionCode' | 'revision' | 'imageCode' | 'partnerCode' | 'noticeCode' | 'noticeVersion'>;

type Told = Pick<EventRow, 'kind' | 'articleUuid' | 'editionCode' | 'revision' | 'at' | 'data'>;

const nothing = {
  ...{ articleUuid: null, editionCode: null, revision: null, imageCode: null },
  ...{ partnerCode: null, noticeCode: null, noticeVersion: null },
};

/**
 * What of an event must be taken down wherever it is held; null for an event that takes nothing away. Of a picture there is one event for each
 * story that shows it.
 */
export function causeOf({ kind, articleUuid, editionCode, revision, at, data }: Told): Caused | null {
  const of = { ...nothing, articleUuid, editionCode };
  switch (kind) {
    case 'RETRACTED':
      if (articleUuid === null) return null;
      return { ...of, ...because('RETRACTED', data.kind as TakedownKind), revision, imageCode: textOf(data.image) };
    case 'EXPIRED':
      return { ...of, ...because('ENDED', 'EXPIRED') };
    case 'EMBARGO_SET':
      return typeof data.until === 'string' && new Date(data.until) > at ? { ...of, ...because('ENDED', 'REMOVED') } : null;
    case 'ENTITLEMENTS_CHANGED':
      return typeof data.partner === 'string' ? { ...nothing, ...because('ENDED', 'REMOVED'), partnerCode: data.partner } : null;
    case 'REGISTRY_CHANGED':
      if (data.kind !== 'notice' || data.mustCarry !== true || typeof data.code !== 'string' || typeof data.version !== 'number')
        return null;
      return {
        ...{ ...nothing, ...because('NOTICE', data.recall === true ? 'RECALLED' : 'CHANGED') },
        ...{ noticeCode: data.code, noticeVersion: data.version },
      };
    default:
      return null;
  }
}

const because = (reason: `${TakedownReason}`, kind: TakedownKind) => ({ reason: reason as TakedownReason, kind });
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Which causes an event undoes. */
export interface Undone {
  reason: TakedownReason;
  kinds?: readonly TakedownKind[];
  of: Pick<TakedownCauseRow, 'articleUuid' | 'editionCode' | 'revision' | 'imageCode' | 'partnerCode'>;
}

/** The causes of before that an event undoes; null for one that undoes none. What else is still gone is asked of each text. */
export function undoneBy({ kind, articleUuid, editionCode, revision, data }: Told): Undone | null {
  const of = { articleUuid, editionCode, revision: null, imageCode: null, partnerCode: null };
  switch (kind) {
    case 'RESTORED':
      if (articleUuid === null) return null;
      return { reason: 'RETRACTED' as TakedownReason, of: { ...of, revision, imageCode: textOf(data.image) } };
    case 'EXPIRY_SET':
      return { reason: 'ENDED' as TakedownReason, kinds: ['EXPIRED'], of };
    case 'EMBARGO_SET':
    case 'EMBARGO_LIFTED':
      return { reason: 'ENDED' as TakedownReason, kinds: ['REMOVED'], of: { ...of, editionCode: null } };
    case 'ENTITLEMENTS_CHANGED':
      return {
        reason: 'ENDED' as TakedownReason,
        of: { ...of, articleUuid: null, editionCode: null, partnerCode: textOf(data.partner) },
      };
    default:
      return null;
  }
}
