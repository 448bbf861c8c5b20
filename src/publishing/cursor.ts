import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Refusal } from '../lib/errors.js';

/** A place in the log, and when it was given out. */
export interface LogPlace {
  /** The number of the last event that was seen; 0 before the first. */
  seq: number;
  at: Date;
}

const longestMs = 400 * 86_400_000;

/** An open cursor of the log, for those who may know its numbers. */
export const logCursor = (place: LogPlace): string => Buffer.concat([Buffer.from('L'), bytesOf(place)]).toString('base64url');

/** The last event seen, by an open cursor. Throws INVALID_CURSOR, and CURSOR_EXPIRED 400 days after it was given out. */
export function seqOfCursor(cursor: string, now: Date): number {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.length !== 17 || bytes[0] !== 'L'.charCodeAt(0) || bytes.toString('base64url') !== cursor)
    throw new Refusal('INVALID_CURSOR', {});
  return seqOf(bytes.subarray(1), now);
}

/** The key that seals cursors, from the gateway's secret. */
export const sealingKey = (keySecret: string | Buffer): Buffer => Buffer.from(hkdfSync('sha256', keySecret, '', 'dragoman log cursor', 32));

/**
 * A cursor of the log that tells nothing: of one length, never twice the same, and good for what it was given for only (`purpose`: a feed
 * and its reader, say). AES-256-GCM under a nonce of chance.
 */
export function sealedCursor(place: LogPlace, purpose: string, key: Buffer): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(purpose));
  const sealed = Buffer.concat([cipher.update(bytesOf(place)), cipher.final()]);
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url');
}

/** The last event seen, by a sealed cursor. Throws INVALID_CURSOR, and CURSOR_EXPIRED 400 days after it was given out. */
export function seqOfSealedCursor(cursor: string, purpose: string, key: Buffer, now: Date): number {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.length !== 44 || bytes.toString('base64url') !== cursor) throw new Refusal('INVALID_CURSOR', {});
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(28));
  let place: Buffer;
  try {
    place = Buffer.concat([decipher.update(bytes.subarray(12, 28)), decipher.final()]);
  } catch {
    throw new Refusal('INVALID_CURSOR', {});
  }
  return seqOf(place, now);
}

function bytesOf({ seq, at }: LogPlace): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeBigUInt64BE(BigInt(seq));
  bytes.writeBigUInt64BE(BigInt(at.getTime()), 8);
  return bytes;
}

function seqOf(bytes: Buffer, now: Date): number {
  const [seq, at] = [bytes.readBigUInt64BE(), bytes.readBigUInt64BE(8)].map(Number) as [number, number];
  if (!Number.isSafeInteger(seq) || !Number.isSafeInteger(at)) throw new Refusal('INVALID_CURSOR', {});
  if (now.getTime() - at > longestMs) throw new Refusal('CURSOR_EXPIRED', {});
  return seq;
}
