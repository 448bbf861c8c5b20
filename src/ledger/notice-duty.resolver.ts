import {
  Arg,
  Ctx,
  createUnionType,
  Field,
  FieldResolver,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { largestPage, pageOf } from '../lib/relay.js';
import { checkedKey, keyField } from '../publishing/idempotency-key.js';
import { mustBeAllowed } from '../publishing/policy.js';
import { orProblem, Problem } from '../publishing/problem.type.js';
import { Partner } from '../rights/partner.js';
import { acknowledgeNotice } from './acknowledge-notice.js';
import type { NoticeDutyRow } from './notice-duty.js';
import { dutiesOf, listDuties } from './notice-duty.queries.js';
import type { TakedownContext } from './takedown-context.js';

enum NoticeDutyState {
  OPEN = 'OPEN',
  ACKNOWLEDGED = 'ACKNOWLEDGED',
}
registerEnumType(NoticeDutyState, {
  name: 'NoticeDutyState',
  description: 'Whether a partner has said that its readers see a notice as it is now.',
  valuesConfig: {
    OPEN: { description: 'It has not: it is out of compliance.' },
    ACKNOWLEDGED: { description: 'It has.' },
  },
});

@ObjectType({
  description: 'A version of a notice that must be carried, of which a partner that holds texts with an earlier one was told.',
})
class NoticeDuty {
  @Field({ description: 'Code of the partner.' })
  readonly partner: string;

  @Field({ description: 'Code of the notice.' })
  readonly notice: string;

  @Field(() => Int, { description: 'Its version.' })
  readonly version: number;

  @Field(() => NoticeDutyState, { description: 'How it stands.' })
  readonly state: NoticeDutyState;

  @Field(() => GraphQLDateTimeISO, { description: 'When the partner was told.' })
  readonly toldAt: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it acknowledged this version, or a later one.' })
  readonly acknowledgedAt: Date | null;

  @Field(() => String, { nullable: true, description: 'Who did: the name of a key, or of an operator.' })
  readonly acknowledgedBy: string | null;
}

@ObjectType({ description: 'A notice that was acknowledged.' })
class AcknowledgedNotice {
  @Field(() => [NoticeDuty], { description: 'All that the partner was told of the notice, newest first.' })
  readonly duties: NoticeDuty[];
}

const NoticeDutyResult = createUnionType({
  name: 'NoticeDutyResult',
  description: 'A notice that was acknowledged, or why nothing was changed.',
  types: () => [AcknowledgedNotice, Problem] as const,
});

const stateArgument = { nullable: true, description: 'Only those that stand so.' } as const;

@Resolver()
export class NoticeDutyResolver {
  @Query(() => [NoticeDuty], {
    description: 'What partners were told of changed notices that they must carry, newest first. For operators.',
  })
  async noticeDuties(
    @Arg('state', () => NoticeDutyState, stateArgument) state: NoticeDutyState | null,
    @Arg('partner', () => String, { nullable: true, description: 'Only those of a partner, by its code.' }) partner: string | null,
    @Arg('notice', () => String, { nullable: true, description: 'Only those of a notice, by its code.' }) notice: string | null,
    @Arg('first', () => Int, { nullable: true, description: `How many at most; 1 to ${largestPage}, 20 when left out.` })
    first: number | null,
    @Ctx() { read, caller }: TakedownContext,
  ): Promise<NoticeDuty[]> {
    mustBeAllowed(caller, 'READ_PARTNERS');
    const { size: most } = pageOf(first == null ? {} : { first });
    const rows = await listDuties(read, { partner: partner ?? null, notice: notice ?? null, open: openOf(state), most });
    return rows.map(shown);
  }

  @Mutation(() => NoticeDutyResult, {
    description:
      'Says that a partner’s readers see a version of a notice, with every text that carries it; earlier versions are settled with it. For the partner itself, by a live key, and for operators on its behalf, who name it. NOT_FOUND where it was told of no such version.',
  })
  acknowledgeNotice(
    @Arg('code', () => String, { description: 'Code of the notice.' }) code: string,
    @Arg('version', () => Int, { description: 'The version that readers see.' }) version: number,
    @Arg('partner', () => String, { nullable: true, description: 'For operators: code of the partner.' }) partner: string | null,
    @Arg('idempotencyKey', () => String, keyField) idempotencyKey: string | null,
    @Ctx() context: TakedownContext,
  ) {
    return orProblem(async () => {
      const given = { partner: partner ?? null, notice: code, version, idempotencyKey: checkedKey(idempotencyKey) };
      const settled = await acknowledgeNotice(context.write, given);
      const duties = (await dutiesOf(context.read, [settled.partner])).filter(({ noticeCode }) => noticeCode === code).map(shown);
      return Object.assign(new AcknowledgedNotice(), { duties });
    }, context.sayError);
  }
}

@Resolver(() => Partner)
export class NoticeDutiesOfPartnerResolver {
  @FieldResolver(() => [NoticeDuty], {
    description: 'The changed notices that it was told of, newest first. While one is OPEN it is out of compliance.',
  })
  async noticeDuties(
    @Arg('state', () => NoticeDutyState, stateArgument) state: NoticeDutyState | null,
    @Root() { code }: Partner,
    @Ctx() { load }: TakedownContext,
  ): Promise<NoticeDuty[]> {
    return (await load.dutiesOfPartner.load({ partner: code, open: openOf(state) })).map(shown);
  }
}

const openOf = (state: NoticeDutyState | null): boolean | null => (state == null ? null : state === NoticeDutyState.OPEN);

const shown = ({ partnerCode, noticeCode, noticeVersion, toldAt, acknowledgedAt, acknowledgedBy }: NoticeDutyRow): NoticeDuty => ({
  ...{ partner: partnerCode, notice: noticeCode, version: noticeVersion, toldAt, acknowledgedAt, acknowledgedBy },
  state: acknowledgedAt === null ? NoticeDutyState.OPEN : NoticeDutyState.ACKNOWLEDGED,
});
