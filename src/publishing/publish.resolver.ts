import { GraphQLDateTimeISO } from 'graphql-scalars';
import {
  Arg,
  Ctx,
  createUnionType,
  Field,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  registerEnumType,
} from 'type-graphql';
import { findTranslation } from '../articles/find-article.js';
import { RetractionKind } from '../articles/tombstone.js';
import { Significance } from '../articles/translation.js';
import { Translation } from '../articles/translation.type.js';
import { articleUrn, parseUrn, translationUrn } from '../articles/urn.js';
import { Edition } from '../editions/edition.js';
import { Refusal } from '../lib/errors.js';
import { EditionCode, LanguageTag } from '../lib/scalars.js';
import { confirmStillAccurate } from './confirm.js';
import type { DeskContext } from './desk-context.js';
import { checkedKey, DraftInput, EditionOfStoryInput, keyField, languageOf, namedOf, uuidOf } from './draft.resolver.js';
import { orProblem, Problem } from './problem.type.js';
import { type PublicationAnswer, publishDraft, reviseText } from './publish-text.js';
import { previewRetraction, type RetractionAnswer, restore, retract } from './retract.js';
import { setEmbargo } from './set-embargo.js';
import { storyFacts } from './story-facts.queries.js';
import { MeaningInput, TextInput, textOfInput } from './text-input.js';

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

const revised = (context: DeskContext, input: ReviseInput, significance: Significance.CORRECTION | Significance.MINOR) =>
  published(context, async () => {
    const named = await namedOf(input, context);
    const before =
      input.text.html == null ? undefined : (await storyFacts(context.read.manager, named.articleUuid))?.translations.get(named.edition);
    const { meaning, expectedRevision } = input;
    return reviseText(context.write, {
      ...named,
      text: textOfInput(input.text, await languageOf(input, context), before?.text?.body),
      meaning,
      expectedRevision,
      significance,
    });
  });

const published = (context: DeskContext, work: () => Promise<PublicationAnswer>): Promise<Published | Problem> =>
  orProblem(async () => {
    const { articleUuid, editionCode, revision, opened } = await work();
    const facts = await storyFacts(context.read.manager, articleUuid);
    const registry = await context.editions();
    const id = translationUrn(facts!.article, editionCode);
    const translation = await findTranslation(id, context);
    return Object.assign(new Published(), {
      ...{ id, revision, translation: translation instanceof Translation ? translation : null },
      obligations: opened.map((each) => ({ edition: registry.of(each.editionCode), dueAt: new Date(each.dueAt) })),
    });
  }, context.sayError);

const retracted = (context: DeskContext, article: string, work: () => Promise<RetractionAnswer>): Promise<Retracted | Problem> =>
  orProblem(async () => {
    const { editions, left } = await work();
    const registry = await context.editions();
    const parts = parseUrn(article)!;
    const of = (codes: readonly string[]): Edition[] => codes.map((code) => registry.of(code));
    return Object.assign(new Retracted(), { articleId: articleUrn(parts), editions: editions && of(editions), left: of(left) });
  }, context.sayError);
