import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { clean } from '../lib/text.js';
import { claimedRoles } from './claimed-roles.js';
import type { Caller } from './role.js';

/** Who issues editors' tokens (OpenID Connect), for whom, and where the keys they are signed with are published. */
export interface TokenIssuer {
  issuer: string;
  audience: string;
  jwksUrl: string;
  rolesClaim: string;
}

/** Who a token speaks for; null when it is not to be trusted, whatever the reason. Throws IssuerUnavailable when that cannot be known now. */
export type ReadToken = (token: string, now: Date) => Promise<Caller | null>;

/** The issuer's keys cannot be had. */
export class IssuerUnavailable extends Error {
  override readonly name = 'IssuerUnavailable';
}

// Signatures that only the issuer can make: with a shared secret (HS256) the published key would be the secret.
const algorithms = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'];
const skewSeconds = 10;
const fetchTimeoutMs = 3_000;
const failureMs = 1_000;
const longestName = 200;

/**
 * Reads tokens of one issuer. A key it has not seen makes it fetch the issuer's keys, at most once in `cooldownMs`; a key that the issuer
 * has withdrawn is trusted for `maxAgeMs` at most.
 */
export function makeReadToken(
  { issuer, audience, jwksUrl, rolesClaim }: TokenIssuer,
  { cooldownMs = 10_000, maxAgeMs = 300_000 } = {},
): ReadToken {
  const keys = patient(
    createRemoteJWKSet(new URL(jwksUrl), { cooldownDuration: cooldownMs, cacheMaxAge: maxAgeMs, timeoutDuration: fetchTimeoutMs }),
  );
  return async (token, now) => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        ...{ algorithms, issuer, audience, currentDate: now, clockTolerance: skewSeconds },
        requiredClaims: ['exp', 'sub'],
      });
      return callerOf(payload, rolesClaim);
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  };
}

/** Tells a key that is not there from keys that cannot be had, and asks an issuer that has just failed no more for a while. */
function patient(keys: JWTVerifyGetKey): JWTVerifyGetKey {
  let failed: { until: number; error: IssuerUnavailable } | undefined;
  return async (header, token) => {
    if (failed && performance.now() < failed.until) throw failed.error;
    try {
      return await keys(header, token);
    } catch (cause) {
      if (
        cause instanceof errors.JWKSNoMatchingKey ||
        cause instanceof errors.JWKSMultipleMatchingKeys ||
        cause instanceof errors.JOSENotSupported
      )
        throw cause;
      const error = new IssuerUnavailable(`The keys of the tokens' issuer cannot be had: ${reasonOf(cause)}`, { cause });
      failed = { until: performance.now() + failureMs, error };
      throw error;
    }
  };
}

/** `fetch` hides what happened in the cause. */
const reasonOf = (error: unknown): string =>
  error instanceof Error ? (error.cause instanceof Error ? error.cause.message || error.message : error.message) : String(error);

function callerOf(payload: JWTPayload, rolesClaim: string): Caller | null {
  const { sub } = payload;
  // It is kept in audits: no more than a provider may send (OpenID Connect Core §2), and nothing that cannot be stored or shown.
  if (typeof sub !== 'string' || !/^[^\p{C}]{1,255}$/u.test(sub)) return null;
  const { operator, roles } = claimedRoles(Object.hasOwn(payload, rolesClaim) ? payload[rolesClaim] : undefined);
  const kind = operator ? 'OPERATOR' : Object.keys(roles).length > 0 ? 'DESK' : 'PUBLIC';
  return { kind, id: `oidc:${sub}`, name: nameOf(payload) ?? sub, roles };
}

function nameOf({ name, preferred_username }: JWTPayload): string | undefined {
  for (const given of [name, preferred_username]) {
    const shown = typeof given === 'string' ? [...clean(given).replace(/\p{C}/gu, '').trim()].slice(0, longestName).join('') : '';
    if (shown !== '') return shown;
  }
  return undefined;
}
