import { randomUUID } from 'node:crypto';
import pg from 'pg';

/** The PostgreSQL server of the suite: a test that needs one fails without it. */
const server = (): string => {
  const url = process.env['TEST_DATABASE_URL'];
  if (!url) throw new Error('TEST_DATABASE_URL must name a PostgreSQL server');
  return url;
};

async function execute(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server() });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

/** An empty database with a random name, by its address. */
export async function emptyDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `dragoman_test_${randomUUID().replaceAll('-', '')}`;
  await execute(`create database ${name}`);
  const url = new URL(server());
  url.pathname = name;
  return { url: url.href, drop: () => execute(`drop database ${name} with (force)`) };
}
