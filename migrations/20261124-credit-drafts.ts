import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A draft says who is to be credited when it is published, and a story how often its facts were changed. */
export class CreditDrafts20261124020000 implements MigrationInterface {
  name = 'CreditDrafts20261124020000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table draft add column credits jsonb');
    await runner.query('alter table article add column version integer');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table article drop column version');
    await runner.query('alter table draft drop column credits');
  }
}
