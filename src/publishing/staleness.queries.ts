import type { EntityManager } from 'typeorm';
import type { RevisionBasis } from '../articles/translation.js';
import { revisionRetracted, revisionVoid } from '../articles/visible.js';
import type { Lag, Missed } from './staleness.js';

/** Names one edition's version of a story. */
export interface TranslationKey {
  articleUuid: string;
  editionCode: string;
}

/**
 * The head of a statement about what translations miss: `with recursive …`, to be followed by what is done with its relations
 * `missed (article_uuid, edition_code, source, number, significance, published_at, note)`, `withdrawn (article_uuid, edition_code, source)` and
 * `disowned (article_uuid, edition_code, source, number)`: what was taken back of its sources, editions and single revisions.
 * `asked` selects the translations, as `article_uuid` and `edition_code`; `now` is the name of the parameter that holds the time.
 *
 * It goes back once over all that the present texts were made from (`made`), then forth from every source that has gone on since (`spread`):
 * `known` is the number up to which the text in hand stands, by its making or by what editors on the way confirmed. A way ends where nothing
 * is missed any more, and where it comes back to the source, for an edition knows its own past. `union` drops what was met before, so that
 * neither many ways to one revision nor a circle in the data makes it long. What was taken back by itself is missed by nobody, and the revision
 * that took its place only by who stands on it. Who stands on it is cleared, unlike by an edition that is retracted, by whoever on the way
 * was held against a later revision.
 *
 * `planned`, if given, selects what revisions that are not written yet would be made from, as columns of `revision_basis`; `asked` then also
 * says which `revision` is meant.
 */
export const missedBy = (asked: string, now: string, planned?: string): string => `with recursive asked as (
    select t.article_uuid, t.edition_code, ${planned === undefined ? 't' : 'k'}.revision, t.is_original
    from (${asked}) k join translation t on t.article_uuid = k.article_uuid and t.edition_code = k.edition_code
  ), made as (
    select b.article_uuid, b.edition_code, b.number, b.source_edition_code as source, b.source_number
    from asked a join ${basesWith(planned)} b on b.article_uuid = a.article_uuid and b.edition_code = a.edition_code and b.number = a.revision
    union
    select b.article_uuid, b.edition_code, b.number, b.source_edition_code, b.source_number
    from made m join revision_basis b on b.article_uuid = m.article_uuid and b.edition_code = m.source and b.number = m.source_number
  ), source as (
    select t.article_uuid, t.edition_code as source, t.retracted_at <= ${now} as retracted, last.number, last.notable
    from (select distinct article_uuid, source from made) m
    join translation t on t.article_uuid = m.article_uuid and t.edition_code = m.source
    cross join lateral (
      select max(r.number) as number, coalesce(max(r.number) filter (where r.significance <> 'MINOR'), 0) as notable from revision r
      where r.article_uuid = t.article_uuid and r.edition_code = t.edition_code and r.number <= t.revision and r.published_at <= ${now}
    ) last
  ), spread as (
    select m.article_uuid, m.source, s.number as last, s.notable, m.source_number as known, false as confirmed,
      m.source as edition_code, m.source_number as number
    from made m join source s on s.article_uuid = m.article_uuid and s.source = m.source and s.number > m.source_number
    union
    select p.article_uuid, p.source, p.last, p.notable, greatest(p.known, c.source_number),
      p.confirmed or coalesce(c.source_number >= p.known, false), m.edition_code, m.number
    from spread p
    join made m on m.article_uuid = p.article_uuid and m.source = p.edition_code and m.source_number = p.number and m.edition_code <> p.source
    left join confirmation c on c.article_uuid = m.article_uuid and c.edition_code = m.edition_code and c.source_edition_code = p.source
    where greatest(p.known, c.source_number) < case when p.confirmed or c.source_number >= p.known then p.notable else p.last end
  ), behind as (
    select a.article_uuid, a.edition_code, a.revision, p.source, p.last, min(p.known) as known, min(p.known) filter (where not p.confirmed) as unconfirmed
    from asked a join spread p on p.article_uuid = a.article_uuid and p.edition_code = a.edition_code and p.number = a.revision
    group by a.article_uuid, a.edition_code, a.revision, p.source, p.last
  ), missed as (
    select b.article_uuid, b.edition_code, b.source, r.number, r.significance, r.published_at, r.note
    from behind b join revision r on r.article_uuid = b.article_uuid and r.edition_code = b.source
    where r.number > b.known and r.number <= b.last and r.published_at <= ${now} and (r.significance <> 'MINOR' or r.number > b.unconfirmed)
      and not ${revisionVoid('r')} and (r.significance <> 'RETRACTION' or exists (select from spread p
        where p.article_uuid = b.article_uuid and p.source = b.source and p.edition_code = b.edition_code and p.number = b.revision and p.known < r.number
          and not exists (select from tombstone x where x.article_uuid = r.article_uuid and x.edition_code = r.edition_code
            and x.revision > p.known and x.revision < r.number)))
  ), tainted as (
    select m.article_uuid, m.source, null::int as taken, m.edition_code, m.number
    from made m join source s on s.article_uuid = m.article_uuid and s.source = m.source and s.retracted
    union
    select m.article_uuid, m.source, m.source_number, m.edition_code, m.number
    from made m join revision r on r.article_uuid = m.article_uuid and r.edition_code = m.source and r.number = m.source_number
    left join confirmation c on c.article_uuid = m.article_uuid and c.edition_code = m.edition_code and c.source_edition_code = m.source
    where ${revisionRetracted('r')} and m.edition_code <> m.source and coalesce(c.source_number, 0) <= m.source_number
    union
    select t.article_uuid, t.source, t.taken, m.edition_code, m.number
    from tainted t join made m on m.article_uuid = t.article_uuid and m.source = t.edition_code and m.source_number = t.number
    left join confirmation c on c.article_uuid = m.article_uuid and c.edition_code = m.edition_code and c.source_edition_code = t.source
    where t.taken is null or (m.edition_code <> t.source and coalesce(c.source_number, 0) <= t.taken)
  ), gone as (
    select distinct a.article_uuid, a.edition_code, t.source, t.taken
    from asked a join tainted t on t.article_uuid = a.article_uuid and t.edition_code = a.edition_code and t.number = a.revision
    where t.source <> a.edition_code
  ), withdrawn as (
    select article_uuid, edition_code, source from gone where taken is null
  ), disowned as (
    select article_uuid, edition_code, source, taken as number from gone where taken is not null
  )`;

const basesWith = (planned: string | undefined): string =>
  planned === undefined
    ? 'revision_basis'
    : `(select article_uuid, edition_code, number, source_edition_code, source_number from revision_basis union all ${planned})`;

type LagRow = TranslationKey & Omit<Lag, 'missed'> & { missed: (Omit<Missed, 'publishedAt'> & { publishedAt: string })[] };

/** What translations miss, each in its place; null where there is no such translation. One statement, however many stories. */
export async function lagsOf(manager: EntityManager, keys: readonly TranslationKey[], now: Date): Promise<(Lag | null)[]> {
  const asked = 'select distinct * from unnest($1::uuid[], $2::text[]) as k (article_uuid, edition_code)';
  return inPlaceOf(keys, await manager.query(lagsIn(asked), [...namesOf(keys), now]));
}

/** A revision that is not written yet, and what it would be made from. */
export interface PlannedRevision extends TranslationKey {
  revision: number;
  bases: readonly RevisionBasis[];
}

/** What translations would miss once these revisions were theirs, as above. */
export async function lagsOfPlanned(manager: EntityManager, plans: readonly PlannedRevision[], now: Date): Promise<(Lag | null)[]> {
  const asked = 'select * from unnest($1::uuid[], $2::text[], $4::int[]) as k (article_uuid, edition_code, revision)';
  const planned = `select "articleUuid", "editionCode", number, "sourceEditionCode", "sourceNumber" from json_to_recordset($5::json)
     as p ("articleUuid" uuid, "editionCode" text, number int, "sourceEditionCode" text, "sourceNumber" int)`;
  const values = [...namesOf(plans), now, plans.map((plan) => plan.revision), JSON.stringify(plans.flatMap((plan) => plan.bases))];
  return inPlaceOf(plans, await manager.query(lagsIn(asked, planned), values));
}

const namesOf = (keys: readonly TranslationKey[]): string[][] => [keys.map((key) => key.articleUuid), keys.map((key) => key.editionCode)];

const lagsIn = (asked: string, planned?: string): string => `${missedBy(asked, '$3', planned)}
     select a.article_uuid as "articleUuid", a.edition_code as "editionCode", a.is_original as "isOriginal",
       exists (select from ${basesWith(planned)} b where b.article_uuid = a.article_uuid and b.edition_code = a.edition_code
         and b.number = a.revision and b.source_edition_code <> b.edition_code) as "hasBasis",
       coalesce(m.missed, '[]') as missed, coalesce(w.sources, '{}') as "retractedSources", coalesce(d.revisions, '[]') as "retractedRevisions"
     from asked a
     left join (
       select article_uuid, edition_code, json_agg(json_build_object('sourceEditionCode', source, 'number', number, 'significance', significance,
         'publishedAt', published_at, 'note', note) order by source collate "C", number) as missed
       from missed group by article_uuid, edition_code
     ) m using (article_uuid, edition_code)
     left join (
       select article_uuid, edition_code, array_agg(source order by source collate "C") as sources from withdrawn group by article_uuid, edition_code
      ) w using (article_uuid, edition_code)
     left join (
       select article_uuid, edition_code, json_agg(json_build_object('edition', source, 'revision', number) order by source collate "C", number) as revisions
       from disowned group by article_uuid, edition_code
     ) d using (article_uuid, edition_code)`;

function inPlaceOf(keys: readonly TranslationKey[], rows: readonly LagRow[]): (Lag | null)[] {
  const found = new Map(rows.map((row) => [nameOf(row), row]));
  return keys.map((key) => {
    const row = found.get(nameOf(key));
    if (!row) return null;
    const { isOriginal, hasBasis, retractedSources, retractedRevisions, missed } = row;
    const sources = { retractedSources, retractedRevisions };
    return { isOriginal, hasBasis, ...sources, missed: missed.map((each) => ({ ...each, publishedAt: new Date(each.publishedAt) })) };
  });
}

/** An edition of a story, one it was made from at any remove, and that one's present revision. */
export interface SourceOfTranslation {
  editionCode: string;
  sourceEditionCode: string;
  present: number;
}

// What the present texts of story $1 were made from, directly or not.
const madeInStory = `with recursive made as (
    select b.edition_code as root, b.source_edition_code as source, b.source_number from translation t
    join revision_basis b on b.article_uuid = t.article_uuid and b.edition_code = t.edition_code and b.number = t.revision
    where t.article_uuid = $1
    union
    select m.root, b.source_edition_code, b.source_number
    from made m join revision_basis b on b.article_uuid = $1 and b.edition_code = m.source and b.number = m.source_number
  )`;

/** What every edition of a story was made from, directly or not; published sources only. */
export const sourcesOf = (manager: EntityManager, articleUuid: string): Promise<SourceOfTranslation[]> =>
  manager.query(
    `${madeInStory} select distinct m.root as "editionCode", m.source as "sourceEditionCode", t.revision as present
     from made m join translation t on t.article_uuid = $1 and t.edition_code = m.source
     where m.source <> m.root and t.published_at is not null order by 1, 2`,
    [articleUuid],
  );

/** The editions of a story whose present texts were made from one revision of another, directly or not. */
export async function madeFromRevision(
  manager: EntityManager,
  { articleUuid, editionCode, number }: TranslationKey & { number: number },
): Promise<Set<string>> {
  const rows: { edition: string }[] = await manager.query(
    `${madeInStory} select distinct root as edition from made where source = $2 and source_number = $3 and root <> $2`,
    [articleUuid, editionCode, number],
  );
  return new Set(rows.map(({ edition }) => edition));
}

/** The editions of a story whose drafts were made from an edition, or from one revision of it, directly or not. */
export async function draftsMadeFrom(
  manager: EntityManager,
  { articleUuid, editionCode, number }: TranslationKey & { number: number | null },
): Promise<Set<string>> {
  // A draft that names nothing is made from what its edition's present text was made from.
  const rows: { edition: string }[] = await manager.query(
    `with recursive made as (
       select d.edition_code as root, named.edition as source, named.revision as source_number
       from draft d cross join lateral jsonb_to_recordset(d.basis) as named (edition text, revision int) where d.article_uuid = $1
       union
       select d.edition_code, b.source_edition_code, b.source_number from draft d
       join translation t on t.article_uuid = d.article_uuid and t.edition_code = d.edition_code
       join revision_basis b on b.article_uuid = t.article_uuid and b.edition_code = t.edition_code and b.number = t.revision
       where d.article_uuid = $1 and d.basis = '[]'
       union
       select m.root, b.source_edition_code, b.source_number
       from made m join revision_basis b on b.article_uuid = $1 and b.edition_code = m.source and b.number = m.source_number
     ) select distinct root as edition from made where source = $2 and ($3::int is null or source_number = $3)`,
    [articleUuid, editionCode, number],
  );
  return new Set(rows.map(({ edition }) => edition));
}

/** One text for one key. */
export const nameOf = ({ articleUuid, editionCode }: TranslationKey): string => `${articleUuid} ${editionCode}`;
