import { Arg, Args, ArgsType, Ctx, createUnionType, Field, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { articleUrn, translationUrn } from '../articles/urn.js';
import { Refusal } from '../lib/errors.js';
import { cursorOf, largestPage, pageOf, placeOf } from '../lib/relay.js';
import { WebAddress } from '../lib/scalars.js';
import { articleOf } from '../publishing/event-log.queries.js';
import { checkedKey, keyField } from '../publishing/idempotency-key.js';
import { mustBeAllowed } from '../publishing/policy.js';
import { orProblem, Problem } from '../publishing/problem.type.js';
import { Partner } from '../rights/partner.js';
import { acknowledgeTakedown } from './acknowledge-takedown.js';
import { TakedownAction, TakedownState } from './takedown.js';
import { AcknowledgedTakedown, TakedownConnection, type TakedownOrder } from './takedown.type.js';
import type { TakedownContext } from './takedown-context.js';
import { type ListedTakedown, type TakedownsPage, takedownOf, takedownsOf } from './takedown-list.queries.js';

const TakedownResult = createUnionType({
  name: 'TakedownResult',
  description: 'An order that was answered, or why nothing was changed.',
  types: () => [AcknowledgedTakedown, Problem] as const,
});

@ArgsType()
class TakedownArgs {
  @Field(() => TakedownState, { nullable: true, description: 'Only those that stand so; OPEN are also those whose time has passed.' })
  readonly state?: TakedownState | null;

  @Field({ defaultValue: false, description: 'Only open ones whose time has passed.' })
  readonly overdue: boolean;

  @Field(() => ID, { nullable: true, description: 'Only those about a story, by its URN.' })
  readonly article?: string | null;

  @Field(() => Int, { nullable: true, description: `How many at most; 1 to ${largestPage}, 20 when left out.` })
  readonly first?: number | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the order the page starts behind.' })
  readonly after?: string | null;
}

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;
const list = 'TAKEDOWNS';

@Resolver()
export class TakedownResolver {
  @Query(() => TakedownConnection, { description: 'Take-down orders to all partners, or to one, newest first. For operators.' })
  async takedowns(
    @Arg('partner', () => String, { nullable: true, description: 'Only those to a partner, by its code.' }) partner: string | null,
    @Args(() => TakedownArgs) args: TakedownArgs,
    @Ctx() { read, caller }: TakedownContext,
  ): Promise<TakedownConnection> {
    mustBeAllowed(caller, 'READ_PARTNERS');
    const page = pageAsked(args);
    return connectionOf(await takedownsOf(read, partner == null ? null : [partner], page), page, read.now);
  }

  @Mutation(() => TakedownResult, {
    description:
      'Says what a partner has done about a take-down order, or that it will do nothing. The last answer stands; each is in the log and in the audit. For the partner itself, by a live key, and for operators on its behalf. NOT_FOUND for no order, and for another partner’s.',
  })
  acknowledgeTakedown(
    @Arg('orderId', () => ID, { description: 'Id of the order.' }) orderId: string,
    @Arg('action', () => TakedownAction, { description: 'What was done.' }) action: TakedownAction,
    @Arg('url', () => WebAddress, { nullable: true, description: 'Where that can be seen.' }) url: string | null,
    @Arg('note', () => String, {
      nullable: true,
      description: 'What is to be said beside it, at most 2,000 characters; with REFUSED the reason.',
    })
    note: string | null,
    @Arg('idempotencyKey', () => String, keyField) idempotencyKey: string | null,
    @Ctx() context: TakedownContext,
  ) {
    return orProblem(async () => {
      mustBeAllowed(context.caller, 'ACKNOWLEDGE_TAKEDOWN');
      if (!uuidPattern.test(orderId)) throw new Refusal('NOT_FOUND', {});
      const given = { uuid: orderId, action, url: url ?? null, note: note ?? null, idempotencyKey: checkedKey(idempotencyKey) };
      const { uuid } = await acknowledgeTakedown(context.write, given);
      const takedown = shownTakedown((await takedownOf(context.read, uuid))!, context.read.now);
      return Object.assign(new AcknowledgedTakedown(), { takedown });
    }, context.sayError);
  }
}

@Resolver(() => Partner)
export class TakedownsOfPartnerResolver {
  @FieldResolver(() => TakedownConnection, { description: 'What it must take down, or had to, newest first.' })
  async takedowns(
    @Args(() => TakedownArgs) args: TakedownArgs,
    @Root() { code }: Partner,
    @Ctx() { load, read }: TakedownContext,
  ): Promise<TakedownConnection> {
    const page = pageAsked(args);
    return connectionOf(await load.takedownsOfPartner.load({ partner: code, page }), page, read.now);
  }
}

/** Throws BAD_USER_INPUT, PAGE_SIZE, INVALID_CURSOR. One more than is shown is read, to know whether more follow. */
function pageAsked({ state, overdue, article, first, after }: TakedownArgs): TakedownsPage {
  const { size } = pageOf(first == null ? {} : { first });
  const place = after == null ? null : placeOf(after, list);
  return {
    ...{ state: state ?? null, overdue, article: article == null ? null : articleOf(article) },
    ...{ after: place && { at: place.at, uuid: place.id }, size: size + 1 },
  };
}

function connectionOf(found: readonly ListedTakedown[], { size, after }: TakedownsPage, now: Date): TakedownConnection {
  const edges = found
    .slice(0, size - 1)
    .map((each) => ({ cursor: cursorOf({ list, at: each.row.openedAt, id: each.row.uuid }), node: shownTakedown(each, now) }));
  const pageInfo = {
    ...{ hasNextPage: found.length === size, hasPreviousPage: after !== null },
    ...{ startCursor: edges[0]?.cursor ?? null, endCursor: edges.at(-1)?.cursor ?? null },
  };
  return { edges, pageInfo };
}

/** An order as it is shown. */
export const shownTakedown = ({ row, cause, story, replacement }: ListedTakedown, now: Date): TakedownOrder => ({
  ...{ id: row.uuid, partner: row.partnerCode, articleId: articleUrn(story), reason: row.reason, kind: cause.kind, eventId: row.eventUuid },
  ...{ editionCode: cause.editionCode, revision: cause.revision, image: cause.imageCode },
  ...{ notice: cause.noticeCode, noticeVersion: cause.noticeVersion, replacementId: replacement && articleUrn(replacement) },
  texts: row.texts.map(({ edition, revision, channel, firstAt, lastAt }) => ({
    ...{ translationId: translationUrn(story, edition), editionCode: edition, revision, channel },
    ...{ firstAt: new Date(firstAt), lastAt: new Date(lastAt) },
  })),
  ...{ openedAt: row.openedAt, dueAt: row.dueAt, overdue: row.state === TakedownState.OPEN && row.dueAt <= now },
  ...{ state: row.state, action: row.action, url: row.url, note: row.note },
  ...{ settledAt: row.settledAt, settledBy: row.settledBy, escalatedAt: row.escalatedAt },
});
