import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Desks write: drafts, claims, confirmations, obligations, keys, the audit, and the log of what was published. */
export class CreatePublishing20261124000000 implements MigrationInterface {
  name = 'CreatePublishing20261124000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up.split(/;\n\n/u)) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down.split(/;\n/u)) await runner.query(statement);
  }
}

const up = `
alter table revision
  add column author text,
  add column change_note text,
  add column tool text,
  add column reviewer text;

alter table translation add column pending_correction_at timestamptz(3);

create table draft (
  article_uuid uuid not null,
  edition_code text not null,
  version integer not null,
  state text not null constraint draft_state_check check (state in ('DRAFT', 'IN_REVIEW', 'SCHEDULED')),
  significance text not null constraint draft_significance_check check (significance in ('MINOR', 'UPDATE', 'CORRECTION')),
  origin text not null constraint draft_origin_check check (origin in ('HUMAN', 'MACHINE', 'MACHINE_REVIEWED')),
  headline text not null,
  dek text,
  body jsonb not null,
  basis jsonb not null,
  slug text,
  note text,
  change_note text,
  tool text,
  reviewer text,
  author text not null,
  saved_at timestamptz(3) not null,
  scheduled_for timestamptz(3),
  primary key (article_uuid, edition_code),
  foreign key (article_uuid, edition_code) references translation,
  constraint draft_schedule_check check ((state = 'SCHEDULED') = (scheduled_for is not null))
);

create table claim (
  article_uuid uuid not null references article,
  edition_code text not null references edition,
  holder text not null,
  until timestamptz(3) not null,
  primary key (article_uuid, edition_code)
);

create table confirmation (
  article_uuid uuid not null,
  edition_code text not null,
  source_edition_code text not null,
  source_number integer not null,
  confirmed_by text not null,
  confirmed_at timestamptz(3) not null,
  primary key (article_uuid, edition_code, source_edition_code),
  foreign key (article_uuid, edition_code) references translation,
  constraint confirmation_source_fkey foreign key (article_uuid, source_edition_code, source_number) references revision
);

create table obligation (
  article_uuid uuid not null,
  edition_code text not null,
  source_edition_code text not null,
  source_number integer not null,
  opened_at timestamptz(3) not null,
  due_at timestamptz(3) not null,
  settled_at timestamptz(3),
  primary key (article_uuid, edition_code, source_edition_code, source_number),
  foreign key (article_uuid, edition_code) references translation,
  constraint obligation_source_fkey foreign key (article_uuid, source_edition_code, source_number) references revision
);

create index obligation_open on obligation (due_at) where settled_at is null;

create table api_key (
  uuid uuid primary key,
  name text not null,
  hash text not null unique,
  ending text not null,
  test boolean not null,
  operator boolean not null,
  roles jsonb not null,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3),
  revoked_at timestamptz(3),
  last_used_at timestamptz(3)
);

create table outbox (
  id bigint generated always as identity primary key,
  transaction bigint not null,
  uuid uuid not null unique,
  kind text not null,
  article_uuid uuid,
  edition_code text,
  revision integer,
  at timestamptz(3) not null,
  data jsonb not null,
  written_at timestamptz(3) not null default clock_timestamp()
);

create table event (
  seq bigint primary key,
  uuid uuid not null unique,
  kind text not null,
  article_uuid uuid,
  edition_code text,
  revision integer,
  at timestamptz(3) not null,
  data jsonb not null
);

create index event_article on event (article_uuid, seq);

create trigger event_append_only before update or delete on event for each row execute function refuse_change();

create table consumer (
  name text primary key,
  settled bigint not null
);

create table timer (
  kind text not null,
  key text not null,
  at timestamptz(3) not null,
  article_uuid uuid,
  edition_code text,
  primary key (kind, key)
);

create index timer_at on timer (at);

create table cache_drop (
  id bigint generated always as identity primary key,
  article_uuid uuid,
  at timestamptz(3) not null
);

create table idempotency (
  caller text not null,
  key text not null,
  request text not null,
  answer jsonb not null,
  at timestamptz(3) not null,
  primary key (caller, key)
);

create index idempotency_at on idempotency (at);

create table audit (
  id bigint generated always as identity primary key,
  at timestamptz(3) not null,
  caller text not null,
  action text not null,
  article_uuid uuid,
  edition_code text,
  request_id text not null,
  detail jsonb not null
);

create index audit_article on audit (article_uuid, id);

create trigger audit_append_only before update or delete on audit for each row execute function refuse_change();

-- What was published before there was a log: each edition once, at its time, and what was taken back after it, so that the log alone tells it all.
-- Nobody wrote down when an embargo was set: it held before anything of its story came out.
insert into outbox (transaction, uuid, kind, article_uuid, edition_code, revision, at, data)
  select pg_current_xact_id()::text::bigint, gen_random_uuid(), kind, article_uuid, edition_code, revision, at, data
  from (
    select 'PUBLISHED' as kind, article_uuid, edition_code, revision, published_at as at, '{}'::jsonb as data
    from translation where published_at <= now()
    union all
    select 'RETRACTED', article_uuid, edition_code, null, retracted_at, jsonb_build_object('kind', kind) from tombstone
    union all
    select 'EMBARGO_SET', a.uuid, null, null, least((select min(t.published_at) from translation t where t.article_uuid = a.uuid), now()),
      jsonb_build_object('until', to_char(a.embargo_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
    from article a where a.embargo_until > now()
  ) past order by at, article_uuid, kind <> 'EMBARGO_SET', edition_code;

insert into timer (kind, key, at, article_uuid, edition_code)
  select 'PUBLICATION', article_uuid || '.' || edition_code, published_at, article_uuid, edition_code from translation where published_at > now()
  union all
  select 'EMBARGO', uuid::text, embargo_until, uuid, null from article where embargo_until > now()
  union all
  select 'NOTICE_START', code, effective_from, null, null from notice where effective_from > now()
  union all
  select 'NOTICE_END', code, effective_until, null, null from notice where effective_until > now()`;

const down = `drop table audit, idempotency, cache_drop, timer, consumer, event, outbox, api_key, obligation, confirmation, claim, draft;
alter table translation drop column pending_correction_at;
alter table revision drop column author, drop column change_note, drop column tool, drop column reviewer`;
