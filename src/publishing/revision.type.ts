import { createUnionType, Field, Int, ObjectType } from 'type-graphql';
import { RetractionKind } from '../articles/tombstone.js';
import { Origin, Significance } from '../articles/translation.js';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { PageInfo } from '../lib/relay.js';
import { SourceOfText } from './draft.type.js';

@ObjectType('Revision', { description: 'What a translation said from one moment on. Desks and operators only.' })
export class RevisionText {
  readonly articleUuid: string;
  readonly editionCode: string;

  @Field(() => Int, { description: 'Its number, from 1.' })
  readonly number: number;

  @Field(() => Significance, { description: 'What it means to those who hold an earlier one.' })
  readonly significance: Significance;

  @Field(() => Origin, { description: 'Who wrote it.' })
  readonly origin: Origin;

  @Field(() => String, { nullable: true, description: 'The machine that wrote it, where one did.' })
  readonly tool: string | null;

  @Field(() => String, { nullable: true, description: 'Who checked what the machine wrote.' })
  readonly reviewer: string | null;

  @Field(() => String, { nullable: true, description: 'Who published it; null for an import.' })
  readonly author: string | null;

  @Field(() => String, { nullable: true, description: 'What changed, for colleagues.' })
  readonly changeNote: string | null;

  @Field(() => String, { nullable: true, description: 'What a correction told its readers.' })
  readonly note: string | null;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was published.' })
  readonly publishedAt: Date;

  @Field({ description: 'SHA-256 of headline, dek and body, hex: the same text has the same hash.' })
  readonly contentHash: string;

  @Field(() => Int, { description: 'Words in the body.' })
  readonly wordCount: number;

  @Field({ description: 'The headline.' })
  readonly headline: string;

  @Field(() => String, { nullable: true, description: 'The line below it.' })
  readonly dek: string | null;

  @Field(() => [SourceOfText], { description: 'What it was made from.' })
  readonly basis: SourceOfText[];
}

@ObjectType({ description: 'What stays in the history of a revision that was taken back: never its words.' })
export class RetractedRevision {
  @Field(() => Int, { description: 'Its number.' })
  readonly number: number;

  @Field(() => RetractionKind, { description: 'How it was taken back.' })
  readonly kind: RetractionKind;

  @Field(() => GraphQLDateTimeISO, { description: 'When.' })
  readonly retractedAt: Date;

  @Field(() => String, {
    nullable: true,
    description: 'The editors’ public note in the language of the edition; null where they wrote none.',
  })
  readonly note: string | null;
}

export const PastRevisionResult = createUnionType({
  name: 'PastRevision',
  description: 'A revision, or what stays of one that was taken back.',
  types: () => [RevisionText, RetractedRevision] as const,
});

@ObjectType({ description: 'An item of a history, with its cursor.' })
export class RevisionEdge {
  @Field({ description: 'The place behind it; opaque.' })
  readonly cursor: string;

  @Field(() => PastRevisionResult, { description: 'The revision.' })
  readonly node: typeof PastRevisionResult;
}

@ObjectType({ description: 'A page of the history of a translation, newest first (Relay).' })
export class RevisionConnection {
  @Field(() => [RevisionEdge], { description: 'The items.' })
  readonly edges: RevisionEdge[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  readonly pageInfo: PageInfo;
}
