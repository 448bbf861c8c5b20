import type { EntityManager } from 'typeorm';
import type { Content } from '../articles/content-hash.js';
import type { RetractionKind } from '../articles/tombstone.js';
import { Revision } from '../articles/translation.js';
import { revisionRetracted } from '../articles/visible.js';
import { columnsOf, query, type Read } from '../lib/load.js';
import type { SourceRevision } from './draft.js';
import type { TranslationKey } from './staleness.queries.js';

/** Names one revision. */
export interface RevisionKey extends TranslationKey {
  number: number;
}

/** A page of the history of one translation: revisions between two numbers, the ends exclusive. */
export interface HistoryPage extends TranslationKey {
  above: number;
  below: number;
  size: number;
  /** From the oldest on. */
  backwards: boolean;
}

/** A published revision with what it was made from, and how it was taken back, if it was by itself. */
export interface PastRevision extends Omit<Revision, 'body'> {
  basis: SourceRevision[];
  retraction: { kind: RetractionKind; retractedAt: string; notes: Record<string, string> } | null;
}

const forDesks = 'r.author, r.change_note as "changeNote", r.tool, r.reviewer';

const basisOf = `(select coalesce(json_agg(json_build_object('edition', b.source_edition_code, 'revision', b.source_number)
    order by b.source_edition_code collate "C", b.source_number), '[]') from revision_basis b
  where b.article_uuid = r.article_uuid and b.edition_code = r.edition_code and b.number = r.number) as basis`;

/** For each page its revisions and one more, if there is one, in the order of the page. By hand: one statement for however many translations. */
export async function historyOf(read: Read, pages: readonly HistoryPage[]): Promise<PastRevision[][]> {
  const rows = await query<(PastRevision & { place: number })[]>(
    read,
    `select k.place::int, ${columnsOf(read.manager, Revision, 'r')}, ${forDesks}, ${basisOf}, retraction
     from unnest($1::uuid[], $2::text[], $3::int[], $4::int[], $5::int[], $6::boolean[]) with ordinality
       as k (story, edition, above, below, size, backwards, place)
     cross join lateral (
       select * from revision r where r.article_uuid = k.story and r.edition_code = k.edition and r.published_at <= $7 and r.number > k.above and r.number < k.below
       order by case when k.backwards then r.number else -r.number end limit k.size + 1
     ) r
     left join lateral (
       select json_build_object('kind', x.kind, 'retractedAt', x.retracted_at, 'notes', x.notes) as retraction from tombstone x
       where x.article_uuid = r.article_uuid and x.edition_code = r.edition_code and x.revision = r.number and x.restored_at is null limit 1
     ) x on true
     order by k.place, case when k.backwards then r.number else -r.number end`,
    [
      ...[pages.map((page) => page.articleUuid), pages.map((page) => page.editionCode), pages.map((page) => page.above)],
      ...[pages.map((page) => page.below), pages.map((page) => page.size), pages.map((page) => page.backwards), read.now],
    ],
  );
  const found = pages.map((): PastRevision[] => []);
  for (const { place, ...row } of rows) found[place - 1]!.push(row);
  return found;
}

/** The words of a published revision, or that they were taken back. */
export type PastText = Content | 'RETRACTED';

/** The words of revisions, each in its place; null where there is no such published revision. By hand, as above. */
export async function textsOf(read: Read, keys: readonly RevisionKey[]): Promise<(PastText | null)[]> {
  const rows = await query<({ place: number; retracted: boolean } & Content)[]>(
    read,
    `select k.place::int, ${revisionRetracted('r')} as retracted, r.headline, r.dek, r.body
     from unnest($1::uuid[], $2::text[], $3::int[]) with ordinality as k (story, edition, number, place)
     join revision r on r.article_uuid = k.story and r.edition_code = k.edition and r.number = k.number
     where r.published_at <= $4`,
    [...namesOf(keys), read.now],
  );
  const found = new Map(rows.map((row) => [row.place, row.retracted ? 'RETRACTED' : row] as const));
  return keys.map((_, index) => found.get(index + 1) ?? null);
}

/** A revision and the latest one before it that was not taken back. */
export interface Step {
  before: Content;
  after: Content;
}

/** What revisions came after, each in its place; null where a revision was taken back, or nothing before it is left. By hand, as above. */
export async function stepsTo(read: Read, keys: readonly RevisionKey[]): Promise<(Step | null)[]> {
  const rows = await query<({ place: number } & Step)[]>(
    read,
    `select k.place::int, json_build_object('headline', r.headline, 'dek', r.dek, 'body', r.body) as after,
       json_build_object('headline', p.headline, 'dek', p.dek, 'body', p.body) as before
     from unnest($1::uuid[], $2::text[], $3::int[]) with ordinality as k (story, edition, number, place)
     join revision r on r.article_uuid = k.story and r.edition_code = k.edition and r.number = k.number
     cross join lateral (
       select * from revision p where p.article_uuid = r.article_uuid and p.edition_code = r.edition_code and p.number < r.number
         and not ${revisionRetracted('p')} order by p.number desc limit 1
     ) p
     where r.published_at <= $4 and not ${revisionRetracted('r')}`,
    [...namesOf(keys), read.now],
  );
  const found = new Map(rows.map((row) => [row.place, row]));
  return keys.map((_, index) => found.get(index + 1) ?? null);
}

const namesOf = (keys: readonly RevisionKey[]): unknown[][] => [
  keys.map((key) => key.articleUuid),
  keys.map((key) => key.editionCode),
  keys.map((key) => key.number),
];

/** A revision whole, with what it was made from and the address it came out under. */
export type StandingRevision = Revision & { basis: SourceRevision[]; slug: string | null };

/** The latest revision before a number that was not taken back, in the transaction that has locked its story; undefined for none. By hand, as above. */
export async function standingBefore(
  manager: EntityManager,
  { articleUuid, editionCode, number }: RevisionKey,
): Promise<StandingRevision | undefined> {
  const [found] = await manager.query<StandingRevision[]>(
    `select ${columnsOf(manager, Revision, 'r')}, r.body, r.slug, ${forDesks}, ${basisOf} from revision r
     where r.article_uuid = $1 and r.edition_code = $2 and r.number < $3 and not ${revisionRetracted('r')} order by r.number desc limit 1`,
    [articleUuid, editionCode, number],
  );
  return found;
}

/** Whether a revision was taken back by itself. By hand, as above. */
export async function isRetracted(manager: EntityManager, { articleUuid, editionCode, number }: RevisionKey): Promise<boolean> {
  const rows = await manager.query<object[]>(
    `select from revision r where r.article_uuid = $1 and r.edition_code = $2 and r.number = $3 and ${revisionRetracted('r')}`,
    [articleUuid, editionCode, number],
  );
  return rows.length > 0;
}
