import type { EntityManager } from 'typeorm';
import { Refusal } from '../lib/errors.js';
import type { ApiKey } from './api-key.js';
import { findKey, noteKeyUse } from './api-key.queries.js';
import { hashKey } from './hash-key.js';
import { parseKey } from './key-text.js';
import type { ReadToken } from './read-token.js';
import { type Caller, publicCaller } from './role.js';

/** A caller, and what is to be written down once they have been answered. */
export interface Found {
  caller: Caller;
  afterwards(): Promise<void>;
}

/**
 * Who sends an `Authorization` header, or none: then the public. Whatever is wrong with a key or token is one UNAUTHENTICATED, and never
 * the public. Throws IssuerUnavailable when a token cannot be checked now.
 */
export type FindCaller = (authorization: string | undefined, door?: Door) => Promise<Found>;

/** Where a caller comes in. */
export interface Door {
  /** Whether a partner's key for tests is let in everywhere: only where it is given samples and nothing else. */
  sandbox: boolean;
}

/** What callers are found by. */
export interface Credentials {
  manager: EntityManager;
  clock: () => Date;
  keySecret: Uint8Array;
  /** Whether keys for tests are let in by every door. */
  testKeys: boolean;
  /** Undefined: tokens are not. */
  readToken: ReadToken | undefined;
}

/** Looks callers up anew for each request: a key that was revoked is refused from the next one on. */
export function makeFindCaller({ manager, clock, keySecret, testKeys, readToken }: Credentials): FindCaller {
  const ofKey = async (key: string, { sandbox }: Door): Promise<Found | null> => {
    const parsed = parseKey(key);
    if (!parsed || (parsed.test && !testKeys && !sandbox)) return null;
    // Found by its hash or not at all: how long that takes tells nothing of a key that is there.
    const row = await findKey(manager, hashKey(keySecret, key));
    const now = clock();
    if (row && parsed.test && !testKeys && row.partnerCode === null) return null;
    return row && isValid(row, now) ? { caller: callerOf(row), afterwards: () => noteKeyUse(manager, row, now) } : null;
  };
  const ofToken = async (token: string): Promise<Found | null> => {
    const caller = (await readToken?.(token, clock())) ?? null;
    return caller && { caller, afterwards };
  };
  return async (authorization, door = { sandbox: false }) => {
    if (authorization === undefined) return { caller: publicCaller, afterwards };
    const bearer = /^Bearer +(\S+)$/iu.exec(authorization)?.[1];
    const key = bearer ?? passwordOf(authorization) ?? '';
    const found = await (bearer === undefined || key.startsWith('dgm_') ? ofKey(key, door) : ofToken(key));
    if (!found) throw new Refusal('UNAUTHENTICATED', {});
    return found;
  };
}

const afterwards = async (): Promise<void> => {};

const isValid = ({ revokedAt, expiresAt }: ApiKey, now: Date): boolean => revokedAt === null && (expiresAt === null || expiresAt > now);

/** The password of HTTP Basic (RFC 7617), which feed readers can send where they cannot set a header: a key, whatever the user’s name. */
function passwordOf(authorization: string): string | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/iu.exec(authorization)?.[1];
  return encoded === undefined ? undefined : /^[^:]*:(.*)$/su.exec(Buffer.from(encoded, 'base64').toString('utf8'))?.[1];
}

function callerOf({ uuid, name, operator, roles, partnerCode, test }: ApiKey): Caller {
  const who = { id: `key:${uuid}`, name };
  if (partnerCode !== null) return { ...who, kind: 'PARTNER', partner: partnerCode, test, roles: {} };
  return operator ? { ...who, kind: 'OPERATOR', roles: {} } : { ...who, kind: 'DESK', roles };
}
