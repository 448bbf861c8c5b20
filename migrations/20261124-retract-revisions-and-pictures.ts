import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A tombstone may be of a single revision, or of a picture. */
export class RetractRevisionsAndPictures20261124030000 implements MigrationInterface {
  name = 'RetractRevisionsAndPictures20261124030000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table tombstone
        alter column article_uuid drop not null,
        add column revision integer,
        add column image_code text references image,
        add column restored_at timestamptz(3),
        add constraint tombstone_revision_fkey foreign key (article_uuid, edition_code, revision) references revision,
        add constraint tombstone_scope_check check ((image_code is null) = (article_uuid is not null) and (image_code is null or edition_code is null) and (revision is null or edition_code is not null) and (restored_at is null or revision is not null))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('delete from tombstone where revision is not null or image_code is not null');
    await runner.query(`
      alter table tombstone
        drop constraint tombstone_scope_check,
        drop constraint tombstone_revision_fkey,
        drop column restored_at,
        drop column image_code,
        drop column revision,
        alter column article_uuid set not null`);
  }
}
