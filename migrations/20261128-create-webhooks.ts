import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where partners and desks are told, and what they are told there. */
export class CreateWebhooks20261128000000 implements MigrationInterface {
  name = 'CreateWebhooks20261128000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table endpoint (
      uuid uuid primary key,
      partner_code text references partner,
      edition_code text references edition,
      url text not null,
      description text not null,
      topics text[] not null,
      editions text[] not null,
      payload text not null constraint endpoint_payload_check check (payload in ('THIN', 'FULL', 'DOCUMENT')),
      format text,
      document text,
      variables jsonb,
      secret text not null,
      former_secret text,
      former_secret_until timestamptz(3),
      state text not null constraint endpoint_state_check check (state in ('ACTIVE', 'PAUSED', 'DISABLED')),
      disabled_because text constraint endpoint_disabled_because_check check (disabled_because in ('GONE', 'FAILING', 'DOCUMENT')),
      concurrency integer not null,
      failing_since timestamptz(3),
      not_before timestamptz(3),
      last_sequence bigint not null default 0,
      version integer not null,
      created_at timestamptz(3) not null,
      constraint endpoint_owner_check check ((partner_code is null) <> (edition_code is null))
    )`);
    await runner.query('create index endpoint_partner on endpoint (partner_code)');
    await runner.query('create index endpoint_edition on endpoint (edition_code)');
    await runner.query(`create table delivery (
      id bigint generated always as identity primary key,
      endpoint_uuid uuid not null references endpoint on delete cascade,
      message_id text not null,
      event_seq bigint,
      article_uuid uuid,
      topic text not null,
      sequence bigint not null,
      state text not null constraint delivery_state_check check (state in ('PENDING', 'DELIVERED', 'FAILED', 'SUPERSEDED', 'NOTHING')),
      attempts integer not null default 0,
      next_at timestamptz(3) not null,
      claimed_until timestamptz(3),
      body bytea,
      content_type text,
      texts jsonb,
      created_at timestamptz(3) not null,
      settled_at timestamptz(3),
      last_attempt_at timestamptz(3),
      last_status integer,
      last_error text,
      last_answer text,
      last_latency_ms integer,
      unique (endpoint_uuid, message_id)
    )`);
    await runner.query(`create index delivery_due on delivery (next_at) where state = 'PENDING'`);
    await runner.query(`create index delivery_order on delivery (endpoint_uuid, article_uuid, id) where state = 'PENDING'`);
    await runner.query('create index delivery_endpoint on delivery (endpoint_uuid, id desc)');
    await runner.query('create index delivery_created on delivery (created_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table delivery');
    await runner.query('drop table endpoint');
  }
}
