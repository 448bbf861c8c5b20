import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { Kept } from '../lib/kept.js';
import { Node } from '../lib/node.js';
import { EditionCode, LanguageTag } from '../lib/scalars.js';

export enum Direction {
  LTR = 'LTR',
  RTL = 'RTL',
}
registerEnumType(Direction, {
  name: 'Direction',
  description: 'The direction a text is written in; it follows from the script.',
  valuesConfig: { LTR: { description: 'Left to right.' }, RTL: { description: 'Right to left: Arabic script.' } },
});

/** An outlet in a language. Several editions may share a language; one per tag is `primary`. */
@Entity()
@Check('edition_code_check', `code ~ '^[a-z0-9][a-z0-9-]{0,63}$'`)
@Check('edition_direction_check', `direction in ('LTR', 'RTL')`)
@Index('edition_primary_tag', { synchronize: false })
@ObjectType({ implements: Node, description: 'An outlet in a language (not the language itself): its own site, desk and wording.' })
export class Edition extends Kept implements Node {
  @PrimaryColumn('text')
  @Field(() => EditionCode, { description: "The desk's own code; stable." })
  readonly code: string;

  get id(): string {
    return `edition:${this.code}`;
  }

  @Column('text')
  @Field(() => LanguageTag, { description: 'The language of its texts, canonical BCP 47.' })
  readonly tag: string;

  @Column('boolean', { name: 'is_primary' })
  @Field({ description: 'Whether a look-up by language tag gives this edition; exactly one active edition per tag is primary.' })
  readonly primary: boolean;

  @Column('text')
  @Field({ description: 'The value for the `lang` attribute of its pages.' })
  readonly htmlLang: string;

  @Column('text')
  @Field({ description: 'The locale whose rules its dates and numbers follow.' })
  readonly formatLocale: string;

  @Column('text')
  @Field({ description: 'The script of its texts (ISO 15924).' })
  readonly script: string;

  @Column('text')
  @Field(() => Direction, { description: 'The direction of its texts.' })
  readonly direction: Direction;

  @Column('text')
  @Field({ description: 'The calendar of its dates (CLDR name: `gregory`, `persian`).' })
  readonly calendar: string;

  @Column('text')
  @Field({ description: 'The digits it writes (CLDR name: `latn`, `arabext`).' })
  readonly numberingSystem: string;

  @Column('text')
  @Field({ description: 'The time zone of its dates (IANA).' })
  readonly timeZone: string;

  @Column('text')
  @Field({ description: 'What its readers call it.' })
  readonly nativeName: string;

  @Column('text')
  @Field({ description: "The publisher's name as this edition writes it." })
  readonly publisherName: string;

  @Column('text', { nullable: true })
  @Field(() => String, { nullable: true, description: 'Its own site; null where the gateway serves its pages.' })
  readonly siteUrl: string | null;

  /** Pattern of an article's address at its own site, with {slug} and optionally {yyyymmdd}. */
  @Column('text', { nullable: true })
  readonly articleUrl: string | null;

  /** Patterns its addresses once had: they keep resolving. */
  @Column('text', { array: true })
  readonly formerArticleUrls: string[];

  @Column('text', { nullable: true })
  @Field(() => String, {
    nullable: true,
    description: 'The value for `hreflang` links; null for an edition that is not the primary one of its language.',
  })
  readonly hreflang: string | null;

  @Column('text', { array: true })
  @Field(() => [EditionCode], { description: 'Codes of the editions policy CHAIN goes on to, in order; one step, not transitive.' })
  readonly fallbacks: string[];

  @Column('text', { array: true })
  @Field(() => [LanguageTag], { description: 'Tags it may answer under policy LOOKUP although their script is another.' })
  readonly equivalents: string[];

  @Column('text')
  @Field({ description: 'The desk that runs it.' })
  readonly desk: string;

  @Column('text')
  @Field({ description: 'The region it writes for.' })
  readonly region: string;

  /** PostgreSQL text-search configuration of its language; `simple` where there is none. */
  @Column('text')
  readonly searchConfig: string;

  /** Whether its readers are told that a text is behind what it was made from, also where nothing was wrong. */
  @Column('boolean')
  readonly staleNotices: boolean;

  @Column('boolean')
  @Field({ description: 'Whether it is published at present.' })
  readonly active: boolean;
}
