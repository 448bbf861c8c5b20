import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The hub: topics that somebody subscribes to, subscriptions, and requests whose intent is not verified yet. */
export class CreateHub20261128030000 implements MigrationInterface {
  name = 'CreateHub20261128030000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table hub_topic (
      path text primary key,
      edition_code text not null references edition,
      topic_code text references topic,
      extension text not null,
      partner_code text references partner,
      etag text,
      looked_at timestamptz(3),
      due_at timestamptz(3)
    )`);
    await runner.query('create index hub_topic_due on hub_topic (due_at) where due_at is not null');
    await runner.query(`create table hub_subscription (
      uuid uuid primary key,
      topic_path text not null references hub_topic,
      callback text not null,
      callback_host text not null,
      secret text,
      algorithm text not null constraint hub_subscription_algorithm_check check (algorithm in ('sha1', 'sha256', 'sha384', 'sha512')),
      lease_until timestamptz(3) not null,
      created_at timestamptz(3) not null,
      etag text,
      next_at timestamptz(3),
      claimed_until timestamptz(3),
      attempts integer not null default 0,
      failing_since timestamptz(3),
      last_status integer,
      last_error text,
      unique (topic_path, callback)
    )`);
    await runner.query('create index hub_subscription_due on hub_subscription (next_at) where next_at is not null');
    await runner.query('create index hub_subscription_lease on hub_subscription (lease_until)');
    await runner.query('create index hub_subscription_host on hub_subscription (callback_host)');
    await runner.query(`create table hub_intent (
      uuid uuid primary key,
      topic_path text not null references hub_topic,
      callback text not null,
      callback_host text not null,
      mode text not null constraint hub_intent_mode_check check (mode in ('subscribe', 'unsubscribe', 'denied')),
      secret text,
      algorithm text not null constraint hub_intent_algorithm_check check (algorithm in ('sha1', 'sha256', 'sha384', 'sha512')),
      granted_seconds integer not null,
      asked_by text not null,
      reason text,
      created_at timestamptz(3) not null,
      next_at timestamptz(3) not null,
      claimed_until timestamptz(3),
      attempts integer not null default 0,
      unique (topic_path, callback)
    )`);
    await runner.query('create index hub_intent_due on hub_intent (next_at)');
    await runner.query('create index hub_intent_host on hub_intent (callback_host)');
    await runner.query('create index hub_intent_asked_by on hub_intent (asked_by)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table hub_intent');
    await runner.query('drop table hub_subscription');
    await runner.query('drop table hub_topic');
  }
}
