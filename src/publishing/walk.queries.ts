import { query, type Read } from '../lib/load.js';
import { EventKind } from './event.js';

/** What happens to one text, or to its story in all editions, that who has it must be told of. */
export const toldKinds: readonly EventKind[] = [
  ...[EventKind.PUBLISHED, EventKind.REVISED, EventKind.CONFIRMED, EventKind.STORY_CHANGED, EventKind.RETRACTED, EventKind.RESTORED],
  ...[EventKind.OBLIGATION_OPENED, EventKind.OBLIGATION_SETTLED, EventKind.OBLIGATION_CANCELLED],
  ...[EventKind.EMBARGO_SET, EventKind.EMBARGO_LIFTED, EventKind.EXPIRY_SET, EventKind.EXPIRED],
];

/** The last of the events that a text of an edition had between two places in the log. */
export interface WalkedEvent {
  seq: number;
  uuid: string;
  articleUuid: string;
  at: Date;
  /** Of all of them since the walk began. */
  kinds: EventKind[];
  /** Forms and topics that its story had since then and has no more, as the log says. */
  formerKinds: string[];
  formerTopics: string[];
}

/**
 * What the texts of an edition had between two places, each text once, by its last event: `most` of them, oldest first. `since` is where the walk began. By hand: the events of the
 * edition and those of stories in all editions are each read in order from one index, and cut.
 */
export async function walkEvents(
  read: Read,
  { edition, since, after, upTo, most }: { edition: string; since: number; after: number; upTo: number; most: number },
): Promise<WalkedEvent[]> {
  const last = `e.seq > $2 and e.seq <= $3 and e.kind = any($4) and e.article_uuid is not null and not exists (
    select from event l where l.article_uuid = e.article_uuid and l.seq > e.seq and l.seq <= $3 and l.kind = any($4)
      and (l.edition_code = $1 or l.edition_code is null))`;
  const rows = await query<(Omit<WalkedEvent, 'seq'> & { seq: string })[]>(
    read,
    `select e.seq, e.uuid, e.article_uuid as "articleUuid", e.at, had.kinds, had.former as "formerKinds", array(
       select distinct jsonb_array_elements_text(k.data -> 'topics') from event k
       where k.article_uuid = e.article_uuid and k.seq > $6 and k.seq <= e.seq and k.kind = 'STORY_CHANGED' and 'STORY_CHANGED' = any(had.kinds)) as "formerTopics"
     from (select * from (
       (select * from event e where e.edition_code = $1 and ${last} order by e.seq limit $5)
       union all
       (select * from event e where e.edition_code is null and ${last} and exists (
          select from translation t where t.article_uuid = e.article_uuid and t.edition_code = $1 and t.published_at is not null) order by e.seq limit $5)
     ) both_kinds order by seq limit $5) e
     cross join lateral (
       select array_agg(distinct k.kind) as kinds, coalesce(array_agg(distinct k.data ->> 'kind') filter (where k.kind = 'STORY_CHANGED' and k.data ? 'kind'), '{}') as former
       from event k where k.article_uuid = e.article_uuid and k.seq > $6 and k.seq <= e.seq and k.kind = any($4)
         and (k.edition_code = $1 or k.edition_code is null)) had
     order by e.seq`,
    [edition, after, upTo, toldKinds, most, since],
  );
  return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
}

// Clocks of several processes differ by less; an event of one that is further ahead holds nobody up.
const mostAheadMs = 60_000;

/**
 * Behind `after`, the number of the last event before the first that is younger than `horizon`; for null than now, for another process, whose
 * clock is ahead, may have written what this one does not show yet. By hand: `offset 0` keeps PostgreSQL to the index of times, in which what is
 * younger stands together.
 */
export async function endOfLog(read: Read, { after, horizon }: { after: number; horizon: Date | null }): Promise<number> {
  const [{ seq }] = await query<[{ seq: string }]>(
    read,
    `select coalesce((select min(y.seq) - 1 from (select seq from event where at > $2 and at <= $3 offset 0) y where y.seq > $1), (select max(seq) from event), 0) as seq`,
    [after, horizon ?? read.now, new Date(read.now.getTime() + mostAheadMs)],
  );
  return Number(seq);
}

/**
 * How many events there are, numbered or not: while that is the same, nothing that readers are told has been changed. By hand: in one statement,
 * for an event is in one of the two tables at any moment.
 */
export async function countFacts(read: Read): Promise<number> {
  const [{ facts }] = await query<[{ facts: string }]>(
    read,
    'select coalesce((select max(seq) from event), 0) + (select count(*) from outbox) as facts',
  );
  return Number(facts);
}

/** A text that an edition has published and that may not be seen, with what its story had in the log. */
export interface HiddenText {
  uuid: string;
  domain: string;
  issuedOn: string;
  revision: number;
  /** Whether it, or its story, was taken back: its tombstone tells of that. */
  takenBack: boolean;
  /** Of the text itself. */
  expiresAt: Date | null;
  events: { kind: EventKind; edition: string | null; at: string; until: string | null }[];
}

/** Published texts of an edition, whether they may be seen or not. By hand: what the log says of each, to a place in it, comes along. */
export const publishedTexts = (
  read: Read,
  { edition, uuids, upTo }: { edition: string; uuids: readonly string[]; upTo: number },
): Promise<HiddenText[]> =>
  query(
    read,
    `select a.uuid, a.domain, a.issued_on as "issuedOn", t.revision, t.expires_at as "expiresAt",
       coalesce(a.retracted_at, t.retracted_at) is not null as "takenBack", coalesce((
       select json_agg(json_build_object('kind', e.kind, 'edition', e.edition_code, 'at', e.at, 'until', e.data ->> 'until') order by e.seq)
       from event e where e.article_uuid = a.uuid and e.seq <= $4 and e.kind in ('PUBLISHED', 'EMBARGO_SET', 'EMBARGO_LIFTED')
         and (e.edition_code = $1 or e.edition_code is null)), '[]') as events
     from article a join translation t on t.article_uuid = a.uuid and t.edition_code = $1
     where a.uuid = any($2) and t.published_at <= $3`,
    [edition, uuids, read.now, upTo],
  );
