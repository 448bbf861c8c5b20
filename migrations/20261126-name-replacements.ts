import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A tombstone of kind REPLACE may say which story stands in the place of what was taken back. */
export class NameReplacements20261126010000 implements MigrationInterface {
  name = 'NameReplacements20261126010000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table tombstone add column replaced_by uuid references article (uuid)');
    await runner.query(`alter table tombstone add constraint tombstone_replaced_check check (replaced_by is null or kind = 'REPLACE')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table tombstone drop column replaced_by');
  }
}
