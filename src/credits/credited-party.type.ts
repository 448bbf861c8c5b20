import { Field, ObjectType } from 'type-graphql';
import { Agency } from '../topics/agency.js';
import { Person } from '../topics/person.js';
import type { TopicLoaders } from '../topics/topic.loaders.js';
import { CreditRole, type CreditRow } from './credit.js';
import type { PartyInRole } from './party-in-role.js';

@ObjectType({ description: 'A party in a role as desks edit it, without a name in any language.' })
export class CreditedParty {
  @Field(() => CreditRole, { description: 'What the party did.' })
  readonly role: CreditRole;

  @Field(() => Person, { nullable: true, description: 'The person, unless it is an agency.' })
  readonly person: Person | null;

  @Field(() => Agency, { nullable: true, description: 'The agency, unless it is a person.' })
  readonly agency: Agency | null;
}

/** The parties that some credits name, as desks edit them. */
export const creditedParties = (credits: readonly PartyInRole[], load: Pick<TopicLoaders, 'person' | 'agency'>): Promise<CreditedParty[]> =>
  Promise.all(
    credits.map(async (credit) => ({
      role: CreditRole[credit.role],
      person: 'person' in credit ? await load.person.load(credit.person) : null,
      agency: 'agency' in credit ? await load.agency.load(credit.agency) : null,
    })),
  );

/** What a stored credit says, by codes. */
export const partyOfRow = ({ role, personCode, agencyCode }: CreditRow): PartyInRole =>
  ({ role, ...(personCode === null ? { agency: agencyCode } : { person: personCode }) }) as PartyInRole;
