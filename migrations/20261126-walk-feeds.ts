import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a feed's walk reads in order: the events of one edition, and those of stories in all editions; and what is younger than a moment. */
export class WalkFeeds20261126000000 implements MigrationInterface {
  name = 'WalkFeeds20261126000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create index event_edition on event (edition_code, seq) where article_uuid is not null');
    await runner.query('create index event_at on event (at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index event_at');
    await runner.query('drop index event_edition');
  }
}
