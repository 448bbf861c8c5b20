import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, InputType, Int } from 'type-graphql';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { EditionCode, WebAddress } from '../lib/scalars.js';
import { keyField } from '../publishing/idempotency-key.js';
import { PayloadShape } from './endpoint.js';
import { longestDocument, mostConcurrency } from './endpoint-shape.js';
import { replayDays } from './replay.js';
import { mostFormerHours } from './set-endpoint.js';
import { WebhookTopic } from './webhook-topic.js';

@InputType({ description: 'An endpoint to be founded or changed.' })
export class SaveEndpointInput {
  @Field(() => ID, { nullable: true, description: 'The endpoint to change; a new one when left out.' })
  readonly endpoint?: string | null;

  @Field(() => Int, { description: 'The version seen; 0 for a new one.' })
  readonly expectedVersion: number;

  @Field(() => String, {
    nullable: true,
    description: 'Of a new one: code of the partner whose it is. With a partner’s key it is that partner’s.',
  })
  readonly partner?: string | null;

  @Field(() => EditionCode, { nullable: true, description: 'Of a new one: the edition whose desk it is of.' })
  readonly edition?: string | null;

  @Field(() => WebAddress, { description: 'Where messages are posted: https, to the open internet.' })
  readonly url: string;

  @Field({ defaultValue: '', description: 'What it is for, at most 200 characters.' })
  readonly description: string;

  @Field(() => [WebhookTopic], { description: 'What it is told of: those of partners, or those of desks.' })
  readonly topics: WebhookTopic[];

  @Field(() => [EditionCode], { defaultValue: [], description: 'Of a partner: of which editions; of all that it may have when empty.' })
  readonly editions: string[];

  @Field(() => PayloadShape, { defaultValue: PayloadShape.THIN, description: 'What a body tells of texts; THIN for a desk.' })
  readonly payload: PayloadShape;

  @Field(() => String, { nullable: true, description: 'With FULL: the extension of a format that items have, such as `json` or `newsml`.' })
  readonly format?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `With DOCUMENT: one query, at most ${longestDocument} characters and within the limits of a request. The gateway sets its variables \`event\`, \`article\`, \`translation\` (ID) and \`edition\` (EditionCode), as far as it declares them.`,
  })
  readonly document?: string | null;

  @Field(() => GraphQLJSONObject, { nullable: true, description: 'With DOCUMENT: what its other variables are set to.' })
  readonly variables?: Record<string, unknown> | null;

  @Field(() => Int, { defaultValue: 5, description: `How many messages are under way to it at most: 1 to ${mostConcurrency}.` })
  readonly concurrency: number;

  @Field(() => String, keyField)
  readonly idempotencyKey?: string | null;
}

@InputType({ description: 'An endpoint.' })
export class EndpointInput {
  @Field(() => ID, { description: 'Which.' })
  readonly endpoint: string;

  @Field(() => String, keyField)
  readonly idempotencyKey?: string | null;
}

@InputType({ description: 'An endpoint that is to have a new secret.' })
export class RotateEndpointSecretInput extends EndpointInput {
  @Field(() => Int, {
    defaultValue: 24,
    description: `For how many hours the secret it had signs beside the new one, 0 to ${mostFormerHours}: 0 for one that others have seen.`,
  })
  readonly formerHours: number;
}

@InputType({ description: 'What an endpoint is to be told again: a range, or what it missed.' })
export class ReplayInput extends EndpointInput {
  @Field(() => GraphQLDateTimeISO, { nullable: true, description: `From when on, by the events: of the last ${replayDays} days.` })
  readonly from?: Date | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Until when; until now when left out.' })
  readonly to?: Date | null;

  @Field({
    defaultValue: false,
    description: 'Instead of a range: all since it was founded that was given up, or was never made for it, as while it was disabled.',
  })
  readonly missing: boolean;
}
