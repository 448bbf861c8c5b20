import { Refusal } from '../lib/errors.js';
import { mustBeAllowed } from '../publishing/policy.js';
import { type WriteContext, write } from '../publishing/write.js';
import { acknowledgeDuties } from './notice-duty.queries.js';

/** What a partner says its readers see; `partner` is for operators to name. */
export interface NoticeAcknowledgement {
  partner: string | null;
  notice: string;
  version: number;
  idempotencyKey: string | null;
}

/**
 * Writes down that a partner's readers see a version of a notice. Throws FORBIDDEN, NOT_FOUND where it was told of no such version, or names another
 * partner, KEY_REUSED.
 */
export async function acknowledgeNotice(
  context: WriteContext,
  { partner: named, notice, version, idempotencyKey }: NoticeAcknowledgement,
): Promise<{ partner: string }> {
  const { caller, now } = context;
  mustBeAllowed(caller, 'ACKNOWLEDGE_NOTICE');
  const partner = caller.kind === 'PARTNER' ? caller.partner : named;
  if (partner === null || (named !== null && named !== partner)) throw new Refusal('NOT_FOUND', {});
  return write(context, {
    ...{ action: 'ACKNOWLEDGE_NOTICE', articles: [], locks: [`duties:${partner}`] },
    ...{ input: { partner, notice, version }, idempotencyKey },
    work: async (manager) => {
      const last = await acknowledgeDuties(manager, { partner, notice, version, by: caller.name, at: now });
      if (last !== version) throw new Refusal('NOT_FOUND', {});
      return { partner, notice, version };
    },
  });
}
