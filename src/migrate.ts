import { type DataSource, MigrationExecutor } from 'typeorm';

// Any number, as long as it stays the same: what every process of one database waits for.
const lock = 7_236_015_021;

/**
 * Runs the pending migrations and gives their names. Of processes that start together one migrates and the others wait for it.
 * All or none: throws with the one that failed and why, in a sentence an operator can act on.
 */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  const done: string[] = [];
  let running = 'taking the lock';
  try {
    await runner.startTransaction();
    // Of the transaction, not of the session: it holds behind a pooler too, and ends with whatever happens.
    await runner.query('set local statement_timeout = 0');
    await runner.query('select pg_advisory_xact_lock($1)', [lock]);
    const executor = new MigrationExecutor(dataSource, runner);
    // One by one: run all at once, TypeORM reports a failure on the console, too.
    for (const migration of await executor.getPendingMigrations()) {
      running = migration.name;
      await executor.executeMigration(migration);
      done.push(migration.name);
    }
    await runner.commitTransaction();
    return done;
  } catch (error) {
    // A connection that is gone has rolled back by itself, and why it went is what there is to say.
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => {});
    throw new Error(
      `The database schema could not be brought up to date and is as it was: ${running} failed: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  } finally {
    await runner.release();
  }
}

/** Whether the newest migration of this program has run. */
export async function isMigrated(dataSource: DataSource): Promise<boolean> {
  const newest = dataSource.migrations.at(-1)?.name;
  const [known] = await dataSource.query<[{ table: string | null }]>(`select to_regclass('migration')::text as table`);
  if (known.table === null) return false;
  const [found] = await dataSource.query<[{ done: boolean }]>('select exists (select from migration where name = $1) as done', [newest]);
  return found.done;
}
