import { parse, stringify } from 'uuid';
import { keyFor, seal, unseal } from './seal.js';

/** What a link shows, and until when. */
export interface Preview {
  articleUuid: string;
  editionCode: string;
  expiresAt: Date;
}

const purpose = 'preview';
const uuidLength = 16;
const timeLength = 8;

/** The key that seals previews, from the gateway's secret. */
export const previewKeyOf = (keySecret: string | Uint8Array): Buffer => keyFor('dragoman preview', keySecret);

/** The last part of a preview's address: whoever has it may read, and nobody can make or change one without the key. */
export function previewToken({ articleUuid, editionCode, expiresAt }: Preview, key: Buffer): string {
  const time = Buffer.alloc(timeLength);
  time.writeBigUInt64BE(BigInt(expiresAt.getTime()));
  return seal(Buffer.concat([parse(articleUuid), time, Buffer.from(editionCode)]), purpose, key);
}

/** What a token shows; undefined for one that has expired or that `previewToken` did not make. */
export function readPreviewToken(token: string, key: Buffer, now: Date): Preview | undefined {
  const bytes = unseal(token, purpose, key);
  if (!bytes) return undefined;
  const expiresAt = new Date(Number(bytes.readBigUInt64BE(uuidLength)));
  const preview = {
    ...{ articleUuid: stringify(bytes.subarray(0, uuidLength)), expiresAt },
    editionCode: bytes.subarray(uuidLength + timeLength).toString(),
  };
  return expiresAt > now ? preview : undefined;
}
