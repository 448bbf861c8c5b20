import type { EntityManager } from 'typeorm';
import type { Caller } from '../desks/role.js';
import { Refusal } from '../lib/errors.js';
import { type Action, may, mustBeAllowedAnywhere } from '../publishing/policy.js';
import { type WriteContext, write } from '../publishing/write.js';
import type { EndpointRow } from './endpoint.js';
import { findEndpoint } from './endpoint.queries.js';

/** An endpoint with which a caller may do something. Throws FORBIDDEN for who may do it with none, NOT_FOUND for one that is another's or not there. */
export async function ownEndpoint(manager: EntityManager, caller: Caller, action: Action, uuid: string): Promise<EndpointRow> {
  mustBeAllowedAnywhere(caller, action);
  const row = await findEndpoint({ manager }, uuid);
  const isOwn = row && may(caller, action, { edition: row.editionCode ?? undefined, partner: row.partnerCode ?? undefined });
  if (!isOwn) throw new Refusal('NOT_FOUND', {});
  return row;
}

/** What was done with an endpoint: what the audit says, and a repeated request is answered. */
export interface EndpointAnswer {
  endpoint: string;
  partner: string | null;
  edition: string | null;
}

/** Whose an endpoint is, as the audit says it. */
export const answerOf = ({ uuid, partnerCode, editionCode }: EndpointRow): EndpointAnswer => ({
  ...{ endpoint: uuid, partner: partnerCode, edition: editionCode },
});

/** One change of an endpoint that is there. */
export interface EndpointChange<Answer extends EndpointAnswer> {
  action: Action;
  uuid: string;
  input?: unknown;
  idempotencyKey: string | null;
  /** Whether it is gone afterwards. */
  removes?: true;
  work(manager: EntityManager, row: EndpointRow): Promise<Answer>;
}

/** Changes an endpoint for who may, over what it is once nobody else changes it. Throws FORBIDDEN, NOT_FOUND, KEY_REUSED and whatever `work` throws. */
export async function changeEndpoint<Answer extends EndpointAnswer>(
  context: WriteContext,
  { action, uuid, input, idempotencyKey, removes, work }: EndpointChange<Answer>,
): Promise<Answer> {
  const { caller, dataSource } = context;
  // One that was removed under this key is answered as then.
  const seen = removes && idempotencyKey !== null ? null : await ownEndpoint(dataSource.manager, caller, action, uuid);
  return write(context, {
    ...{ action, articles: [], locks: [`endpoint:${uuid}`], input: { uuid, input }, idempotencyKey },
    ...{ edition: seen?.editionCode ?? undefined },
    again: async (manager) => removes || ownEndpoint(manager, caller, action, uuid),
    work: async (manager) => work(manager, await ownEndpoint(manager, caller, action, uuid)),
    places: ({ edition }) => [{ articleUuid: null, edition }],
  });
}
