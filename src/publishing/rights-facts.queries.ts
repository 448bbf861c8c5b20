import { translationsAsOf } from '../articles/as-of.queries.js';
import { query, type Read } from '../lib/load.js';
import type { AgencyTerms, PictureTerms, RightsFacts } from '../rights/facts.js';
import { type MadeFrom, taintOf, type WireCredit } from '../rights/taint.js';
import { nameOf, type TranslationKey } from './staleness.queries.js';

type Json<Row> = { [Key in keyof Row]: Row[Key] extends Date | null ? string | null : Row[Key] };

type TextRow = TranslationKey &
  Omit<RightsFacts, 'edition' | 'wires' | 'pictures'> & {
    revision: number;
    images: string[];
    made: Json<MadeFrom>[];
    /** Of agencies, those that have ended too. */
    credits: (Json<WireCredit> & AgencyTerms & { role: 'WIRE' | 'VIDEO' })[];
    videos: string[];
  };

/**
 * What rights depend on, of many texts, each in its place; null where an edition has published none. Two statements, however many: what the
 * present revisions are, show and were made from; then what those pictures allow. Whether a reader may see them is not asked.
 */
export async function rightsFacts(read: Omit<Read, 'now'>, keys: readonly TranslationKey[]): Promise<(RightsFacts | null)[]> {
  if (keys.length === 0) return [];
  const rows = await textsOf(read, keys);
  const pictures = new Map((await picturesOf(read, [...new Set(rows.flatMap(({ images }) => images))])).map((each) => [each.image, each]));
  const found = new Map(rows.map((row) => [nameOf(row), factsOf(row, pictures)]));
  return keys.map((key) => found.get(nameOf(key)) ?? null);
}

function factsOf(
  { articleUuid: _, editionCode, revision, images, videos, made, credits, ...facts }: TextRow,
  pictures: ReadonlyMap<string, PictureTerms>,
) {
  const graph = made.map((each) => ({ ...each, sourceSupersededAt: timeOf(each.sourceSupersededAt) }));
  const terms = new Map(credits.map(({ agency, redistribution, territories }) => [agency, { agency, redistribution, territories }]));
  const agenciesOf = (role: 'WIRE' | 'VIDEO'): AgencyTerms[] => {
    const given = credits.filter((each) => each.role === role).map((each) => ({ ...each, until: timeOf(each.until) }));
    return taintOf({ edition: editionCode, number: revision }, graph, given).map((agency) => terms.get(agency)!);
  };
  // Who shot which video no text says: each is all those agencies'. Its own terms are whatever the text's are.
  const shot = agenciesOf('VIDEO');
  const shown =
    shot.length === 0
      ? []
      : videos.map((image) => ({ image, video: true as const, redistribution: 'FREE' as const, territories: [], agencies: shot }));
  return {
    ...facts,
    edition: editionCode,
    wires: agenciesOf('WIRE'),
    pictures: [...images.map((image) => pictures.get(image)!), ...shown],
  };
}

const timeOf = (text: string | null): Date | null => (text === null ? null : new Date(text));

// An embargo that was lifted early is in the log alone.
const liftedAt = `(select max(e.at) from (
    select at, article_uuid, kind, data from event union all select at, article_uuid, kind, data from outbox
  ) e where e.article_uuid = x.uuid and e.kind = 'EMBARGO_SET' and e.data ? 'lifted')`;

/** By hand: back from each text over all that it was made from, as staleness goes, with the credits of its story, ended ones too. */
const textsOf = (read: Omit<Read, 'now'>, keys: readonly TranslationKey[]): Promise<TextRow[]> =>
  query(
    read,
    `with recursive text as (
       select a.uuid, t.edition_code, t.revision, a.kind, a.image_code, r.origin, r.body, a.embargo_until, t.expires_at,
         case when a.published_at is not null then greatest(t.published_at, a.published_at) end as published_at,
         least(t.retracted_at, a.retracted_at) as retracted_at
       from (select distinct * from unnest($1::uuid[], $2::text[]) as k (article_uuid, edition_code)) k
       join ${translationsAsOf(read)} t on t.article_uuid = k.article_uuid and t.edition_code = k.edition_code and t.published_at is not null
       join article a on a.uuid = t.article_uuid
       join revision r on r.article_uuid = t.article_uuid and r.edition_code = t.edition_code and r.number = t.revision
     ), made as (
       select x.uuid, x.edition_code as root, b.edition_code, b.number, b.source_edition_code as source, b.source_number
       from text x join revision_basis b on b.article_uuid = x.uuid and b.edition_code = x.edition_code and b.number = x.revision
       union
       select m.uuid, m.root, b.edition_code, b.number, b.source_edition_code, b.source_number
       from made m join revision_basis b on b.article_uuid = m.uuid and b.edition_code = m.source and b.number = m.source_number
     ), graph as (
       select m.uuid, m.root, json_agg(json_build_object('edition', m.edition_code, 'number', m.number, 'source', m.source,
         'sourceNumber', m.source_number, 'sourceSupersededAt', n.published_at)) as made
       from made m left join revision n on n.article_uuid = m.uuid and n.edition_code = m.source and n.number = m.source_number + 1
       group by m.uuid, m.root
     ), credited as (
       select c.article_uuid as uuid, json_agg(json_build_object('edition', c.edition_code, 'role', c.role, 'agency', g.code, 'until', c.until,
         'redistribution', g.redistribution, 'territories', g.redistribution_territories)) as credits
       from credit c join agency g on g.code = c.agency_code
       where c.article_uuid in (select uuid from text) and c.role in ('WIRE', 'VIDEO') group by c.article_uuid
     )
     select x.uuid as "articleUuid", x.edition_code as "editionCode", x.revision, x.kind, x.origin,
       x.published_at as "publishedAt", coalesce(x.embargo_until, ${liftedAt}) as "embargoUntil", x.retracted_at as "retractedAt",
       x.expires_at as "expiresAt",
       array(select l.code from article_topic l where l.article_uuid = x.uuid order by l.code collate "C") as topics,
       array(select distinct shown collate "C" from (
         select x.image_code as shown where x.image_code is not null union all select jsonb_array_elements_text(pictures_of(x.body))
       ) pictures order by 1) as images,
       array(select distinct b ->> 'url' collate "C" from jsonb_array_elements(x.body) b where b ->> 'type' = 'video' order by 1) as videos,
       coalesce(graph.made, '[]') as made, coalesce(credited.credits, '[]') as credits
     from text x left join graph on graph.uuid = x.uuid and graph.root = x.edition_code left join credited on credited.uuid = x.uuid`,
    [keys.map((key) => key.articleUuid), keys.map((key) => key.editionCode)],
  );

/** By hand: a text names a picture by its code, or one of its files; of a file that is nobody’s nothing is known, and nobody has ruled on it. */
const picturesOf = (read: Omit<Read, 'now'>, images: readonly string[]): Promise<PictureTerms[]> =>
  images.length === 0
    ? Promise.resolve([])
    : query(
        read,
        `select given.image, coalesce(i.redistribution, 'ENTITLED') as redistribution, coalesce(i.redistribution_territories, '{}') as territories,
           coalesce((
             select json_agg(json_build_object('agency', g.code, 'redistribution', g.redistribution, 'territories', g.redistribution_territories))
             from (select distinct c.agency_code from credit c where c.image_code = i.code and c.until is null) c join agency g on g.code = c.agency_code
           ), '[]') as agencies
         from unnest($1::text[]) as given (image)
         left join image i on i.code = coalesce(
           (select known.code from image known where known.code = given.image),
           (select f.image_code from image_rendition f where f.url = given.image order by f.image_code limit 1))`,
        [images],
      );
