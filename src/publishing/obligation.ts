import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Revision, TranslationRow } from '../articles/translation.js';

/** An edition found its text still accurate as of a revision of a source. */
@Entity()
@ForeignKey(() => TranslationRow, ['articleUuid', 'editionCode'], ['articleUuid', 'editionCode'])
@ForeignKey(() => Revision, ['articleUuid', 'sourceEditionCode', 'sourceNumber'], ['articleUuid', 'editionCode', 'number'], {
  name: 'confirmation_source_fkey',
})
export class Confirmation {
  @PrimaryColumn('uuid')
  readonly articleUuid: string;

  @PrimaryColumn('text')
  readonly editionCode: string;

  @PrimaryColumn('text')
  readonly sourceEditionCode: string;

  @Column('int')
  readonly sourceNumber: number;

  @Column('text')
  readonly confirmedBy: string;

  @Column({ type: 'timestamptz', precision: 3 })
  readonly confirmedAt: Date;
}

/** What a correction of a source owes the readers of an edition made from it. */
@Entity()
@Index('obligation_open', { synchronize: false })
@ForeignKey(() => TranslationRow, ['articleUuid', 'editionCode'], ['articleUuid', 'editionCode'])
@ForeignKey(() => Revision, ['articleUuid', 'sourceEditionCode', 'sourceNumber'], ['articleUuid', 'editionCode', 'number'], {
  name: 'obligation_source_fkey',
})
export class Obligation {
  @PrimaryColumn('uuid')
  readonly articleUuid: string;

  @PrimaryColumn('text')
  readonly editionCode: string;

  @PrimaryColumn('text')
  readonly sourceEditionCode: string;

  @PrimaryColumn('int')
  readonly sourceNumber: number;

  @Column({ type: 'timestamptz', precision: 3 })
  readonly openedAt: Date;

  @Column({ type: 'timestamptz', precision: 3 })
  readonly dueAt: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly settledAt: Date | null;
}
