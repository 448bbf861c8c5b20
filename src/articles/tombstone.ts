import { registerEnumType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Article } from './article.js';

export enum RetractionKind {
  KILL = 'KILL',
  WITHHOLD = 'WITHHOLD',
  WITHDRAW = 'WITHDRAW',
  REPLACE = 'REPLACE',
}
registerEnumType(RetractionKind, {
  name: 'RetractionKind',
  description: 'How a story or one edition of it was taken back.',
  valuesConfig: {
    KILL: { description: 'Must disappear everywhere at once.' },
    WITHHOLD: { description: 'Held back for now; may return.' },
    WITHDRAW: { description: 'Taken back by the editors, with a public note.' },
    REPLACE: { description: 'Another story stands in its place.' },
  },
});

/** Keys of `notices.json`: what readers are told by each kind. */
export const retractionWording: Record<RetractionKind, string> = {
  KILL: 'killed',
  WITHHOLD: 'withheld',
  WITHDRAW: 'withdrawn',
  REPLACE: 'replaced',
};

/** What stays of something retracted: never its headline. */
@Entity('tombstone')
@Check('tombstone_kind_check', `kind in ('KILL', 'WITHHOLD', 'WITHDRAW', 'REPLACE')`)
@Index('tombstone_of', { synchronize: false })
export class TombstoneRow {
  @PrimaryColumn('uuid')
  readonly uuid: string;

  @Column('uuid')
  @ForeignKey(() => Article)
  readonly articleUuid: string;

  /** Null: the whole story. */
  @Column('text', { nullable: true })
  readonly editionCode: string | null;

  @Column('text')
  readonly kind: RetractionKind;

  @Column({ type: 'timestamptz', precision: 3 })
  readonly retractedAt: Date;

  /** Public note by language tag. */
  @Column('jsonb')
  readonly notes: Record<string, string>;
}
