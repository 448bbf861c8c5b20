import { createUnionType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { RetractionKind } from '../articles/tombstone.js';
import { RetractionScope } from '../articles/tombstone.type.js';
import { Edition } from '../editions/edition.js';
import { EditionCode, LanguageTag } from '../lib/scalars.js';
import { keyField } from './idempotency-key.js';
import { Problem } from './problem.type.js';

@ObjectType({ description: 'What was taken back, or brought back.' })
export class Retracted {
  @Field(() => RetractionScope, { description: 'How much.' })
  readonly scope: RetractionScope;

  @Field(() => ID, { nullable: true, description: 'URN of the story; null for a picture.' })
  readonly articleId: string | null;

  @Field(() => [Edition], {
    nullable: true,
    description: 'Which editions as a whole: of a revision, those its cascade reached; null for the story in all of them.',
  })
  readonly editions: Edition[] | null;

  @Field(() => [Edition], { description: 'Editions that a cascade would have reached if the caller had the role there.' })
  readonly left: Edition[];

  @Field(() => Int, { nullable: true, description: 'REVISION: its number.' })
  readonly revision: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'REVISION: the number of the one that readers have in its place since; null where they had a later one all the time.',
  })
  readonly presentRevision: number | null;

  @Field(() => String, { nullable: true, description: 'IMAGE: code of the picture.' })
  readonly image: string | null;

  @Field(() => [ID], { description: 'IMAGE: URNs of the stories that show it.' })
  readonly stories: string[];
}

export const RetractResult = createUnionType({
  name: 'RetractResult',
  description: 'What was taken or brought back, or why nothing was changed.',
  types: () => [Retracted, Problem] as const,
});

@ObjectType({ description: 'What a retraction would touch.' })
export class RetractionPreview {
  @Field(() => RetractionScope, { description: 'How much would be taken back.' })
  readonly scope: RetractionScope;

  @Field(() => [Edition], {
    nullable: true,
    description: 'Editions that readers would lose as a whole; null for the story in all of them.',
  })
  readonly editions: Edition[] | null;

  @Field(() => [Edition], { description: 'Editions that the cascade would reach if the caller had the role there.' })
  readonly left: Edition[];

  @Field(() => [Edition], { description: 'Editions with a draft of what goes, or made from it, directly or not.' })
  readonly drafts: Edition[];

  @Field(() => [Edition], { description: 'Editions whose scheduled publication would be cancelled.' })
  readonly scheduled: Edition[];

  @Field(() => [Edition], { description: 'Editions somebody is working on.' })
  readonly claims: Edition[];

  @Field(() => Int, {
    nullable: true,
    description: 'REVISION: the number of the one whose text readers would have again; null where they have a later one.',
  })
  readonly again: number | null;

  @Field(() => [ID], { description: 'IMAGE: URNs of the stories that show it.' })
  readonly stories: string[];
}

export enum Cascade {
  NONE = 'NONE',
  DERIVED = 'DERIVED',
  ALL = 'ALL',
}
registerEnumType(Cascade, {
  name: 'Cascade',
  description: 'How far the retraction of one edition, or of one revision of it, reaches; that of a story always reaches all editions.',
  valuesConfig: {
    NONE: { description: 'That edition, or that revision, and what was begun from it and is not out.' },
    DERIVED: { description: 'Also the editions whose present texts were made from it, directly or not.' },
    ALL: { description: 'All editions of the story; of a revision, as DERIVED.' },
  },
});

@InputType({ description: 'A sentence in a language.' })
class NoteInput {
  @Field(() => LanguageTag, { description: 'The language: the tag of an edition, each once.' })
  readonly lang: string;

  @Field({ description: 'The sentence, at most 1,000 characters.' })
  readonly text: string;
}

@InputType({ description: 'A story, one edition of it, one revision of that edition’s text, or a picture.' })
export class TargetInput {
  @Field(() => ID, { nullable: true, description: 'URN of the story, or of one of its translations. Left out for a picture.' })
  readonly article?: string | null;

  @Field(() => EditionCode, { nullable: true, description: 'One edition; the story in all editions when left out.' })
  readonly edition?: string | null;

  @Field(() => Int, { nullable: true, description: 'One revision of that edition’s text, by its number; the whole text when left out.' })
  readonly revision?: number | null;

  @Field(() => String, { nullable: true, description: 'Code of a picture, wherever it is shown; alone, without a story.' })
  readonly image?: string | null;
}

@InputType({ description: 'What to take back.' })
export class RetractInput extends TargetInput {
  @Field(() => RetractionKind, { description: 'How.' })
  readonly kind: RetractionKind;

  @Field(() => Cascade, {
    defaultValue: Cascade.NONE,
    description:
      'How far the retraction of one edition or revision reaches. That of a story reaches all its editions whatever is said here.',
  })
  readonly cascade: Cascade;
}

@InputType({ description: 'What to take back, and what readers are told.' })
export class RetractWithNotesInput extends RetractInput {
  @Field(() => [NoteInput], {
    defaultValue: [],
    description: 'What readers are told, by language; one at least with WITHDRAW. Never a headline of what is taken back.',
  })
  readonly notes: NoteInput[];

  @Field(() => ID, {
    nullable: true,
    description:
      'With REPLACE of a story or an edition of it: URN of the story that stands in its place. Its item and page lead there while readers may see it.',
  })
  readonly replacedBy?: string | null;

  @Field(() => String, keyField)
  readonly idempotencyKey?: string | null;
}

@InputType({ description: 'What to bring back.' })
export class RestoreInput extends TargetInput {
  @Field({ description: 'Why, for colleagues.' })
  readonly reason: string;

  @Field(() => String, keyField)
  readonly idempotencyKey?: string | null;
}
