import { registerEnumType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { Edition } from '../editions/edition.js';
import { Article } from './article.js';
import type { BlockData } from './body.js';

export enum Significance {
  MINOR = 'MINOR',
  UPDATE = 'UPDATE',
  CORRECTION = 'CORRECTION',
  RETRACTION = 'RETRACTION',
}
registerEnumType(Significance, {
  name: 'Significance',
  description: 'What a revision means to those who hold an earlier one.',
  valuesConfig: {
    MINOR: { description: 'Spelling and the like; nothing a reader would miss.' },
    UPDATE: { description: 'New or reworked matter.' },
    CORRECTION: { description: 'Something was wrong and has been put right; readers are told.' },
    RETRACTION: { description: 'What was said before was taken back; the text is an earlier one again.' },
  },
});

export enum Origin {
  HUMAN = 'HUMAN',
  MACHINE = 'MACHINE',
  MACHINE_REVIEWED = 'MACHINE_REVIEWED',
}
registerEnumType(Origin, {
  name: 'Origin',
  description: 'Who wrote a revision.',
  valuesConfig: {
    HUMAN: { description: 'A person.' },
    MACHINE: { description: 'A machine; nobody has checked it.' },
    MACHINE_REVIEWED: { description: 'A machine; an editor has checked it.' },
  },
});

/** One edition's version of an article; its text is the revision that `revision` names. */
@Entity('translation')
@Unique(['editionCode', 'slug'])
@Index('translation_published', { synchronize: false })
@Index('translation_updated', { synchronize: false })
@Index('translation_original', { synchronize: false })
@Index('translation_search', { synchronize: false })
@Index('translation_fold', { synchronize: false })
export class TranslationRow {
  @PrimaryColumn('uuid')
  @ForeignKey(() => Article)
  readonly articleUuid: string;

  @PrimaryColumn('text')
  @ForeignKey(() => Edition)
  readonly editionCode: string;

  @Column('boolean')
  readonly isOriginal: boolean;

  @Column('int')
  readonly revision: number;

  @Column('text')
  readonly slug: string;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly publishedAt: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly updatedAt: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly retractedAt: Date | null;

  /** Until when it may be shown; null for no end. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly expiresAt: Date | null;

  /** When a source was corrected without this text having been brought up to it or confirmed since: readers are told. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly pendingCorrectionAt: Date | null;

  /** Lexemes of headline, dek and text by the edition's search configuration. */
  @Column('tsvector', { select: false })
  readonly search: string;

  /** Headline and dek, lower-case and without accents, for trigrams. */
  @Column('text', { select: false })
  readonly fold: string;
}

/** What a translation said from one moment on; never changed, never deleted. */
@Entity()
@Index('revision_pictures', { synchronize: false })
@Check('revision_number_check', 'number > 0')
@Check('revision_significance_check', `significance in ('MINOR', 'UPDATE', 'CORRECTION', 'RETRACTION')`)
@Check('revision_origin_check', `origin in ('HUMAN', 'MACHINE', 'MACHINE_REVIEWED')`)
@Check('revision_note_check', `significance <> 'CORRECTION' or note is not null`)
@Index('revision_correction', { synchronize: false })
@ForeignKey(() => TranslationRow, ['articleUuid', 'editionCode'], ['articleUuid', 'editionCode'])
export class Revision {
  @PrimaryColumn('uuid')
  readonly articleUuid: string;

  @PrimaryColumn('text')
  readonly editionCode: string;

  @PrimaryColumn('int')
  readonly number: number;

  @Column('text')
  readonly significance: Significance;

  @Column('text')
  readonly origin: Origin;

  @Column('text')
  readonly headline: string;

  @Column('text', { nullable: true })
  readonly dek: string | null;

  /** Read only when asked for: by far the largest column. */
  @Column('jsonb', { select: false })
  readonly body: BlockData[];

  @Column('int')
  readonly wordCount: number;

  /** What a CORRECTION tells the reader. */
  @Column('text', { nullable: true })
  readonly note: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly publishedAt: Date | null;

  /** Who published it, as colleagues know them; null for an import. */
  @Column('text', { nullable: true, select: false })
  readonly author: string | null;

  /** What changed, for colleagues. */
  @Column('text', { nullable: true, select: false })
  readonly changeNote: string | null;

  /** The machine that wrote it, where one did. */
  @Column('text', { nullable: true, select: false })
  readonly tool: string | null;

  /** Who checked what the machine wrote. */
  @Column('text', { nullable: true, select: false })
  readonly reviewer: string | null;

  /** The last part of the address it came out under; null where that is not known: the earlier ones of an import. */
  @Column('text', { nullable: true, select: false })
  readonly slug?: string | null;

  /** SHA-256 of headline, dek and body, hex. */
  @Column('text')
  readonly contentHash: string;
}

/** A revision that another was made from. */
@Entity()
@ForeignKey(() => Revision, ['articleUuid', 'editionCode', 'number'], ['articleUuid', 'editionCode', 'number'])
@ForeignKey(() => Revision, ['articleUuid', 'sourceEditionCode', 'sourceNumber'], ['articleUuid', 'editionCode', 'number'], {
  name: 'revision_basis_source_fkey',
})
export class RevisionBasis {
  @PrimaryColumn('uuid')
  readonly articleUuid: string;

  @PrimaryColumn('text')
  readonly editionCode: string;

  @PrimaryColumn('int')
  readonly number: number;

  @PrimaryColumn('text')
  readonly sourceEditionCode: string;

  @PrimaryColumn('int')
  readonly sourceNumber: number;
}

/** A slug a translation once had: its address keeps resolving. */
@Entity()
@ForeignKey(() => TranslationRow, ['articleUuid', 'editionCode'], ['articleUuid', 'editionCode'])
export class FormerSlug {
  @PrimaryColumn('text')
  readonly editionCode: string;

  @PrimaryColumn('text')
  readonly slug: string;

  @Column('uuid')
  readonly articleUuid: string;
}
