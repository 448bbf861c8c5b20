import { z } from 'zod';
import { code } from '../lib/code.js';
import { Refusal } from '../lib/errors.js';
import { checkedInput } from '../publishing/checked-input.js';
import { EventKind } from '../publishing/event.js';
import { dropFromCaches, writeEvents } from '../publishing/event.queries.js';
import { mustBeAllowed } from '../publishing/policy.js';
import { type WriteContext, write } from '../publishing/write.js';
import type { Partner } from '../rights/partner.js';
import { findPartner } from '../rights/partner.queries.js';
import { putPartner } from './partner-writes.queries.js';

/** Longest delay: a week. */
export const longestDelaySeconds = 604_800;

const line = (max: number) => z.string().min(1, 'is empty').max(max);

const partner = z.object({
  code,
  name: line(200),
  contacts: z.array(z.object({ name: line(200), email: z.email('expected an address for mail').max(254), role: line(100) })).max(20),
  delaySeconds: z.number().int().min(0).max(longestDelaySeconds),
  active: z.boolean(),
});

/** What an operator says of a partner. */
export interface PartnerWish extends z.input<typeof partner> {
  /** The version seen; 0 to found it. */
  expectedVersion: number;
  idempotencyKey: string | null;
}

/**
 * Founds a partner, or changes it; whoever keeps what it may have is told when that may differ now. Gives its code.
 * Throws FORBIDDEN, VERSION_MOVED_ON, FIELD_REFUSED, TEXT_REFUSED and what `write` throws.
 */
export function savePartner(context: WriteContext, { expectedVersion, idempotencyKey, ...wish }: PartnerWish): Promise<{ code: string }> {
  mustBeAllowed(context.caller, 'SAVE_PARTNER');
  const { now } = context;
  const row: Partner = { ...checkedInput(partner, wish), changedAt: now };
  return write(context, {
    ...{ action: 'SAVE_PARTNER', articles: [], locks: [`partner:${row.code}`], input: { wish, expectedVersion }, idempotencyKey },
    work: async (manager) => {
      const before = await findPartner({ manager }, row.code);
      if ((before?.version ?? 0) !== expectedVersion) throw new Refusal('VERSION_MOVED_ON', { version: before?.version ?? 0 });
      await putPartner(manager, row);
      if (before && (before.active !== row.active || before.delaySeconds !== row.delaySeconds)) {
        await writeEvents(manager, [{ kind: EventKind.ENTITLEMENTS_CHANGED, at: now, data: { partner: row.code } }]);
        await dropFromCaches(manager, null, now);
      }
      return { code: row.code };
    },
  });
}
