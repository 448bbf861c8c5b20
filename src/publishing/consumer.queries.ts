import type { EntityManager } from 'typeorm';
import { asRow, columnsOf } from '../lib/load.js';
import { transactionWithin } from '../lib/within.js';
import type { Consumer } from './consumer.js';
import { EventRow } from './event.js';

/**
 * Hands a consumer up to `most` events behind the last one it settled, and gives how many; 0 also while another process does it.
 * A consumer that is new begins with the first event of all.
 */
export function deliverEvents(manager: EntityManager, consumer: Consumer, most: number, signal?: AbortSignal): Promise<number> {
  return transactionWithin(manager, { milliseconds: 60_000, idleMilliseconds: 3_000, signal }, async (transaction) => {
    const { name } = consumer;
    // An advisory lock, for a row lock would be a write: no event is numbered past a transaction that has written.
    const [{ free }] = await transaction.query<[{ free: boolean }]>('select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as free', [
      `consumer:${name}`,
    ]);
    if (!free) return 0;
    const records = await transaction.query<object[]>(
      `select ${columnsOf(transaction, EventRow, 'e')} from event e
       where e.seq > coalesce((select settled from consumer where name = $1), 0) order by e.seq limit $2`,
      [name, most],
    );
    const events = records.map((record) => asRow(EventRow, record));
    const last = events.at(-1);
    if (!last) return 0;
    await consumer.handle(events, transaction);
    await transaction.query(
      'insert into consumer (name, settled) values ($1, $2) on conflict (name) do update set settled = excluded.settled',
      [name, last.seq],
    );
    return events.length;
  });
}
