import { Field, Int, ObjectType } from 'type-graphql';
import { Significance } from '../articles/translation.js';
import type { Translation } from '../articles/translation.type.js';
import { Edition } from '../editions/edition.js';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import type { RevisionKey } from './history.queries.js';

@ObjectType({ description: 'A published revision of a source that a text has neither been brought up to nor confirmed against.' })
export class MissedRevision {
  /** The translation that misses it, and whose it is. */
  readonly by: Translation;
  readonly key: RevisionKey;

  @Field(() => Edition, { description: 'Whose text went on.' })
  readonly edition: Edition;

  @Field(() => Int, { description: 'The number of its revision.' })
  readonly revision: number;

  @Field(() => Significance, { description: 'What it means to those who hold an earlier one.' })
  readonly significance: Significance;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was published.' })
  readonly publishedAt: Date;

  @Field(() => String, { nullable: true, description: 'What a correction told its readers, in the language of that edition.' })
  readonly note: string | null;
}
