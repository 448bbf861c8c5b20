import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { BlockData } from '../articles/body.js';
import { Origin, Significance } from '../articles/translation.js';
import { CreditedParty } from '../credits/credited-party.type.js';
import { Edition } from '../editions/edition.js';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { Blocks } from './blocks.scalar.js';
import { DraftState } from './draft.js';
import { DroppedMatter, droppedField } from './dropped.type.js';

@ObjectType({ description: 'A published revision of the same story that a text is made from.' })
export class SourceOfText {
  @Field(() => Edition, { description: 'Its edition.' })
  readonly edition: Edition;

  @Field(() => Int, { description: 'Its number.' })
  readonly revision: number;
}

@ObjectType({ description: 'What an edition is working on: it becomes the next revision when it is published. Desks only.' })
export class DraftText {
  @Field(() => ID, { description: 'URN of the translation it is of, and will have.' })
  readonly id: string;

  @Field(() => ID, { description: 'URN of the story.' })
  readonly articleId: string;

  @Field(() => Edition, { description: 'Whose text it is.' })
  readonly edition: Edition;

  @Field(() => Int, { description: 'Grows with every save; give it as `expectedVersion`.' })
  readonly version: number;

  @Field(() => DraftState, { description: 'How far it has come.' })
  readonly state: DraftState;

  @Field(() => Significance, { description: 'What it will mean to those who hold the text.' })
  readonly significance: Significance;

  @Field(() => Origin, { description: 'Who wrote it.' })
  readonly origin: Origin;

  @Field({ description: 'The headline.' })
  readonly headline: string;

  @Field(() => String, { nullable: true, description: 'The line below it.' })
  readonly dek: string | null;

  @Field(() => Blocks, { description: 'The body.' })
  readonly body: BlockData[];

  @Field(() => [SourceOfText], { description: 'What it is made from.' })
  readonly basis: SourceOfText[];

  @Field(() => [CreditedParty], {
    nullable: true,
    description: 'Who will be credited for this edition’s text once it is published; null for those who are credited now.',
  })
  readonly credits: CreditedParty[] | null;

  @Field(() => String, { nullable: true, description: 'What a correction will tell the reader.' })
  readonly note: string | null;

  @Field(() => String, { nullable: true, description: 'What changed, for colleagues.' })
  readonly changeNote: string | null;

  @Field({ description: 'Who saved it last.' })
  readonly author: string;

  @Field(() => String, { nullable: true, description: 'Who reviewed these words.' })
  readonly reviewer: string | null;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was saved.' })
  readonly savedAt: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it will publish itself.' })
  readonly scheduledFor: Date | null;

  @Field(() => [DroppedMatter], droppedField)
  readonly dropped: DroppedMatter[];
}
