import { registerEnumType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Image } from '../images/image.js';

export enum NoticeKind {
  LEGAL = 'LEGAL',
  SAFETY = 'SAFETY',
  ABOUT = 'ABOUT',
  CORRECTION = 'CORRECTION',
  RETRACTION = 'RETRACTION',
  STALE = 'STALE',
  MACHINE_TRANSLATION = 'MACHINE_TRANSLATION',
  FALLBACK = 'FALLBACK',
  PARTNER = 'PARTNER',
}
registerEnumType(NoticeKind, {
  name: 'NoticeKind',
  description: 'Why the reader is told.',
  valuesConfig: {
    LEGAL: { description: 'The law asks for it, or it tells of a legal status.' },
    SAFETY: { description: 'Reading or sharing may put the reader at risk.' },
    ABOUT: { description: 'Who the publisher is.' },
    CORRECTION: { description: 'Something was wrong and has been put right.' },
    RETRACTION: { description: 'The story was taken back.' },
    STALE: { description: 'The source has changed since.' },
    MACHINE_TRANSLATION: { description: 'A machine translated the text.' },
    FALLBACK: { description: "Another edition's text is served." },
    PARTNER: { description: 'A partner asked for it.' },
  },
});

export enum NoticePlacement {
  ABOVE_HEADLINE = 'ABOVE_HEADLINE',
  BEFORE_BODY = 'BEFORE_BODY',
  AFTER_BODY = 'AFTER_BODY',
  ABOUT_BOX = 'ABOUT_BOX',
}
registerEnumType(NoticePlacement, {
  name: 'NoticePlacement',
  description: 'Where on the page it belongs.',
  valuesConfig: {
    ABOVE_HEADLINE: { description: 'Before anything else.' },
    BEFORE_BODY: { description: 'Between headline and text.' },
    AFTER_BODY: { description: 'Below the text.' },
    ABOUT_BOX: { description: 'In the box about the publisher.' },
  },
});

export enum Channel {
  WEB = 'WEB',
  APP = 'APP',
  FEED = 'FEED',
  EMAIL = 'EMAIL',
  SOCIAL = 'SOCIAL',
}
registerEnumType(Channel, {
  name: 'Channel',
  description: 'Where the text is shown.',
  valuesConfig: {
    WEB: { description: 'A web page.' },
    APP: { description: 'An app.' },
    FEED: { description: 'A feed or push to a partner.' },
    EMAIL: { description: 'A newsletter.' },
    SOCIAL: { description: 'A social network.' },
  },
});

/** A notice of the registry; its wording is in `locales/`. An empty audience list means everybody. */
@Entity('notice')
@Check('notice_kind_check', `kind in ('LEGAL', 'SAFETY', 'ABOUT', 'PARTNER')`)
@Check('notice_placement_check', `placement in ('ABOVE_HEADLINE', 'BEFORE_BODY', 'AFTER_BODY', 'ABOUT_BOX')`)
export class NoticeRow {
  @PrimaryColumn('text')
  readonly code: string;

  @Column('text')
  readonly kind: NoticeKind;

  @Column('text')
  readonly placement: NoticePlacement;

  @Column('boolean')
  readonly mustCarry: boolean;

  @Column('int')
  readonly position: number;

  /** Grows by one with every change, as of every row that is kept (`Kept`). */
  @Column('int')
  readonly version: number;

  @Column({ type: 'timestamptz', precision: 3, select: false })
  readonly changedAt?: Date;

  @Column('text')
  readonly wording: string;

  /** Numbers inserted through the plural keys of the same names. */
  @Column('jsonb')
  readonly values: Record<string, number>;

  /** The language it is shown in where a reader's has no wording. */
  @Column('text')
  readonly legalLanguage: string;

  @Column('text', { array: true })
  readonly territories: string[];

  @Column('text', { array: true })
  readonly excludedTerritories: string[];

  @Column('text', { array: true })
  readonly editions: string[];

  @Column('text', { array: true })
  readonly channels: Channel[];

  @Column({ type: 'timestamptz', precision: 3 })
  readonly effectiveFrom: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly effectiveUntil: Date | null;

  @Column('text', { nullable: true })
  readonly linkUrl: string | null;

  @Column('text', { nullable: true })
  readonly linkWording: string | null;

  @Column('text', { nullable: true })
  @ForeignKey(() => Image)
  readonly imageCode: string | null;
}
