import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was said once can be read again: former versions of the registry, credits with their times, and the wordings of each start. */
export class KeepFormerVersions20261124010000 implements MigrationInterface {
  name = 'KeepFormerVersions20261124010000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up.split(/;\n\n/u)) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down.split(/;\n/u)) await runner.query(statement);
  }
}

const named = ['topic', 'person', 'place', 'agency'];
const kept: [table: string, key: string][] = [
  ...[...named, 'edition', 'image', 'notice'].map((table): [string, string] => [table, "'code'"]),
  ['image_wording', "'image_code', 'edition_code'"],
];

// What stood before this migration has stood since before anybody kept count.
const versioned = (table: string): string => `alter table ${table}
  ${table === 'notice' ? '' : 'add column version integer not null default 1,'}
  add column changed_at timestamptz(3) not null default 'epoch'`;

const withoutDefaults = (table: string): string => `alter table ${table}
  ${table === 'notice' ? '' : 'alter column version drop default,'}
  alter column changed_at drop default`;

const up = `
create table former_version (
  kind text not null,
  key text not null,
  version integer not null,
  until timestamptz(3) not null,
  row jsonb not null,
  primary key (kind, key, version)
);

create trigger former_version_append_only before update or delete on former_version for each row execute function refuse_change();

${kept.map(([table]) => versioned(table)).join(';\n\n')};

${kept.map(([table]) => withoutDefaults(table)).join(';\n\n')};

-- Whoever writes, by whatever way: a row that changes leaves what it was behind. A writer says when by changed_at; who does not, means now.
create function keep_former_version() returns trigger language plpgsql as $$ declare columns_of_key text[] := tg_argv; begin
  if tg_op = 'INSERT' then
    new.version := coalesce(new.version, 1);
    new.changed_at := coalesce(new.changed_at, clock_timestamp());
    return new;
  end if;
  new.version := old.version;
  new.changed_at := coalesce(new.changed_at, old.changed_at);
  if new is not distinct from old then return new; end if;
  if new.changed_at = old.changed_at then new.changed_at := clock_timestamp(); end if;
  new.version := old.version + 1;
  insert into former_version (kind, key, version, until, row)
    select tg_table_name, string_agg(to_jsonb(old) ->> name, '.' order by place), old.version, new.changed_at, to_jsonb(old)
    from unnest(columns_of_key) with ordinality as k (name, place);
  return new;
end $$;

${kept.map(([table, key]) => `create trigger ${table}_keeps_former_versions before insert or update on ${table} for each row execute function keep_former_version(${key})`).join(';\n\n')};

alter table edition add column stale_notices boolean not null default false;

alter table edition alter column stale_notices drop default;

alter table credit
  add column since timestamptz(3),
  add column until timestamptz(3);

create table wording_version (
  tag text not null,
  since timestamptz(3) not null,
  hash text not null,
  bundle jsonb not null,
  primary key (tag, since)
)`;

// Before, whoever had a row was credited: who is credited no longer must not be again.
const down = `drop table wording_version;
delete from credit where until is not null;
alter table credit drop column since, drop column until;
alter table edition drop column stale_notices;
${kept.map(([table]) => `drop trigger ${table}_keeps_former_versions on ${table};\nalter table ${table} drop column changed_at${table === 'notice' ? '' : ', drop column version'}`).join(';\n')};
drop table former_version;
drop function keep_former_version()`;
