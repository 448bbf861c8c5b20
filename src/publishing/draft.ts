import { registerEnumType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { BlockData } from '../articles/body.js';
import { Origin, Significance, TranslationRow } from '../articles/translation.js';
import type { PartyInRole } from '../credits/party-in-role.js';

export enum DraftState {
  DRAFT = 'DRAFT',
  IN_REVIEW = 'IN_REVIEW',
  SCHEDULED = 'SCHEDULED',
}
registerEnumType(DraftState, {
  name: 'DraftState',
  description: 'How far a draft has come.',
  valuesConfig: {
    DRAFT: { description: 'Being written.' },
    IN_REVIEW: { description: 'Handed in; an editor is to look at it.' },
    SCHEDULED: { description: 'Will be published by itself at its time.' },
  },
});

/** A revision of the same story, named without the story. */
export interface SourceRevision {
  edition: string;
  revision: number;
}

/** What an edition is working on; it becomes the next revision when it is published. One for each edition of a story. */
@Entity()
@Check('draft_state_check', `state in ('DRAFT', 'IN_REVIEW', 'SCHEDULED')`)
@Check('draft_significance_check', `significance in ('MINOR', 'UPDATE', 'CORRECTION')`)
@Check('draft_origin_check', `origin in ('HUMAN', 'MACHINE', 'MACHINE_REVIEWED')`)
@Check('draft_schedule_check', `(state = 'SCHEDULED') = (scheduled_for is not null)`)
@ForeignKey(() => TranslationRow, ['articleUuid', 'editionCode'], ['articleUuid', 'editionCode'])
export class Draft {
  @PrimaryColumn('uuid')
  readonly articleUuid: string;

  @PrimaryColumn('text')
  readonly editionCode: string;

  /** Grows with every save: who saves over a version they have not seen is refused. */
  @Column('int')
  readonly version: number;

  @Column('text')
  readonly state: DraftState;

  @Column('text')
  readonly significance: Significance;

  @Column('text')
  readonly origin: Origin;

  @Column('text')
  readonly headline: string;

  @Column('text', { nullable: true })
  readonly dek: string | null;

  @Column('jsonb')
  readonly body: BlockData[];

  /** The revisions it is made from. */
  @Column('jsonb')
  readonly basis: SourceRevision[];

  /** Who will be credited for this edition's text; null: who is credited now. */
  @Column('jsonb', { nullable: true })
  readonly credits: PartyInRole[] | null;

  @Column('text', { nullable: true })
  readonly slug: string | null;

  /** What a correction will tell the reader. */
  @Column('text', { nullable: true })
  readonly note: string | null;

  /** What changed, for colleagues. */
  @Column('text', { nullable: true })
  readonly changeNote: string | null;

  @Column('text', { nullable: true })
  readonly tool: string | null;

  @Column('text', { nullable: true })
  readonly reviewer: string | null;

  @Column('text')
  readonly author: string;

  @Column({ type: 'timestamptz', precision: 3 })
  readonly savedAt: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly scheduledFor: Date | null;
}
