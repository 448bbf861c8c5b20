import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Edition } from '../editions/edition.js';
import { Image } from '../images/image.js';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { Node } from '../lib/node.js';
import { articleUrn } from './urn.js';

export enum ArticleKind {
  NEWS = 'NEWS',
  ANALYSIS = 'ANALYSIS',
  FEATURE = 'FEATURE',
  INTERVIEW = 'INTERVIEW',
  OPINION = 'OPINION',
  EXPLAINER = 'EXPLAINER',
  LIVE = 'LIVE',
  GALLERY = 'GALLERY',
  VIDEO = 'VIDEO',
  AUDIO = 'AUDIO',
}
registerEnumType(ArticleKind, {
  name: 'ArticleKind',
  description: 'The form of a story.',
  valuesConfig: {
    NEWS: { description: 'A report of what happened.' },
    ANALYSIS: { description: 'What it means, by an expert or reporter.' },
    FEATURE: { description: 'A longer narrative.' },
    INTERVIEW: { description: 'Questions and answers.' },
    OPINION: { description: "The author's own view." },
    EXPLAINER: { description: 'The background, explained.' },
    LIVE: { description: 'Updated while events go on.' },
    GALLERY: { description: 'Told in pictures.' },
    VIDEO: { description: 'Told in a video.' },
    AUDIO: { description: 'Told in sound.' },
  },
});

/** The story before any language. */
@Entity()
@Check('article_urgency_check', 'urgency between 1 and 9')
@Check('article_issued_on_check', `issued_on ~ '^\\d{8}$'`)
@Index('article_image', { synchronize: false })
@ObjectType({ implements: Node, description: 'A story before any language: its identity and what holds in all its editions.' })
export class Article implements Node {
  @PrimaryColumn('uuid')
  readonly uuid: string;

  /** The publisher's domain and the day (yyyymmdd, UTC) the story was first issued: parts of its URN, fixed for good. */
  @Column('text')
  readonly domain: string;

  @Column('text')
  readonly issuedOn: string;

  get id(): string {
    return articleUrn(this);
  }

  @Column('text')
  @ForeignKey(() => Edition)
  readonly homeEditionCode: string;

  @Column('text')
  @Field(() => ArticleKind, { description: 'The form of the story.' })
  readonly kind: ArticleKind;

  @Column('smallint')
  @Field(() => Int, { description: 'Editorial urgency, 1 (highest: breaking) to 9 (IPTC).' })
  readonly urgency: number;

  @Column('text', { nullable: true })
  @ForeignKey(() => Image)
  readonly imageCode: string | null;

  /** When its original was first published; null for a draft. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  @Field(() => GraphQLDateTimeISO, { description: 'When the original was first published.' })
  readonly publishedAt: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly embargoUntil: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly retractedAt: Date | null;

  /** The id it had where it was imported from. */
  @Column('text', { nullable: true, unique: true })
  readonly foreignId: string | null;

  /** How often desks have changed its facts, counted from 1; null: never. */
  @Column('int', { nullable: true, select: false })
  readonly version?: number | null;
}
