import type pg from 'pg';
import type { ArticleRequest, ArticleRow, Floor, ListRequest, ListRow, NameRow, TextRow } from './floor-rows.js';

const seen = `t.published_at <= now() and t.retracted_at is null
  and a.published_at <= now() and a.retracted_at is null and (a.embargo_until is null or a.embargo_until <= now())`;
const story = 'a.uuid, a.domain, a.issued_on issued, a.kind, a.home_edition_code home';
const text = 't.slug, t.revision, t.published_at published, r.headline, r.dek, r.word_count words';

const listOf = (body: string): string => `
  select ${story}, ${text}${body}
  from translation t join article a on a.uuid = t.article_uuid
  join revision r on r.article_uuid = t.article_uuid and r.edition_code = t.edition_code and r.number = t.revision
  where t.edition_code = $1 and ${seen} order by t.published_at desc, t.article_uuid desc limit $2`;

const editions = `
  select article_uuid uuid, array_agg(edition_code order by edition_code collate "C") editions
  from translation where article_uuid = any($1) and published_at <= now() and retracted_at is null group by article_uuid`;

const named = (link: string, table: string): string => `
  select l.article_uuid uuid, r.code, coalesce(r.names ->> $2, r.names ->> r.language) "text", case when r.names ? $2 then $2 else r.language end lang
  from ${link} l join ${table} r on r.code = l.code where l.article_uuid = any($1) order by l.position`;

const wires = `
  select c.article_uuid uuid, coalesce(g.names ->> $2, g.names ->> g.language) "name"
  from credit c join agency g on g.code = c.agency_code
  where c.article_uuid = any($1) and c.role = 'WIRE' and (c.edition_code is null or c.edition_code = $3) order by c.position`;

const found = `
  select ${story}, t.edition_code edition, t.slug
  from translation s join article a on a.uuid = s.article_uuid join translation t on t.article_uuid = a.uuid
  where s.edition_code = $1 and s.slug = $2 and ${seen} order by t.edition_code collate "C"`;

const textOf = `
  select ${text}, r.body
  from translation t join revision r on r.article_uuid = t.article_uuid and r.edition_code = t.edition_code and r.number = t.revision
  where t.article_uuid = $1 and t.edition_code = $2`;

const credits = `
  select c.role, coalesce(c.person_code, c.agency_code) party, coalesce(p.names ->> $2, p.names ->> p.language) "name",
         case when p.names ? $2 then $2 else p.language end lang
  from credit c cross join lateral (
    select names, language from person where code = c.person_code union all select names, language from agency where code = c.agency_code
  ) p where c.article_uuid = $1 and (c.edition_code is null or c.edition_code = $3) order by c.position`;

type Keyed<Row> = Row & { uuid: string };

/** The floor as a few prepared statements, each for all stories of the answer: first the stories, then the rest at once. */
export function batches(pool: pg.Pool, tagOf: (edition: string) => string): Floor {
  const read = async <Row>(name: string, statement: string, values: unknown[]): Promise<Row[]> =>
    (await pool.query({ name, text: statement, values })).rows as Row[];
  const names = (uuids: string[], tag: string) =>
    [
      read<Keyed<NameRow>>('topics', named('article_topic', 'topic'), [uuids, tag]),
      read<Keyed<NameRow>>('people', named('article_person', 'person'), [uuids, tag]),
    ] as const;

  const list = async ({ edition, tag, first, bodies }: ListRequest): Promise<ListRow[]> => {
    const rows = await read<ListRow>(bodies ? 'bodies' : 'list', listOf(bodies ? ', r.body' : ''), [edition, first + 1]);
    const uuids = rows.map(({ uuid }) => uuid);
    const [topics, people, available, agencies] = await Promise.all([
      ...names(uuids, tag),
      read<Keyed<{ editions: string[] }>>('editions', editions, [uuids]),
      read<Keyed<{ name: string }>>('wires', wires, [uuids, tag, edition]),
    ]);
    const byUuid = new Map(rows.map((row) => [row.uuid, Object.assign(row, { topics: [], people: [], editions: [], wires: [] })]));
    for (const each of topics) byUuid.get(each.uuid)?.topics.push(each as never);
    for (const each of people) byUuid.get(each.uuid)?.people.push(each as never);
    for (const each of available) Object.assign(byUuid.get(each.uuid)!, { editions: each.editions });
    for (const each of agencies) byUuid.get(each.uuid)?.wires.push(each.name as never);
    return rows;
  };

  const article = async ({ of, slug, tag, chain }: ArticleRequest): Promise<ArticleRow | undefined> => {
    const translations = await read<ArticleRow & { edition: string; slug: string }>('found', found, [of, slug]);
    const served = chain.find((code) => translations.some(({ edition }) => edition === code));
    if (!translations[0] || served === undefined) return undefined;
    const { uuid } = translations[0];
    const [topics, people, [present], credited] = await Promise.all([
      ...names([uuid], tag),
      read<TextRow>('text', textOf, [uuid, served]),
      read<ArticleRow['credits'][number]>('credits', credits, [uuid, tagOf(served), served]),
    ]);
    return { ...translations[0], topics, people, translations, served, text: present!, credits: credited };
  };
  return { list, article };
}
