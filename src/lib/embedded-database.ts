import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { type Dump, dropNext, isGzip, moveNextInto, openFiles, openNext } from './embedded-files.js';
import { keepUp } from './embedded-upkeep.js';
import { EmbeddedWire } from './embedded-wire.js';

export interface EmbeddedOptions {
  /** A dump that a new database starts from. */
  from?: Dump;
  /** How long a caller waits for its turn before it fails, in the words of `pg`: "timeout exceeded when trying to connect". */
  acquireTimeoutMs?: number;
}

type Listener = (payload: string) => void;
type Release = (broken?: Error | boolean) => void;
type Connected = (error?: Error, client?: pg.PoolClient, release?: Release) => void;

/** Opens PostgreSQL inside this process over the files of `folder`, or in memory without one; for one process at a time. */
export async function openEmbeddedDatabase(folder: string | undefined, options: EmbeddedOptions = {}): Promise<EmbeddedDatabase> {
  return new EmbeddedDatabase(folder, await openFiles(folder, options.from), options.acquireTimeoutMs);
}

/**
 * PostgreSQL inside this process. It has one session, given to one caller at a time in the order of asking: who holds it
 * and asks for another waits for itself, until `acquireTimeoutMs`.
 */
export class EmbeddedDatabase {
  /** TypeORM's `driver` option: every pool made of it is a door to the one session, and ending a pool leaves the database open. */
  readonly driver: { Pool: new () => object };
  readonly #pool: pg.Pool;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #folder: string | undefined;
  readonly #everyMinute: NodeJS.Timeout | undefined;
  #database: PGlite;
  #upkeep: Promise<void> | undefined;
  #restoring = false;
  #closing = false;

  constructor(folder: string | undefined, database: PGlite, acquireTimeoutMs = 30_000) {
    this.#folder = folder;
    this.#database = database;
    this.#pool = new pg.Pool({
      max: 1,
      idleTimeoutMillis: 0,
      connectionTimeoutMillis: acquireTimeoutMs,
      user: 'postgres',
      database: 'postgres',
      ssl: false,
      stream: () => new EmbeddedWire(this.#database),
      onConnect: (client) => this.#listenAgain(client),
    });
    this.#pool.on('error', () => {}); // why: who meets the error is told, and an event without a listener would end the process
    // why: what fails now, as for want of a turn, is tried again in a minute
    if (folder !== undefined) this.#everyMinute = setInterval(() => void this.upkeep().catch(() => {}), 60_000).unref();
    const door = {
      connect: (done: Connected) =>
        void this.#connect().then((client) => done(undefined, client, (broken) => this.#release(client, broken)), done),
      on: () => door,
      end: (done: () => void) => done(),
    };
    this.driver = {
      Pool: class {
        constructor() {
          // biome-ignore lint/correctness/noConstructorReturn: TypeORM makes pools, there is one
          return door;
        }
      },
    };
  }

  /** Runs `work` with the session for itself, when its turn comes. */
  async session<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    try {
      return await work(client);
    } finally {
      this.#release(client);
    }
  }

  /** Calls `listener` with the payload of every NOTIFY on `channel` once it is committed; gives the way to stop. */
  async listen(channel: string, listener: Listener): Promise<() => Promise<void>> {
    if (!this.#listeners.has(channel)) await this.session((client) => client.query(`LISTEN ${pg.escapeIdentifier(channel)}`));
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners.add(listener));
    return async () => {
      if (!listeners.delete(listener) || listeners.size > 0) return;
      this.#listeners.delete(channel);
      await this.session((client) => client.query(`UNLISTEN ${pg.escapeIdentifier(channel)}`));
    };
  }

  /** Checkpoint, vacuum and statistics where they are due. Runs every minute by itself; worth calling after an import. */
  upkeep(): Promise<void> {
    this.#upkeep ??= keepUp((work) => this.session(work)).finally(() => (this.#upkeep = undefined));
    return this.#upkeep;
  }

  /** The whole database as a gzipped tar, for `restore` or `from`; queries wait while it is read, not while it is compressed. */
  async backup(): Promise<Buffer> {
    const tar = await this.session(async (client) => {
      await client.query('CHECKPOINT');
      return this.#database.dumpDataDir('none');
    });
    return promisify(gzip)(await tar.arrayBuffer());
  }

  /**
   * Replaces the database by a backup. The backup is opened beside it first, and `prepare` may look at it or migrate it: if
   * either throws, nothing has changed. Then queries wait for the change and go on with the new rows.
   */
  async restore(backup: Buffer, prepare?: (candidate: EmbeddedDatabase) => Promise<void>): Promise<void> {
    if (this.#restoring) throw new Error('another restore is under way');
    this.#restoring = true;
    try {
      const candidate = new EmbeddedDatabase(undefined, await this.#openBeside(backup));
      try {
        await prepare?.(candidate);
        await this.#become(candidate);
      } catch (error) {
        await candidate.close();
        throw error;
      }
    } finally {
      if (this.#folder !== undefined) await dropNext(this.#folder);
      this.#restoring = false;
    }
  }

  /** Closes the database when everyone who already waits has had a turn; whoever asks later is refused. */
  async close(): Promise<void> {
    if (this.#closing) return;
    clearInterval(this.#everyMinute);
    const turn = this.#connect();
    this.#closing = true;
    (await turn).release();
    await this.#pool.end();
    await this.#database.close();
  }

  async #connect(): Promise<pg.PoolClient> {
    if (this.#closing) throw new Error('the database is closed');
    return this.#pool.connect();
  }

  // why: a transaction left open would swallow everything that comes after it, so its session ends with it
  #release(client: pg.PoolClient, broken?: Error | boolean): void {
    client.release(broken || this.#database.isInTransaction());
  }

  async #listenAgain(client: pg.ClientBase): Promise<void> {
    client.on('notification', ({ channel, payload }) => {
      for (const listener of this.#listeners.get(channel) ?? []) queueMicrotask(() => listener(payload ?? ''));
    });
    for (const channel of this.#listeners.keys()) await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
  }

  async #become(candidate: EmbeddedDatabase): Promise<void> {
    const folder = this.#folder;
    if (folder !== undefined) await candidate.close();
    const client = await this.#connect();
    try {
      await this.#database.close();
      if (folder === undefined) this.#database = candidate.#database;
      else await moveNextInto(folder).finally(async () => (this.#database = await openFiles(folder)));
    } finally {
      client.release(true); // why: the next caller connects anew, to the new database
    }
  }

  async #openBeside(backup: Buffer): Promise<PGlite> {
    // why: only gzip carries a checksum; a cut tar would open with rows missing
    if (!isGzip(backup)) throw new Error('this is not a backup: a gzipped tar was expected');
    return this.#folder === undefined ? openFiles(undefined, backup) : openNext(this.#folder, backup);
  }
}
