import type { ApiKey } from '../desks/api-key.js';

/** What the audit tells of a key: all that tells it from others, and nothing that opens anything. */
export function auditedKey(
  key: Pick<ApiKey, 'uuid' | 'name' | 'ending' | 'operator' | 'roles' | 'test' | 'expiresAt'>,
): Record<string, unknown> {
  const { uuid, name, ending, operator, roles, test, expiresAt } = key;
  return { uuid, name, ending, operator, roles, test, expiresAt };
}
