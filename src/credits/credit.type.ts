import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { LanguageTag } from '../lib/scalars.js';
import { Agency } from '../topics/agency.js';
import { Person } from '../topics/person.js';
import { CreditRole, CreditScope } from './credit.js';

export enum CreditStyle {
  WEB = 'WEB',
  PRINT = 'PRINT',
}
registerEnumType(CreditStyle, {
  name: 'CreditStyle',
  description: 'How a credit line is written.',
  valuesConfig: {
    WEB: { description: 'Worded: “With reporting by Reuters and TASS”.' },
    PRINT: { description: 'Names only: “Reuters/TASS”.' },
  },
});

/** A party in a role, named in the language of the text it stands with. */
@ObjectType({ description: 'A party in a role, named in the language of the text it stands with.' })
export class Credit {
  @Field(() => CreditRole, { description: 'What the party did.' })
  readonly role: CreditRole;

  @Field(() => CreditScope, { description: 'What the credit is for.' })
  readonly scope: CreditScope;

  @Field({ description: 'The party’s name.' })
  readonly name: string;

  @Field(() => LanguageTag, { description: 'The language the name is written in: another one where the edition’s has none.' })
  readonly lang: string;

  @Field(() => Person, { nullable: true, description: 'The person, unless it is an agency.' })
  readonly person: Person | null;

  @Field(() => Agency, { nullable: true, description: 'The agency, unless it is a person.' })
  readonly agency: Agency | null;
}
