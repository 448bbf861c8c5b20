import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Partners, what they may have, their keys, and what agencies and pictures allow. */
export class CreatePartners20261125000000 implements MigrationInterface {
  name = 'CreatePartners20261125000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up.split(/;\n\n/u)) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down.split(/;\n/u)) await runner.query(statement);
  }
}

// What nobody has ruled on stays under entitlement: an entitlement that excludes an agency, or has no images, means all that is there.
const redistributed = (table: string): string => `alter table ${table}
  add column redistribution text not null default 'ENTITLED' constraint ${table}_redistribution_check check (redistribution in ('FREE', 'ENTITLED', 'NONE')),
  add column redistribution_territories text[] not null default '{}';

alter table ${table} alter column redistribution drop default, alter column redistribution_territories drop default`;

const up = `
create table partner (
  code text primary key,
  name text not null,
  contacts jsonb not null,
  delay_seconds integer not null constraint partner_delay_check check (delay_seconds between 0 and 604800),
  active boolean not null,
  version integer not null,
  changed_at timestamptz(3) not null
);

create table entitlement (
  uuid uuid primary key,
  partner_code text not null references partner,
  editions text[] not null,
  topics text[] not null,
  kinds text[] not null,
  excluded_agencies text[] not null,
  territories text[] not null,
  level text not null constraint entitlement_level_check check (level in ('HEADLINE', 'SUMMARY', 'FULL')),
  images boolean not null,
  machine boolean not null,
  early boolean not null,
  valid_from timestamptz(3) not null,
  valid_until timestamptz(3),
  version integer not null,
  changed_at timestamptz(3) not null,
  constraint entitlement_validity_check check (valid_until >= valid_from)
);

create index entitlement_partner on entitlement (partner_code);

create trigger partner_keeps_former_versions before insert or update on partner for each row execute function keep_former_version('code');

create trigger entitlement_keeps_former_versions before insert or update on entitlement for each row execute function keep_former_version('uuid');

alter table api_key
  add column partner_code text references partner,
  add constraint api_key_partner_check check (partner_code is null or (not operator and roles = '{}'));

${redistributed('agency')};

${redistributed('image')}`;

const down = `alter table image drop column redistribution, drop column redistribution_territories;
alter table agency drop column redistribution, drop column redistribution_territories;
delete from api_key where partner_code is not null;
alter table api_key drop column partner_code;
drop table entitlement;
drop table partner`;
