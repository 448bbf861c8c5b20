import { Arg, Ctx, createUnionType, Field, ID, InputType, Int, Mutation, Query, Resolver } from 'type-graphql';
import { ArticleKind } from '../articles/article.js';
import { articleUrn, parseUrn, translationUrn } from '../articles/urn.js';
import { creditedParties } from '../credits/credited-party.type.js';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { Refusal } from '../lib/errors.js';
import { EditionCode } from '../lib/scalars.js';
import { createArticle } from './create-article.js';
import type { DeskContext } from './desk-context.js';
import { mustStand } from './desk-text.js';
import type { Draft } from './draft.js';
import { DraftText } from './draft.type.js';
import type { DroppedMatter } from './dropped.type.js';
import { checkedKey, keyField } from './idempotency-key.js';
import { type Action, mustBeAllowed, mustBeAllowedAnywhere } from './policy.js';
import { orProblem, Problem } from './problem.type.js';
import { readText } from './read-text.js';
import { type StoryFacts, storyFacts } from './story-facts.queries.js';
import { MeaningInput, meaningOfInput, readInput, TextInput } from './text-input.js';
import { advanceDraft, type DraftAnswer, discardDraft, type Named, type Step, saveDraft, translate } from './write-draft.js';

export const DraftResult = createUnionType({
  name: 'DraftResult',
  description: 'A draft as it stands after a mutation, or why nothing was changed.',
  types: () => [DraftText, Problem] as const,
});

@InputType({ description: 'A new story.' })
class CreateArticleInput {
  @Field(() => EditionCode, { description: 'Its home edition.' })
  readonly edition: string;

  @Field(() => ArticleKind, { defaultValue: ArticleKind.NEWS, description: 'The form of the story.' })
  readonly kind: ArticleKind;

  @Field(() => Int, { defaultValue: 5, description: 'Editorial urgency, 1 (breaking) to 9.' })
  readonly urgency: number;

  @Field(() => [String], { defaultValue: [], description: 'Codes of topics.' })
  readonly topics: string[];

  @Field(() => [String], { defaultValue: [], description: 'Codes of people who figure in it.' })
  readonly people: string[];

  @Field(() => [String], { defaultValue: [], description: 'Codes of places.' })
  readonly places: string[];

  @Field(() => [String], { defaultValue: [], description: 'Codes of agencies that figure in it.' })
  readonly agencies: string[];

  @Field(() => [String], { defaultValue: [], description: 'Codes of the people who wrote it.' })
  readonly authors: string[];

  @Field(() => [String], { defaultValue: [], description: 'Codes of the agencies whose copy is used.' })
  readonly wires: string[];

  @Field(() => String, { nullable: true, description: 'Code of its lead picture.' })
  readonly image?: string | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Until when it is under embargo in all editions.' })
  readonly embargoUntil?: Date | null;

  @Field(() => TextInput, { description: 'The words of its original.' })
  readonly text: TextInput;

  @Field(() => String, keyField)
  readonly idempotencyKey?: string | null;
}

@InputType({ description: 'One edition of a story.' })
export class EditionOfStoryInput {
  @Field(() => ID, { description: 'URN of the story, or of one of its translations.' })
  readonly article: string;

  @Field(() => EditionCode, { description: 'Whose text.' })
  readonly edition: string;

  @Field(() => String, keyField)
  readonly idempotencyKey?: string | null;
}

@InputType({ description: 'A draft at the version the caller has seen.' })
export class DraftInput extends EditionOfStoryInput {
  @Field(() => Int, { description: 'The version seen; 0 for none.' })
  readonly expectedVersion: number;
}

@InputType({ description: 'A draft to be saved.' })
class SaveDraftInput extends DraftInput {
  @Field(() => TextInput, { description: 'Its words.' })
  readonly text: TextInput;

  @Field(() => MeaningInput, { defaultValue: {}, description: 'What the desk says about them.' })
  readonly meaning: MeaningInput;
}

@InputType({ description: 'A translation to begin.' })
class TranslateInput extends EditionOfStoryInput {
  @Field(() => [EditionCode], {
    nullable: true,
    description: 'Editions to translate from, first the one the draft starts as; the original when left out.',
  })
  readonly sources?: string[] | null;
}

@InputType({ description: 'An editor’s word on a draft.' })
class ReviewDraftInput extends DraftInput {
  @Field({ description: 'Whether it may be published; if not, it goes back to its author.' })
  readonly accepted: boolean;

  @Field(() => String, { nullable: true, description: 'What the author should know.' })
  readonly changeNote?: string | null;
}

@InputType({ description: 'When a draft is to publish itself.' })
class ScheduleDraftInput extends DraftInput {
  @Field(() => GraphQLDateTimeISO, { description: 'The time.' })
  readonly at: Date;
}

/**
 * Who and what an input names, for those who may do `action` with it: the rest of the input is read behind that. Throws FORBIDDEN,
 * STORY_UNKNOWN, UNKNOWN_EDITION, BAD_USER_INPUT.
 */
export async function namedOf(
  action: Action,
  { article, edition, idempotencyKey }: EditionOfStoryInput,
  { caller, editions }: DeskContext,
): Promise<Named> {
  mustBeAllowedAnywhere(caller, action);
  if (!(await editions()).find(edition)) throw new Refusal('UNKNOWN_EDITION', { value: edition });
  mustBeAllowedAnywhere(caller, action, edition);
  return { articleUuid: uuidOf(article), edition, idempotencyKey: checkedKey(idempotencyKey) };
}

/** The uuid in a story's or translation's URN. Throws STORY_UNKNOWN. */
export function uuidOf(urn: string): string {
  const parts = parseUrn(urn);
  if (!parts) throw new Refusal('STORY_UNKNOWN', {});
  return parts.uuid;
}

@Resolver()
export class DraftResolver {
  @Query(() => DraftText, {
    nullable: true,
    description:
      'The draft of an edition’s text, for those who have a role there; null when there is none, IS_RETRACTED while the story or its text is taken back.',
  })
  async draft(
    @Arg('article', () => ID, { description: 'URN of the story, or of one of its translations.' }) article: string,
    @Arg('edition', () => EditionCode, { description: 'Whose draft.' }) edition: string,
    @Ctx() context: DeskContext,
  ): Promise<DraftText | null> {
    mustBeAllowed(context.caller, 'PREVIEW', { edition, home: edition });
    return readDraft(uuidOf(article), edition, context);
  }

  @Mutation(() => DraftResult, { description: 'Makes a story with the draft of its original. For EDITORs of its home edition.' })
  createArticle(
    @Arg('input', () => CreateArticleInput, { description: 'The story.' }) input: CreateArticleInput,
    @Ctx() context: DeskContext,
  ) {
    return drafted(context, async () => {
      mustBeAllowedAnywhere(context.caller, 'CREATE_ARTICLE');
      const edition = (await context.editions()).find(input.edition);
      if (!edition?.active) throw new Refusal('UNKNOWN_EDITION', { value: input.edition });
      // Before the input is read: that of HTML is work.
      mustBeAllowed(context.caller, 'CREATE_ARTICLE', { edition: edition.code, home: edition.code });
      const { text, dropped } = readInput(input.text, edition.tag);
      const answer = await createArticle(context.write, context.domain, {
        ...input,
        ...{ image: input.image ?? null, embargoUntil: input.embargoUntil ?? null, text },
        idempotencyKey: checkedKey(input.idempotencyKey),
      });
      return { ...answer, dropped };
    });
  }

  @Mutation(() => DraftResult, {
    description:
      'Takes the translation into an edition upon the caller for four hours, with a draft that starts as its source, also ahead of its embargo. For TRANSLATORs of the edition.',
  })
  translate(@Arg('input', () => TranslateInput, { description: 'What.' }) input: TranslateInput, @Ctx() context: DeskContext) {
    return drafted(context, async () =>
      translate(context.write, { ...(await namedOf('TRANSLATE', input, context)), sources: input.sources ?? null }),
    );
  }

  @Mutation(() => DraftResult, { description: 'Saves a draft over the version the caller has seen. For TRANSLATORs of the edition.' })
  saveDraft(@Arg('input', () => SaveDraftInput, { description: 'The draft.' }) input: SaveDraftInput, @Ctx() context: DeskContext) {
    return drafted(context, async () => {
      const named = await namedOf('SAVE_DRAFT', input, context);
      const { text: asked, expectedVersion } = input;
      const meaning = meaningOfInput(input.meaning);
      const { text, dropped } = await readText(asked, { ...named, over: 'DRAFT' }, context);
      return { ...(await saveDraft(context.write, { ...named, text, asked, meaning, expectedVersion })), dropped };
    });
  }

  @Mutation(() => DraftResult, { description: 'Hands a draft in for review. For TRANSLATORs of the edition.' })
  submitDraft(@Arg('input', () => DraftInput, { description: 'Which.' }) input: DraftInput, @Ctx() context: DeskContext) {
    return advanced(context, input, { action: 'SUBMIT' });
  }

  @Mutation(() => DraftResult, {
    description:
      'Accepts a draft, or sends it back. What a machine wrote counts as reviewed from then on, as long as nobody changes it. For EDITORs of the edition.',
  })
  reviewDraft(@Arg('input', () => ReviewDraftInput, { description: 'The review.' }) input: ReviewDraftInput, @Ctx() context: DeskContext) {
    return advanced(context, input, { action: 'REVIEW', accepted: input.accepted, changeNote: input.changeNote ?? null });
  }

  @Mutation(() => DraftResult, { description: 'Has a draft publish itself at a time. For EDITORs of the edition.' })
  scheduleDraft(@Arg('input', () => ScheduleDraftInput, { description: 'When.' }) input: ScheduleDraftInput, @Ctx() context: DeskContext) {
    return advanced(context, input, { action: 'SCHEDULE', at: input.at });
  }

  @Mutation(() => Problem, {
    nullable: true,
    description: 'Throws a draft away; what is published stays. Null when done. For TRANSLATORs of the edition.',
  })
  discardDraft(@Arg('input', () => DraftInput, { description: 'Which.' }) input: DraftInput, @Ctx() context: DeskContext) {
    return orProblem(async () => {
      await discardDraft(context.write, { ...(await namedOf('SAVE_DRAFT', input, context)), expectedVersion: input.expectedVersion });
      return null;
    }, context.sayError);
  }
}

const advanced = (context: DeskContext, input: DraftInput, step: Step) =>
  drafted(context, async () =>
    advanceDraft(context.write, { ...(await namedOf(step.action, input, context)), step, expectedVersion: input.expectedVersion }),
  );

/** The draft as the work left it, or the problem. */
const drafted = (context: DeskContext, work: () => Promise<DraftAnswer & { dropped?: DroppedMatter[] }>): Promise<DraftText | Problem> =>
  orProblem(async () => {
    const { dropped = [], ...answer } = await work();
    return Object.assign(await readAnswer(answer, context), { dropped });
  }, context.sayError);

/**
 * The draft that a mutation answers, as it left it. Throws NO_DRAFT, DRAFT_MOVED_ON, IS_RETRACTED, each with the story, where it is no longer
 * so: whoever took a later version for theirs would save over it unseen.
 */
export async function readAnswer(answer: DraftAnswer, context: DeskContext): Promise<DraftText> {
  const facts = (await storyFacts(context.read.manager, answer.articleUuid))!;
  const about = { articleId: articleUrn(facts.article) };
  mustStand(facts, answer.editionCode, about);
  const draft = facts.drafts.get(answer.editionCode);
  if (!draft) throw new Refusal('NO_DRAFT', about);
  const { version, savedAt } = draft;
  if (version !== answer.version || savedAt.toISOString() !== answer.savedAt) throw new Refusal('DRAFT_MOVED_ON', { version, ...about });
  return shownDraft(draft, facts, context);
}

/** The draft of an edition as desks are shown it; null when there is none. Throws IS_RETRACTED. */
async function readDraft(articleUuid: string, edition: string, context: DeskContext): Promise<DraftText | null> {
  const facts = await storyFacts(context.read.manager, articleUuid);
  const draft = facts?.drafts.get(edition);
  if (!facts || !draft) return null;
  mustStand(facts, edition);
  return shownDraft(draft, facts, context);
}

async function shownDraft(draft: Draft, { article }: StoryFacts, { editions, load }: DeskContext): Promise<DraftText> {
  const registry = await editions();
  return Object.assign(new DraftText(), {
    ...draft,
    id: translationUrn(article, draft.editionCode),
    articleId: articleUrn(article),
    edition: registry.of(draft.editionCode),
    credits: draft.credits && (await creditedParties(draft.credits, load)),
    dropped: [],
    basis: draft.basis.map((source) => ({ edition: registry.of(source.edition), revision: source.revision })),
  });
}
