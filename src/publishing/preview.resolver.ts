import { Arg, Ctx, createUnionType, Field, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { Refusal } from '../lib/errors.js';
import { WebAddress } from '../lib/scalars.js';
import type { DeskContext } from './desk-context.js';
import { EditionOfStoryInput, namedOf } from './draft.resolver.js';
import { offerPreview } from './offer-preview.js';
import { previewToken } from './preview-token.js';
import { orProblem, Problem } from './problem.type.js';

const [usualHours, mostHours] = [24, 168];

@InputType({ description: 'A text to be shown before it is out.' })
class PreviewLinkInput extends EditionOfStoryInput {
  @Field(() => Int, { defaultValue: usualHours, description: `How long the link is good for: 1 to ${mostHours} hours.` })
  readonly hours: number;
}

@ObjectType({ description: 'An address at which anybody who has it reads a text that is not out.' })
class PreviewLink {
  @Field(() => WebAddress, {
    description:
      'A page with the latest draft as it is when the page is opened, else with what is published. No login; it opens nothing else, and nothing once the text is retracted.',
  })
  readonly url: string;

  @Field(() => GraphQLDateTimeISO, { description: 'From when on it opens nothing.' })
  readonly expiresAt: Date;
}

const PreviewLinkResult = createUnionType({
  name: 'PreviewLinkResult',
  description: 'A link to a preview, or why there is none.',
  types: () => [PreviewLink, Problem] as const,
});

@Resolver()
export class PreviewResolver {
  @Mutation(() => PreviewLinkResult, {
    description:
      'Makes a link to the preview of a text for somebody without a key. It cannot be taken back but by retracting the text. For TRANSLATORs of the edition.',
  })
  previewLink(@Arg('input', () => PreviewLinkInput, { description: 'Which text.' }) input: PreviewLinkInput, @Ctx() context: DeskContext) {
    return orProblem(async () => {
      const { hours } = input;
      if (hours < 1 || hours > mostHours) throw new Refusal('BAD_USER_INPUT', { detail: `hours is from 1 to ${mostHours}` });
      const offered = await offerPreview(context.write, { ...(await namedOf(input, context)), hours });
      const expiresAt = new Date(offered.expiresAt);
      const token = previewToken({ ...offered, expiresAt }, context.previewKey);
      return Object.assign(new PreviewLink(), { url: `${context.publicUrl}/preview/${token}`, expiresAt });
    }, context.sayError);
  }
}
