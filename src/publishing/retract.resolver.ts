import { Arg, Ctx, createUnionType, Field, ID, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { RetractionKind } from '../articles/tombstone.js';
import { RetractionScope } from '../articles/tombstone.type.js';
import { articleUrn, parseUrn, type UrnParts } from '../articles/urn.js';
import type { Edition } from '../editions/edition.js';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { Refusal } from '../lib/errors.js';
import { cleanNotes } from './checked-input.js';
import type { DeskContext } from './desk-context.js';
import { uuidOf } from './draft.resolver.js';
import { checkedKey, keyField } from './idempotency-key.js';
import type { RetractionPlan } from './plan-retraction.js';
import { type Action, mustBeAllowedAnywhere } from './policy.js';
import { orProblem, Problem } from './problem.type.js';
import { previewRetraction, type RetractionAnswer, restore, retract } from './retract.js';
import {
  Cascade,
  type RetractionPreview as Preview,
  RestoreInput,
  Retracted,
  RetractInput,
  RetractionPreview,
  RetractResult,
  RetractWithNotesInput,
  type TargetInput,
} from './retract.type.js';
import { type PictureAnswer, previewPicture, restorePicture, retractPicture } from './retract-picture.js';
import { previewRevision, type RevisionAnswer, restoreRevision, retractRevision } from './retract-revision.js';
import { retractionNotes } from './retraction-notes.js';
import { setEmbargo } from './set-embargo.js';

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

@Resolver()
export class RetractResolver {
  @Mutation(() => RetractResult, {
    description:
      'Takes a story, an edition of it, a revision of that, or a picture away from all readers at once; a tombstone stays. Where readers have the revision, they get the text of the one before it that stands, as a new revision. The story: for CHIEFs of its home edition; an edition or a revision of it: for its CHIEFs, with WITHHOLD for its EDITORs; a picture: for CHIEFs of the home editions of all stories that show it, for any CHIEF where none does.',
  })
  retract(@Arg('input', () => RetractWithNotesInput, { description: 'What.' }) input: RetractWithNotesInput, @Ctx() context: DeskContext) {
    return retracted(context, 'WITHHOLD', input, async () => {
      const { kind, cascade } = input;
      const notes = retractionNotes(kind, input.notes, new Set((await context.editions()).all.map(({ tag }) => tag)));
      const idempotencyKey = checkedKey(input.idempotencyKey);
      const target = retractionOf(input);
      const replacedBy = replacementOf(input, target);
      switch (target.scope) {
        case RetractionScope.IMAGE:
          return retractPicture(context.write, { ...target, kind, notes, idempotencyKey });
        case RetractionScope.REVISION:
          return retractRevision(context.write, { ...target, kind, cascade, notes, idempotencyKey });
        default:
          return retract(context.write, { ...target, kind, cascade, notes, replacedBy, idempotencyKey });
      }
    });
  }

  @Query(() => RetractionPreview, { description: 'What a retraction would touch, without doing it. For those who may do it.' })
  async retractionPreview(
    @Arg('input', () => RetractInput, { description: 'What would be taken back.' }) input: RetractInput,
    @Ctx() context: DeskContext,
  ): Promise<Preview> {
    mustBeAllowedAnywhere(context.caller, 'WITHHOLD');
    const { kind, cascade } = input;
    const target = retractionOf(input);
    const registry = await context.editions();
    const of = (codes: readonly string[]): Edition[] => codes.map((code) => registry.of(code));
    const shown = (plan: Omit<RetractionPlan, 'action'>): Omit<Preview, 'scope'> => ({
      editions: plan.editions && of(plan.editions),
      ...{ left: of(plan.left), drafts: of(plan.drafts), scheduled: of(plan.scheduled), claims: of(plan.claims) },
      ...{ again: null, stories: [] },
    });
    const { scope } = target;
    switch (scope) {
      case RetractionScope.IMAGE: {
        const { stories } = await previewPicture(context.write, target.image);
        return { scope, ...shown({ editions: [], left: [], drafts: [], scheduled: [], claims: [] }), stories: stories.map(urnOf) };
      }
      case RetractionScope.REVISION: {
        const { again, ...plan } = await previewRevision(context.write, { ...target, kind, cascade });
        return { scope, ...shown(plan), again };
      }
      default:
        return { scope, ...shown(await previewRetraction(context.write, { ...target, kind, cascade, revision: null })) };
    }
  }

  @Mutation(() => RetractResult, {
    description:
      'Brings back what was taken back. A revision may be read in the history again; what readers have stays. For CHIEFs: of the home edition for a story, of the edition for its text and its revisions, of all home editions for a picture.',
  })
  restore(@Arg('input', () => RestoreInput, { description: 'What.' }) input: RestoreInput, @Ctx() context: DeskContext) {
    return retracted(context, 'RESTORE_TRANSLATION', input, async () => {
      const { reason } = cleanNotes({ reason: input.reason });
      const idempotencyKey = checkedKey(input.idempotencyKey);
      const target = targetOf(input);
      switch (target.scope) {
        case RetractionScope.IMAGE:
          return restorePicture(context.write, { ...target, reason, idempotencyKey });
        case RetractionScope.REVISION:
          return restoreRevision(context.write, { ...target, reason, idempotencyKey });
        default:
          return restore(context.write, { ...target, reason, idempotencyKey });
      }
    });
  }

  @Mutation(() => EmbargoResult, {
    description:
      'Puts a story under embargo in all editions until a time, or lifts its embargo at once (null); not of one that was taken back. For CHIEFs of its home edition.',
  })
  setEmbargo(
    @Arg('article', () => ID, { description: 'URN of the story, or of one of its translations.' }) article: string,
    @Arg('until', () => GraphQLDateTimeISO, { nullable: true, description: 'Until when; null lifts it.' }) until: Date | null,
    @Arg('idempotencyKey', () => String, keyField) idempotencyKey: string | null,
    @Ctx() context: DeskContext,
  ) {
    return orProblem(async () => {
      mustBeAllowedAnywhere(context.caller, 'SET_EMBARGO');
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

type Target =
  | { scope: RetractionScope.IMAGE; image: string }
  | { scope: RetractionScope.REVISION; articleUuid: string; edition: string; revision: number }
  | { scope: RetractionScope.TRANSLATION | RetractionScope.STORY; articleUuid: string; edition: string | null };

const refused = (detail: string): Refusal => new Refusal('BAD_USER_INPUT', { detail });

/** What an input names. Throws BAD_USER_INPUT for what cannot be meant, STORY_UNKNOWN. */
function targetOf({ article, edition, revision, image }: TargetInput): Target {
  if (image != null) {
    if ((article ?? edition ?? revision) != null) throw refused('image stands alone: give it without article, edition and revision');
    return { scope: RetractionScope.IMAGE, image };
  }
  if (article == null) throw refused('give either article or image');
  const articleUuid = uuidOf(article);
  if (revision != null) {
    if (edition == null) throw refused('revision needs the edition whose it is');
    return { scope: RetractionScope.REVISION, articleUuid, edition, revision };
  }
  return edition == null
    ? { scope: RetractionScope.STORY, articleUuid, edition: null }
    : { scope: RetractionScope.TRANSLATION, articleUuid, edition };
}

/** As above, of what is to be taken back. */
function retractionOf(input: RetractInput): Target {
  const target = targetOf(input);
  if (target.scope === RetractionScope.IMAGE && input.cascade !== Cascade.NONE)
    throw refused('a picture has no cascade: it goes wherever it is shown');
  return target;
}

/** The story that is to stand in the place of what goes. Throws BAD_USER_INPUT, STORY_UNKNOWN. */
function replacementOf({ replacedBy, kind }: RetractWithNotesInput, target: Target): string | null {
  if (replacedBy == null) return null;
  if (kind !== RetractionKind.REPLACE || !('edition' in target) || 'revision' in target)
    throw refused('replacedBy goes with REPLACE of a story or of an edition of it');
  const uuid = uuidOf(replacedBy);
  if (uuid === target.articleUuid) throw refused('replacedBy is another story');
  return uuid;
}

type Answer = PictureAnswer | RevisionAnswer | RetractionAnswer;

/** The answer to a retraction or its undoing, or the problem; `least` is the action that asks for the least role. */
const retracted = (context: DeskContext, least: Action, input: TargetInput, work: () => Promise<Answer>): Promise<Retracted | Problem> =>
  orProblem(async () => {
    mustBeAllowedAnywhere(context.caller, least);
    const answer = await work();
    const registry = await context.editions();
    const of = (codes: readonly string[]): Edition[] => codes.map((code) => registry.of(code));
    const nothing = { articleId: null, revision: null, presentRevision: null, image: null, stories: [], left: [] };
    const { scope } = targetOf(input);
    if ('image' in answer) {
      const { image, stories } = answer;
      return Object.assign(new Retracted(), { ...nothing, scope, image, stories: stories.map(urnOf), editions: [] });
    }
    const { editions, left } = answer;
    const { revision, present } = 'revision' in answer ? answer : { revision: null, present: null };
    return Object.assign(new Retracted(), {
      ...{ ...nothing, scope, articleId: articleUrn(parseUrn(input.article!)!), revision, presentRevision: present },
      ...{ editions: editions && of(editions), left: of(left) },
    });
  }, context.sayError);

const urnOf = (story: UrnParts): string => articleUrn(story);
