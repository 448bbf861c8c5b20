import { Duplex } from 'node:stream';
import { setImmediate as turnOfTheEventLoop } from 'node:timers/promises';
import type { PGlite } from '@electric-sql/pglite';

type Done = (error?: Error | null) => void;
const terminate = 'X'.charCodeAt(0);

/**
 * A socket for `pg` whose other end is PGlite in this process, so that values, results and errors are those of `pg` itself.
 * Every connection starts as a new session; of two wires to one database only one may be connected.
 */
export class EmbeddedWire extends Duplex {
  constructor(private readonly database: PGlite) {
    super();
  }

  connect(): this {
    this.clearSession().then(
      () => this.emit('connect'),
      (error) => this.destroy(error),
    );
    return this;
  }

  // why: what `pg` asks of a socket and a call within the process has no use for
  setNoDelay = (): this => this;
  setKeepAlive = (): this => this;
  ref = (): this => this;
  unref = (): this => this;

  override _read(): void {}

  override _write(message: Buffer, _encoding: string, done: Done): void {
    this.answer(message).then(() => done(), done);
  }

  // why: the messages of one statement arrive corked; PGlite wants them up to Sync in one call
  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'buffer', done);
  }

  override _final(done: Done): void {
    this.push(null);
    done();
  }

  private async answer(message: Buffer): Promise<void> {
    if (message[0] === terminate) return;
    const answer: Buffer[] = [];
    await this.database.execProtocolRawStream(message, { onRawData: (bytes) => answer.push(Buffer.from(bytes)) });
    // why: only now, for a reader may write at once, and PGlite is not to be entered twice
    this.push(Buffer.concat(answer));
    // why: nothing here waits for the outside, so a row of queries would keep the process from everything else
    await turnOfTheEventLoop();
  }

  private async clearSession(): Promise<void> {
    if (this.database.isInTransaction()) await this.database.exec('ROLLBACK');
    await this.database.exec('DISCARD ALL');
  }
}
