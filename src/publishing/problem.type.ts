import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { type ErrorCode, Refusal } from '../lib/errors.js';
import type { Say } from '../lib/wording.js';

/** Refusals that a desk meets in its daily work: answered as data, not as errors. */
export enum ProblemCode {
  STORY_UNKNOWN = 'STORY_UNKNOWN',
  REVISION_MOVED_ON = 'REVISION_MOVED_ON',
  REVISION_UNKNOWN = 'REVISION_UNKNOWN',
  NO_EARLIER_REVISION = 'NO_EARLIER_REVISION',
  DRAFT_MOVED_ON = 'DRAFT_MOVED_ON',
  NO_DRAFT = 'NO_DRAFT',
  TEXT_REFUSED = 'TEXT_REFUSED',
  NOTE_REQUIRED = 'NOTE_REQUIRED',
  REASON_REQUIRED = 'REASON_REQUIRED',
  IS_RETRACTED = 'IS_RETRACTED',
  NOT_RETRACTED = 'NOT_RETRACTED',
  CLAIMED = 'CLAIMED',
  BASIS_UNKNOWN = 'BASIS_UNKNOWN',
  SLUG_TAKEN = 'SLUG_TAKEN',
  KEY_REUSED = 'KEY_REUSED',
  TIME_PASSED = 'TIME_PASSED',
  ORIGINAL_FIRST = 'ORIGINAL_FIRST',
  NOT_PUBLISHED = 'NOT_PUBLISHED',
  NOTHING_CHANGED = 'NOTHING_CHANGED',
  UNKNOWN_NAME = 'UNKNOWN_NAME',
  VERSION_MOVED_ON = 'VERSION_MOVED_ON',
  FIELD_REFUSED = 'FIELD_REFUSED',
  NOT_FOUND = 'NOT_FOUND',
}
registerEnumType(ProblemCode, {
  name: 'ProblemCode',
  description: 'Why nothing was changed.',
  valuesConfig: {
    STORY_UNKNOWN: { description: 'There is no such story.' },
    REVISION_MOVED_ON: { description: 'Another revision was published since; `presentRevision` is its number.' },
    REVISION_UNKNOWN: { description: 'The text has no published revision of that number.' },
    NO_EARLIER_REVISION: {
      description: 'No earlier revision stands that readers could have instead: take the edition’s text back as a whole.',
    },
    DRAFT_MOVED_ON: { description: 'The draft was saved since; `presentVersion` is the present one.' },
    NO_DRAFT: { description: 'There is no draft to do this with.' },
    TEXT_REFUSED: { description: 'A character cannot be published; `field` and `offset` (UTF-16 units) say where.' },
    NOTE_REQUIRED: { description: 'A correction, the take-over of one, or WITHDRAW needs a note for readers.' },
    REASON_REQUIRED: { description: 'A reason is missing.' },
    IS_RETRACTED: { description: 'It was taken back and must be restored first.' },
    NOT_RETRACTED: { description: 'It was not taken back.' },
    CLAIMED: { description: 'Somebody else is working on it.' },
    BASIS_UNKNOWN: { description: 'The story has no such published revision, or it was taken back and is no basis of a text.' },
    SLUG_TAKEN: { description: 'Another story of the edition has the slug.' },
    KEY_REUSED: { description: 'The idempotency key was used for another request in the last seven days.' },
    TIME_PASSED: { description: 'The time given is not in the future.' },
    ORIGINAL_FIRST: { description: 'The original is not published yet.' },
    NOT_PUBLISHED: { description: 'The edition has not published the story.' },
    NOTHING_CHANGED: { description: 'The text is the one that is published.' },
    UNKNOWN_NAME: { description: 'The registry has no row with a code that was given.' },
    VERSION_MOVED_ON: { description: 'It was changed since; `presentVersion` is the present version.' },
    FIELD_REFUSED: { description: 'A value cannot be used; `field` says which, and the message why.' },
    NOT_FOUND: { description: 'There is none with such an id, or it is another’s.' },
  },
});

@ObjectType({ description: 'Why a mutation changed nothing, where that is part of daily work.' })
export class Problem {
  @Field(() => ProblemCode, { description: 'Stable code.' })
  readonly code: ProblemCode;

  @Field({ description: 'The same as a sentence in the caller’s language.' })
  readonly message: string;

  @Field(() => Int, { nullable: true, description: 'The present revision, where another was expected.' })
  readonly presentRevision: number | null;

  @Field(() => Int, { nullable: true, description: 'The present version, where another was expected.' })
  readonly presentVersion: number | null;

  @Field(() => String, { nullable: true, description: 'Where in the input it is.' })
  readonly field: string | null;

  @Field(() => Int, { nullable: true, description: 'Where in that field, in UTF-16 units from 0.' })
  readonly offset: number | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'URN of the story, where what was asked is done and its draft is no longer as it was left: published, thrown away, saved or taken back since, as when the same key comes again.',
  })
  readonly articleId: string | null;
}

/** The answer of a mutation, or the problem it met; any other failure is thrown on. */
export async function orProblem<Answer>(work: () => Promise<Answer>, say: Say): Promise<Answer | Problem> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal) || !isProblem(error.code)) throw error;
    const values = error.values as Partial<Record<'revision' | 'version' | 'offset', number> & Record<'field' | 'articleId', string>>;
    return Object.assign(new Problem(), {
      code: ProblemCode[error.code],
      message: say.text('errors', error.code, { ...error.values }),
      ...{
        presentRevision: values.revision ?? null,
        presentVersion: values.version ?? null,
        field: values.field ?? null,
        offset: values.offset ?? null,
        articleId: values.articleId ?? null,
      },
    });
  }
}

const isProblem = (code: ErrorCode): code is ErrorCode & ProblemCode => code in ProblemCode;
