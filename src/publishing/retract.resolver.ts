import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Arg, Ctx, createUnionType, Field, ID, InputType, Mutation, ObjectType, Query, Resolver, registerEnumType } from 'type-graphql';
import { RetractionKind } from '../articles/tombstone.js';
import { articleUrn, parseUrn } from '../articles/urn.js';
import { Edition } from '../editions/edition.js';
import { Refusal } from '../lib/errors.js';
import { EditionCode, LanguageTag } from '../lib/scalars.js';
import type { DeskContext } from './desk-context.js';
import { checkedKey, keyField, uuidOf } from './draft.resolver.js';
import { orProblem, Problem } from './problem.type.js';
import { previewRetraction, type RetractionAnswer, restore, retract } from './retract.js';
import { setEmbargo } from './set-embargo.js';

@ObjectType({ description: 'What was taken back, or brought back.' })
class Retracted {
  @Field(() => ID, { description: 'URN of the story.' })
  readonly articleId: string;

  @Field(() => [Edition], { nullable: true, description: 'Which editions; null for the story in all of them.' })
  readonly editions: Edition[] | null;

  @Field(() => [Edition], { description: 'Editions that a cascade would have reached if the caller had the role there.' })
  readonly left: Edition[];
}

const RetractResult = createUnionType({
  name: 'RetractResult',
  description: 'What was taken or brought back, or why nothing was changed.',
  types: () => [Retracted, Problem] as const,
});

@ObjectType({ description: 'What a retraction would touch.' })
class RetractionPreview {
  @Field(() => [Edition], { nullable: true, description: 'Editions that readers would lose; null for the story in all of them.' })
  readonly editions: Edition[] | null;

  @Field(() => [Edition], { description: 'Editions that the cascade would reach if the caller had the role there.' })
  readonly left: Edition[];

  @Field(() => [Edition], { description: 'Editions with a draft.' })
  readonly drafts: Edition[];

  @Field(() => [Edition], { description: 'Editions whose scheduled publication would be cancelled.' })
  readonly scheduled: Edition[];

  @Field(() => [Edition], { description: 'Editions somebody is working on.' })
  readonly claims: Edition[];
}

@ObjectType({ description: 'The embargo of a story.' })
class Embargo {
  @Field(() => ID, { description: 'URN of the story.' })
  readonly articleId: string;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Until when; null for none.' })
  readonly until: Date | null;
}

const EmbargoResult = createUnionType({
  name: 'EmbargoResult',
  description: 'The embargo as it stands now, or why nothing was changed.',
  types: () => [Embargo, Problem] as const,
});

export enum Cascade {
  NONE = 'NONE',
  DERIVED = 'DERIVED',
  ALL = 'ALL',
}
registerEnumType(Cascade, {
  name: 'Cascade',
  description: 'How far the retraction of one edition reaches.',
  valuesConfig: {
    NONE: { description: 'That edition alone.' },
    DERIVED: { description: 'Also the editions made from it, directly or not.' },
    ALL: { description: 'All editions of the story.' },
  },
});

@InputType({ description: 'A sentence in a language.' })
class NoteInput {
  @Field(() => LanguageTag, { description: 'The language.' })
  readonly lang: string;

  @Field({ description: 'The sentence, at most 1,000 characters.' })
  readonly text: string;
}

@InputType({ description: 'What to take back.' })
class RetractInput {
  @Field(() => ID, { description: 'URN of the story, or of one of its translations.' })
  readonly article: string;

  @Field(() => EditionCode, { nullable: true, description: 'One edition; the story in all editions when left out.' })
  readonly edition?: string | null;

  @Field(() => RetractionKind, { description: 'How.' })
  readonly kind: RetractionKind;

  @Field(() => Cascade, { defaultValue: Cascade.NONE, description: 'How far the retraction of one edition reaches.' })
  readonly cascade: Cascade;
}

@InputType({ description: 'What to take back, and what readers are told.' })
class RetractWithNotesInput extends RetractInput {
  @Field(() => [NoteInput], {
    defaultValue: [],
    description: 'What readers are told, by language. Never a headline of what is taken back.',
  })
  readonly notes: NoteInput[];

  @Field(() => String, keyField)
  readonly idempotencyKey?: string | null;
}

@InputType({ description: 'What to bring back.' })
class RestoreInput {
  @Field(() => ID, { description: 'URN of the story, or of one of its translations.' })
  readonly article: string;

  @Field(() => EditionCode, { nullable: true, description: 'One edition; the story when left out.' })
  readonly edition?: string | null;

  @Field({ description: 'Why, for colleagues.' })
  readonly reason: string;

  @Field(() => String, keyField)
  readonly idempotencyKey?: string | null;
}

@Resolver()
export class RetractResolver {
  @Mutation(() => RetractResult, {
    description:
      'Takes a story or an edition of it away from all readers at once; a tombstone stays. The story: for CHIEFs of its home edition; an edition: for its CHIEFs; WITHHOLD of an edition: for its EDITORs.',
  })
  retract(@Arg('input', () => RetractWithNotesInput, { description: 'What.' }) input: RetractWithNotesInput, @Ctx() context: DeskContext) {
    return retracted(context, input.article, () => {
      if (input.notes.some(({ text }) => text.length > 1000))
        throw new Refusal('BAD_USER_INPUT', { detail: 'a note has more than 1000 characters' });
      return retract(context.write, {
        ...{ articleUuid: uuidOf(input.article), edition: input.edition ?? null, kind: input.kind, cascade: input.cascade },
        notes: Object.fromEntries(input.notes.map(({ lang, text }) => [lang, text])),
        idempotencyKey: checkedKey(input.idempotencyKey),
      });
    });
  }

  @Query(() => RetractionPreview, { description: 'What a retraction would touch, without doing it. For those who may do it.' })
  async retractionPreview(
    @Arg('input', () => RetractInput, { description: 'What would be taken back.' }) input: RetractInput,
    @Ctx() context: DeskContext,
  ): Promise<RetractionPreview> {
    const registry = await context.editions();
    const { articleUuid, edition, kind, cascade } = { ...input, articleUuid: uuidOf(input.article), edition: input.edition ?? null };
    const plan = await previewRetraction(context.write, { articleUuid, edition, kind, cascade });
    const of = (codes: readonly string[]): Edition[] => codes.map((code) => registry.of(code));
    return {
      editions: plan.editions && of(plan.editions),
      ...{ left: of(plan.left), drafts: of(plan.drafts), scheduled: of(plan.scheduled), claims: of(plan.claims) },
    };
  }

  @Mutation(() => RetractResult, {
    description: 'Brings back what was taken back. For CHIEFs: of the home edition for a story, of the edition for its text.',
  })
  restore(@Arg('input', () => RestoreInput, { description: 'What.' }) input: RestoreInput, @Ctx() context: DeskContext) {
    return retracted(context, input.article, () =>
      restore(context.write, {
        ...{ articleUuid: uuidOf(input.article), edition: input.edition ?? null, reason: input.reason },
        idempotencyKey: checkedKey(input.idempotencyKey),
      }),
    );
  }

  @Mutation(() => EmbargoResult, {
    description:
      'Puts a story under embargo in all editions until a time, or lifts its embargo at once (null). For CHIEFs of its home edition.',
  })
  setEmbargo(
    @Arg('article', () => ID, { description: 'URN of the story, or of one of its translations.' }) article: string,
    @Arg('until', () => GraphQLDateTimeISO, { nullable: true, description: 'Until when; null lifts it.' }) until: Date | null,
    @Arg('idempotencyKey', () => String, keyField) idempotencyKey: string | null,
    @Ctx() context: DeskContext,
  ) {
    return orProblem(async () => {
      const answer = await setEmbargo(context.write, {
        articleUuid: uuidOf(article),
        until: until ?? null,
        idempotencyKey: checkedKey(idempotencyKey),
      });
      const parts = parseUrn(article)!;
      return Object.assign(new Embargo(), { articleId: articleUrn(parts), until: answer.until === null ? null : new Date(answer.until) });
    }, context.sayError);
  }
}

const retracted = (context: DeskContext, article: string, work: () => Promise<RetractionAnswer>): Promise<Retracted | Problem> =>
  orProblem(async () => {
    const { editions, left } = await work();
    const registry = await context.editions();
    const parts = parseUrn(article)!;
    const of = (codes: readonly string[]): Edition[] => codes.map((code) => registry.of(code));
    return Object.assign(new Retracted(), { articleId: articleUrn(parts), editions: editions && of(editions), left: of(left) });
  }, context.sayError);
