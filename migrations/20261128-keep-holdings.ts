import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What each partner holds. */
export class KeepHoldings20261128040000 implements MigrationInterface {
  name = 'KeepHoldings20261128040000';

  async up(runner: QueryRunner): Promise<void> {
    // Of texts there is no foreign key: a holding stays, whatever becomes of the text, and is written without asking for its row.
    await runner.query(`create table holding (
      partner_code text not null references partner,
      article_uuid uuid not null,
      edition_code text not null,
      revision integer not null,
      channel text not null constraint holding_channel_check
        check (channel in ('FEED', 'ITEM', 'GRAPHQL', 'SUBSCRIPTION', 'WEBHOOK', 'WEBSUB')),
      first_at timestamptz(3) not null,
      last_at timestamptz(3) not null,
      notices jsonb not null,
      primary key (partner_code, article_uuid, edition_code, revision, channel)
    )`);
    await runner.query('create index holding_text on holding (article_uuid, edition_code, revision)');
    await runner.query('create index holding_followed on holding (partner_code, last_at, article_uuid, edition_code, revision, channel)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table holding');
  }
}
