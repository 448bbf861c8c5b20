import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, createUnionType, Field, FieldResolver, ID, Info, Int, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { Refusal } from '../lib/errors.js';
import { pageOf } from '../lib/relay.js';
import { EditionCode } from '../lib/scalars.js';
import { checkedKey } from '../publishing/idempotency-key.js';
import { mustBeAllowed, mustBeAllowedAnywhere } from '../publishing/policy.js';
import { orProblem, Problem } from '../publishing/problem.type.js';
import { readDeliveries } from './deliveries.queries.js';
import { DeliveryState } from './delivery.js';
import { findEndpoint } from './endpoint.queries.js';
import { Delivery, DeliveryConnection, DeliveryCounts, Endpoint } from './endpoint.type.js';
import type { EndpointContext } from './endpoint-context.js';
import { endpointId, endpointUuid } from './endpoint-id.js';
import { EndpointInput, ReplayInput, RotateEndpointSecretInput, SaveEndpointInput } from './endpoint-input.js';
import { type ReplayWish, replay } from './replay.js';
import { saveEndpoint } from './save-endpoint.js';
import { deleteEndpoint, pauseEndpoint, resumeEndpoint, rotateSecret, testEndpoint } from './set-endpoint.js';
import { shownDelivery, shownEndpoint } from './show-endpoint.js';
import { wanting } from './wanting.js';

@ObjectType({ description: 'An endpoint that was founded or changed.' })
class SavedEndpoint {
  @Field(() => Endpoint, { description: 'The endpoint as it stands now.' })
  readonly endpoint: Endpoint;

  @Field(() => String, {
    nullable: true,
    description:
      'Its secret (`whsec_…`), where one was made: shown this once. Null otherwise, also when the same key comes again: then rotate it.',
  })
  readonly secret: string | null;
}

const EndpointResult = createUnionType({
  name: 'EndpointResult',
  description: 'An endpoint that was founded or changed, or why nothing was.',
  types: () => [SavedEndpoint, Problem] as const,
});

@ObjectType({ description: 'An endpoint that is no more.' })
class DeletedEndpoint {
  @Field(() => ID, { description: 'Its id.' })
  readonly endpointId: string;
}

const DeletedEndpointResult = createUnionType({
  name: 'DeletedEndpointResult',
  description: 'An endpoint that is no more, or why it still is.',
  types: () => [DeletedEndpoint, Problem] as const,
});

@ObjectType({ description: 'A test that will be sent.' })
class TestEvent {
  @Field(() => ID, { description: 'Its `webhook-id`, by which `deliveries` shows what came of it.' })
  readonly messageId: string;
}

const TestEventResult = createUnionType({
  name: 'TestEventResult',
  description: 'A test that will be sent, or why none will.',
  types: () => [TestEvent, Problem] as const,
});

@ObjectType({ description: 'What will be sent once more.' })
class Replayed {
  @Field(() => Int, { description: 'How many messages are made anew that were settled, under the ids they had.' })
  readonly again: number;

  @Field(() => Int, { description: 'How many are new to the endpoint.' })
  readonly added: number;
}

const ReplayResult = createUnionType({
  name: 'ReplayResult',
  description: 'What will be sent once more, or why nothing will.',
  types: () => [Replayed, Problem] as const,
});

const whoever = 'For the partner whose it is (with a live key), for CHIEFs of the edition whose desk it is of, and for operators.';

@Resolver(() => Endpoint)
export class EndpointResolver {
  @Query(() => [Endpoint], { description: 'The endpoints of an edition’s desk, the oldest first. For its CHIEFs and operators.' })
  async endpoints(
    @Arg('edition', () => EditionCode, { description: 'Code of the edition.' }) edition: string,
    @Ctx() { caller, load, editions, read }: EndpointContext,
  ): Promise<Endpoint[]> {
    mustBeAllowed(caller, 'READ_ENDPOINTS', { edition });
    (await editions()).named(edition);
    return (await load.endpointsOfEdition.load(edition)).map((row) => shownEndpoint(row, read.now));
  }

  @FieldResolver(() => DeliveryCounts, { description: 'How many messages to it are in which state.' })
  async counts(@Root() { uuid }: Endpoint, @Ctx() { load }: EndpointContext): Promise<DeliveryCounts> {
    const { PENDING, DELIVERED, FAILED, SUPERSEDED, NOTHING } = await load.deliveryCounts.load(uuid);
    return { pending: PENDING, delivered: DELIVERED, failed: FAILED, superseded: SUPERSEDED, nothing: NOTHING };
  }

  @FieldResolver(() => DeliveryConnection, { description: 'Messages to it, the newest first; they are kept for 30 days.' })
  async deliveries(
    @Root() { uuid }: Endpoint,
    @Arg('state', () => DeliveryState, { nullable: true, description: 'In one state.' }) state: DeliveryState | null,
    @Arg('first', () => Int, { defaultValue: 20, description: 'How many: 1 to 100.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor of the message the page starts behind.' }) after: string | null,
    @Ctx() { read }: EndpointContext,
  ): Promise<DeliveryConnection> {
    const page = pageOf({ first, ...(after !== null && { after }) });
    const { items, hasNextPage } = await readDeliveries(read, { endpoint: uuid, state }, page);
    const edges = items.map(({ cursor, row }) => ({ cursor, node: Object.assign(new Delivery(), shownDelivery(row)) }));
    const pageInfo = { hasNextPage, hasPreviousPage: after !== null };
    return { edges, pageInfo: { ...pageInfo, startCursor: edges[0]?.cursor ?? null, endCursor: edges.at(-1)?.cursor ?? null } };
  }

  @Mutation(() => EndpointResult, { description: `Founds an endpoint or changes it. ${whoever}` })
  saveEndpoint(
    @Arg('input', () => SaveEndpointInput, { description: 'All of it, also what stays.' }) input: SaveEndpointInput,
    @Ctx() context: EndpointContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    return saved(context, async () => {
      const { endpoint, partner, edition, format, document, variables, idempotencyKey, ...wish } = input;
      mustBeAllowedAnywhere(context.caller, 'SAVE_ENDPOINT');
      return saveEndpoint(context.write, savingIn(context, info), {
        ...{ ...wish, uuid: endpoint == null ? null : endpointUuid(endpoint), partner: partner ?? null, edition: edition ?? null },
        ...{ format: format ?? null, document: document ?? null, variables: variables ?? null },
        idempotencyKey: checkedKey(idempotencyKey),
      });
    });
  }

  @Mutation(() => EndpointResult, { description: `Gives an endpoint a new secret; the one it had signs too for a while. ${whoever}` })
  rotateEndpointSecret(
    @Arg('input', () => RotateEndpointSecretInput, { description: 'Which, and for how long.' }) input: RotateEndpointSecretInput,
    @Ctx() context: EndpointContext,
  ) {
    return saved(context, async () =>
      rotateSecret(context.write, {
        ...chosen(context, 'ROTATE_ENDPOINT_SECRET', input),
        formerHours: input.formerHours,
        key: context.secretsKey,
      }),
    );
  }

  @Mutation(() => EndpointResult, {
    description: `Has nothing sent to an endpoint until it is resumed; what it is to be told waits. ${whoever}`,
  })
  pauseEndpoint(@Arg('input', () => EndpointInput, { description: 'Which.' }) input: EndpointInput, @Ctx() context: EndpointContext) {
    return saved(context, async () => pauseEndpoint(context.write, chosen(context, 'PAUSE_ENDPOINT', input)));
  }

  @Mutation(() => EndpointResult, {
    description: `Has an endpoint at work again that was paused or disabled; what waits and failed before is sent at once. ${whoever}`,
  })
  resumeEndpoint(
    @Arg('input', () => EndpointInput, { description: 'Which.' }) input: EndpointInput,
    @Ctx() context: EndpointContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const { documentProblem } = savingIn(context, info);
    return saved(context, async () => resumeEndpoint(context.write, { ...chosen(context, 'RESUME_ENDPOINT', input), documentProblem }));
  }

  @Mutation(() => DeletedEndpointResult, {
    description: `Forgets an endpoint with its secrets and messages, also those that wait: \`pauseEndpoint\` keeps them. ${whoever}`,
  })
  deleteEndpoint(@Arg('input', () => EndpointInput, { description: 'Which.' }) input: EndpointInput, @Ctx() context: EndpointContext) {
    return orProblem(async () => {
      const { endpoint } = await deleteEndpoint(context.write, chosen(context, 'DELETE_ENDPOINT', input));
      return Object.assign(new DeletedEndpoint(), { endpointId: endpointId(endpoint) });
    }, context.sayError);
  }

  @Mutation(() => TestEventResult, {
    description: `Sends a message of type \`endpoint.test\` like every other, once it is its turn. ${whoever}`,
  })
  sendTestEvent(@Arg('input', () => EndpointInput, { description: 'Where to.' }) input: EndpointInput, @Ctx() context: EndpointContext) {
    return orProblem(async () => {
      const { message } = await testEndpoint(context.write, chosen(context, 'TEST_ENDPOINT', input));
      return Object.assign(new TestEvent(), { messageId: message });
    }, context.sayError);
  }

  @Mutation(() => ReplayResult, {
    description: `Has an endpoint told again, of the last 30 days, under the same ids and as things stand now: what was taken back since is told as that. ${whoever}`,
  })
  replay(@Arg('input', () => ReplayInput, { description: 'Where to, and what.' }) input: ReplayInput, @Ctx() context: EndpointContext) {
    return orProblem(async () => {
      const choice = chosen(context, 'REPLAY_ENDPOINT', input);
      const { again, added } = await replay(context.write, { ...choice, wish: wishOf(input), sources: wanting });
      return Object.assign(new Replayed(), { again, added });
    }, context.sayError);
  }
}

function wishOf({ from, to, missing }: ReplayInput): ReplayWish {
  if (missing === (from != null) || (missing && to != null))
    throw new Refusal('FIELD_REFUSED', { field: 'from', detail: 'expected a range or missing' });
  return missing ? 'MISSING' : { from: from!, to: to ?? null };
}

/** Who may nowhere is told only that, whatever was asked. */
function chosen(
  { caller }: EndpointContext,
  action: Parameters<typeof mustBeAllowedAnywhere>[1],
  { endpoint, idempotencyKey }: EndpointInput,
) {
  mustBeAllowedAnywhere(caller, action);
  return { uuid: endpointUuid(endpoint), idempotencyKey: checkedKey(idempotencyKey) };
}

const savingIn = ({ secretsKey, outside, editions, documentProblem }: EndpointContext, { schema }: GraphQLResolveInfo) => ({
  ...{ secretsKey, outside, editions },
  documentProblem: (document: string, variables: Record<string, unknown>) => documentProblem(schema, document, variables),
});

const saved = (
  context: EndpointContext,
  work: () => Promise<{ uuid: string; secret: string | null } | { endpoint: string }>,
): Promise<SavedEndpoint | Problem> =>
  orProblem(async () => {
    const done = await work();
    const row = (await findEndpoint(context.read, 'uuid' in done ? done.uuid : done.endpoint))!;
    return Object.assign(new SavedEndpoint(), {
      endpoint: shownEndpoint(row, context.read.now),
      secret: 'secret' in done ? done.secret : null,
    });
  }, context.sayError);
