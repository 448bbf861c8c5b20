import { Arg, Ctx, createUnionType, Field, FieldResolver, ID, InputType, Int, Mutation, Resolver, Root } from 'type-graphql';
import { ArticleKind } from '../articles/article.js';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { checkedKey, keyField } from '../publishing/idempotency-key.js';
import { orProblem, Problem } from '../publishing/problem.type.js';
import { Entitlement } from '../rights/entitlement.js';
import { EntitlementTermsInput, entitlementId, entitlementUuid } from './entitlement-input.js';
import type { PartnerContext } from './partner-context.js';
import { endEntitlement, saveEntitlement } from './save-entitlement.js';

const EntitlementResult = createUnionType({
  name: 'EntitlementResult',
  description: 'An entitlement as it stands now, or why nothing was changed.',
  types: () => [Entitlement, Problem] as const,
});

@InputType({ description: 'What a partner is to have.' })
class SaveEntitlementInput {
  @Field({ description: 'Code of the partner.' })
  readonly partner: string;

  @Field(() => ID, { nullable: true, description: 'The entitlement to change; a new one when left out.' })
  readonly entitlement?: string | null;

  @Field(() => Int, { description: 'The version seen; 0 for a new one.' })
  readonly expectedVersion: number;

  @Field(() => EntitlementTermsInput, { description: 'All of it, also what stays.' })
  readonly terms: EntitlementTermsInput;

  @Field(() => String, keyField)
  readonly idempotencyKey?: string | null;
}

@InputType({ description: 'An entitlement to be ended.' })
class EndEntitlementInput {
  @Field(() => ID, { description: 'Which.' })
  readonly entitlement: string;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it ends; now when left out.' })
  readonly at?: Date | null;

  @Field(() => String, keyField)
  readonly idempotencyKey?: string | null;
}

@Resolver(() => Entitlement)
export class EntitlementResolver {
  @FieldResolver(() => ID, { description: 'Lasting id.' })
  id(@Root() entitlement: Entitlement): string {
    return entitlementId(entitlement);
  }

  @FieldResolver(() => Int, { description: 'Grows by one with every change, from 1.' })
  version(@Root() entitlement: Entitlement): number {
    return entitlement.version!;
  }

  @FieldResolver(() => [ArticleKind], { description: 'Stories of these forms; of all when empty.' })
  kinds(@Root() entitlement: Entitlement): ArticleKind[] {
    return entitlement.kinds as ArticleKind[];
  }

  @Mutation(() => EntitlementResult, {
    description:
      'Gives a partner something more, or changes what it was given: see `previewEntitlements` first. It holds from the next answer on. For operators.',
  })
  saveEntitlement(
    @Arg('input', () => SaveEntitlementInput, { description: 'What.' }) input: SaveEntitlementInput,
    @Ctx() context: PartnerContext,
  ) {
    return entitled(context, () =>
      saveEntitlement(context.write, {
        ...{ partner: input.partner, terms: input.terms, expectedVersion: input.expectedVersion },
        uuid: input.entitlement == null ? null : entitlementUuid(input.entitlement),
        idempotencyKey: checkedKey(input.idempotencyKey),
      }),
    );
  }

  @Mutation(() => EntitlementResult, {
    description: 'Ends an entitlement, now or at a moment to come; one that has ended stays as it is. For operators.',
  })
  endEntitlement(
    @Arg('input', () => EndEntitlementInput, { description: 'Which, and when.' }) input: EndEntitlementInput,
    @Ctx() context: PartnerContext,
  ) {
    return entitled(context, () =>
      endEntitlement(context.write, {
        uuid: entitlementUuid(input.entitlement),
        at: input.at ?? null,
        idempotencyKey: checkedKey(input.idempotencyKey),
      }),
    );
  }
}

const entitled = (context: PartnerContext, work: () => Promise<{ partner: string; uuid: string }>): Promise<Entitlement | Problem> =>
  orProblem(async () => {
    const { partner, uuid } = await work();
    return (await context.load.entitlementsOfPartner.load(partner)).find((each) => each.uuid === uuid)!;
  }, context.sayError);
