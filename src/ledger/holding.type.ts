import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { PageInfo } from '../lib/relay.js';
import { EditionCode } from '../lib/scalars.js';
import { Partner } from '../rights/partner.js';
import type { HoldingChannel } from './hold.js';

/** The channels, for the schema. */
export const holdingChannels = {
  ...{ FEED: 'FEED', ITEM: 'ITEM', GRAPHQL: 'GRAPHQL', SUBSCRIPTION: 'SUBSCRIPTION', WEBHOOK: 'WEBHOOK', WEBSUB: 'WEBSUB' },
} as const satisfies { [Channel in HoldingChannel]: Channel };
registerEnumType(holdingChannels, {
  name: 'HoldingChannel',
  description: 'By what a partner came by a text.',
  valuesConfig: {
    FEED: { description: 'A feed, in whatever form.' },
    ITEM: { description: 'Asked for alone.' },
    GRAPHQL: { description: 'A GraphQL answer with a word, picture or credit of it.' },
    SUBSCRIPTION: { description: 'A subscription.' },
    WEBHOOK: { description: 'Sent to an endpoint that took it.' },
    WEBSUB: { description: 'Sent by the hub, and taken.' },
  },
});

@ObjectType({ description: 'A notice that came with a text.' })
export class HeldNotice {
  @Field({ description: 'Its code.' })
  readonly code: string;

  @Field(() => Int, { description: 'Its version then.' })
  readonly version: number;
}

/** What was given, and never a word of it: who held a text may have it no more. */
@ObjectType({
  description: 'A revision of a text that a partner was given by one channel, once or often. It says what was given and none of its words.',
})
export class Holding {
  @Field(() => ID, { description: 'URN of the text, whether or not it is still there.' })
  readonly translationId: string;

  @Field(() => ID, { description: 'URN of its story.' })
  readonly articleId: string;

  @Field(() => EditionCode, { description: 'Code of the edition whose text it is.' })
  readonly editionCode: string;

  @Field(() => Int, { description: 'Number of the revision.' })
  readonly revision: number;

  @Field(() => holdingChannels, { description: 'By what it was given.' })
  readonly channel: HoldingChannel;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was given the first time.' })
  readonly firstAt: Date;

  @Field(() => GraphQLDateTimeISO, {
    description: 'When it was given the last time, to the minute: what follows within one is not noted anew.',
  })
  readonly lastAt: Date;

  @Field(() => [HeldNotice], { description: 'The notices that came with it the last time, ordered by code.' })
  readonly notices: HeldNotice[];
}

@ObjectType({ description: 'A holding in a list.' })
class HoldingEdge {
  @Field({ description: 'Opaque place in the list, for `after`.' })
  readonly cursor: string;

  @Field(() => Holding, { description: 'The holding.' })
  readonly node: Holding;
}

@ObjectType({ description: 'A page of what a partner holds (Relay).' })
export class HoldingConnection {
  @Field(() => [HoldingEdge], { description: 'The holdings of the page.' })
  readonly edges: HoldingEdge[];

  @Field(() => PageInfo, { description: 'Where the page stands in the list.' })
  readonly pageInfo: PageInfo;
}

@ObjectType({ description: 'A partner that holds a text.' })
export class Holder {
  @Field({ description: 'Code of the partner.' })
  readonly code: string;

  @Field({ description: 'What it is called.' })
  readonly name: string;

  @Field(() => Partner, { nullable: true, description: 'The partner, whom to write to among it; null for who is no operator.' })
  readonly partner: Partner | null;

  @Field(() => [Holding], { description: 'What it holds of the text, by revision and channel.' })
  readonly holdings: Holding[];
}

@ObjectType({ description: 'A holder in a list.' })
class HolderEdge {
  @Field({ description: 'Opaque place in the list, for `after`.' })
  readonly cursor: string;

  @Field(() => Holder, { description: 'The holder.' })
  readonly node: Holder;
}

@ObjectType({ description: 'A page of who holds a text (Relay).' })
export class HolderConnection {
  @Field(() => [HolderEdge], { description: 'The holders of the page, ordered by code.' })
  readonly edges: HolderEdge[];

  @Field(() => PageInfo, { description: 'Where the page stands in the list.' })
  readonly pageInfo: PageInfo;
}
