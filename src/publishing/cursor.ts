import { Refusal } from '../lib/errors.js';
import { keyFor, seal, unseal } from './seal.js';

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
export const sealingKey = (keySecret: string | Uint8Array): Buffer => keyFor('dragoman log cursor', keySecret);

/** A place in the log as one reader has it. */
export interface ReadersPlace extends LogPlace {
  /** Eight bytes that tell by what they read, should that have changed since. */
  scope: Buffer;
  /** Where the walk began that has come to `seq`; left out where none is under way. */
  since?: number;
}

/** A cursor of the log that tells nothing: of one length, and good for what it was given for only (`purpose`: a feed and its reader, say). */
export function sealedCursor({ seq, since = seq, at, scope }: ReadersPlace, purpose: string, key: Buffer): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(seq, 0, 6);
  bytes.writeUIntBE(since, 6, 6);
  bytes.writeUInt32BE(Math.floor(at.getTime() / 1000), 12);
  return seal(Buffer.concat([bytes, scope]), purpose, key);
}

/** The last event seen, by a sealed cursor. Throws INVALID_CURSOR, and CURSOR_EXPIRED 400 days after it was given out. */
export function placeOfSealedCursor(
  cursor: string,
  purpose: string,
  key: Buffer,
  now: Date,
): Required<Pick<ReadersPlace, 'seq' | 'since' | 'scope'>> {
  const place = unseal(cursor, purpose, key);
  if (place?.length !== 24) throw new Refusal('INVALID_CURSOR', {});
  mustBeYoung(place.readUInt32BE(12) * 1000, now);
  return { seq: place.readUIntBE(0, 6), since: place.readUIntBE(6, 6), scope: place.subarray(16) };
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
  mustBeYoung(at, now);
  return seq;
}

function mustBeYoung(at: number, now: Date): void {
  if (now.getTime() - at > longestMs) throw new Refusal('CURSOR_EXPIRED', {});
}
