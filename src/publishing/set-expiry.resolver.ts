import { Arg, Ctx, createUnionType, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { parseUrn, translationUrn } from '../articles/urn.js';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import type { DeskContext } from './desk-context.js';
import { EditionOfStoryInput, namedOf } from './draft.resolver.js';
import { orProblem, Problem } from './problem.type.js';
import { setExpiry } from './set-expiry.js';

@ObjectType({ description: 'The end of an edition’s text.' })
class Expiry {
  @Field(() => ID, { description: 'URN of the translation.' })
  readonly id: string;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Until when it may be shown; null for no end.' })
  readonly until: Date | null;
}

const ExpiryResult = createUnionType({
  name: 'ExpiryResult',
  description: 'The end as it stands now, or why nothing was changed.',
  types: () => [Expiry, Problem] as const,
});

@InputType({ description: 'Until when a text may be shown.' })
class SetExpiryInput extends EditionOfStoryInput {
  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Until when; null takes its end away.' })
  readonly until?: Date | null;
}

@Resolver()
export class SetExpiryResolver {
  @Mutation(() => ExpiryResult, {
    description:
      'Lets an edition’s published text be shown until a time and no longer, without a tombstone; or without end (null), also when it had come to its end. For EDITORs of the edition.',
  })
  setExpiry(
    @Arg('input', () => SetExpiryInput, { description: 'Which, and until when.' }) input: SetExpiryInput,
    @Ctx() context: DeskContext,
  ) {
    return orProblem(async () => {
      const { editionCode, until } = await setExpiry(context.write, { ...(await namedOf(input, context)), until: input.until ?? null });
      const id = translationUrn(parseUrn(input.article)!, editionCode);
      return Object.assign(new Expiry(), { id, until: until === null ? null : new Date(until) });
    }, context.sayError);
  }
}
