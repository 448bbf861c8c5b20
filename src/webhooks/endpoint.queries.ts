import type { EntityManager } from 'typeorm';
import { insertRows } from '../lib/insert-rows.js';
import { asRow, columnsOf, query, type Read, tableOf } from '../lib/load.js';
import { EndpointRow } from './endpoint.js';

/** Whose an endpoint is: one of the two. */
export type EndpointOwner = Pick<EndpointRow, 'partnerCode' | 'editionCode'>;

/** What its owner says of an endpoint. */
export type EndpointSettings = Pick<
  EndpointRow,
  'url' | 'description' | 'topics' | 'editions' | 'payload' | 'format' | 'document' | 'variables' | 'concurrency'
>;

/** One endpoint; null when there is none. */
export async function findEndpoint(read: Omit<Read, 'now'>, uuid: string): Promise<EndpointRow | null> {
  const { manager } = read;
  const [record] = await query<object[]>(
    read,
    `select ${columnsOf(manager, EndpointRow, 'e')} from ${tableOf(manager, EndpointRow)} e where e.uuid = $1`,
    [uuid],
  );
  return record ? asRow(EndpointRow, record) : null;
}

/** All endpoints, or those of a partner, by owner and age: there are few. */
export async function listEndpoints(read: Omit<Read, 'now'>, partner: string | null): Promise<EndpointRow[]> {
  const { manager } = read;
  const records = await query<object[]>(
    read,
    `select ${columnsOf(manager, EndpointRow, 'e')} from ${tableOf(manager, EndpointRow)} e where $1::text is null or e.partner_code = $1
     order by e.partner_code collate "C", e.edition_code collate "C", e.created_at, e.uuid`,
    [partner],
  );
  return records.map((record) => asRow(EndpointRow, record));
}

/** Endpoints that are sent a document of their own, but those that are disabled. */
export async function endpointsWithDocuments(manager: EntityManager): Promise<EndpointRow[]> {
  const records = await manager.query<object[]>(
    `select ${columnsOf(manager, EndpointRow, 'e')} from ${tableOf(manager, EndpointRow)} e where e.payload = 'DOCUMENT' and e.state <> 'DISABLED' order by e.uuid`,
  );
  return records.map((record) => asRow(EndpointRow, record));
}

/** How many endpoints an owner has. */
export async function countEndpoints(manager: EntityManager, { partnerCode, editionCode }: EndpointOwner): Promise<number> {
  const [{ count }] = await manager.query<[{ count: number }]>(
    'select count(*)::int as count from endpoint where partner_code is not distinct from $1 and edition_code is not distinct from $2',
    [partnerCode, editionCode],
  );
  return count;
}

/** Stores a new endpoint. */
export const insertEndpoint = (manager: EntityManager, row: EndpointRow): Promise<void> => insertRows(manager, EndpointRow, [row]);

/** Changes what its owner says of an endpoint; by hand, because whoever delivers writes other columns of the same row at the same time. */
export async function changeSettings(manager: EntityManager, uuid: string, settings: EndpointSettings): Promise<void> {
  await manager.query(
    `update endpoint set url = $2, description = $3, topics = $4, editions = $5, payload = $6, format = $7, document = $8, variables = $9,
       concurrency = $10, version = version + 1 where uuid = $1`,
    [
      ...[uuid, settings.url, settings.description, settings.topics, settings.editions, settings.payload, settings.format],
      ...[settings.document, settings.variables === null ? null : JSON.stringify(settings.variables), settings.concurrency],
    ],
  );
}

/** Gives an endpoint a new secret; the one it had signs until `formerUntil`. */
export async function changeSecret(manager: EntityManager, uuid: string, to: { secret: string; formerUntil: Date }): Promise<void> {
  await manager.query(
    `update endpoint set former_secret = secret, former_secret_until = $3, secret = $2, version = version + 1 where uuid = $1`,
    [uuid, to.secret, to.formerUntil],
  );
}

/** Stops deliveries to an endpoint that is at work; one that is disabled stays so. Gives whether it was at work. */
export async function pause(manager: EntityManager, uuid: string): Promise<boolean> {
  const [rows] = await manager.query<[unknown[], number]>(
    `update endpoint set state = 'PAUSED', version = version + 1 where uuid = $1 and state = 'ACTIVE' returning uuid`,
    [uuid],
  );
  return rows.length > 0;
}

/**
 * Has an endpoint at work again, with a clean slate: what waits and was tried before is due at once. By hand: a delivery that was never tried keeps its
 * time, which is when its partner may be told.
 */
export async function resume(manager: EntityManager, uuid: string, now: Date): Promise<void> {
  await manager.query(
    `update endpoint set state = 'ACTIVE', disabled_because = null, failing_since = null, not_before = null, version = version + 1
     where uuid = $1 and (state <> 'ACTIVE' or not_before is not null)`,
    [uuid],
  );
  await manager.query(`update delivery set next_at = $2 where endpoint_uuid = $1 and state = 'PENDING' and attempts > 0 and next_at > $2`, [
    uuid,
    now,
  ]);
  await wakeDeliverers(manager);
}

/** Ends deliveries to an endpoint whose document the schema does not take any more, since `at`. */
export async function disableForDocument(manager: EntityManager, uuid: string, at: Date): Promise<void> {
  await manager.query(
    `update endpoint set state = 'DISABLED', disabled_because = 'DOCUMENT', failing_since = coalesce(failing_since, $2), version = version + 1
     where uuid = $1`,
    [uuid, at],
  );
}

/** Forgets an endpoint with all its deliveries. */
export async function removeEndpoint(manager: EntityManager, uuid: string): Promise<void> {
  await manager.query('delete from endpoint where uuid = $1', [uuid]);
}

/** Tells every process, with the commit, that there may be something to deliver. */
export async function wakeDeliverers(manager: EntityManager): Promise<void> {
  await manager.query('notify dragoman_delivery');
}

/** The number of a message at its endpoint. */
export async function sequenceOf(manager: EntityManager, uuid: string, message: string): Promise<number> {
  const [found] = await manager.query<[{ sequence: string }]>(
    'select sequence from delivery where endpoint_uuid = $1 and message_id = $2',
    [uuid, message],
  );
  return Number(found.sequence);
}

/** Keeps what a message says that tells of no text. */
export async function writeBody(
  manager: EntityManager,
  { uuid, message, body, now }: { uuid: string; message: string; body: Buffer; now: Date },
): Promise<void> {
  await manager.query(
    `update delivery set body = $3, content_type = 'application/json', texts = '[]', written_at = $4 where endpoint_uuid = $1 and message_id = $2`,
    [uuid, message, body, now],
  );
}
