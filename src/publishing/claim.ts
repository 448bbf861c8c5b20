import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Article } from '../articles/article.js';
import { Edition } from '../editions/edition.js';

/** Who has taken the text of an edition upon them, until when. */
@Entity()
export class Claim {
  @PrimaryColumn('uuid')
  @ForeignKey(() => Article)
  readonly articleUuid: string;

  @PrimaryColumn('text')
  @ForeignKey(() => Edition)
  readonly editionCode: string;

  @Column('text')
  readonly holder: string;

  @Column({ type: 'timestamptz', precision: 3 })
  readonly until: Date;
}
