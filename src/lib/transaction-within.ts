import type pg from 'pg';
import type { EntityManager } from 'typeorm';

/** How long a transaction may take as a whole, and how long it may be open without a statement running. */
export interface Patience {
  milliseconds: number;
  idleMilliseconds: number;
  signal?: AbortSignal | undefined;
}

/**
 * Runs `work` in a transaction that is given up when it takes too long or `signal` aborts: its connection is closed, so that one which
 * hangs holds up this process no longer. The server ends it by itself once it is idle for too long, with all its locks: should this
 * process or its machine be gone, others go on.
 */
export async function transactionWithin<T>(
  manager: EntityManager,
  { milliseconds, idleMilliseconds, signal }: Patience,
  work: (transaction: EntityManager) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const runner = manager.connection.createQueryRunner();
  const client: pg.PoolClient & { end(): Promise<void> } = await runner.connect();
  let giveUp = (): void => {};
  const givenUp = new Promise<never>((_, reject) => {
    giveUp = () => {
      void client.end().catch(() => {});
      reject(new Error(signal?.aborted ? 'stopped' : `a transaction took longer than ${milliseconds} ms`));
    };
  });
  const late = setTimeout(giveUp, milliseconds);
  signal?.addEventListener('abort', giveUp);
  const whole = async (): Promise<T> => {
    await runner.startTransaction();
    await runner.query(`set local idle_in_transaction_session_timeout = ${idleMilliseconds}`);
    const result = await work(runner.manager);
    await runner.commitTransaction();
    return result;
  };
  try {
    return await Promise.race([whole(), givenUp]);
  } catch (error) {
    // A connection that is gone has rolled back by itself.
    await runner.rollbackTransaction().catch(() => {});
    throw error;
  } finally {
    clearTimeout(late);
    signal?.removeEventListener('abort', giveUp);
    await runner.release();
  }
}
