import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is owed is told when its time has passed, and a claim before it ends: timers of what stands already. What is overdue is told at once, as of its time. */
export class TimeWhatDesksOwe20261128070000 implements MigrationInterface {
  name = 'TimeWhatDesksOwe20261128070000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`insert into timer (kind, key, at, article_uuid, edition_code)
      select 'OBLIGATION_DUE', concat_ws('.', article_uuid, edition_code, source_edition_code, source_number), due_at, article_uuid, edition_code
      from obligation where settled_at is null`);
    await runner.query(`insert into timer (kind, key, at, article_uuid, edition_code)
      select 'CLAIM_WARNING', concat_ws('.', article_uuid, edition_code), until - interval '15 minutes', article_uuid, edition_code from claim`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`delete from timer where kind in ('OBLIGATION_DUE', 'CLAIM_WARNING')`);
  }
}
