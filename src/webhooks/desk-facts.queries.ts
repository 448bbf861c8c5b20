import type { UrnParts } from '../articles/urn.js';
import { asRow, columnsOf, query, type Read } from '../lib/load.js';
import { EventRow } from '../publishing/event.js';
import { WebhookTopic } from './webhook-topic.js';

/** Whose desk is to be told, of which event. */
export interface AskedOfDesk {
  articleUuid: string;
  /** The desk's edition. */
  edition: string;
  endpoint: string;
  /** The event's number. */
  seq: string;
  /** The edition and revision that the event is about; null for the whole story, or for none. */
  source: string | null;
  revision: number | null;
}

/** How a story stands for the desk of an edition, whatever readers may see of it. */
export interface DeskFacts extends UrnParts {
  home: string;
  urgency: number;
  /** When it came out, or will. */
  outAt: Date | null;
  /** Whether the edition has published a text, of whatever became of that. */
  hasText: boolean;
  hasDraft: boolean;
  claimedBy: string | null;
  claimedUntil: Date | null;
  /** By when the correction that is asked about is owed; null where it is not. */
  owedBy: Date | null;
  /** Whether what the event took back is taken back now. */
  isGone: boolean;
  /** Whether the endpoint was told already that the story is wanted, by an earlier event. */
  wasWanted: boolean;
}

/** By hand: one row of what seven tables say of one story and one edition. Null where there is no such story. */
export async function deskFacts(
  read: Read,
  { articleUuid, edition, endpoint, seq, source, revision }: AskedOfDesk,
): Promise<DeskFacts | null> {
  const [found] = await query<DeskFacts[]>(
    read,
    `select a.uuid, a.domain, a.issued_on "issuedOn", a.home_edition_code home, a.urgency, greatest(a.published_at, a.embargo_until) "outAt",
       coalesce(t.published_at <= $7, false) "hasText", d.article_uuid is not null "hasDraft", c.holder "claimedBy", c.until "claimedUntil",
       (select o.due_at from obligation o where o.article_uuid = a.uuid and o.edition_code = $2 and o.source_edition_code = $5 and o.source_number = $6
          and o.settled_at is null) "owedBy",
       case when $5::text is null then a.retracted_at is not null
         when $6::int is null then exists (select from translation s where s.article_uuid = a.uuid and s.edition_code = $5 and s.retracted_at is not null)
         else exists (select from tombstone x where x.article_uuid = a.uuid and x.edition_code = $5 and x.revision = $6 and x.restored_at is null)
       end "isGone",
       exists (select from delivery w where w.endpoint_uuid = $3 and w.article_uuid = a.uuid and w.topic = $8 and w.state = 'DELIVERED' and w.event_seq < $4)
         "wasWanted"
     from article a
     left join translation t on t.article_uuid = a.uuid and t.edition_code = $2
     left join draft d on d.article_uuid = a.uuid and d.edition_code = $2
     left join claim c on c.article_uuid = a.uuid and c.edition_code = $2 and c.until > $7
     where a.uuid = $1`,
    [articleUuid, edition, endpoint, seq, source, revision, read.now, WebhookTopic.TRANSLATION_WANTED],
  );
  return found ?? null;
}

/** The event that a message is of. By hand: found by its number alone, whatever its kind. */
export async function eventOfMessage(read: Read, seq: string): Promise<EventRow | null> {
  const [record] = await query<object[]>(read, `select ${columnsOf(read.manager, EventRow, 'e')} from event e where seq = $1`, [seq]);
  return record ? asRow(EventRow, record) : null;
}
