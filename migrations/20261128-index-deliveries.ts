import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is due at one endpoint, and what is under way to it, are looked for many times a second; when a body was written decides what it must not repeat. */
export class IndexDeliveries20261128020000 implements MigrationInterface {
  name = 'IndexDeliveries20261128020000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table delivery add column written_at timestamptz(3)');
    await runner.query(`create index delivery_next on delivery (endpoint_uuid, next_at, id) where state = 'PENDING'`);
    await runner.query(
      `create index delivery_claimed on delivery (endpoint_uuid, claimed_until) where state = 'PENDING' and claimed_until is not null`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index delivery_claimed');
    await runner.query('drop index delivery_next');
    await runner.query('alter table delivery drop column written_at');
  }
}
