import type pg from 'pg';
import type { EntityManager, QueryRunner } from 'typeorm';

/** How long work on the database may take, and what gives it up sooner. */
export interface Patience {
  milliseconds: number;
  signal?: AbortSignal | undefined;
}

/**
 * Runs `work` over a connection of its own, and gives it up when it takes too long or `signal` aborts: the connection is closed then, so
 * that one from which nothing comes any more holds up this process no longer.
 */
export function within<T>(manager: EntityManager, patience: Patience, work: (own: EntityManager) => Promise<T>): Promise<T> {
  return overConnection(manager, patience, (runner) => work(runner.manager));
}

/**
 * The same in a transaction. The server ends it by itself when no statement comes for `idleMilliseconds`, with all its locks: should this
 * process or its machine be gone, others go on.
 */
export function transactionWithin<T>(
  manager: EntityManager,
  { idleMilliseconds, ...patience }: Patience & { idleMilliseconds: number },
  work: (transaction: EntityManager) => Promise<T>,
): Promise<T> {
  return overConnection(manager, patience, async (runner) => {
    await runner.startTransaction();
    await runner.query(`set local idle_in_transaction_session_timeout = ${idleMilliseconds}`);
    const result = await work(runner.manager);
    await runner.commitTransaction();
    return result;
  });
}

async function overConnection<T>(
  manager: EntityManager,
  { milliseconds, signal }: Patience,
  work: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const runner = manager.connection.createQueryRunner();
  const client: pg.PoolClient & { end(): Promise<void> } = await runner.connect();
  let giveUp = (): void => {};
  const givenUp = new Promise<never>((_, reject) => {
    giveUp = () => {
      void client.end().catch(() => {});
      reject(new Error(signal?.aborted ? 'stopped' : `the database was silent for ${milliseconds} ms`));
    };
  });
  const late = setTimeout(giveUp, milliseconds);
  signal?.addEventListener('abort', giveUp);
  try {
    return await Promise.race([work(runner), givenUp]);
  } catch (error) {
    // A connection that is gone has rolled back by itself.
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => {});
    throw error;
  } finally {
    clearTimeout(late);
    signal?.removeEventListener('abort', giveUp);
    await runner.release();
  }
}
