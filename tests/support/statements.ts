import type { DataSource, Logger } from 'typeorm';

const silent: Logger = {
  ...{
    logQuery: () => {},
    logQueryError: () => {},
    logQuerySlow: () => {},
    logSchemaBuild: () => {},
    logMigration: () => {},
    log: () => {},
  },
};

/** The statements that are sent while something is done. */
export async function statementsOf(dataSource: DataSource, work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const { logger } = dataSource;
  dataSource.logger = { ...silent, logQuery: (sql) => void statements.push(sql) };
  await work();
  dataSource.logger = logger;
  return statements;
}
