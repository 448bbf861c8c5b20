import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { Article } from '../articles/article.js';
import { Partner } from '../rights/partner.js';
import type { HoldingChannel } from './hold.js';

/** Why a partner must remove, or correct, what it holds. */
export enum TakedownReason {
  RETRACTED = 'RETRACTED',
  ENDED = 'ENDED',
  NOTICE = 'NOTICE',
}

/** How it went, as feeds say it: the kinds of retraction, an end, no right any more; or a notice that changed, and whether texts with an earlier one are called back. */
export type TakedownKind = 'KILL' | 'WITHHOLD' | 'WITHDRAW' | 'REPLACE' | 'EXPIRED' | 'REMOVED' | 'RECALLED' | 'CHANGED';

/** What of an event of the log must be taken down wherever it is held: all that is named must hold, and null names everything. */
@Entity('takedown_cause')
@Check('takedown_cause_reason_check', `reason in ('RETRACTED', 'ENDED', 'NOTICE')`)
@Check('takedown_cause_kind_check', `kind in ('KILL', 'WITHHOLD', 'WITHDRAW', 'REPLACE', 'EXPIRED', 'REMOVED', 'RECALLED', 'CHANGED')`)
@Check('takedown_cause_scope_check', '(article_uuid is not null) or (partner_code is not null) or (notice_code is not null)')
@Index('takedown_cause_look', { synchronize: false })
@Index('takedown_cause_article', { synchronize: false })
@Index('takedown_cause_partner', { synchronize: false })
export class TakedownCauseRow {
  /** Of the event. */
  @PrimaryColumn('uuid')
  readonly eventUuid: string;

  @Column('text')
  readonly reason: TakedownReason;

  @Column('text')
  readonly kind: TakedownKind;

  @Column('uuid', { nullable: true })
  @ForeignKey(() => Article)
  readonly articleUuid: string | null;

  @Column('text', { nullable: true })
  readonly editionCode: string | null;

  @Column('int', { nullable: true })
  readonly revision: number | null;

  /** Texts that show this picture. */
  @Column('text', { nullable: true })
  readonly imageCode: string | null;

  /** What this partner may have no more. */
  @Column('text', { nullable: true })
  @ForeignKey(() => Partner)
  readonly partnerCode: string | null;

  /** Texts that carry an earlier version of this notice. */
  @Column('text', { nullable: true })
  readonly noticeCode: string | null;

  @Column('int', { nullable: true })
  readonly noticeVersion: number | null;

  /** REPLACE: the story that stands in its place, if the desk named one. */
  @Column('uuid', { nullable: true })
  @ForeignKey(() => Article)
  readonly replacedBy: string | null;

  @Column({ type: 'timestamptz', precision: 3 })
  readonly at: Date;

  /** When the ledger is looked at next, for holdings that were written late; null once it has been often enough. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly lookAt: Date | null;

  /** How often it has been looked at. */
  @Column('int', { default: 0 })
  readonly looks: number;

  /** How far a look has come that is under way. */
  @Column('text', { nullable: true })
  readonly placePartner: string | null;

  @Column('uuid', { nullable: true })
  readonly placeArticle: string | null;

  /** When it was undone: what was taken back is back. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly endedAt: Date | null;
}

/** A revision that a partner was given, as the ledger shows it. */
export interface HeldRevision {
  edition: string;
  revision: number;
  channel: HoldingChannel;
  /** ISO 8601, as JSON keeps it. */
  firstAt: string;
  lastAt: string;
}

export enum TakedownState {
  OPEN = 'OPEN',
  SETTLED = 'SETTLED',
  REFUSED = 'REFUSED',
  CANCELLED = 'CANCELLED',
}

export enum TakedownAction {
  REMOVED = 'REMOVED',
  NEVER_PUBLISHED = 'NEVER_PUBLISHED',
  CORRECTED = 'CORRECTED',
  REFUSED = 'REFUSED',
}

/** What one partner must do about one story for one cause, and whether it has said that it did. */
@Entity('takedown_order')
@Check('takedown_order_state_check', `state in ('OPEN', 'SETTLED', 'REFUSED', 'CANCELLED')`)
@Check('takedown_order_action_check', `action in ('REMOVED', 'NEVER_PUBLISHED', 'CORRECTED', 'REFUSED')`)
@Unique(['partnerCode', 'articleUuid', 'eventUuid'])
@Index('takedown_order_cause', { synchronize: false })
@Index('takedown_order_article', { synchronize: false })
@Index('takedown_order_partner', { synchronize: false })
@Index('takedown_order_opened', { synchronize: false })
@Index('takedown_order_open', { synchronize: false })
export class TakedownRow {
  @PrimaryColumn('uuid')
  readonly uuid: string;

  @Column('text')
  @ForeignKey(() => Partner)
  readonly partnerCode: string;

  @Column('uuid')
  @ForeignKey(() => Article)
  readonly articleUuid: string;

  @Column('uuid')
  @ForeignKey(() => TakedownCauseRow)
  readonly eventUuid: string;

  @Column('text')
  readonly reason: TakedownReason;

  /** What the ledger shows, in its order; later holdings are added. */
  @Column('jsonb')
  readonly texts: readonly HeldRevision[];

  @Column({ type: 'timestamptz', precision: 3 })
  readonly openedAt: Date;

  @Column({ type: 'timestamptz', precision: 3 })
  readonly dueAt: Date;

  @Column('text')
  readonly state: TakedownState;

  /** What the partner says it did; null until it has. */
  @Column('text', { nullable: true })
  readonly action: TakedownAction | null;

  /** Where it can be seen. */
  @Column('text', { nullable: true })
  readonly url: string | null;

  @Column('text', { nullable: true })
  readonly note: string | null;

  /** When it was answered, or cancelled. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly settledAt: Date | null;

  /** By the name of a key, or of an operator. */
  @Column('text', { nullable: true })
  readonly settledBy: string | null;

  /** When its time had passed without an answer. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly escalatedAt: Date | null;
}
