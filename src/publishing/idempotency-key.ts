import { Refusal } from '../lib/errors.js';

/** The field of a mutation's input under which its key comes. */
export const keyField = {
  nullable: true,
  description:
    'A key of the caller’s own: the same request with the same key within seven days gives the same result and does nothing twice.',
} as const;

/** Throws BAD_USER_INPUT for a key that is too long to keep. */
export function checkedKey(key: string | null | undefined): string | null {
  if ((key?.length ?? 0) > 200) throw new Refusal('BAD_USER_INPUT', { detail: 'idempotencyKey has more than 200 characters' });
  return key ?? null;
}
