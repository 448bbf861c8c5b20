import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const [nonceLength, tagLength] = [12, 16];

/** A key of its own for each label, from the gateway's secret. */
export const keyFor = (label: string, keySecret: string | Uint8Array): Buffer => Buffer.from(hkdfSync('sha256', keySecret, '', label, 32));

/**
 * Bytes as a text for addresses that tells nothing but their length, is never twice the same, and can be opened for the same `purpose` only.
 * AES-256-GCM under a nonce of chance.
 */
export function seal(bytes: Buffer, purpose: string, key: Buffer): string {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(purpose));
  const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url');
}

/** What was sealed; undefined for whatever `seal` did not make with this key and purpose, down to the last character. */
export function unseal(text: string, purpose: string, key: Buffer): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length < nonceLength + tagLength || bytes.toString('base64url') !== text) return undefined;
  const [nonce, sealed, tag] = [bytes.subarray(0, nonceLength), bytes.subarray(nonceLength, -tagLength), bytes.subarray(-tagLength)];
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(purpose)).setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(sealed), decipher.final()]);
  } catch {
    return undefined;
  }
}
