import { Field, InputType } from 'type-graphql';
import { z } from 'zod';
import { ArticleKind } from '../articles/article.js';
import { Edition } from '../editions/edition.js';
import { code } from '../lib/code.js';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { Refusal } from '../lib/errors.js';
import { EditionCode, Territory } from '../lib/scalars.js';
import { isTerritory } from '../lib/territories.js';
import { checkedInput } from '../publishing/checked-input.js';
import { ContentLevel, type Entitlement } from '../rights/entitlement.js';
import { Agency } from '../topics/agency.js';
import { Topic } from '../topics/topic.js';

@InputType({ description: 'What a partner may have; an empty list names all.' })
export class EntitlementTermsInput {
  @Field(() => [EditionCode], { defaultValue: [], description: 'Texts of these editions.' })
  readonly editions: string[];

  @Field(() => [String], { defaultValue: [], description: 'Stories with at least one of these topics, by code.' })
  readonly topics: string[];

  @Field(() => [ArticleKind], { defaultValue: [], description: 'Stories of these forms.' })
  readonly kinds: ArticleKind[];

  @Field(() => [String], {
    defaultValue: [],
    description:
      'Nothing that uses copy, pictures or videos of these agencies, by code, unless what they allow is FREE. Empty: none is excluded.',
  })
  readonly excludedAgencies: string[];

  @Field(() => [Territory], { defaultValue: [], description: 'Where the partner may show it.' })
  readonly territories: string[];

  @Field(() => ContentLevel, { defaultValue: ContentLevel.FULL, description: 'How much of a text.' })
  readonly level: ContentLevel;

  @Field({ defaultValue: false, description: 'Whether with pictures and agencies’ videos.' })
  readonly images: boolean;

  @Field({ defaultValue: false, description: 'Whether also texts that a machine wrote and nobody has checked.' })
  readonly machine: boolean;

  @Field({ defaultValue: false, description: 'Whether also stories under embargo.' })
  readonly early: boolean;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'From when; from now on, or as it was, when left out.' })
  readonly validFrom?: Date | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Until when; until it is ended when left out.' })
  readonly validUntil?: Date | null;
}

/** What an entitlement gives, without whose it is and its versions. */
export type StoredTerms = Omit<Entitlement, 'uuid' | 'partnerCode' | 'version' | 'changedAt'>;

const sorted = <Item extends string>(item: z.ZodType<Item>) => z.array(item).transform((items) => [...new Set(items)].sort());

const terms = z
  .object({
    editions: sorted(code),
    topics: sorted(code),
    kinds: sorted(z.enum(ArticleKind)),
    excludedAgencies: sorted(code),
    territories: sorted(z.string().refine(isTerritory, 'expected a country or a part of one')),
    level: z.enum(ContentLevel),
    images: z.boolean(),
    machine: z.boolean(),
    early: z.boolean(),
    validFrom: z.date(),
    validUntil: z.date().nullable(),
  })
  .refine(({ validFrom, validUntil }) => validUntil === null || validUntil > validFrom, {
    path: ['validUntil'],
    error: 'is not after validFrom',
  });

/**
 * Terms as they are stored; a start that is left out is `begun`. Throws FIELD_REFUSED for what cannot be, TEXT_REFUSED. That what they name is in
 * the registry is for `mustBeKnown` to say.
 */
export const storedTerms = ({ validFrom, validUntil, ...given }: EntitlementTermsInput, begun: Date): StoredTerms =>
  checkedInput(terms, { ...given, validFrom: validFrom ?? begun, validUntil: validUntil ?? null }, 'terms');

/** The codes that terms name, by the register they are of. */
export const namesIn = ({ editions, topics, excludedAgencies }: StoredTerms) => [
  { row: Edition, codes: editions, field: 'terms.editions' },
  { row: Topic, codes: topics, field: 'terms.topics' },
  { row: Agency, codes: excludedAgencies, field: 'terms.excludedAgencies' },
];

const prefix = 'entitlement:';

/** The id of an entitlement, as it is given and taken. */
export const entitlementId = ({ uuid }: { uuid: string }): string => `${prefix}${uuid}`;

/** The uuid in an entitlement’s id. Throws UNKNOWN_NAME for what is none. */
export function entitlementUuid(id: string): string {
  const uuid = id.startsWith(prefix) ? id.slice(prefix.length) : '';
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u.test(uuid)) throw new Refusal('UNKNOWN_NAME', { value: id.slice(0, 100) });
  return uuid;
}
