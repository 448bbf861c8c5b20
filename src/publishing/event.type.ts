import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { RetractionKind } from '../articles/tombstone.js';
import { RetractionScope } from '../articles/tombstone.type.js';
import { Significance } from '../articles/translation.js';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { EditionCode } from '../lib/scalars.js';
import { EventKind } from './event.js';

@ObjectType({ description: 'One fact of the publication log. Facts never change; what holds now is asked of the story.' })
export class Event {
  @Field(() => ID, { description: 'The same on every channel: whoever is told twice recognises it.' })
  readonly id: string;

  @Field(() => String, { description: 'Its number in the log, without gaps; a whole number that may pass 2³¹.' })
  readonly seq: string;

  @Field({ description: 'The cursor behind it.' })
  readonly cursor: string;

  @Field(() => EventKind, { description: 'What happened.' })
  readonly kind: EventKind;

  @Field(() => GraphQLDateTimeISO, { description: 'When it became true, which may be long before it was logged.' })
  readonly at: Date;

  @Field(() => ID, { nullable: true, description: 'URN of the story.' })
  readonly articleId: string | null;

  @Field(() => EditionCode, { nullable: true, description: 'The edition; null for the whole story, or for none.' })
  readonly editionCode: string | null;

  @Field(() => ID, { nullable: true, description: 'URN of the edition’s version of the story.' })
  readonly translationId: string | null;

  @Field(() => Int, { nullable: true, description: 'The revision that was published, taken back or brought back.' })
  readonly revision: number | null;

  @Field(() => Significance, { nullable: true, description: 'REVISED: what the revision means to those who hold an earlier one.' })
  readonly significance: Significance | null;

  @Field(() => RetractionScope, {
    nullable: true,
    description: 'RETRACTED, RESTORED: how much. Of a picture there is one event for each story that shows it; the story itself stands.',
  })
  readonly scope: RetractionScope | null;

  @Field(() => String, { nullable: true, description: 'RETRACTED, RESTORED: code of the picture, where it was one.' })
  readonly image: string | null;

  @Field(() => RetractionKind, { nullable: true, description: 'RETRACTED: how it was taken back.' })
  readonly retraction: RetractionKind | null;

  @Field(() => String, { nullable: true, description: 'RESTORED: why it is back.' })
  readonly reason: string | null;

  @Field(() => EditionCode, {
    nullable: true,
    description: 'OBLIGATION_OPENED, OBLIGATION_OVERDUE, OBLIGATION_SETTLED, OBLIGATION_CANCELLED: the edition that was corrected.',
  })
  readonly sourceEditionCode: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'OBLIGATION_OPENED, OBLIGATION_OVERDUE, OBLIGATION_SETTLED, OBLIGATION_CANCELLED: the revision that corrected it.',
  })
  readonly sourceRevision: number | null;

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'OBLIGATION_OPENED, OBLIGATION_OVERDUE: by when the update is owed; TAKEDOWN_OPENED: by when an answer is.',
  })
  readonly dueAt: Date | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'EMBARGO_SET: until when; null when it was lifted.' })
  readonly embargoUntil: Date | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'EXPIRY_SET: until when the text may be shown; null for no end.' })
  readonly expiresAt: Date | null;

  @Field(() => String, { nullable: true, description: 'CLAIM_EXPIRING, and CLAIM_ENDED by its time: whose claim it is or was.' })
  readonly holder: string | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'CLAIM_EXPIRING: when the claim ends.' })
  readonly claimedUntil: Date | null;

  @Field(() => String, { nullable: true, description: 'NOTICE_STARTED, NOTICE_ENDED, NOTICE_CHANGED: code of the notice.' })
  readonly notice: string | null;

  @Field(() => ID, { nullable: true, description: 'TAKEDOWN_OPENED, TAKEDOWN_OVERDUE, TAKEDOWN_SETTLED: id of the order.' })
  readonly takedown: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'REGISTRY_CHANGED: what was changed, as `{type}:{code}`: edition, topic, person, place, agency, image or notice. A picture with `editionCode` had its words in that edition changed.',
  })
  readonly registryId: string | null;

  @Field(() => Int, { nullable: true, description: 'REGISTRY_CHANGED: its version from then on.' })
  readonly registryVersion: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'ENTITLEMENTS_CHANGED, NOTICE_CHANGED, TAKEDOWN_OPENED, TAKEDOWN_OVERDUE, TAKEDOWN_SETTLED: code of the partner.',
  })
  readonly partner: string | null;
}

@ObjectType({ description: 'A page of the publication log, in the order of the log.' })
export class EventPage {
  @Field(() => [Event], {
    description: 'What was found; may be empty while `hasMore` is true, as a page looks through 10,000 events at most.',
  })
  readonly events: Event[];

  @Field({ description: 'Give it as `after` to go on, now or later: it skips nothing and never goes back. It expires after 400 days.' })
  readonly endCursor: string;

  @Field({ description: 'Whether the log goes on behind `endCursor` already.' })
  readonly hasMore: boolean;
}

@InputType({ description: 'Which events: every condition given must hold; a list is met by any one of its values.' })
export class EventFilter {
  @Field(() => [EventKind], { nullable: true, description: 'Kinds.' })
  readonly kinds?: EventKind[] | null;

  @Field(() => [EditionCode], { nullable: true, description: 'Editions; events of a whole story name none.' })
  readonly editions?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'URN of a story.' })
  readonly article?: string | null;
}
