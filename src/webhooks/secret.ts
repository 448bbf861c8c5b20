import { randomBytes } from 'node:crypto';
import { seal, unseal } from '../publishing/seal.js';
import type { EndpointRow } from './endpoint.js';

const prefix = 'whsec_';
const secretBytes = 32;

/** A new secret as receivers are given it: `whsec_` and 32 bytes of chance in base64 (Standard Webhooks). */
export const makeSecret = (): string => prefix + randomBytes(secretBytes).toString('base64');

/** A secret as it is stored: what is sealed for one endpoint opens for no other. */
export const sealSecret = (secret: string, endpointUuid: string, key: Buffer): string =>
  seal(Buffer.from(secret), purposeOf(endpointUuid), key);

/**
 * By which an endpoint's messages are signed, as receivers were given them: the present secret first, then the former one while its time has not
 * come. Throws when the present one was sealed with another key: the gateway's secret was changed.
 */
export function secretsOf(
  { uuid, secret, formerSecret, formerSecretUntil }: Pick<EndpointRow, 'uuid' | 'secret' | 'formerSecret' | 'formerSecretUntil'>,
  key: Buffer,
  now: Date,
): string[] {
  const opened = (sealed: string): string | undefined => unseal(sealed, purposeOf(uuid), key)?.toString();
  const present = opened(secret);
  if (present === undefined) throw new Error(`The secret of endpoint ${uuid} does not open with this gateway's secret: rotate it.`);
  const former = formerSecret !== null && formerSecretUntil !== null && formerSecretUntil > now ? opened(formerSecret) : undefined;
  return former === undefined ? [present] : [present, former];
}

const purposeOf = (endpointUuid: string): string => `endpoint:${endpointUuid}`;
