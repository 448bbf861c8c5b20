import { createHmac } from 'node:crypto';

/** What is stored of a key: HMAC-SHA-256 under KEY_SECRET, hex. A key has 256 bits of chance, so that nothing slower is needed. */
export const hashKey = (secret: Uint8Array, key: string): string => createHmac('sha256', secret).update(key).digest('hex');
