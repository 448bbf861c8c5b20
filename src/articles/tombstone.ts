import { registerEnumType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Image } from '../images/image.js';
import { Article } from './article.js';
import { Revision } from './translation.js';

export enum RetractionKind {
  KILL = 'KILL',
  WITHHOLD = 'WITHHOLD',
  WITHDRAW = 'WITHDRAW',
  REPLACE = 'REPLACE',
}
registerEnumType(RetractionKind, {
  name: 'RetractionKind',
  description: 'How something was taken back.',
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

/** What stays of something retracted, of a story or a picture: never its headline. */
@Entity('tombstone')
@Check(
  'tombstone_scope_check',
  '(image_code is null) = (article_uuid is not null) and (image_code is null or edition_code is null) and (revision is null or edition_code is not null) and (restored_at is null or revision is not null)',
)
@Check('tombstone_kind_check', `kind in ('KILL', 'WITHHOLD', 'WITHDRAW', 'REPLACE')`)
@Check('tombstone_replaced_check', `replaced_by is null or kind = 'REPLACE'`)
@Index('tombstone_of', { synchronize: false })
@ForeignKey(() => Revision, ['articleUuid', 'editionCode', 'revision'], ['articleUuid', 'editionCode', 'number'], {
  name: 'tombstone_revision_fkey',
})
export class TombstoneRow {
  @PrimaryColumn('uuid')
  readonly uuid: string;

  /** Null for a picture. */
  @Column('uuid', { nullable: true })
  @ForeignKey(() => Article)
  readonly articleUuid: string | null;

  /** Null: the whole story, or a picture. */
  @Column('text', { nullable: true })
  readonly editionCode: string | null;

  /** One revision of that edition alone. */
  @Column('int', { nullable: true })
  readonly revision: number | null;

  @Column('text', { nullable: true })
  @ForeignKey(() => Image)
  readonly imageCode: string | null;

  @Column('text')
  readonly kind: RetractionKind;

  @Column({ type: 'timestamptz', precision: 3 })
  readonly retractedAt: Date;

  /** Public note by language tag. */
  @Column('jsonb')
  readonly notes: Record<string, string>;

  /** With REPLACE: the story that stands in its place, if the desk named one. */
  @Column('uuid', { nullable: true })
  @ForeignKey(() => Article)
  readonly replacedBy: string | null;

  /** Whether readers could see what it stands for, when that was taken back: a story, or an edition of it. */
  @Column('boolean', { default: false })
  readonly wasPublic: boolean;

  /** When a revision was brought back into the history: what took its place stays. Other tombstones go with what they told. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly restoredAt: Date | null;
}

/** A tombstone as it is made: of a story or a picture, and of what part of a story is named. Whether it is public is said as it is stored. */
export const tombstoneRow = (
  of: Pick<TombstoneRow, 'uuid' | 'kind' | 'retractedAt' | 'notes'> &
    Partial<Pick<TombstoneRow, 'articleUuid' | 'editionCode' | 'revision' | 'imageCode' | 'replacedBy'>>,
): TombstoneRow => ({
  articleUuid: null,
  editionCode: null,
  revision: null,
  imageCode: null,
  replacedBy: null,
  restoredAt: null,
  wasPublic: false,
  ...of,
});
