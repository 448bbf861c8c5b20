import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The rows of the read gateway: registry, stories with their editions and revisions, credits, notices, tombstones. */
export class CreateGateway20261123000000 implements MigrationInterface {
  name = 'CreateGateway20261123000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up.split(/;\n\n/u)) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down.split(/;\n/u)) await runner.query(statement);
  }
}

const named = (table: string): string => `create table ${table} (
  code text primary key,
  language text not null,
  names jsonb not null
)`;

const link = (table: string, target: string): string => `create table ${table} (
  article_uuid uuid not null references article,
  code text not null references ${target},
  position smallint not null,
  primary key (article_uuid, code)
);

create index ${table}_code on ${table} (code, article_uuid)`;

/** Letters of the Arabic script that readers and keyboards take for one another, each row for its first, which is Arabic's own. */
const alikeLetters = [
  'يىیۍېێئےۓ',
  'كکڪ',
  'گګ',
  'هہھەۀۂ',
  'ةۃ',
  'اأإآٱ',
  'وؤ',
  ...[...'0123456789'].map((digit) => digit + String.fromCodePoint(0x660 + Number(digit), 0x6f0 + Number(digit))),
];

/** Vowel signs, hamza above and below, the letter stretcher, and the joiners. */
const unwritten = String.fromCodePoint(...Array.from({ length: 0x15 }, (_, index) => 0x64b + index), 0x670, 0x640, 0x200c, 0x200d);

// What has no counterpart in the second list, translate() leaves out.
const sameLetters = `'${alikeLetters.map((row) => row.slice(1)).join('')}${unwritten}', '${alikeLetters.map((row) => row[0]!.repeat(row.length - 1)).join('')}'`;

const up = `
create extension if not exists unaccent;

create extension if not exists pg_trgm;

-- unaccent() is only STABLE because its dictionary may be changed; naming the dictionary makes the promise ours.
-- translate() goes through its whole list for each letter: only texts that have such letters pay for it.
create function fold(value text) returns text language sql immutable strict parallel safe
  as $$ select lower(public.unaccent('public.unaccent'::regdictionary,
    case when value ~ '[\\u0600-\\u06ff\\u200c\\u200d]' then translate(value, ${sameLetters}) else value end)) $$;

-- What a search meets: every word, and those that a joiner parts (می‌خواهد) both in their parts and as one.
create function searched(value text) returns text language sql immutable strict parallel safe
  as $$ select concat_ws(' ', public.fold(translate(value, '\u200c\u200d', '  ')),
    public.fold((select string_agg(word[1], ' ') from regexp_matches(value, '\\S+[\\u200c\\u200d]\\S+', 'g') word))) $$;

create table edition (
  code text primary key constraint edition_code_check check (code ~ '^[a-z0-9][a-z0-9-]{0,63}$'),
  tag text not null,
  is_primary boolean not null,
  html_lang text not null,
  format_locale text not null,
  script text not null,
  direction text not null constraint edition_direction_check check (direction in ('LTR', 'RTL')),
  calendar text not null,
  numbering_system text not null,
  time_zone text not null,
  native_name text not null,
  publisher_name text not null,
  site_url text,
  article_url text,
  former_article_urls text[] not null,
  hreflang text,
  fallbacks text[] not null,
  equivalents text[] not null,
  desk text not null,
  region text not null,
  search_config text not null,
  active boolean not null
);

create unique index edition_primary_tag on edition (tag) where is_primary and active;

-- The index allows one primary edition per tag; this asks for one, at the end of the transaction, wherever an edition of the tag is active.
create function edition_tag_has_primary() returns trigger language plpgsql as $$ declare lacking text; begin
  select tag into lacking from edition where tag in (old.tag, new.tag) and active group by tag having not bool_or(is_primary) limit 1;
  if found then raise exception 'no active edition of % is primary', lacking using errcode = 'check_violation'; end if;
  return null;
end $$;

create constraint trigger edition_has_primary after insert or update or delete on edition deferrable initially deferred
  for each row execute function edition_tag_has_primary();

${['topic', 'person', 'place', 'agency'].map(named).join(';\n\n')};

create table image (
  code text primary key,
  focal_x double precision not null,
  focal_y double precision not null,
  retracted_at timestamptz(3),
  constraint image_focal_check check (focal_x between 0 and 1 and focal_y between 0 and 1)
);

create table image_rendition (
  image_code text not null references image,
  ratio text not null constraint image_rendition_ratio_check check (ratio in ('RATIO_16X9', 'RATIO_4X3', 'RATIO_3X2', 'RATIO_1X1', 'RATIO_9X16')),
  width integer not null,
  height integer not null,
  url text not null,
  content_type text not null,
  primary key (image_code, ratio, width)
);

create index image_rendition_url on image_rendition (url);

create table image_wording (
  image_code text not null references image,
  edition_code text not null references edition,
  alt text not null,
  caption text,
  primary key (image_code, edition_code)
);

create table article (
  uuid uuid primary key,
  domain text not null,
  issued_on text not null constraint article_issued_on_check check (issued_on ~ '^\\d{8}$'),
  home_edition_code text not null references edition,
  kind text not null,
  urgency smallint not null constraint article_urgency_check check (urgency between 1 and 9),
  image_code text references image,
  published_at timestamptz(3),
  embargo_until timestamptz(3),
  retracted_at timestamptz(3),
  foreign_id text unique
);

create index article_image on article (image_code) where image_code is not null;

create table translation (
  article_uuid uuid not null references article,
  edition_code text not null references edition,
  is_original boolean not null,
  revision integer not null,
  slug text not null,
  published_at timestamptz(3),
  updated_at timestamptz(3),
  retracted_at timestamptz(3),
  search tsvector not null,
  fold text not null,
  primary key (article_uuid, edition_code),
  unique (edition_code, slug)
);

create index translation_published on translation (edition_code, published_at, article_uuid);

create index translation_updated on translation (edition_code, updated_at, article_uuid);

create index translation_original on translation (published_at, article_uuid) where is_original;

create index translation_search on translation using gin (search);

create index translation_fold on translation using gin (fold gin_trgm_ops);

create table revision (
  article_uuid uuid not null,
  edition_code text not null,
  number integer not null constraint revision_number_check check (number > 0),
  significance text not null constraint revision_significance_check check (significance in ('MINOR', 'UPDATE', 'CORRECTION', 'RETRACTION')),
  origin text not null constraint revision_origin_check check (origin in ('HUMAN', 'MACHINE', 'MACHINE_REVIEWED')),
  headline text not null,
  dek text,
  body jsonb not null,
  word_count integer not null,
  note text,
  published_at timestamptz(3),
  content_hash text not null,
  primary key (article_uuid, edition_code, number),
  foreign key (article_uuid, edition_code) references translation,
  constraint revision_note_check check (significance <> 'CORRECTION' or note is not null)
);

create index revision_correction on revision (article_uuid, edition_code, number) where significance = 'CORRECTION';

-- What a text shows: the codes of its pictures, and the files its videos wait with.
create function pictures_of(body jsonb) returns jsonb language sql immutable strict parallel safe
  as $$ select jsonb_path_query_array(body, '$[*].image') || jsonb_path_query_array(body, '$[*].poster') $$;

create index revision_pictures on revision using gin (pictures_of(body));

-- Append-only, whoever asks: a revision that was published is what partners hold.
create function refuse_change() returns trigger language plpgsql
  as $$ begin raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation'; end $$;

create trigger revision_append_only before update or delete on revision for each row execute function refuse_change();

create table revision_basis (
  article_uuid uuid not null,
  edition_code text not null,
  number integer not null,
  source_edition_code text not null,
  source_number integer not null,
  primary key (article_uuid, edition_code, number, source_edition_code, source_number),
  foreign key (article_uuid, edition_code, number) references revision,
  constraint revision_basis_source_fkey foreign key (article_uuid, source_edition_code, source_number) references revision
);

create trigger revision_basis_append_only before update or delete on revision_basis for each row execute function refuse_change();

create table former_slug (
  edition_code text not null,
  slug text not null,
  article_uuid uuid not null,
  primary key (edition_code, slug),
  foreign key (article_uuid, edition_code) references translation
);

${link('article_topic', 'topic')};

${link('article_person', 'person')};

${link('article_place', 'place')};

${link('article_agency', 'agency')};

create table article_related (
  article_uuid uuid not null references article,
  related_uuid uuid not null,
  position smallint not null,
  primary key (article_uuid, related_uuid)
);

create table tombstone (
  uuid uuid primary key,
  article_uuid uuid not null references article,
  edition_code text,
  kind text not null constraint tombstone_kind_check check (kind in ('KILL', 'WITHHOLD', 'WITHDRAW', 'REPLACE')),
  retracted_at timestamptz(3) not null,
  notes jsonb not null
);

create index tombstone_of on tombstone (article_uuid, edition_code);

create table credit (
  uuid uuid primary key,
  article_uuid uuid references article,
  edition_code text references edition,
  image_code text references image,
  role text not null constraint credit_role_check check (role in ('AUTHOR', 'TRANSLATOR', 'EDITOR', 'PHOTO', 'VIDEO', 'WIRE')),
  person_code text references person,
  agency_code text references agency,
  position smallint not null,
  constraint credit_party_check check ((person_code is null) <> (agency_code is null)),
  constraint credit_scope_check check ((image_code is not null and article_uuid is null and edition_code is null) or (image_code is null and article_uuid is not null))
);

create index credit_article on credit (article_uuid) where article_uuid is not null;

create index credit_image on credit (image_code) where image_code is not null;

create table notice (
  code text primary key,
  kind text not null constraint notice_kind_check check (kind in ('LEGAL', 'SAFETY', 'ABOUT', 'PARTNER')),
  placement text not null constraint notice_placement_check check (placement in ('ABOVE_HEADLINE', 'BEFORE_BODY', 'AFTER_BODY', 'ABOUT_BOX')),
  must_carry boolean not null,
  position integer not null,
  version integer not null,
  wording text not null,
  values jsonb not null,
  legal_language text not null,
  territories text[] not null,
  excluded_territories text[] not null,
  editions text[] not null,
  channels text[] not null,
  effective_from timestamptz(3) not null,
  effective_until timestamptz(3),
  link_url text,
  link_wording text,
  image_code text references image
)`;

const down = `drop table notice, credit, tombstone, article_related, article_agency, article_place, article_person, article_topic,
  former_slug, revision_basis, revision, translation, article, image_wording, image_rendition, image, agency, place, person, topic, edition;
drop function pictures_of(jsonb);
drop function refuse_change();
drop function edition_tag_has_primary();
drop function searched(text);
drop function fold(text)`;
