import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What partners have used of the gateway, by day and by what they asked for. */
export class CountUsage20261126030000 implements MigrationInterface {
  name = 'CountUsage20261126030000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table partner_usage (
      partner_code text not null references partner,
      day date not null,
      channel text not null constraint partner_usage_channel_check check (channel in ('FEED', 'ITEM', 'GRAPHQL', 'RECONCILE')),
      requests bigint not null,
      not_modified bigint not null,
      refused bigint not null,
      items bigint not null,
      bytes bigint not null,
      primary key (partner_code, day, channel)
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table partner_usage');
  }
}
