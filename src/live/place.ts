import { digestOf } from '../feeds/feed.js';
import type { FeedContext } from '../feeds/feed-context.js';
import { Refusal } from '../lib/errors.js';
import { placeOfSealedCursor, sealedCursor } from '../publishing/cursor.js';

/** Of one reader, and good for all its subscriptions: what they filter is not a matter of the place. */
const purposeOf = ({ scope }: FeedContext): string => JSON.stringify(['subscription', scope?.partner.code ?? null]);

/** The cursor behind an event, for the reader whose context it is and who reads by what has this digest. */
export const cursorBehind = (seq: number, digest: Buffer, context: FeedContext): string =>
  sealedCursor({ seq, at: context.read.now, scope: digest }, purposeOf(context), context.cursorKey);

/**
 * The number of the last event that was seen; null for `now`. Throws INVALID_CURSOR, CURSOR_EXPIRED, and CURSOR_OUTDATED where what the reader may
 * have is not what it was.
 */
export async function seqOf(after: string | null, context: FeedContext): Promise<number | null> {
  if (after === null || after === 'now') return null;
  if (after === 'start') return 0;
  const { seq, scope } = placeOfSealedCursor(after, purposeOf(context), context.cursorKey, context.read.now);
  if (!scope.equals(await digestOf(context))) throw new Refusal('CURSOR_OUTDATED', {});
  return seq;
}
