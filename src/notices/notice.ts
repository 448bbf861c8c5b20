import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Image } from '../images/image.js';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { EditionCode, LanguageTag, Territory, WebAddress } from '../lib/scalars.js';

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
@ObjectType('RegistryNotice', { description: 'A notice as the registry has it, before it is worded. Desks and operators only.' })
export class NoticeRow {
  @PrimaryColumn('text')
  @Field({ description: 'Stable code.' })
  readonly code: string;

  @Column('text')
  @Field(() => NoticeKind, { description: 'Why readers are told.' })
  readonly kind: NoticeKind;

  @Column('text')
  @Field(() => NoticePlacement, { description: 'Where on the page it belongs.' })
  readonly placement: NoticePlacement;

  @Column('boolean')
  @Field({ description: 'Whether whoever shows the text must show this too.' })
  readonly mustCarry: boolean;

  @Column('int')
  @Field(() => Int, { description: 'Its place among the notices: lower ones first.' })
  readonly position: number;

  /** Grows by one with every change, as of every row that is kept (`Kept`). */
  @Column('int')
  @Field(() => Int, { description: 'Grows by one with every change, from 1; give it as `expectedVersion`.' })
  readonly version: number;

  @Column({ type: 'timestamptz', precision: 3, select: false })
  readonly changedAt?: Date;

  @Column('text')
  @Field({ description: 'The key of its wording in `locales/*/notices.json`.' })
  readonly wording: string;

  /** Numbers inserted through the plural keys of the same names. */
  @Column('jsonb')
  readonly values: Record<string, number>;

  /** The language it is shown in where a reader's has no wording. */
  @Column('text')
  @Field(() => LanguageTag, { description: 'The language it is shown in where a reader’s has no wording.' })
  readonly legalLanguage: string;

  @Column('text', { array: true })
  @Field(() => [Territory], { description: 'Where its readers are; empty: everywhere.' })
  readonly territories: string[];

  @Column('text', { array: true })
  @Field(() => [Territory], { description: 'Where readers are not told.' })
  readonly excludedTerritories: string[];

  @Column('text', { array: true })
  @Field(() => [EditionCode], { description: 'Whose readers are told; empty: those of all editions.' })
  readonly editions: string[];

  @Column('text', { array: true })
  @Field(() => [Channel], { description: 'Where it is shown; empty: everywhere.' })
  readonly channels: Channel[];

  @Column({ type: 'timestamptz', precision: 3 })
  @Field(() => GraphQLDateTimeISO, { description: 'From when readers are told.' })
  readonly effectiveFrom: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Until when; null: for good.' })
  readonly effectiveUntil: Date | null;

  @Column('text', { nullable: true })
  @Field(() => WebAddress, { nullable: true, description: 'Where it leads.' })
  readonly linkUrl: string | null;

  @Column('text', { nullable: true })
  @Field(() => String, { nullable: true, description: 'The key of the words of its link.' })
  readonly linkWording: string | null;

  @Column('text', { nullable: true })
  @ForeignKey(() => Image)
  @Field(() => String, { nullable: true, description: 'Code of its picture.' })
  readonly imageCode: string | null;
}
