import { createHash } from 'node:crypto';
import { query, type Read } from '../lib/load.js';
import { current, type Scope } from './scope.js';

/**
 * Eight bytes that change whenever something a partner reads by does: what it is entitled to, how late it is told, and what agencies allow. By
 * hand, for agencies belong to a slice above, and those nobody has ruled on need not be read.
 */
export async function scopeDigest(read: Read, { partner, entitlements }: Scope): Promise<Buffer> {
  const ruled = await query<object[]>(
    read,
    `select code, redistribution, redistribution_territories from agency
     where redistribution <> 'ENTITLED' or redistribution_territories <> '{}' order by code collate "C"`,
  );
  const held = current(entitlements, read.now).map(({ validFrom: _, validUntil: __, version: ___, ...terms }) => terms);
  return createHash('sha256')
    .update(JSON.stringify([partner.delaySeconds, held, ruled]))
    .digest()
    .subarray(0, 8);
}
