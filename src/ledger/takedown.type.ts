import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { PageInfo } from '../lib/relay.js';
import { EditionCode, WebAddress } from '../lib/scalars.js';
import type { HoldingChannel } from './hold.js';
import { holdingChannels } from './holding.type.js';
import { TakedownAction, type TakedownKind, TakedownReason, TakedownState } from './takedown.js';

registerEnumType(TakedownReason, {
  name: 'TakedownReason',
  description: 'Why a partner must remove, or correct, what it holds.',
  valuesConfig: {
    RETRACTED: { description: 'It was taken back: a story, an edition of it, a revision or a picture.' },
    ENDED: { description: 'It has come to its end, was put under embargo again, or the partner’s right to it has ended.' },
    NOTICE: { description: 'A notice that must be carried was changed, and texts with an earlier version were called back.' },
  },
});
registerEnumType(TakedownState, {
  name: 'TakedownState',
  description: 'How a take-down order stands.',
  valuesConfig: {
    OPEN: { description: 'The partner has not answered, in time or late.' },
    SETTLED: { description: 'The partner has said what it did.' },
    REFUSED: { description: 'The partner has said that it will do nothing, and why.' },
    CANCELLED: { description: 'What it was about is back, or is the partner’s again, before it had answered.' },
  },
});
registerEnumType(TakedownAction, {
  name: 'TakedownAction',
  description: 'What a partner says it did about a take-down order.',
  valuesConfig: {
    REMOVED: { description: 'It is gone wherever the partner had shown it.' },
    NEVER_PUBLISHED: { description: 'The partner had it and never showed it.' },
    CORRECTED: { description: 'What had to go is gone, and the rest stands: another revision, another picture, the notice as it is now.' },
    REFUSED: { description: 'Nothing; `note` says why.' },
  },
});
const kinds = {
  ...{ KILL: 'KILL', WITHHOLD: 'WITHHOLD', WITHDRAW: 'WITHDRAW', REPLACE: 'REPLACE' },
  ...{ EXPIRED: 'EXPIRED', REMOVED: 'REMOVED', RECALLED: 'RECALLED' },
} as const satisfies { [Kind in Exclude<TakedownKind, 'CHANGED'>]: Kind };
registerEnumType(kinds, {
  name: 'TakedownKind',
  description: 'How something went, as feeds say it; it decides how long a partner has.',
  valuesConfig: {
    KILL: { description: 'Taken back: must disappear everywhere at once. 15 minutes.' },
    WITHHOLD: { description: 'Held back, may return. 15 minutes.' },
    WITHDRAW: { description: 'Taken back by the editors, with a note for readers. An hour.' },
    REPLACE: { description: 'Another story stands in its place. An hour.' },
    EXPIRED: { description: 'It has come to its end. An hour.' },
    REMOVED: { description: 'It is not the partner’s any more, or not yet again. A day.' },
    RECALLED: { description: 'It carries a notice that has changed since. A day.' },
  },
});

@ObjectType({ description: 'A revision of a text, as the partner was given it.' })
export class TakedownText {
  @Field(() => ID, { description: 'URN of the text, whether or not it is still there.' })
  readonly translationId: string;

  @Field(() => EditionCode, { description: 'Code of the edition whose text it is.' })
  readonly editionCode: string;

  @Field(() => Int, { description: 'Number of the revision.' })
  readonly revision: number;

  @Field(() => holdingChannels, { description: 'By what it was given.' })
  readonly channel: HoldingChannel;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was given the first time.' })
  readonly firstAt: Date;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was given the last time, to the minute.' })
  readonly lastAt: Date;
}

@ObjectType({
  description:
    'What one partner must do about one story, because of one event of the log, and what it has said about that. It tells none of the words.',
})
export class TakedownOrder {
  @Field(() => ID, { description: 'By which it is acknowledged.' })
  readonly id: string;

  @Field({ description: 'Code of the partner.' })
  readonly partner: string;

  @Field(() => ID, { description: 'URN of the story.' })
  readonly articleId: string;

  @Field(() => TakedownReason, { description: 'Why.' })
  readonly reason: TakedownReason;

  @Field(() => kinds, { description: 'How it went.' })
  readonly kind: TakedownKind;

  @Field(() => ID, { description: 'Id of the event that it is because of.' })
  readonly eventId: string;

  @Field(() => EditionCode, {
    nullable: true,
    description: 'The edition that was taken back or has ended; null where all of the story has, or only some partner’s right to it.',
  })
  readonly editionCode: string | null;

  @Field(() => Int, { nullable: true, description: 'The revision that was taken back; null for all of them.' })
  readonly revision: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the picture that was taken back, where it was one: the texts may stay without it.',
  })
  readonly image: string | null;

  @Field(() => String, { nullable: true, description: 'NOTICE: code of the notice.' })
  readonly notice: string | null;

  @Field(() => Int, { nullable: true, description: 'NOTICE: its version that texts must carry, or a later one.' })
  readonly noticeVersion: number | null;

  @Field(() => ID, { nullable: true, description: 'REPLACE: URN of the story in its place, where one was named.' })
  readonly replacementId: string | null;

  @Field(() => [TakedownText], {
    description: 'What the ledger shows of it, by edition, revision and channel; what was written down late is added.',
  })
  readonly texts: TakedownText[];

  @Field(() => GraphQLDateTimeISO, { description: 'Since when it stands.' })
  readonly openedAt: Date;

  @Field(() => GraphQLDateTimeISO, { description: 'By when an answer is expected.' })
  readonly dueAt: Date;

  @Field({ description: 'Whether it is open and that time has passed.' })
  readonly overdue: boolean;

  @Field(() => TakedownState, { description: 'How it stands.' })
  readonly state: TakedownState;

  @Field(() => TakedownAction, { nullable: true, description: 'What the partner says it did; null until it has said it.' })
  readonly action: TakedownAction | null;

  @Field(() => WebAddress, { nullable: true, description: 'Where that can be seen.' })
  readonly url: string | null;

  @Field(() => String, { nullable: true, description: 'What the partner says beside it.' })
  readonly note: string | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it was answered, or cancelled.' })
  readonly settledAt: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'Who answered: the name of a key, or of an operator who did on the partner’s behalf.',
  })
  readonly settledBy: string | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When its time was found to have passed without an answer.' })
  readonly escalatedAt: Date | null;
}

@ObjectType({ description: 'A take-down order in a list.' })
class TakedownEdge {
  @Field({ description: 'Opaque place in the list, for `after`.' })
  readonly cursor: string;

  @Field(() => TakedownOrder, { description: 'The order.' })
  readonly node: TakedownOrder;
}

@ObjectType({ description: 'A page of take-down orders (Relay).' })
export class TakedownConnection {
  @Field(() => [TakedownEdge], { description: 'The orders of the page.' })
  readonly edges: TakedownEdge[];

  @Field(() => PageInfo, { description: 'Where the page stands in the list.' })
  readonly pageInfo: PageInfo;
}

/** Not the order alone: a problem has no field of its names, and an answer says what it is. */
@ObjectType({ description: 'An order that was answered.' })
export class AcknowledgedTakedown {
  @Field(() => TakedownOrder, { description: 'The order as it stands now.' })
  readonly takedown: TakedownOrder;
}
