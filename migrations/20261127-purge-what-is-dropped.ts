import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What every cache must forget at once says when a cache outside is told next; null once it has been. What was dropped before is over. */
export class PurgeWhatIsDropped20261127000000 implements MigrationInterface {
  name = 'PurgeWhatIsDropped20261127000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table cache_drop add column purge_at timestamptz(3)');
    await runner.query('alter table cache_drop alter column purge_at set default now()');
    await runner.query('create index cache_drop_purge on cache_drop (id) where purge_at is not null');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table cache_drop drop column purge_at');
  }
}
