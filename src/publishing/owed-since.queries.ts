import { query, type Read } from '../lib/load.js';
import { EventKind } from './event.js';

const kinds = [EventKind.OBLIGATION_OPENED, EventKind.OBLIGATION_SETTLED, EventKind.OBLIGATION_CANCELLED, EventKind.CONFIRMED];

/**
 * Those texts of an edition, by their stories, of which the log tells up to a place that they came to owe their readers something, or to owe it no more, since a moment. By
 * hand: each story with its own moment, in one statement.
 */
export async function owedSince(
  read: Read,
  edition: string,
  texts: readonly { uuid: string; at: Date }[],
  upTo: number,
): Promise<Set<string>> {
  if (texts.length === 0) return new Set();
  const rows = await query<{ uuid: string }[]>(
    read,
    `select k.uuid from unnest($1::uuid[], $2::timestamptz[]) as k (uuid, since) where exists (
       select from event e where e.article_uuid = k.uuid and e.edition_code = $3 and e.kind = any($4) and e.at > k.since and e.seq <= $5)`,
    [texts.map(({ uuid }) => uuid), texts.map(({ at }) => at), edition, kinds, upTo],
  );
  return new Set(rows.map(({ uuid }) => uuid));
}
