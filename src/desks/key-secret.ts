import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivate } from '../lib/write-private.js';

/** Fewest bytes of a secret: as many as what it makes. */
export const shortestSecret = 32;

/** The secret that keys are stored under: the one that is given, else the data folder's own, made at the first call by who holds the folder. */
export async function keySecretOf({ keySecret, dataDir }: { keySecret: string | undefined; dataDir: string }): Promise<Uint8Array> {
  if (keySecret !== undefined) return Buffer.from(keySecret);
  const path = join(dataDir, 'key.secret');
  const found = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) {
    const made = randomBytes(shortestSecret).toString('base64url');
    await writePrivate(path, made);
    return Buffer.from(made);
  }
  if (found.length < shortestSecret) throw new Error(`${path} is no secret: bring it back from a backup, or delete it and make new keys.`);
  return found;
}
