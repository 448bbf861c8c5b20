import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files that pictures had before, so that none comes back with another picture; whether a tombstone is of something that readers saw. */
export class SettleRetractions20261125010000 implements MigrationInterface {
  name = 'SettleRetractions20261125010000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up.split(/;\n\n/u)) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down.split(/;\n/u)) await runner.query(statement);
  }
}

const up = `
create table former_file (
  url text not null,
  image_code text not null references image,
  primary key (url, image_code)
);

-- Whoever writes, by whatever way: a file that a picture has no more leaves its name behind.
create function keep_former_file() returns trigger language plpgsql as $$ begin
  insert into former_file (url, image_code) values (old.url, old.image_code) on conflict do nothing;
  return null;
end $$;

create trigger image_rendition_keeps_former_files after delete or update of url on image_rendition
  for each row execute function keep_former_file();

alter table tombstone add column was_public boolean not null default false;

-- As it was said of each at every reading until now.
update tombstone x set was_public = true from article a where a.uuid = x.article_uuid
  and a.published_at <= x.retracted_at and (a.embargo_until is null or a.embargo_until <= x.retracted_at)
  and (x.edition_code is null or exists (select from translation t
    where t.article_uuid = x.article_uuid and t.edition_code = x.edition_code and t.published_at <= x.retracted_at
      and (t.expires_at is null or t.expires_at > greatest(t.published_at, a.published_at, a.embargo_until))))`;

const down = `alter table tombstone drop column was_public;
drop trigger image_rendition_keeps_former_files on image_rendition;
drop function keep_former_file();
drop table former_file`;
