import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What partners must take down, and what they have said about it; which changed notices they were told of. */
export class OrderTakedowns20261128060000 implements MigrationInterface {
  name = 'OrderTakedowns20261128060000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table takedown_cause (
      event_uuid uuid primary key,
      reason text not null constraint takedown_cause_reason_check check (reason in ('RETRACTED', 'ENDED', 'NOTICE')),
      kind text not null constraint takedown_cause_kind_check
        check (kind in ('KILL', 'WITHHOLD', 'WITHDRAW', 'REPLACE', 'EXPIRED', 'REMOVED', 'RECALLED', 'CHANGED')),
      article_uuid uuid references article,
      edition_code text,
      revision integer,
      image_code text,
      partner_code text references partner,
      notice_code text,
      notice_version integer,
      replaced_by uuid references article,
      at timestamptz(3) not null,
      look_at timestamptz(3),
      looks integer not null default 0,
      place_partner text,
      place_article uuid,
      ended_at timestamptz(3),
      constraint takedown_cause_scope_check check ((article_uuid is not null) or (partner_code is not null) or (notice_code is not null))
    )`);
    await runner.query('create index takedown_cause_look on takedown_cause (look_at) where look_at is not null');
    await runner.query('create index takedown_cause_article on takedown_cause (article_uuid)');
    await runner.query('create index takedown_cause_partner on takedown_cause (partner_code) where partner_code is not null');
    await runner.query(`create table takedown_order (
      uuid uuid primary key,
      partner_code text not null references partner,
      article_uuid uuid not null references article,
      event_uuid uuid not null references takedown_cause,
      reason text not null,
      texts jsonb not null,
      opened_at timestamptz(3) not null,
      due_at timestamptz(3) not null,
      state text not null constraint takedown_order_state_check check (state in ('OPEN', 'SETTLED', 'REFUSED', 'CANCELLED')),
      action text constraint takedown_order_action_check check (action in ('REMOVED', 'NEVER_PUBLISHED', 'CORRECTED', 'REFUSED')),
      url text,
      note text,
      settled_at timestamptz(3),
      settled_by text,
      escalated_at timestamptz(3),
      unique (partner_code, article_uuid, event_uuid)
    )`);
    await runner.query('create index takedown_order_cause on takedown_order (event_uuid)');
    await runner.query('create index takedown_order_article on takedown_order (article_uuid, partner_code)');
    await runner.query('create index takedown_order_partner on takedown_order (partner_code, opened_at desc, uuid desc)');
    await runner.query('create index takedown_order_opened on takedown_order (opened_at desc, uuid desc)');
    await runner.query(`create index takedown_order_open on takedown_order (due_at) where state = 'OPEN'`);
    await runner.query(`create table notice_duty (
      partner_code text not null references partner,
      notice_code text not null,
      notice_version integer not null,
      told_at timestamptz(3) not null,
      acknowledged_at timestamptz(3),
      acknowledged_by text,
      primary key (partner_code, notice_code, notice_version)
    )`);
    await runner.query('create index notice_duty_open on notice_duty (told_at desc, partner_code) where acknowledged_at is null');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table notice_duty');
    await runner.query('drop table takedown_order');
    await runner.query('drop table takedown_cause');
  }
}
