import type { Article } from '../articles/article.js';
import type { NoticeRow } from '../notices/notice.js';
import type { TimerKind } from './event.js';
import type { Obligation } from './obligation.js';

/** A moment at which something becomes true by itself; one that is null is taken away. */
export interface NewTimer {
  kind: TimerKind;
  key: string;
  at: Date | null;
  articleUuid?: string | null;
  editionCode?: string | null;
}

/** The end of a story's embargo, while that is to come. */
export const embargoTimer = ({ uuid, embargoUntil }: Pick<Article, 'uuid' | 'embargoUntil'>, now: Date): NewTimer => ({
  ...{ kind: 'EMBARGO', key: uuid, at: toCome(embargoUntil, now), articleUuid: uuid },
});

/** The key of what is for one edition of a story. */
export const slotKey = ({ articleUuid, editionCode }: { articleUuid: string; editionCode: string }): string =>
  `${articleUuid}.${editionCode}`;

/** The publication of an edition's text, while that is to come. */
export const publicationTimer = (
  { articleUuid, editionCode, publishedAt }: { articleUuid: string; editionCode: string; publishedAt: Date | null },
  now: Date,
): NewTimer => ({
  ...{ kind: 'PUBLICATION', key: slotKey({ articleUuid, editionCode }), at: toCome(publishedAt, now), articleUuid, editionCode },
});

/** The end of an edition's text; null takes it away. */
export const expiryTimer = (
  { articleUuid, editionCode }: { articleUuid: string; editionCode: string },
  expiresAt: Date | null,
): NewTimer => ({ kind: 'EXPIRY', key: slotKey({ articleUuid, editionCode }), at: expiresAt, articleUuid, editionCode });

const longestWarningMs = 15 * 60_000;

/** The end of a claim, and a quarter of an hour before it, of a claim of less than an hour a quarter of it; a claim of null has neither. */
export function claimTimers(slot: { articleUuid: string; editionCode: string }, claim: { now: Date; until: Date } | null): NewTimer[] {
  const of = { key: slotKey(slot), articleUuid: slot.articleUuid, editionCode: slot.editionCode };
  if (claim === null)
    return [
      { kind: 'CLAIM', at: null, ...of },
      { kind: 'CLAIM_WARNING', at: null, ...of },
    ];
  const end = claim.until.getTime();
  const warning = new Date(end - Math.min(longestWarningMs, (end - claim.now.getTime()) / 4));
  return [
    { kind: 'CLAIM', at: claim.until, ...of },
    { kind: 'CLAIM_WARNING', at: warning, ...of },
  ];
}

/** The time by which an obligation is owed; one that is settled or cancelled has none. Its key is `{story}.{edition}.{source}.{revision}`. */
export const obligationTimer = ({ articleUuid, editionCode, sourceEditionCode, sourceNumber, dueAt, settledAt }: Obligation): NewTimer => ({
  ...{ kind: 'OBLIGATION_DUE', key: `${slotKey({ articleUuid, editionCode })}.${sourceEditionCode}.${sourceNumber}` },
  ...{ at: settledAt === null ? dueAt : null, articleUuid, editionCode },
});

/** Start and end of a notice of the registry, while they are to come. */
export const noticeTimers = (
  { code, effectiveFrom, effectiveUntil }: Pick<NoticeRow, 'code' | 'effectiveFrom' | 'effectiveUntil'>,
  now: Date,
): NewTimer[] => [
  { kind: 'NOTICE_START', key: code, at: toCome(effectiveFrom, now) },
  { kind: 'NOTICE_END', key: code, at: toCome(effectiveUntil, now) },
];

/** Begin and end of what a partner is entitled to, while they are to come. */
export const entitlementTimers = (
  { uuid, validFrom, validUntil }: { uuid: string; validFrom: Date; validUntil: Date | null },
  now: Date,
): NewTimer[] => [
  { kind: 'ENTITLEMENT_START', key: uuid, at: toCome(validFrom, now) },
  { kind: 'ENTITLEMENT_END', key: uuid, at: toCome(validUntil, now) },
];

const toCome = (time: Date | null, now: Date): Date | null => (time !== null && time > now ? time : null);
