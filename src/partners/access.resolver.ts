import { Arg, Ctx, Field, ID, InputType, Int, Query, Resolver } from 'type-graphql';
import { parseUrn } from '../articles/urn.js';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { Refusal } from '../lib/errors.js';
import { largestPage, pageOf } from '../lib/relay.js';
import { mustBeAllowed } from '../publishing/policy.js';
import type { Partner } from '../rights/partner.js';
import { findPartner } from '../rights/partner.queries.js';
import { AccessExplanation, EntitlementPreview } from './access.type.js';
import { EntitlementTermsInput, entitlementUuid } from './entitlement-input.js';
import { explainAccess } from './explain-access.js';
import type { PartnerContext } from './partner-context.js';
import { previewEntitlements } from './preview-entitlements.js';

@InputType({ description: 'A change of what a partner may have, to be looked at and not made.' })
class EntitlementChangeInput {
  @Field(() => ID, { nullable: true, description: 'The entitlement that would be changed or ended; a new one when left out.' })
  readonly entitlement?: string | null;

  @Field(() => EntitlementTermsInput, { nullable: true, description: 'What it would give; left out, it would be ended.' })
  readonly terms?: EntitlementTermsInput | null;
}

@Resolver()
export class AccessResolver {
  @Query(() => AccessExplanation, {
    description:
      'What a partner may have of a text, with every rule that was looked at and the one that decided. For operators. Fails with UNKNOWN_NAME for no partner, STORY_UNKNOWN for no URN of a translation, NOT_PUBLISHED where the edition has published no such text.',
  })
  async explainAccess(
    @Arg('partner', () => String, { description: 'Code of the partner.' }) partner: string,
    @Arg('translation', () => ID, { description: 'URN of the translation.' }) translation: string,
    @Arg('at', () => GraphQLDateTimeISO, { nullable: true, description: 'At which moment; now when left out.' }) at: Date | null,
    @Ctx() context: PartnerContext,
  ): Promise<AccessExplanation> {
    const named = await mustBePartner(partner, context);
    const { uuid, edition } = parseUrn(translation) ?? {};
    if (uuid === undefined || edition === undefined) throw new Refusal('STORY_UNKNOWN', {});
    return explainAccess(context.read, { partner: named, text: { articleUuid: uuid, editionCode: edition }, at: at ?? context.read.now });
  }

  @Query(() => EntitlementPreview, {
    description:
      'What a change of entitlements would add to what a partner may have, and take away from it, of the newest texts; nothing is changed. For operators.',
  })
  async previewEntitlements(
    @Arg('partner', () => String, { description: 'Code of the partner.' }) partner: string,
    @Arg('change', () => EntitlementChangeInput, { description: 'The change.' }) { entitlement, terms }: EntitlementChangeInput,
    @Arg('first', () => Int, {
      nullable: true,
      description: `How many texts of each list are shown; 1 to ${largestPage}, 20 when left out.`,
    })
    first: number | null,
    @Ctx() context: PartnerContext,
  ): Promise<EntitlementPreview> {
    const { delaySeconds } = await mustBePartner(partner, context);
    if (!entitlement && !terms) throw new Refusal('BAD_USER_INPUT', { detail: 'change names neither an entitlement nor terms' });
    return previewEntitlements(context.read, {
      ...{ partner, delaySeconds, first: pageOf(first == null ? {} : { first }).size },
      change: { uuid: entitlement == null ? null : entitlementUuid(entitlement), terms: terms ?? null },
    });
  }
}

/** Throws FORBIDDEN for who is no operator, then UNKNOWN_NAME for a code that no partner has. */
async function mustBePartner(code: string, { caller, read }: PartnerContext): Promise<Partner> {
  mustBeAllowed(caller, 'READ_PARTNERS');
  const partner = await findPartner(read, code);
  if (!partner) throw new Refusal('UNKNOWN_NAME', { value: code.slice(0, 100), field: 'partner' });
  return partner;
}
