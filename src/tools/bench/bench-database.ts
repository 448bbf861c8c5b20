import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { makeDataSource } from '../../data-source.js';
import { readSampleRegistry, seedRegistry } from '../../ingest/seed.js';
import { writeStories } from '../../ingest/write-stories.js';
import { migrate } from '../../migrate.js';
import { numberEvents } from '../../publishing/event.queries.js';
import { benchEditions, benchRegistry, makeStory } from './make-story.js';

const batch = 10;
const writers = 3;

/** A database of the bench on a PostgreSQL server. */
export interface BenchDatabase {
  name: string;
  url: string;
  /** The editions every story is published in. */
  editions: string[];
  articles: number;
  /** Drops it, unless it is to be kept. */
  close(): Promise<void>;
}

/** How much to generate. */
export interface Amount {
  articles: number;
  editions: number;
}

/** Makes a database with a name of its own and fills it; `tell` hears how far it is. What fails leaves nothing behind. */
export async function makeBenchDatabase(
  server: string,
  amount: Amount,
  keep: boolean,
  tell: (line: string) => void,
): Promise<BenchDatabase> {
  const name = `dragoman_bench_${randomBytes(4).toString('hex')}`;
  await onServer(server, (client) => client.query(`create database ${name}`));
  const drop = async (): Promise<void> =>
    void (await onServer(server, (client) => client.query(`drop database if exists ${name} with (force)`)));
  try {
    await fill(urlOf(server, name), amount, tell);
    return await describe(server, name, keep ? async () => tell(`kept: --data ${name}`) : drop);
  } catch (error) {
    await drop();
    throw error;
  }
}

/** A database that an earlier run has kept. */
export const reuseBenchDatabase = (server: string, name: string): Promise<BenchDatabase> => describe(server, name, async () => undefined);

async function describe(server: string, name: string, close: () => Promise<void>): Promise<BenchDatabase> {
  const url = urlOf(server, name);
  const { rows } = await onServer(url, (client) =>
    client.query<{ code: string; articles: number }>(
      'select edition_code code, count(*)::int articles from translation group by edition_code order by edition_code collate "C"',
    ),
  );
  if (rows.length === 0) throw new Error(`database ${name} holds no stories of the bench`);
  return { name, url, editions: rows.map(({ code }) => code), articles: rows[0]!.articles, close };
}

async function fill(url: string, amount: Amount, tell: (line: string) => void): Promise<void> {
  const dataSource = await makeDataSource({ url, poolSize: writers }).initialize();
  try {
    await migrate(dataSource);
    await writeAll(dataSource, amount, tell);
    // As in a gateway at rest: what it would do for the log in between is not what is measured.
    while ((await numberEvents(dataSource.manager, 10_000)) > 0);
    await dataSource.query('vacuum (analyze, freeze)');
  } finally {
    await dataSource.destroy();
  }
}

async function writeAll(dataSource: DataSource, { articles, editions }: Amount, tell: (line: string) => void): Promise<void> {
  const registry = benchRegistry(await readSampleRegistry());
  const published = benchEditions(registry, editions);
  await seedRegistry(dataSource.manager, registry);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < articles) {
      const from = next;
      next += batch;
      const stories = Array.from({ length: Math.min(batch, articles - from) }, (_, index) => makeStory(from + index, registry, published));
      await writeStories(dataSource.manager, stories, { domain: 'bench.example', now: new Date() });
      if (next % 500 === 0) tell(`${next} of ${articles} stories`);
    }
  };
  await Promise.all(Array.from({ length: writers }, work));
}

const urlOf = (server: string, name: string): string => {
  const url = new URL(server);
  url.pathname = name;
  return url.href;
};

/** Does something with a connection of its own. */
export async function onServer<Result>(url: string, act: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return act(client).finally(() => client.end());
}
