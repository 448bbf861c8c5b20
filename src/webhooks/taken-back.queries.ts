import type { EntityManager } from 'typeorm';

/** A text as a body has it, and since when it may have changed. */
export interface WrittenText {
  articleUuid: string;
  editionCode: string;
  revision: number;
  /** The event the body is of. */
  seq: string;
  writtenAt: Date;
}

// Clocks of several processes differ by less.
const marginMs = 60_000;
const justBefore = (at: Date): Date => new Date(at.getTime() - marginMs);

/**
 * For each text in its place, whether anything of it was taken back since it was written: itself, the revision, a picture of it. By hand: the log and what has no number yet
 * are asked in one statement, for what is committed counts, numbered or not.
 */
export async function takenBackSince(manager: EntityManager, texts: readonly WrittenText[]): Promise<boolean[]> {
  const rows = await manager.query<{ place: number }[]>(
    `select g.place::int as place from rows from (json_to_recordset($1::json) as ("articleUuid" uuid, "editionCode" text, revision int, seq bigint, since timestamptz))
       with ordinality as g("articleUuid", "editionCode", revision, seq, since, place)
     where exists (
       select from (
         select edition_code, revision from event e
         where e.article_uuid = g."articleUuid" and e.kind = 'RETRACTED' and e.seq > g.seq and e.at >= g.since
         union all
         select edition_code, revision from outbox o where o.article_uuid = g."articleUuid" and o.kind = 'RETRACTED'
       ) r where (r.edition_code is null or r.edition_code = g."editionCode") and (r.revision is null or r.revision = g.revision))`,
    [JSON.stringify(texts.map((text) => ({ ...text, since: justBefore(text.writtenAt) })))],
  );
  const places = new Set(rows.map(({ place }) => place));
  return texts.map((_, index) => places.has(index + 1));
}

/**
 * Whether anything at all was taken back or has ended since a body was written, or what its partner may have has changed: then nobody knows what of it still
 * stands that may have read anything. By hand, as above.
 */
export async function anythingTakenBackSince(
  manager: EntityManager,
  { partner, seq, writtenAt }: { partner: string; seq: string; writtenAt: Date },
): Promise<boolean> {
  const [{ found }] = await manager.query<[{ found: boolean }]>(
    `select exists (
       select from (
         select kind, data from event where at >= $1 and seq > $2
         union all
         select kind, data from outbox
       ) e where e.kind in ('RETRACTED', 'EXPIRED', 'EXPIRY_SET', 'EMBARGO_SET') or (e.kind = 'ENTITLEMENTS_CHANGED' and e.data ->> 'partner' = $3)) as found`,
    [justBefore(writtenAt), seq, partner],
  );
  return found;
}
