import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { Refusal } from '../lib/errors.js';
import { Partner } from '../rights/partner.js';
import { usageKeptDays } from './count-usage.js';
import type { PartnerContext } from './partner-context.js';
import { PartnerUsage } from './usage.js';

@Resolver(() => Partner)
export class UsageResolver {
  @FieldResolver(() => [PartnerUsage], {
    description: `What it has used, the newest day first, and of a day each channel it used; kept for ${usageKeptDays} days.`,
  })
  usage(
    @Arg('days', () => Int, { defaultValue: 30, description: `Of how many days, today the last of them: 1 to ${usageKeptDays}.` })
    days: number,
    @Root() { code }: Partner,
    @Ctx() { load }: PartnerContext,
  ): Promise<PartnerUsage[]> {
    if (days < 1 || days > usageKeptDays) throw new Refusal('BAD_USER_INPUT', { detail: `days is from 1 to ${usageKeptDays}` });
    return load.usageOfPartner.load({ partner: code, days });
  }
}
