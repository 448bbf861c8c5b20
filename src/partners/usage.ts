import { Field, Float, ObjectType, registerEnumType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Partner } from '../rights/partner.js';

export enum UsageChannel {
  FEED = 'FEED',
  ITEM = 'ITEM',
  GRAPHQL = 'GRAPHQL',
  RECONCILE = 'RECONCILE',
}
registerEnumType(UsageChannel, {
  name: 'UsageChannel',
  description: 'By what a partner asks.',
  valuesConfig: {
    FEED: { description: 'Feeds.' },
    ITEM: { description: 'Single texts.' },
    GRAPHQL: { description: 'GraphQL.' },
    RECONCILE: { description: 'Comparisons of what a partner holds with what it should hold.' },
  },
});

/** What a partner used of the gateway in one day, by one channel. */
@Entity('partner_usage')
@Check('partner_usage_channel_check', `channel in ('FEED', 'ITEM', 'GRAPHQL', 'RECONCILE')`)
@ObjectType({
  description:
    'What a partner used in one day by one channel. Counted as answers are sent and written down some seconds later; a process that is killed loses those seconds.',
})
export class PartnerUsage {
  @PrimaryColumn('text')
  @ForeignKey(() => Partner)
  readonly partnerCode: string;

  @PrimaryColumn('date')
  @Field({ description: 'The day in UTC: `2026-11-26`.' })
  readonly day: string;

  @PrimaryColumn('text')
  @Field(() => UsageChannel, { description: 'By what.' })
  readonly channel: UsageChannel;

  @Column('bigint')
  @Field(() => Float, { description: 'Requests with its keys, whatever came of them; a whole number.' })
  readonly requests: number;

  @Column('bigint')
  @Field(() => Float, { description: 'Those answered 304: the partner had it already.' })
  readonly notModified: number;

  @Column('bigint')
  @Field(() => Float, { description: 'Those refused: answered by 429 or another status of the caller’s, but for 404 and 410.' })
  readonly refused: number;

  @Column('bigint')
  @Field(() => Float, { description: 'Texts and retractions given, each time they were.' })
  readonly items: number;

  @Column('bigint')
  @Field(() => Float, { description: 'Bytes of the bodies given, before compression.' })
  readonly bytes: number;
}

/** What is added up. */
export type UsageCounts = Omit<PartnerUsage, 'partnerCode' | 'day' | 'channel'>;

/** An answer that a partner was given. */
export interface UsedAnswer {
  /** Of HTTP. */
  status: number;
  /** Texts and retractions in it. */
  items?: number;
  /** Of its body, before compression. */
  bytes?: number;
}

// That nothing is there, or not any more, is what was asked.
const told = [404, 410];

/** What one answer counts as. What has no body to the caller, a 304, gives nothing. */
export const countsOf = ({ status, items = 0, bytes = 0 }: UsedAnswer): UsageCounts => ({
  requests: 1,
  notModified: status === 304 ? 1 : 0,
  refused: status >= 400 && status < 500 && !told.includes(status) ? 1 : 0,
  items: status === 304 ? 0 : items,
  bytes: status === 304 ? 0 : bytes,
});
