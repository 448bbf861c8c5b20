import { Field, InputType, Int, registerEnumType } from 'type-graphql';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { EditionCode } from '../lib/scalars.js';
import { ArticleKind } from './article.js';

export enum ArticleOrder {
  PUBLISHED_DESC = 'PUBLISHED_DESC',
  PUBLISHED_ASC = 'PUBLISHED_ASC',
  UPDATED_DESC = 'UPDATED_DESC',
  UPDATED_ASC = 'UPDATED_ASC',
}
registerEnumType(ArticleOrder, {
  name: 'ArticleOrder',
  description: 'The order of a list, by times of the translation served.',
  valuesConfig: {
    PUBLISHED_DESC: { description: 'Newest first.' },
    PUBLISHED_ASC: { description: 'Oldest first.' },
    UPDATED_DESC: { description: 'Last updated first.' },
    UPDATED_ASC: { description: 'Longest unchanged first.' },
  },
});

/** Every given condition must hold; a list of codes is met by any of them. */
@InputType({
  description:
    'Conditions on a list, all of which must hold; a list of codes is met by any one of them. Times and words are those of the translation served.',
})
export class ArticleFilter {
  @Field(() => [String], { nullable: true, description: 'Codes of topics.' })
  readonly topics?: string[];

  @Field(() => [String], { nullable: true, description: 'Codes of people who figure in the story.' })
  readonly people?: string[];

  @Field(() => [String], { nullable: true, description: 'Codes of agencies.' })
  readonly agencies?: string[];

  @Field(() => String, { nullable: true, description: 'Code of a place.' })
  readonly place?: string;

  @Field(() => [ArticleKind], { nullable: true, description: 'Forms; a single one needs no brackets.' })
  readonly kind?: ArticleKind[];

  @Field(() => [Int], { nullable: true, description: 'Urgencies, 1 to 9; a single one needs no brackets.' })
  readonly urgency?: number[];

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Published at or after.' })
  readonly publishedFrom?: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Published before.' })
  readonly publishedBefore?: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Updated at or after.' })
  readonly updatedSince?: Date;

  @Field(() => [EditionCode], { nullable: true, description: 'Published in every one of these editions.' })
  readonly translatedInto?: string[];

  @Field(() => [EditionCode], { nullable: true, description: 'Missing in every one of these editions.' })
  readonly missingIn?: string[];

  @Field(() => String, {
    nullable: true,
    description:
      'Words to find in headline, dek or text, at most 200 characters; stemmed where PostgreSQL knows the language, else by beginnings and likeness of words.',
  })
  readonly search?: string;
}
