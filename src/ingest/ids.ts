import { v5 } from 'uuid';

// Any uuid, as long as it stays the same: a story imported again must meet its own rows.
const namespace = '6d0f3c1e-52a7-5b0b-9d0c-1f7a4f1d9c3a';

/** The uuid of a story, from the id it has where it comes from (uuid v5, RFC 9562 §5.5). */
export const articleUuid = (foreignId: string): string => v5(`dragoman:${foreignId}`, namespace);

/** The uuid of a row that belongs to something imported, from what makes it that row. */
export const partUuid = (kind: 'credit' | 'tombstone', ...parts: readonly (string | null)[]): string =>
  v5(JSON.stringify([kind, ...parts]), namespace);
