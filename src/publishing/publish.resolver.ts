import { Arg, Ctx, createUnionType, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { findTranslation } from '../articles/find-article.js';
import { Significance } from '../articles/translation.js';
import { Translation } from '../articles/translation.type.js';
import { parseUrn, translationUrn } from '../articles/urn.js';
import { Edition } from '../editions/edition.js';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { Refusal } from '../lib/errors.js';
import { confirmStillAccurate } from './confirm.js';
import type { DeskContext } from './desk-context.js';
import { DraftInput, EditionOfStoryInput, namedOf } from './draft.resolver.js';
import { DroppedMatter, droppedField } from './dropped.type.js';
import { checkedKey, keyField } from './idempotency-key.js';
import { orProblem, Problem } from './problem.type.js';
import { type PublicationAnswer, publishDraft, reviseText } from './publish-text.js';
import { readText } from './read-text.js';
import { storyFacts } from './story-facts.queries.js';
import { MeaningInput, meaningOfInput, TextInput } from './text-input.js';

@ObjectType({ description: 'What a correction owes the readers of an edition made from it.' })
export class OpenObligation {
  @Field(() => Edition, { description: 'The edition that owes its readers an update, or the word that its text stands.' })
  readonly edition: Edition;

  @Field(() => GraphQLDateTimeISO, { description: 'By when.' })
  readonly dueAt: Date;
}

@ObjectType({ description: 'A revision that readers have now.' })
export class Published {
  @Field(() => ID, { description: 'URN of the translation.' })
  readonly id: string;

  @Field(() => Int, { description: 'The number of its present revision.' })
  readonly revision: number;

  @Field(() => Translation, { nullable: true, description: 'The translation; null while readers may not see it, as under an embargo.' })
  readonly translation: Translation | null;

  @Field(() => [OpenObligation], { description: 'The obligations that a correction opened.' })
  readonly obligations: OpenObligation[];

  @Field(() => [DroppedMatter], droppedField)
  readonly dropped: DroppedMatter[];
}

const PublishResult = createUnionType({
  name: 'PublishResult',
  description: 'What was published, or why nothing was changed.',
  types: () => [Published, Problem] as const,
});

@ObjectType({ description: 'Texts that were found to stand.' })
class Confirmed {
  @Field(() => [ID], { description: 'URNs of the translations.' })
  readonly translations: string[];
}

const ConfirmResult = createUnionType({
  name: 'ConfirmResult',
  description: 'What was confirmed, or why nothing was changed.',
  types: () => [Confirmed, Problem] as const,
});

@InputType({ description: 'A draft to be published.' })
class PublishDraftInput extends DraftInput {
  @Field(() => Int, { nullable: true, description: 'The present revision the caller has seen; 0 for none. Anything when left out.' })
  readonly expectedRevision?: number | null;
}

@InputType({ description: 'Words that take the place of the present revision at once.' })
class ReviseInput extends EditionOfStoryInput {
  @Field(() => Int, { description: 'The present revision the caller has seen.' })
  readonly expectedRevision: number;

  @Field(() => TextInput, { description: 'The words.' })
  readonly text: TextInput;

  @Field(() => MeaningInput, { defaultValue: {}, description: 'What the desk says about them; a correction needs `note`.' })
  readonly meaning: MeaningInput;
}

@Resolver()
export class PublishResolver {
  @Mutation(() => PublishResult, { description: 'Publishes a draft as the next revision. For EDITORs of the edition.' })
  publishDraft(@Arg('input', () => PublishDraftInput, { description: 'Which.' }) input: PublishDraftInput, @Ctx() context: DeskContext) {
    const { expectedVersion, expectedRevision = null } = input;
    return published(context, async () =>
      publishDraft(context.write, { ...(await namedOf(input, context)), expectedVersion, expectedRevision }),
    );
  }

  @Mutation(() => PublishResult, {
    description:
      'Corrects the published text and tells its readers; every edition made from it owes its readers the same. For EDITORs of the edition.',
  })
  correct(@Arg('input', () => ReviseInput, { description: 'The correction.' }) input: ReviseInput, @Ctx() context: DeskContext) {
    return revised(context, input, Significance.CORRECTION);
  }

  @Mutation(() => PublishResult, {
    description: 'Mends spelling and the like in the published text; nobody is told. For EDITORs of the edition.',
  })
  editMinor(@Arg('input', () => ReviseInput, { description: 'The words.' }) input: ReviseInput, @Ctx() context: DeskContext) {
    return revised(context, input, Significance.MINOR);
  }

  @Mutation(() => ConfirmResult, {
    description:
      'Says that texts still stand although their sources have changed, until the next change that is not minor. For EDITORs of the editions.',
  })
  confirmStillAccurate(
    @Arg('translations', () => [ID], { description: 'URNs of translations, at most 50.' }) translations: string[],
    @Arg('idempotencyKey', () => String, keyField) idempotencyKey: string | null,
    @Ctx() context: DeskContext,
  ) {
    return orProblem(async () => {
      if (translations.length > 50) throw new Refusal('TOO_MANY_VALUES', { max: 50 });
      const named = translations.map((urn) => {
        const parts = parseUrn(urn);
        if (parts?.edition === undefined) throw new Refusal('STORY_UNKNOWN', {});
        return { articleUuid: parts.uuid, edition: parts.edition };
      });
      await confirmStillAccurate(context.write, { translations: named, idempotencyKey: checkedKey(idempotencyKey) });
      return Object.assign(new Confirmed(), { translations });
    }, context.sayError);
  }
}

const revised = (context: DeskContext, input: ReviseInput, significance: Significance.CORRECTION | Significance.MINOR) =>
  published(context, async () => {
    const named = await namedOf(input, context);
    const { text: asked, expectedRevision } = input;
    const meaning = meaningOfInput(input.meaning);
    const { text, dropped } = await readText(asked, { ...named, over: 'REVISION' }, context);
    return { ...(await reviseText(context.write, { ...named, text, asked, meaning, expectedRevision, significance })), dropped };
  });

const published = (
  context: DeskContext,
  work: () => Promise<PublicationAnswer & { dropped?: DroppedMatter[] }>,
): Promise<Published | Problem> =>
  orProblem(async () => {
    const { articleUuid, editionCode, revision, opened, dropped = [] } = await work();
    const facts = await storyFacts(context.read.manager, articleUuid);
    const registry = await context.editions();
    const id = translationUrn(facts!.article, editionCode);
    const translation = await findTranslation(id, context);
    return Object.assign(new Published(), {
      ...{ id, revision, dropped, translation: translation instanceof Translation ? translation : null },
      obligations: opened.map((each) => ({ edition: registry.of(each.editionCode), dueAt: new Date(each.dueAt) })),
    });
  }, context.sayError);
