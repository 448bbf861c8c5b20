import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The audit can be asked, by whom it concerns; and an edition may say until when its text may be shown. */
export class ReadAudit20261124040000 implements MigrationInterface {
  name = 'ReadAudit20261124040000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up.split(/;\n\n/u)) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down.split(/;\n/u)) await runner.query(statement);
  }
}

// Newest first by time and number, behind whatever is asked for.
const asked: [name: string, columns: string][] = [
  ['at', 'at, id'],
  ['article', 'article_uuid, at, id'],
  ['edition', 'edition_code, at, id'],
  ['home', 'home_edition_code, at, id'],
  ['caller', 'caller_id, at, id'],
  ['action', 'action, at, id'],
];

const up = `
alter table audit
  add column caller_id text,
  add column home_edition_code text,
  alter column request_id drop not null;

-- What was written before says whose stories it touched; who was meant by a name nobody knows any more.
alter table audit disable trigger audit_append_only;

update audit set article_uuid = (detail ->> 'articleUuid')::uuid where action = 'CREATE_ARTICLE' and article_uuid is null;

update audit set home_edition_code = a.home_edition_code from article a where a.uuid = audit.article_uuid;

alter table audit enable trigger audit_append_only;

drop index audit_article;

${asked.map(([name, columns]) => `create index audit_${name} on audit (${columns})`).join(';\n\n')};

alter table translation add column expires_at timestamptz(3)`;

const down = `alter table translation drop column expires_at;
${asked.map(([name]) => `drop index audit_${name}`).join(';\n')};
create index audit_article on audit (article_uuid, id);
alter table audit disable trigger audit_append_only;
update audit set request_id = '' where request_id is null;
alter table audit enable trigger audit_append_only;
alter table audit drop column caller_id, drop column home_edition_code, alter column request_id set not null`;
