import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

// What is longer is written to a file, which has no name and ends with the answer.
const mostHeld = 4 * 1024 * 1024;

/** A document whose bytes are known to the last. */
export interface Spooled {
  /** Of all its bytes, as a strong ETag; with `mark` where it is replaced. */
  etag: string;
  length: number;
  body: Buffer | Readable;
}

/** Takes a document in pieces, holding 4 MiB of it at most. In its first piece `mark` becomes `instead`, which the ETag does not know. */
export async function spool(pieces: AsyncIterable<string> | Iterable<string>, mark: string, instead: string): Promise<Spooled> {
  const hash = createHash('sha256');
  const held: Buffer[] = [];
  let [length, heldLength, isFirst] = [0, 0, true];
  let file: FileHandle | undefined;
  try {
    for await (const piece of pieces) {
      hash.update(piece);
      const bytes = Buffer.from(isFirst ? piece.replaceAll(mark, instead) : piece);
      isFirst = false;
      length += bytes.length;
      heldLength += bytes.length;
      held.push(bytes);
      if (heldLength < mostHeld) continue;
      file ??= await nameless();
      await file.writev(held.splice(0));
      heldLength = 0;
    }
    if (file && held.length > 0) await file.writev(held.splice(0));
  } catch (error) {
    await file?.close();
    throw error;
  }
  const etag = `"${hash.digest('base64url').slice(0, 32)}"`;
  return { etag, length, body: file ? file.createReadStream({ start: 0 }) : Buffer.concat(held) };
}

async function nameless(): Promise<FileHandle> {
  const path = join(tmpdir(), `dragoman-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  return file;
}
