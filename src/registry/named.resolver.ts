import { Arg, Ctx, createUnionType, Field, FieldResolver, InputType, Int, Mutation, Resolver, Root } from 'type-graphql';
import type { Caller } from '../desks/role.js';
import { Edition } from '../editions/edition.js';
import { Refusal } from '../lib/errors.js';
import { LanguageTag, Territory } from '../lib/scalars.js';
import { checkedInput } from '../publishing/checked-input.js';
import { checkedKey } from '../publishing/idempotency-key.js';
import { type Action, mustBeAllowed } from '../publishing/policy.js';
import { orProblem, Problem } from '../publishing/problem.type.js';
import { write } from '../publishing/write.js';
import { Redistribution } from '../rights/redistribution.js';
import { Agency } from '../topics/agency.js';
import type { Named } from '../topics/named.js';
import { Person } from '../topics/person.js';
import { Place } from '../topics/place.js';
import { Topic } from '../topics/topic.js';
import { keep, mustBeAsSaved, seenRow } from './keep.js';
import { namedShape, savedAgencyShape } from './named-shape.js';
import { termsAfter } from './redistributed-shape.js';
import type { RegistryLoaders } from './registry.loaders.js';
import { isInside, type RegistryContext } from './registry-context.js';
import { SaveInput } from './save-input.js';

@InputType({ description: 'A name in a language.' })
class NameInput {
  @Field(() => LanguageTag, { description: 'The language it is written in.' })
  readonly lang: string;

  @Field({ description: 'The name, at most 200 characters.' })
  readonly text: string;
}

@InputType({ description: 'A topic, person, place or agency, whole.' })
class SaveNamedInput extends SaveInput {
  @Field(() => LanguageTag, { description: 'The language of the name that is shown where an edition’s language has none.' })
  readonly language: string;

  @Field(() => [NameInput], { description: 'All its names, one for a language, at most 200.' })
  readonly names: NameInput[];
}

@InputType({ description: 'An agency, whole.' })
class SaveAgencyInput extends SaveNamedInput {
  @Field(() => Redistribution, {
    nullable: true,
    description:
      'To whom its copy and pictures may be passed on; as it is when left out, ENTITLED for a new one. Only operators change it.',
  })
  readonly redistribution?: Redistribution | null;

  @Field(() => [Territory], {
    nullable: true,
    description: 'Where, empty: everywhere; as it is when left out, everywhere for a new one. Only operators change it.',
  })
  readonly redistributionTerritories?: string[] | null;
}

/** Names by language. Throws FIELD_REFUSED for a language that has two. */
function namesOf(names: readonly NameInput[]): Record<string, string> {
  const byTag = new Map<string, string>();
  for (const { lang, text } of names) {
    if (byTag.has(lang)) throw new Refusal('FIELD_REFUSED', { field: `names.${lang}`, detail: 'given twice' });
    byTag.set(lang, text);
  }
  return Object.fromEntries(byTag);
}

type Name = 'Topic' | 'Person' | 'Place' | 'Agency';

/** What a class has that others have not. */
interface Save {
  Input: new () => SaveNamedInput;
  shape: typeof namedShape;
  /** The terms on which it may be passed on, once saved. Throws FORBIDDEN. */
  termsOf(caller: Caller, asked: object, before: object | undefined): object;
  /** Who may, in words. */
  whose: string;
}

const noTerms = (): object => ({});

/** The mutation that saves rows of one class, the same for everything that has names by language. */
function savesOf(
  row: new () => Named,
  name: Name,
  { Input = SaveNamedInput, shape = namedShape, termsOf = noTerms, whose = 'EDITORs of any edition' }: Partial<Save> = {},
): new () => object {
  const kind = name.toLowerCase() as Lowercase<Name>;
  const action: Action = `SAVE_${name.toUpperCase() as Uppercase<Name>}`;
  const Result = createUnionType({
    name: `${name}Result`,
    description: `A ${kind} as it stands after a mutation, or why nothing was changed; ask for one of the two \`code\`s under another name.`,
    types: () => [row, Problem] as const,
  });
  @Resolver()
  class SaveResolver {
    @Mutation(() => Result, {
      name: `save${name}`,
      description: `Adds a ${kind} to the registry, or changes it over the version seen; all of it is given. For ${whose}.`,
    })
    save(@Arg('input', () => Input, { description: `The ${kind}.` }) input: SaveNamedInput, @Ctx() context: RegistryContext) {
      return orProblem(async () => {
        const { caller, now } = context.write;
        mustBeAllowed(caller, action);
        const { expectedVersion, idempotencyKey, names, ...rest } = input;
        const values = checkedInput(shape, { ...rest, names: namesOf(names) });
        await write(context.write, {
          ...{ action, articles: [], locks: [`${kind}:${values.code}`], input: { values, expectedVersion } },
          idempotencyKey: checkedKey(idempotencyKey),
          again: mustBeAsSaved(row, { code: values.code }),
          work: async (manager) => {
            const before = await seenRow(manager, row, { code: values.code }, expectedVersion);
            const whole = { ...values, ...termsOf(caller, values, before) };
            return keep(manager, { kind, code: values.code, row, values: whole, before, now });
          },
        });
        return context.load[kind].load(values.code);
      }, context.sayError);
    }
  }
  return SaveResolver;
}

/** The `version` field, the same for everything that is kept under a code. */
function versionOf(row: new () => object, load: Exclude<keyof RegistryLoaders, 'termsOfAgency'>): new () => object {
  @Resolver(() => row)
  class VersionResolver {
    @FieldResolver(() => Int, { description: 'Grows by one with every change, from 1; give it as `expectedVersion`.' })
    version(@Root() { code }: { code: string }, @Ctx() context: RegistryContext): Promise<number> {
      return context.load[load].load(code);
    }
  }
  return VersionResolver;
}

@Resolver(() => Agency)
class AgencyTermsResolver {
  @FieldResolver(() => Redistribution, {
    nullable: true,
    description: 'To whom its copy and pictures may be passed on; null for all but desks and operators.',
  })
  async redistribution(@Root() { code }: Agency, @Ctx() context: RegistryContext): Promise<Redistribution | null> {
    return isInside(context.caller) ? (await context.load.termsOfAgency.load(code)).redistribution : null;
  }

  @FieldResolver(() => [Territory], {
    nullable: true,
    description: 'Where they may; empty: everywhere. Null for all but desks and operators.',
  })
  async redistributionTerritories(@Root() { code }: Agency, @Ctx() context: RegistryContext): Promise<string[] | null> {
    return isInside(context.caller) ? (await context.load.termsOfAgency.load(code)).redistributionTerritories : null;
  }
}

export const namedRegistryResolvers = [
  AgencyTermsResolver,
  ...[savesOf(Topic, 'Topic'), savesOf(Person, 'Person'), savesOf(Place, 'Place')],
  savesOf(Agency, 'Agency', {
    ...{ Input: SaveAgencyInput, shape: savedAgencyShape, termsOf: termsAfter as Save['termsOf'] },
    whose: 'EDITORs of any edition, and operators',
  }),
  ...[versionOf(Topic, 'versionOfTopic'), versionOf(Person, 'versionOfPerson'), versionOf(Place, 'versionOfPlace')],
  ...[versionOf(Agency, 'versionOfAgency'), versionOf(Edition, 'versionOfEdition')],
];
