import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { Edition } from '../editions/edition.js';
import { Role } from './role.js';

/** What sort of caller somebody is. */
export enum CallerKind {
  PUBLIC = 'PUBLIC',
  DESK = 'DESK',
  PARTNER = 'PARTNER',
  OPERATOR = 'OPERATOR',
}
registerEnumType(CallerKind, {
  name: 'CallerKind',
  description: 'What sort of caller somebody is.',
  valuesConfig: {
    PUBLIC: { description: 'Whoever shows no key and no token, or a token that gives no role: sees what every reader sees.' },
    DESK: { description: 'Has a role in at least one edition.' },
    PARTNER: {
      description: 'Has a partner’s key. Feeds and GraphQL give it of texts what it is entitled to, and GraphQL `viewer { partner }`.',
    },
    OPERATOR: { description: 'Runs the gateway, founds editions, answers for notices to all readers; writes no text.' },
  },
});

@ObjectType({ description: 'A role in an edition.' })
export class EditionRole {
  @Field(() => Edition, { description: 'The edition.' })
  readonly edition: Edition;

  @Field(() => Role, { description: 'The role.' })
  readonly role: Role;
}

@ObjectType({ description: 'Who is asking.' })
export class Viewer {
  @Field(() => CallerKind, { description: 'What sort of caller.' })
  readonly kind: CallerKind;

  @Field(() => String, { nullable: true, description: 'The name of the key, or of whom the token speaks for; null for the public.' })
  readonly name: string | null;
}
