import type pg from 'pg';
import type { ArticleRequest, ArticleRow, Floor, ListRequest, ListRow } from './floor-rows.js';

const seen = `t.published_at <= now() and t.retracted_at is null
  and a.published_at <= now() and a.retracted_at is null and (a.embargo_until is null or a.embargo_until <= now())`;
const story = 'a.uuid, a.domain, a.issued_on issued, a.kind, a.home_edition_code home';

const named = (link: string, table: string, tag: string): string => `
  coalesce((select json_agg(json_build_object('code', r.code, 'text', coalesce(r.names ->> ${tag}, r.names ->> r.language),
    'lang', case when r.names ? ${tag} then ${tag} else r.language end) order by l.position)
   from ${link} l join ${table} r on r.code = l.code where l.article_uuid = a.uuid), '[]')`;

const listOf = (body: string): string => `
  select coalesce(json_agg(x order by x.published desc, x.uuid desc), '[]') answer from (
    select ${story}, t.slug, t.revision, t.published_at published, r.headline, r.dek, r.word_count words${body},
      ${named('article_topic', 'topic', '$3')} topics, ${named('article_person', 'person', '$3')} people,
      (select json_agg(o.edition_code order by o.edition_code collate "C") from translation o
       where o.article_uuid = a.uuid and o.published_at <= now() and o.retracted_at is null) editions,
      coalesce((select json_agg(coalesce(g.names ->> $3, g.names ->> g.language) order by c.position) from credit c join agency g on g.code = c.agency_code
       where c.article_uuid = a.uuid and c.role = 'WIRE' and (c.edition_code is null or c.edition_code = $1)), '[]') wires
    from (
      select a.uuid, t.edition_code, t.slug, t.revision, t.published_at from translation t join article a on a.uuid = t.article_uuid
      where t.edition_code = $1 and ${seen} order by t.published_at desc, t.article_uuid desc limit $2
    ) t join article a on a.uuid = t.uuid
    join revision r on r.article_uuid = t.uuid and r.edition_code = t.edition_code and r.number = t.revision
  ) x`;

const article = `
  select json_build_object('uuid', a.uuid, 'domain', a.domain, 'issued', a.issued_on, 'kind', a.kind, 'home', a.home_edition_code, 'served', e.code,
    'topics', ${named('article_topic', 'topic', '$3')}, 'people', ${named('article_person', 'person', '$3')},
    'translations', (select json_agg(json_build_object('edition', t.edition_code, 'slug', t.slug) order by t.edition_code collate "C")
      from translation t where t.article_uuid = a.uuid and t.published_at <= now() and t.retracted_at is null),
    'text', json_build_object('slug', t.slug, 'revision', t.revision, 'published', t.published_at, 'headline', r.headline, 'dek', r.dek, 'words', r.word_count, 'body', r.body),
    'credits', coalesce((select json_agg(json_build_object('role', c.role, 'party', coalesce(c.person_code, c.agency_code),
        'name', coalesce(p.names ->> e.tag, p.names ->> p.language), 'lang', case when p.names ? e.tag then e.tag else p.language end) order by c.position)
      from credit c cross join lateral (
        select names, language from person where code = c.person_code union all select names, language from agency where code = c.agency_code
      ) p where c.article_uuid = a.uuid and (c.edition_code is null or c.edition_code = e.code)), '[]')) answer
  from translation s join article a on a.uuid = s.article_uuid join translation t on t.article_uuid = a.uuid join edition e on e.code = t.edition_code
  join revision r on r.article_uuid = t.article_uuid and r.edition_code = t.edition_code and r.number = t.revision
  where s.edition_code = $1 and s.slug = $2 and t.edition_code = any($4) and ${seen} order by array_position($4, t.edition_code) limit 1`;

/** The floor as one prepared statement for each answer, which PostgreSQL builds as JSON. */
export function single(pool: pg.Pool): Floor {
  const read = async <Answer>(name: string, text: string, values: unknown[]): Promise<Answer | undefined> =>
    (await pool.query<{ answer: Answer }>({ name, text, values })).rows[0]?.answer;
  return {
    list: async ({ edition, tag, first, bodies }: ListRequest) =>
      (await read<ListRow[]>(bodies ? 'bodies' : 'list', listOf(bodies ? ', r.body' : ''), [edition, first + 1, tag])) ?? [],
    article: ({ of, slug, tag, chain }: ArticleRequest) => read<ArticleRow>('article', article, [of, slug, tag, chain]),
  };
}
