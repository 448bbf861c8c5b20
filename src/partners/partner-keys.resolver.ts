import { Ctx, Field, FieldResolver, ID, ObjectType, Resolver, Root } from 'type-graphql';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { Partner } from '../rights/partner.js';
import type { PartnerContext } from './partner-context.js';

/** The row holds more, that nobody is shown. */
@ObjectType({ description: 'A key of a partner, without what opens anything: it was shown once, when it was made.' })
class PartnerKey {
  @Field(() => ID, { description: 'Its id, by which an operator revokes it.' })
  readonly id: string;

  @Field({ description: 'What it is for, as whoever had it made said.' })
  readonly name: string;

  @Field({ description: 'The last four characters of it, to tell keys apart.' })
  readonly ending: string;

  @Field({ description: 'Whether it is a test key.' })
  readonly test: boolean;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was made.' })
  readonly createdAt: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it ends; null: when it is revoked.' })
  readonly expiresAt: Date | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Since when it opens nothing any more.' })
  readonly revokedAt: Date | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it was last used, to the minute.' })
  readonly lastUsedAt: Date | null;
}

@Resolver(() => Partner)
export class PartnerKeysResolver {
  @FieldResolver(() => [PartnerKey], { description: 'The keys that it has and had, the oldest first.' })
  async keys(@Root() { code }: Partner, @Ctx() { load }: PartnerContext): Promise<PartnerKey[]> {
    const keys = await load.keysOfPartner.load(code);
    return keys.map(({ uuid, name, ending, test, createdAt, expiresAt, revokedAt, lastUsedAt }) => ({
      ...{ id: uuid, name, ending, test, createdAt, expiresAt, revokedAt, lastUsedAt },
    }));
  }
}
