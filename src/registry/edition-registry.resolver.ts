import { Arg, Ctx, createUnionType, Field, FieldResolver, InputType, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { Direction, Edition } from '../editions/edition.js';
import { scriptOf } from '../editions/resolve-locale.js';
import { EditionCode, LanguageTag } from '../lib/scalars.js';
import { checkedKey } from '../publishing/idempotency-key.js';
import { orProblem, Problem } from '../publishing/problem.type.js';
import { directionOf } from '../topics/name-in.js';
import { type EditionValues, searchConfigs } from './edition-shape.js';
import { isInside, type RegistryContext } from './registry-context.js';
import { saveEdition } from './save-edition.js';
import { SaveInput } from './save-input.js';

const pattern = 'an address with `{slug}` in its path and optionally `{yyyymmdd}`';
const search = `The text search of PostgreSQL for its language: ${searchConfigs.join(', ')}.`;

@ObjectType({ description: 'What readers are not shown of an edition.' })
class EditionSettings {
  @Field(() => String, { nullable: true, description: `Where its texts are at its own site: ${pattern}; null: on the gateway’s pages.` })
  readonly articleUrl: string | null;

  @Field(() => [String], { description: 'Patterns its addresses once had; they keep resolving.' })
  readonly formerArticleUrls: string[];

  @Field({ description: search })
  readonly searchConfig: string;

  @Field({ description: 'Whether its readers are told that a text is behind its source, also where nothing was wrong.' })
  readonly staleNotices: boolean;
}

@InputType({ description: 'An edition, whole. Its script and direction follow from its tag.' })
class SaveEditionInput extends SaveInput {
  @Field(() => LanguageTag, {
    description: 'The language of its texts; with texts it stays as it is. Wording in it must be in `locales/`.',
  })
  readonly tag: string;

  @Field({ description: 'Whether a look-up by language tag gives this edition; exactly one active edition per tag.' })
  readonly primary: boolean;

  @Field(() => EditionCode, {
    nullable: true,
    description: 'The primary edition of the same tag whose place this one takes; it loses `primary` and `hreflang` in the same moment.',
  })
  readonly insteadOf?: string | null;

  @Field(() => LanguageTag, { description: 'The value for the `lang` attribute of its pages.' })
  readonly htmlLang: string;

  @Field(() => LanguageTag, { description: 'The locale whose rules its dates and numbers follow.' })
  readonly formatLocale: string;

  @Field({ description: 'The calendar of its dates (CLDR name).' })
  readonly calendar: string;

  @Field({ description: 'The digits it writes (CLDR name).' })
  readonly numberingSystem: string;

  @Field({ description: 'The time zone of its dates (IANA).' })
  readonly timeZone: string;

  @Field({ description: 'What its readers call it.' })
  readonly nativeName: string;

  @Field({ description: 'The publisher’s name as it writes it.' })
  readonly publisherName: string;

  @Field(() => String, { nullable: true, description: 'Its own site.' })
  readonly siteUrl?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `Where its texts are there: ${pattern}. One that is given up is kept as a former one by itself.`,
  })
  readonly articleUrl?: string | null;

  @Field(() => [String], { defaultValue: [], description: 'Patterns its addresses once had.' })
  readonly formerArticleUrls: string[];

  @Field(() => LanguageTag, { nullable: true, description: 'The value for `hreflang` links; no two active editions have the same.' })
  readonly hreflang?: string | null;

  @Field(() => [EditionCode], { defaultValue: [], description: 'Editions that policy CHAIN goes on to, in order.' })
  readonly fallbacks: string[];

  @Field(() => [LanguageTag], {
    defaultValue: [],
    description: 'Tags it may answer under policy LOOKUP although their script is another.',
  })
  readonly equivalents: string[];

  @Field({ description: 'The desk that runs it.' })
  readonly desk: string;

  @Field({ description: 'The region it writes for.' })
  readonly region: string;

  @Field({ description: `${search} With texts it stays as it is: they are indexed with it.` })
  readonly searchConfig: string;

  @Field({
    defaultValue: false,
    description: 'Whether its readers are told that a text is behind its source, also where nothing was wrong.',
  })
  readonly staleNotices: boolean;

  @Field({ description: 'Whether it is published. An edition is never deleted; this closes it.' })
  readonly active: boolean;
}

const EditionResult = createUnionType({
  name: 'EditionResult',
  description: 'An edition as it stands after a mutation, or why nothing was changed; ask for one of the two `code`s under another name.',
  types: () => [Edition, Problem] as const,
});

@Resolver(() => Edition)
export class EditionRegistryResolver {
  @Mutation(() => EditionResult, {
    description:
      'Founds an edition, or changes it over the version seen; all of it is given. It serves from the next request on. For operators.',
  })
  saveEdition(
    @Arg('input', () => SaveEditionInput, { description: 'The edition.' }) input: SaveEditionInput,
    @Ctx() context: RegistryContext,
  ) {
    return orProblem(async () => {
      const { expectedVersion, idempotencyKey, insteadOf = null, ...rest } = input;
      const { siteUrl = null, articleUrl = null, hreflang = null, tag } = rest;
      const written = tag === '*' ? { script: '', direction: Direction.LTR } : { script: scriptOf(tag), direction: directionOf(tag) };
      const given = { ...rest, ...written, siteUrl, articleUrl, hreflang } as EditionValues;
      const request = { given, insteadOf, expectedVersion, idempotencyKey: checkedKey(idempotencyKey) };
      const { code } = await saveEdition({ ...context.write, wording: context.wording }, request);
      return (await context.editions()).of(code);
    }, context.sayError);
  }

  @FieldResolver(() => EditionSettings, {
    nullable: true,
    description: 'What only desks and operators see of it; null for everybody else.',
  })
  settings(@Root() edition: Edition, @Ctx() { caller }: RegistryContext): EditionSettings | null {
    return isInside(caller) ? edition : null;
  }
}
