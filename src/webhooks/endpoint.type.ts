import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { PageInfo } from '../lib/relay.js';
import { EditionCode, WebAddress } from '../lib/scalars.js';
import { PartnerMessageCode } from './compose-messages.js';
import { DeliveryState } from './delivery.js';
import { EndpointState, PayloadShape } from './endpoint.js';
import { WebhookTopic } from './webhook-topic.js';

registerEnumType(EndpointState, {
  name: 'EndpointState',
  description: 'Whether an endpoint is sent what it is to be told.',
  valuesConfig: {
    ACTIVE: { description: 'It is.' },
    PAUSED: { description: 'Not until it is resumed: what it is to be told waits, in order.' },
    DISABLED: {
      description: 'Not any more, and nothing waits for it: `disabledBecause` says why. `replay` sends what it missed once it is resumed.',
    },
  },
});

export enum DisabledBecause {
  GONE = 'GONE',
  FAILING = 'FAILING',
  DOCUMENT = 'DOCUMENT',
}
registerEnumType(DisabledBecause, {
  name: 'DisabledBecause',
  description: 'Why nothing is sent to an endpoint any more.',
  valuesConfig: {
    GONE: { description: 'It answered 410.' },
    FAILING: { description: 'It has taken nothing for five days.' },
    DOCUMENT: { description: 'The schema does not take its document any more.' },
  },
});
registerEnumType(PayloadShape, {
  name: 'PayloadShape',
  description: 'What a body tells of texts.',
  valuesConfig: {
    THIN: { description: 'Their ids, revisions and addresses: less than 20 kB. They are fetched by them, with the partner’s key.' },
    FULL: { description: 'The texts as well, in a feed format, as the partner may have them: 256 KiB at most, else THIN.' },
    DOCUMENT: { description: 'The answer to a GraphQL document of the partner’s own.' },
  },
});
registerEnumType(DeliveryState, {
  name: 'DeliveryState',
  description: 'What has become of a message to an endpoint.',
  valuesConfig: {
    PENDING: { description: 'It waits for its time, its turn or its endpoint.' },
    DELIVERED: { description: 'It was answered by 2xx.' },
    FAILED: { description: 'It was tried as often as messages are, and given up.' },
    SUPERSEDED: { description: 'It may not be sent any more, or something later tells more.' },
    NOTHING: { description: 'There was nothing in it for its owner.' },
  },
});
registerEnumType(PartnerMessageCode, {
  name: 'PartnerMessageCode',
  description: 'What a partner must know. There will be more.',
  valuesConfig: {
    ENDPOINT_GONE: { description: 'An endpoint answered 410 and is disabled.' },
    ENDPOINT_FAILED: { description: 'An endpoint has taken nothing for five days and is disabled.' },
    DOCUMENT_BROKEN: { description: 'The schema does not take the document of an endpoint any more; it is disabled.' },
    ENDPOINT_FAILING: { description: 'An endpoint takes nothing; `at` is since when.' },
    DELIVERIES_FAILED: { description: 'Deliveries to an endpoint were given up in the last 30 days.' },
    SECRET_CHANGING: { description: 'The former secret of an endpoint still signs; `at` is until when.' },
  },
});

@ObjectType({
  description: 'An address at which a partner, or the desk of an edition, is told of what it has asked for (Standard Webhooks).',
})
export class Endpoint {
  /** The row's. */
  readonly uuid: string;

  @Field(() => ID, { description: 'Lasting id.' })
  readonly id: string;

  @Field(() => Int, { description: 'Grows by one with every change of its settings or state by hand, from 1.' })
  readonly version: number;

  @Field(() => String, { nullable: true, description: 'Code of the partner whose it is; null for that of a desk.' })
  readonly partner: string | null;

  @Field(() => EditionCode, { nullable: true, description: 'Edition whose desk it is of; null for that of a partner.' })
  readonly editionCode: string | null;

  @Field(() => WebAddress, { description: 'Where messages are posted.' })
  readonly url: string;

  @Field({ description: 'What it is for, in its owner’s words.' })
  readonly description: string;

  @Field(() => [WebhookTopic], { description: 'What it is told of, beside what is always told.' })
  readonly topics: WebhookTopic[];

  @Field(() => [EditionCode], { description: 'Of a partner: of which editions; empty for all that it may have.' })
  readonly editions: string[];

  @Field(() => PayloadShape, { description: 'What a body tells of texts.' })
  readonly payload: PayloadShape;

  @Field(() => String, { nullable: true, description: 'With FULL: the extension of a feed format.' })
  readonly format: string | null;

  @Field(() => String, { nullable: true, description: 'With DOCUMENT: the query.' })
  readonly document: string | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'With DOCUMENT: what its variables are set to, but those the gateway sets.',
  })
  readonly variables: Record<string, unknown> | null;

  @Field(() => Int, { description: 'How many messages are under way to it at most.' })
  readonly concurrency: number;

  @Field(() => EndpointState, { description: 'Whether it is sent anything.' })
  readonly state: EndpointState;

  @Field(() => DisabledBecause, { nullable: true, description: 'Why it is not.' })
  readonly disabledBecause: DisabledBecause | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Since when it has taken nothing; null while it takes what it is sent.' })
  readonly failingSince: Date | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Until when it has asked to be left alone.' })
  readonly notBefore: Date | null;

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'Until when its former secret signs too; null when only the present one does.',
  })
  readonly formerSecretUntil: Date | null;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was founded.' })
  readonly createdAt: Date;
}

@ObjectType({ description: 'How many messages to an endpoint are in each state, of those that are kept: 30 days.' })
export class DeliveryCounts {
  @Field(() => Int, { description: 'PENDING.' })
  readonly pending: number;

  @Field(() => Int, { description: 'DELIVERED.' })
  readonly delivered: number;

  @Field(() => Int, { description: 'FAILED.' })
  readonly failed: number;

  @Field(() => Int, { description: 'SUPERSEDED.' })
  readonly superseded: number;

  @Field(() => Int, { description: 'NOTHING.' })
  readonly nothing: number;
}

@ObjectType({ description: 'One message to an endpoint, from the event that it is of until it is settled.' })
export class Delivery {
  @Field(() => ID, { description: '`webhook-id`: that of the event, the same over repeats and replays.' })
  readonly messageId: string;

  @Field(() => String, { nullable: true, description: 'Number of the event in the log; null for a test.' })
  readonly eventSeq: string | null;

  @Field(() => WebhookTopic, { description: 'What it tells, as far as that is known.' })
  readonly topic: WebhookTopic;

  @Field({ description: 'Its number at the endpoint, from 1, without gaps (`data.sequence`).' })
  readonly sequence: string;

  @Field(() => DeliveryState, { description: 'What has become of it.' })
  readonly state: DeliveryState;

  @Field(() => Int, { description: 'How often it was tried.' })
  readonly attempts: number;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it is tried next, at the earliest; null when it is settled.' })
  readonly nextAt: Date | null;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was made.' })
  readonly createdAt: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it was settled.' })
  readonly settledAt: Date | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it was last tried.' })
  readonly lastAttemptAt: Date | null;

  @Field(() => Int, { nullable: true, description: 'The status of the last answer; null where there was none.' })
  readonly lastStatus: number | null;

  @Field(() => String, { nullable: true, description: 'Why there was none.' })
  readonly lastError: string | null;

  @Field(() => String, { nullable: true, description: 'What the last answer said: its first 2,048 bytes.' })
  readonly lastAnswer: string | null;

  @Field(() => Int, { nullable: true, description: 'How long the last answer took, in milliseconds.' })
  readonly lastLatencyMs: number | null;
}

@ObjectType({ description: 'A message with its place.' })
export class DeliveryEdge {
  @Field({ description: 'Opaque place in the list, for `after`.' })
  readonly cursor: string;

  @Field(() => Delivery, { description: 'The message.' })
  readonly node: Delivery;
}

@ObjectType({ description: 'A page of messages to an endpoint, the newest first (Relay).' })
export class DeliveryConnection {
  @Field(() => [DeliveryEdge], { description: 'The messages of the page.' })
  readonly edges: DeliveryEdge[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  readonly pageInfo: PageInfo;
}

@ObjectType({ description: 'Something a partner must know, as long as it is so.' })
export class PartnerMessage {
  @Field(() => PartnerMessageCode, { description: 'What.' })
  readonly code: PartnerMessageCode;

  @Field({ description: 'The same in English.' })
  readonly text: string;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Since when, or until when, where that is known.' })
  readonly at: Date | null;

  @Field(() => ID, { nullable: true, description: 'The endpoint it is about.' })
  readonly endpointId: string | null;
}
