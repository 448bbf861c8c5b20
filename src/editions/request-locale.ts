import { ArgsType, Field } from 'type-graphql';
import { Refusal } from '../lib/errors.js';
import { EditionCode, LanguageTag } from '../lib/scalars.js';
import type { Editions } from './edition.loaders.js';
import { LocalePolicy, type LocaleReason, type LocaleResolution } from './locale.type.js';
import { type LocalePlan, planLocale, type Resolution } from './resolve-locale.js';

const mostLocales = 20;

/** The arguments of every field that chooses an edition. */
@ArgsType()
export class LocaleArgs {
  @Field(() => EditionCode, {
    nullable: true,
    description: 'The edition asked for. Give either this or `locales`; without both the original is served.',
  })
  readonly edition?: string;

  @Field(() => [LanguageTag], {
    nullable: true,
    description: `Languages asked for, best first, at most ${mostLocales}; they stand for the primary editions.`,
  })
  readonly locales?: string[];

  @Field(() => LocalePolicy, { defaultValue: LocalePolicy.STRICT, description: 'How far from them the answer may go.' })
  readonly policy: LocalePolicy;
}

/** The plan of a request. Throws UNKNOWN_EDITION, EDITION_CLOSED, EDITION_AND_LOCALES, TOO_MANY_VALUES. */
export function requestLocale({ edition, locales, policy }: LocaleArgs, editions: Editions): LocalePlan {
  if (edition != null && locales != null) throw new Refusal('EDITION_AND_LOCALES', {});
  if ((locales?.length ?? 0) > mostLocales) throw new Refusal('TOO_MANY_VALUES', { max: mostLocales });
  if (edition != null) editions.open(edition);
  // A list asks the same for each of its stories.
  const known = plans.get(editions) ?? new Map<string, LocalePlan>();
  plans.set(editions, known);
  const key = JSON.stringify([edition, locales, policy]);
  const plan = known.get(key) ?? planLocale({ edition: edition ?? undefined, locales: locales ?? undefined, policy }, editions.active);
  known.set(key, plan);
  return plan;
}

const plans = new WeakMap<Editions, Map<string, LocalePlan>>();

/** The answer's account of a resolution. */
export function accountOf(plan: LocalePlan, resolution: Resolution, editions: Editions): LocaleResolution {
  return {
    requested: plan.requested,
    requestedEdition: plan.requestedEdition === undefined ? null : editions.of(plan.requestedEdition),
    served: resolution.served === undefined ? null : editions.of(resolution.served),
    reason: resolution.reason as LocaleReason,
    tried: resolution.tried,
  };
}
