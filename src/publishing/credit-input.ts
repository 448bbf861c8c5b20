import { Field, InputType } from 'type-graphql';
import { z } from 'zod';
import { CreditRole } from '../credits/credit.js';
import type { imageCredit, PartyInRole, storyCredit } from '../credits/party-in-role.js';
import { checkedInput } from './checked-input.js';

@InputType({ description: 'A party in a role. Give either a person or an agency.' })
export class CreditInput {
  @Field(() => CreditRole, { description: 'What the party did.' })
  readonly role: CreditRole;

  @Field(() => String, { nullable: true, description: 'Code of the person.' })
  readonly person?: string | null;

  @Field(() => String, { nullable: true, description: 'Code of the agency.' })
  readonly agency?: string | null;
}

const mostCredits = 50;

/** The parties an input credits, in its order. Throws FIELD_REFUSED for a role that is not theirs, and for one named twice in a role. */
export function creditsOfInput(
  credits: readonly CreditInput[],
  shape: typeof storyCredit | typeof imageCredit,
  field = 'credits',
): PartyInRole[] {
  const once = z
    .array(shape as z.ZodType<PartyInRole>)
    .max(mostCredits)
    .refine((parties) => new Set(parties.map((party) => JSON.stringify(party))).size === parties.length, 'names somebody twice');
  const given = credits.map(({ role, person, agency }) => ({ role, ...(person != null && { person }), ...(agency != null && { agency }) }));
  return checkedInput(once, given as PartyInRole[], field);
}
