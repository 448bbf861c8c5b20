import { Arg, Ctx, createUnionType, Field, FieldResolver, InputType, Int, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { Viewer } from '../desks/viewer.type.js';
import { checkedKey, keyField } from '../publishing/idempotency-key.js';
import { mustBeAllowed } from '../publishing/policy.js';
import { orProblem, Problem } from '../publishing/problem.type.js';
import { Entitlement } from '../rights/entitlement.js';
import { Partner } from '../rights/partner.js';
import { allPartners, findPartner } from '../rights/partner.queries.js';
import type { PartnerContext } from './partner-context.js';
import { savePartner } from './save-partner.js';

/** Not the partner alone: its code and that of a problem are of two types, which one selection could not hold. */
@ObjectType({ description: 'What was founded or changed.' })
class SavedPartner {
  @Field(() => Partner, { description: 'The partner as it stands now.' })
  readonly partner: Partner;
}

const PartnerResult = createUnionType({
  name: 'PartnerResult',
  description: 'A partner that was founded or changed, or why nothing was.',
  types: () => [SavedPartner, Problem] as const,
});

@InputType({ description: 'Somebody at a partner outlet.' })
class PartnerContactInput {
  @Field({ description: 'Their name.' })
  readonly name: string;

  @Field({ description: 'Their address for mail.' })
  readonly email: string;

  @Field({ description: 'What they are to be asked about: `technical`, `legal`.' })
  readonly role: string;
}

@InputType({ description: 'A partner to be founded or changed.' })
class SavePartnerInput {
  @Field({ description: 'Its code: lower-case letters, digits and hyphens, for good.' })
  readonly code: string;

  @Field(() => Int, { description: 'The version seen; 0 to found it.' })
  readonly expectedVersion: number;

  @Field({ description: 'What it is called.' })
  readonly name: string;

  @Field(() => [PartnerContactInput], { defaultValue: [], description: 'Whom to write to, at most 20.' })
  readonly contacts: PartnerContactInput[];

  @Field(() => Int, {
    defaultValue: 0,
    description: 'How many seconds after everybody else it is told of anything, at most 604,800: a week.',
  })
  readonly delaySeconds: number;

  @Field({ defaultValue: true, description: 'Whether its keys open the gateway; when not, from the next request on.' })
  readonly active: boolean;

  @Field(() => String, keyField)
  readonly idempotencyKey?: string | null;
}

@Resolver(() => Partner)
export class PartnerResolver {
  @Query(() => [Partner], { description: 'Every partner, ordered by code. For operators.' })
  async partners(@Ctx() { caller, read }: PartnerContext): Promise<Partner[]> {
    mustBeAllowed(caller, 'READ_PARTNERS');
    return allPartners(read);
  }

  @Query(() => Partner, { nullable: true, description: 'One partner; null when there is none. For operators.' })
  async partner(@Arg('code', () => String, { description: 'Its code.' }) code: string, @Ctx() { caller, read }: PartnerContext) {
    mustBeAllowed(caller, 'READ_PARTNERS');
    return findPartner(read, code);
  }

  @FieldResolver(() => Int, { description: 'Grows by one with every change, from 1.' })
  version(@Root() partner: Partner): number {
    return partner.version!;
  }

  @FieldResolver(() => [Entitlement], { description: 'All that it may have, might have had, or will; the earliest first.' })
  entitlements(@Root() { code }: Partner, @Ctx() { load }: PartnerContext): Promise<Entitlement[]> {
    return load.entitlementsOfPartner.load(code);
  }

  @Mutation(() => PartnerResult, {
    description:
      'Founds a partner or changes it. What it may have is said by entitlements; its keys are made at the command line. For operators.',
  })
  savePartner(
    @Arg('input', () => SavePartnerInput, { description: 'All of it, also what stays.' }) input: SavePartnerInput,
    @Ctx() context: PartnerContext,
  ) {
    return orProblem(async () => {
      const { code } = await savePartner(context.write, { ...input, idempotencyKey: checkedKey(input.idempotencyKey) });
      return Object.assign(new SavedPartner(), { partner: (await findPartner(context.read, code))! });
    }, context.sayError);
  }
}

@Resolver(() => Viewer)
export class PartnerOfViewerResolver {
  @FieldResolver(() => Partner, {
    nullable: true,
    description: 'Who asks with a partner’s key, and what they may have; null for anybody else.',
  })
  async partner(@Ctx() { caller, read }: PartnerContext): Promise<Partner | null> {
    return caller.kind === 'PARTNER' ? findPartner(read, caller.partner) : null;
  }
}
