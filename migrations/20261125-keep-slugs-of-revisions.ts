import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A revision says under which address it came out, so that an address made of words that were taken back can be told from the others. */
export class KeepSlugsOfRevisions20261125020000 implements MigrationInterface {
  name = 'KeepSlugsOfRevisions20261125020000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table revision add column slug text');
    // Of what came out before, only the present address is known for certain.
    await runner.query('alter table revision disable trigger revision_append_only');
    await runner.query(
      `update revision r set slug = t.slug from translation t
       where t.article_uuid = r.article_uuid and t.edition_code = r.edition_code and t.revision = r.number`,
    );
    await runner.query('alter table revision enable trigger revision_append_only');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table revision drop column slug');
  }
}
