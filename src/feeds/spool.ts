import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Refusal } from '../lib/errors.js';

// What is longer is written to a file, which has no name and ends with the answer.
const mostHeld = 4 * 1024 * 1024;

/** How many such files a process has at once, and of how many bytes together. */
export interface SpoolLimits {
  files: number;
  bytes: number;
}

/** A document whose bytes are known to the last. */
export interface Spooled {
  /** Of all its bytes, as a strong ETag; with `mark` where it is replaced. */
  etag: string;
  length: number;
  body: Buffer | Readable;
}

type Pieces = AsyncIterable<string> | Iterable<string>;

/**
 * Takes a document in pieces, holding 4 MiB of it at most. In its first piece `mark` becomes `instead`, which the ETag does not know. Throws
 * SERVICE_UNAVAILABLE where as much waits in files as may.
 */
export type Spool = (pieces: Pieces, mark: string, instead: string) => Promise<Spooled>;

/** A spool that counts its files. */
export function makeSpool({ files, bytes }: SpoolLimits): Spool {
  const waiting = { files: 0, bytes: 0 };
  const open = async (): Promise<SpoolFile> => {
    if (waiting.files >= files) throw new Refusal('SERVICE_UNAVAILABLE', {});
    waiting.files += 1;
    let own = 0;
    const forget = (): void => {
      waiting.files -= 1;
      waiting.bytes -= own;
    };
    const handle = await nameless().catch((error: unknown) => {
      forget();
      throw error;
    });
    return {
      async write(buffers) {
        const length = buffers.reduce((sum, each) => sum + each.length, 0);
        if (waiting.bytes + length > bytes) throw new Refusal('SERVICE_UNAVAILABLE', {});
        own += length;
        waiting.bytes += length;
        await handle.writev(buffers);
      },
      read: () => handle.createReadStream({ start: 0 }).once('close', forget),
      close: () => handle.close().finally(forget),
    };
  };
  return (pieces, mark, instead) => spooled(pieces, { mark, instead }, open);
}

/** The process's own: more than its slots for comparing can fill, and less than a small disk has. */
export const spool: Spool = makeSpool({ files: 64, bytes: 2 * 1024 ** 3 });

interface SpoolFile {
  write(buffers: Buffer[]): Promise<void>;
  /** From its beginning; it ends with the stream. */
  read(): Readable;
  close(): Promise<void>;
}

async function spooled(
  pieces: Pieces,
  { mark, instead }: { mark: string; instead: string },
  openFile: () => Promise<SpoolFile>,
): Promise<Spooled> {
  const hash = createHash('sha256');
  const held: Buffer[] = [];
  let [length, heldLength, isFirst] = [0, 0, true];
  let file: SpoolFile | undefined;
  try {
    for await (const piece of pieces) {
      hash.update(piece);
      const bytes = Buffer.from(isFirst ? piece.replaceAll(mark, instead) : piece);
      isFirst = false;
      length += bytes.length;
      heldLength += bytes.length;
      held.push(bytes);
      if (heldLength < mostHeld) continue;
      file ??= await openFile();
      await file.write(held.splice(0));
      heldLength = 0;
    }
    if (file && held.length > 0) await file.write(held.splice(0));
  } catch (error) {
    await file?.close();
    throw error;
  }
  const etag = `"${hash.digest('base64url').slice(0, 32)}"`;
  return { etag, length, body: file ? file.read() : Buffer.concat(held) };
}

async function nameless(): Promise<FileHandle> {
  const path = join(tmpdir(), `dragoman-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  return file;
}
