import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { EntityManager } from 'typeorm';
import type { Editions } from '../editions/edition.loaders.js';
import { Refusal } from '../lib/errors.js';
import { checkedOutsideUrl, type OutsideAllowance } from '../lib/outside/outside-url.js';
import { mustBeAllowed, mustBeAllowedAnywhere } from '../publishing/policy.js';
import { type WriteContext, write } from '../publishing/write.js';
import { findPartner } from '../rights/partner.queries.js';
import { type EndpointRow, EndpointState } from './endpoint.js';
import { changeSettings, countEndpoints, type EndpointOwner, type EndpointSettings, insertEndpoint } from './endpoint.queries.js';
import { checkedSettings, type EndpointWish } from './endpoint-shape.js';
import { answerOf, changeEndpoint, type EndpointAnswer, ownEndpoint } from './own-endpoint.js';
import { makeSecret, sealSecret } from './secret.js';

/** How many endpoints a partner, or the desk of an edition, has at most. */
export const mostEndpoints = 20;

/** What saving asks beside the request. */
export interface SavingEndpoints {
  secretsKey: Buffer;
  outside: OutsideAllowance;
  editions(): Promise<Editions>;
  /** Why a document cannot be what is sent; null where it can. */
  documentProblem(document: string, variables: Record<string, unknown>): string | null;
}

/** What is to be saved. */
export interface SaveEndpoint extends EndpointWish {
  /** Null: a new one. */
  uuid: string | null;
  /** Of a new one: the partner's code, or that of the edition whose desk it is; neither for a partner's own key. */
  partner: string | null;
  edition: string | null;
  /** The version seen; 0 for a new one. */
  expectedVersion: number;
  idempotencyKey: string | null;
}

/** What was saved. The secret of a new one is given this once: it is in no answer that is kept. */
export interface SavedEndpoint {
  uuid: string;
  secret: string | null;
}

/**
 * Founds an endpoint, or changes what its owner says of it. Throws FORBIDDEN, NOT_FOUND, UNKNOWN_NAME, VERSION_MOVED_ON, FIELD_REFUSED, TEXT_REFUSED and
 * what `write` throws.
 */
export async function saveEndpoint(context: WriteContext, saving: SavingEndpoints, wish: SaveEndpoint): Promise<SavedEndpoint> {
  mustBeAllowedAnywhere(context.caller, 'SAVE_ENDPOINT');
  return wish.uuid === null ? found(context, saving, wish) : change(context, saving, { ...wish, uuid: wish.uuid });
}

async function found(context: WriteContext, saving: SavingEndpoints, wish: SaveEndpoint): Promise<SavedEndpoint> {
  const owner = ownerOf(context, wish);
  const { partnerCode, editionCode } = owner;
  mustBeAllowed(context.caller, 'SAVE_ENDPOINT', { edition: editionCode ?? undefined, partner: partnerCode ?? undefined });
  const settings = await judged(saving, wish, owner);
  let secret: string | null = null;
  const { endpoint: uuid } = await write<EndpointAnswer>(context, {
    ...{ action: 'SAVE_ENDPOINT', articles: [], locks: [`endpoints:${partnerCode ?? ''}:${editionCode ?? ''}`] },
    ...{ edition: editionCode ?? undefined, input: asked(wish), idempotencyKey: wish.idempotencyKey },
    again: (manager, { endpoint }) => ownEndpoint(manager, context.caller, 'SAVE_ENDPOINT', endpoint),
    work: async (manager) => {
      if (wish.expectedVersion !== 0) throw new Refusal('VERSION_MOVED_ON', { version: 0 });
      await mustBeThere(manager, saving, owner);
      if ((await countEndpoints(manager, owner)) >= mostEndpoints)
        throw new Refusal('FIELD_REFUSED', {
          field: partnerCode === null ? 'edition' : 'partner',
          detail: `has ${mostEndpoints} endpoints, the most there may be`,
        });
      secret = makeSecret();
      const row = newEndpoint(owner, settings, { secret, key: saving.secretsKey, now: context.now });
      await insertEndpoint(manager, row);
      return answerOf(row);
    },
  });
  return { uuid, secret };
}

async function change(context: WriteContext, saving: SavingEndpoints, wish: SaveEndpoint & { uuid: string }): Promise<SavedEndpoint> {
  const { caller, dataSource } = context;
  const settings = await judged(saving, wish, await ownEndpoint(dataSource.manager, caller, 'SAVE_ENDPOINT', wish.uuid));
  const { endpoint: uuid } = await changeEndpoint(context, {
    ...{ action: 'SAVE_ENDPOINT', uuid: wish.uuid, input: asked(wish), idempotencyKey: wish.idempotencyKey },
    work: async (manager, row) => {
      if (wish.partner !== null && wish.partner !== row.partnerCode)
        throw new Refusal('FIELD_REFUSED', { field: 'partner', detail: 'is of whom it was' });
      if (wish.edition !== null && wish.edition !== row.editionCode)
        throw new Refusal('FIELD_REFUSED', { field: 'edition', detail: 'is of whom it was' });
      if (row.version !== wish.expectedVersion) throw new Refusal('VERSION_MOVED_ON', { version: row.version });
      const isSame = Object.entries(settings).every(([name, value]) => isDeepStrictEqual(row[name as keyof EndpointSettings], value));
      if (!isSame) await changeSettings(manager, row.uuid, settings);
      return answerOf(row);
    },
  });
  return { uuid, secret: null };
}

/** All of it but the key, of which the order of what is asked does not depend on how it came in. */
const asked = ({ idempotencyKey: _, ...wish }: SaveEndpoint): object => wish;

/** Whose a new endpoint is to be. Throws FORBIDDEN, FIELD_REFUSED. */
function ownerOf({ caller }: WriteContext, { partner, edition }: SaveEndpoint): EndpointOwner {
  if (caller.kind === 'PARTNER') {
    if (edition !== null || (partner !== null && partner !== caller.partner)) throw new Refusal('FORBIDDEN', {});
    return { partnerCode: caller.partner, editionCode: null };
  }
  if ((partner === null) === (edition === null))
    throw new Refusal('FIELD_REFUSED', { field: 'partner', detail: 'expected a partner or an edition' });
  return { partnerCode: partner, editionCode: edition };
}

async function mustBeThere(
  manager: EntityManager,
  { editions }: SavingEndpoints,
  { partnerCode, editionCode }: EndpointOwner,
): Promise<void> {
  if (partnerCode !== null && !(await findPartner({ manager }, partnerCode)))
    throw new Refusal('UNKNOWN_NAME', { value: partnerCode, field: 'partner' });
  if (editionCode !== null && !(await editions()).find(editionCode))
    throw new Refusal('UNKNOWN_NAME', { value: editionCode, field: 'edition' });
}

/** Settings with their address, editions and document looked at. */
async function judged(saving: SavingEndpoints, wish: SaveEndpoint, { partnerCode }: EndpointOwner): Promise<EndpointSettings> {
  const settings = checkedSettings(wish, partnerCode === null ? 'DESK' : 'PARTNER');
  const url = checkedOutsideUrl(settings.url, { ...saving.outside, field: 'url' });
  const editions = await saving.editions();
  const unknown = settings.editions.find((code) => !editions.find(code));
  if (unknown !== undefined) throw new Refusal('UNKNOWN_NAME', { value: unknown, field: 'editions' });
  const problem = settings.document === null ? null : saving.documentProblem(settings.document, settings.variables ?? {});
  if (problem !== null) throw new Refusal('FIELD_REFUSED', { field: 'document', detail: problem });
  return { ...settings, url };
}

function newEndpoint(
  owner: EndpointOwner,
  settings: EndpointSettings,
  { secret, key, now }: { secret: string; key: Buffer; now: Date },
): EndpointRow {
  const uuid = randomUUID();
  return {
    ...{ uuid, ...owner, ...settings, secret: sealSecret(secret, uuid, key), formerSecret: null, formerSecretUntil: null },
    ...{ state: EndpointState.ACTIVE, disabledBecause: null, failingSince: null, notBefore: null },
    ...{ lastSequence: '0', version: 1, createdAt: now },
  };
}
