import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { insertRows } from '../../src/lib/insert-rows.js';
import { keyFor as sealKeyFor } from '../../src/publishing/seal.js';
import { Entitlement } from '../../src/rights/entitlement.js';
import { Partner } from '../../src/rights/partner.js';
import type { EndpointRow } from '../../src/webhooks/endpoint.js';
import { sealSecret } from '../../src/webhooks/secret.js';
import { addEndpoint, newSecret } from './webhooks.js';

/** A partner that may have all of all editions since the beginning, written past the gateway. */
export async function insertPartner({ manager }: DataSource, code: string): Promise<void> {
  const since = new Date('2020-01-01T00:00:00.000Z');
  const kept = { version: 1, changedAt: since };
  await manager.insert(Partner, { ...kept, code, name: code, contacts: [], delaySeconds: 0, active: true });
  await insertRows(manager, Entitlement, [
    {
      ...kept,
      ...{ uuid: randomUUID(), partnerCode: code, editions: [], topics: [], kinds: [], excludedAgencies: [], territories: [] },
      ...{ level: 'FULL', images: true, machine: true, early: false, validFrom: since, validUntil: null },
    } as never,
  ]);
}

/** An endpoint whose secret is sealed as a gateway with a secret seals it, with the secret. */
export async function sealedEndpoint(
  dataSource: DataSource,
  keySecret: string,
  given: Partial<EndpointRow> & { url: string },
): Promise<{ endpoint: EndpointRow; secret: string }> {
  const [uuid, secret] = [randomUUID(), newSecret()];
  const sealed = sealSecret(secret, uuid, sealKeyFor('dragoman secrets of others', keySecret));
  return { endpoint: await addEndpoint(dataSource, { ...given, uuid, secret: sealed }), secret };
}
