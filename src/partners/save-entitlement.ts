import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { EntityManager } from 'typeorm';
import { Refusal } from '../lib/errors.js';
import { EventKind } from '../publishing/event.js';
import { dropFromCaches, setTimers, writeEvents } from '../publishing/event.queries.js';
import { type Action, mustBeAllowed } from '../publishing/policy.js';
import { entitlementTimers } from '../publishing/timers.js';
import { type WriteContext, write } from '../publishing/write.js';
import type { Entitlement } from '../rights/entitlement.js';
import { findEntitlement, findPartner } from '../rights/partner.queries.js';
import { type EntitlementTermsInput, entitlementId, storedTerms } from './entitlement-input.js';
import { mustBeKnown, putEntitlement } from './partner-writes.queries.js';

/** The entitlement a mutation was about: what the audit says of it, and a repeated request is answered. */
interface EntitlementAnswer {
  partner: string;
  uuid: string;
}

/**
 * Gives a partner something more, or changes what it was given. Throws FORBIDDEN, UNKNOWN_NAME, VERSION_MOVED_ON, FIELD_REFUSED and
 * what `write` throws.
 */
export function saveEntitlement(
  context: WriteContext,
  wish: {
    partner: string;
    /** Null: a new one. */
    uuid: string | null;
    terms: EntitlementTermsInput;
    expectedVersion: number;
    idempotencyKey: string | null;
  },
): Promise<EntitlementAnswer> {
  const { partner, uuid, terms, expectedVersion, idempotencyKey } = wish;
  return change(context, 'SAVE_ENTITLEMENT', {
    ...{ lock: uuid ?? partner, input: { partner, uuid, terms, expectedVersion }, idempotencyKey },
    work: async (manager) => {
      if (!(await findPartner({ manager }, partner))) throw new Refusal('UNKNOWN_NAME', { value: partner, field: 'partner' });
      const before = uuid === null ? null : await mustFind(manager, uuid, partner);
      if ((before?.version ?? 0) !== expectedVersion) throw new Refusal('VERSION_MOVED_ON', { version: before?.version ?? 0 });
      const stored = storedTerms(terms, before?.validFrom ?? context.now);
      await mustBeKnown(manager, stored);
      return { before, after: { uuid: uuid ?? randomUUID(), partnerCode: partner, ...stored } };
    },
  });
}

/** Ends an entitlement at a moment, now when that is null; one that has ended, or ends before, stays as it is. Throws FORBIDDEN, UNKNOWN_NAME, TIME_PASSED. */
export function endEntitlement(
  context: WriteContext,
  { uuid, at, idempotencyKey }: { uuid: string; at: Date | null; idempotencyKey: string | null },
): Promise<EntitlementAnswer> {
  return change(context, 'END_ENTITLEMENT', {
    ...{ lock: uuid, input: { uuid, at }, idempotencyKey },
    work: async (manager) => {
      if (at !== null && at <= context.now) throw new Refusal('TIME_PASSED', {});
      const before = await mustFind(manager, uuid);
      // One that has not begun never will.
      const end = new Date(Math.max((at ?? context.now).getTime(), before.validFrom.getTime()));
      const ends = before.validUntil === null || before.validUntil > end;
      return { before, after: ends ? { ...before, validUntil: end } : before };
    },
  });
}

async function mustFind(manager: EntityManager, uuid: string, partner?: string): Promise<Entitlement> {
  const found = await findEntitlement({ manager }, uuid);
  if (!found || (partner !== undefined && found.partnerCode !== partner))
    throw new Refusal('UNKNOWN_NAME', { value: entitlementId({ uuid }) });
  return found;
}

interface Change {
  lock: string;
  input: unknown;
  idempotencyKey: string | null;
  work(manager: EntityManager): Promise<{ before: Entitlement | null; after: Entitlement }>;
}

/** Writes what becomes of an entitlement, and tells the log, and every cache, that a partner may have something else now. */
function change(context: WriteContext, action: Action, { lock, work, ...mutation }: Change): Promise<EntitlementAnswer> {
  mustBeAllowed(context.caller, action);
  const { now } = context;
  return write(context, {
    ...{ action, articles: [], locks: [`entitlement:${lock}`], ...mutation },
    work: async (manager) => {
      const { before, after } = await work(manager);
      const { partnerCode: partner, uuid } = after;
      if (before && isDeepStrictEqual(stored(before), stored(after))) return { partner, uuid };
      await putEntitlement(manager, { ...stored(after), changedAt: now });
      await writeEvents(manager, [{ kind: EventKind.ENTITLEMENTS_CHANGED, at: now, data: { partner } }]);
      await setTimers(manager, entitlementTimers(after, now));
      await dropFromCaches(manager, null, now);
      return { partner, uuid };
    },
  });
}

const stored = ({ version: _, ...row }: Entitlement): Entitlement => row;
