import { parseUrn, type UrnParts } from '../articles/urn.js';
import { Refusal } from '../lib/errors.js';
import { asRow, columnsOf, type Read } from '../lib/load.js';
import { type EventKind, EventRow } from './event.js';

/** Which events: all conditions hold; a list is met by any of its values. */
export interface EventConditions {
  kinds?: readonly EventKind[] | null | undefined;
  editions?: readonly string[] | null | undefined;
  /** The URN of a story. */
  article?: string | null | undefined;
}

/** An event of the log with what names its story. */
export interface LoggedEvent {
  row: EventRow;
  story: UrnParts | null;
}

/** A page of the log: what was found, how far the log has been looked through (`seq`), and whether there is more of it behind. */
export interface LogPage {
  events: LoggedEvent[];
  seq: number;
  hasMore: boolean;
}

// One page looks through so much of the log at most, that a rare kind of event costs a page and not the whole log.
const widest = 10_000;

/**
 * The events behind number `after`. By hand, because head and page are of one snapshot: numbers have no gaps and are never given below one
 * that can be seen, so that nothing comes later among what has been looked through. Throws INVALID_CURSOR behind the end of the log.
 */
export async function readLog({ manager }: Read, after: number, size: number, conditions: EventConditions): Promise<LogPage> {
  const article = conditions.article == null ? null : articleOf(conditions.article);
  const end = article === null ? after + widest : Number.MAX_SAFE_INTEGER;
  const records = await manager.query<({ head: number; domain: string | null; issuedOn: string | null } & EventRow)[]>(
    `select head.seq as head, ${columnsOf(manager, EventRow, 'e')}, a.domain, a.issued_on as "issuedOn"
     from (select coalesce(max(seq), 0)::float8 as seq from event) head
     left join lateral (
       select * from event where seq > $1 and seq <= $2 and ($3::text[] is null or kind = any($3))
         and ($4::text[] is null or edition_code = any($4)) and ($5::uuid is null or article_uuid = $5) order by seq limit $6
     ) e on true left join article a on a.uuid = e.article_uuid order by e.seq`,
    [after, end, conditions.kinds ?? null, conditions.editions ?? null, article, size + 1],
  );
  const head = records[0]!.head;
  if (after > head) throw new Refusal('INVALID_CURSOR', {});
  const found = records.filter(({ seq }) => seq !== null);
  const events = found.slice(0, size).map(({ head: _, domain, issuedOn, ...record }) => {
    const row = asRow(EventRow, record);
    const story = domain === null || issuedOn === null ? null : { domain, issuedOn, uuid: row.articleUuid! };
    return { row, story };
  });
  if (found.length > size) return { events, seq: Number(events.at(-1)!.row.seq), hasMore: true };
  return { events, seq: Math.min(head, end), hasMore: end < head };
}

/** The uuid in a story's URN. Throws BAD_USER_INPUT. */
export function articleOf(urn: string): string {
  const parts = parseUrn(urn);
  if (!parts || parts.edition !== undefined) throw new Refusal('BAD_USER_INPUT', { detail: 'article is the URN of a story' });
  return parts.uuid;
}
