import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import type { Config } from './config.js';
import { makeDataSource } from './data-source.js';
import { type HeldFolder, holdDataFolder } from './lib/data-folder.js';
import { type EmbeddedDatabase, openEmbeddedDatabase } from './lib/embedded-database.js';
import { listenOnServer } from './lib/listen.js';

/** An open database: the embedded one comes with the folder this process holds. */
export interface OpenDatabase {
  dataSource: DataSource;
  embedded?: { database: EmbeddedDatabase; held: HeldFolder };
  /** Calls `listener` after every NOTIFY on a channel; gives the way to stop. */
  listen(channel: string, listener: () => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** Connects to the PostgreSQL server of the configuration, or opens the embedded one. Throws with a sentence an operator can act on. */
export async function openDatabase(config: Config): Promise<OpenDatabase> {
  const { databaseUrl } = config;
  if (databaseUrl !== undefined) {
    const dataSource = makeDataSource({
      url: databaseUrl,
      poolSize: config.databasePool,
      statementTimeoutMs: config.requestTimeoutMs,
    });
    await dataSource.initialize().catch((error: Error) => {
      throw new Error(`The database at ${withoutPassword(databaseUrl)} cannot be reached: ${error.message || error}`);
    });
    return {
      dataSource,
      listen: async (channel, listener) => listenOnServer(databaseUrl, channel, listener),
      close: () => dataSource.destroy(),
    };
  }
  const held = await holdDataFolder(config.dataDir).catch((error: NodeJS.ErrnoException) => {
    throw error.code === undefined ? error : new Error(`The data folder ${config.dataDir} cannot be used: ${error.message}`);
  });
  try {
    const database = await openEmbeddedDatabase(join(config.dataDir, 'postgres'));
    const dataSource = await makeDataSource({ driver: database.driver }).initialize();
    const close = async (): Promise<void> => {
      await dataSource.destroy();
      await database.close();
      await held.release();
    };
    return { dataSource, embedded: { database, held }, listen: (channel, listener) => database.listen(channel, listener), close };
  } catch (error) {
    await held.release();
    throw error;
  }
}

function withoutPassword(url: string): string {
  const parsed = new URL(url);
  parsed.password = '';
  return parsed.href;
}
