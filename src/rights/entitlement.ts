import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { Kept } from '../lib/kept.js';
import { EditionCode, Territory } from '../lib/scalars.js';
import { Partner } from './partner.js';

export enum ContentLevel {
  HEADLINE = 'HEADLINE',
  SUMMARY = 'SUMMARY',
  FULL = 'FULL',
}
registerEnumType(ContentLevel, {
  name: 'ContentLevel',
  description: 'How much of a text a partner may have; each includes the ones before it.',
  valuesConfig: {
    HEADLINE: { description: 'The headline, and where the text stands.' },
    SUMMARY: { description: 'Headline and dek.' },
    FULL: { description: 'The whole text.' },
  },
});

/** One thing a partner may have; several add up. */
@Entity()
@Check('entitlement_level_check', `level in ('HEADLINE', 'SUMMARY', 'FULL')`)
@Check('entitlement_validity_check', 'valid_until >= valid_from')
@Index('entitlement_partner', { synchronize: false })
@ObjectType({
  description: 'What a partner may have, and from when to when. Several add up: what any of them gives, the partner may have.',
})
export class Entitlement extends Kept {
  @PrimaryColumn('uuid')
  readonly uuid: string;

  @Column('text')
  @ForeignKey(() => Partner)
  readonly partnerCode: string;

  @Column('text', { array: true })
  @Field(() => [EditionCode], { description: 'Texts of these editions; of all when empty.' })
  readonly editions: string[];

  @Column('text', { array: true })
  @Field(() => [String], { description: 'Stories with at least one of these topics, by code; all when empty.' })
  readonly topics: string[];

  /** Values of ArticleKind, which comes after this slice in the order of imports. */
  @Column('text', { array: true })
  readonly kinds: string[];

  @Column('text', { array: true })
  @Field(() => [String], {
    description: 'Nothing that uses copy, pictures or videos of these agencies, by code, unless what they allow is FREE.',
  })
  readonly excludedAgencies: string[];

  @Column('text', { array: true })
  @Field(() => [Territory], { description: 'Where the partner may show it; everywhere when empty.' })
  readonly territories: string[];

  @Column('text')
  @Field(() => ContentLevel, { description: 'How much of a text.' })
  readonly level: ContentLevel;

  @Column('boolean')
  @Field({ description: 'Whether with pictures and agencies’ videos.' })
  readonly images: boolean;

  @Column('boolean')
  @Field({ description: 'Whether also texts that a machine wrote and nobody has checked.' })
  readonly machine: boolean;

  @Column('boolean')
  @Field({ description: 'Whether also stories under embargo.' })
  readonly early: boolean;

  @Column({ type: 'timestamptz', precision: 3 })
  @Field(() => GraphQLDateTimeISO, { description: 'From when.' })
  readonly validFrom: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Until when; null: until it is ended.' })
  readonly validUntil: Date | null;
}
