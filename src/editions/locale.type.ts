import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { LanguageTag } from '../lib/scalars.js';
import { Edition } from './edition.js';

export enum LocalePolicy {
  STRICT = 'STRICT',
  LOOKUP = 'LOOKUP',
  CHAIN = 'CHAIN',
  ANY = 'ANY',
}
registerEnumType(LocalePolicy, {
  name: 'LocalePolicy',
  description:
    'How far an answer may go from the edition or languages asked for. It never goes further silently: the resolution says what was served and why.',
  valuesConfig: {
    STRICT: { description: 'Only what was asked for; canonical forms count as the same (prs = fa-AF, az-Latn = az).' },
    LOOKUP: {
      description:
        'RFC 4647 look-up: a tag may lose its last subtags, but never change its script unless the registry names the pair as equivalents.',
    },
    CHAIN: { description: 'LOOKUP, then the fallbacks of the first edition asked for: one step, not transitive.' },
    ANY: { description: 'CHAIN, then the original, whatever its language.' },
  },
});

export enum LocaleReason {
  EXACT = 'EXACT',
  TRUNCATED = 'TRUNCATED',
  EQUIVALENT = 'EQUIVALENT',
  FALLBACK = 'FALLBACK',
  ORIGINAL = 'ORIGINAL',
  NONE = 'NONE',
}
registerEnumType(LocaleReason, {
  name: 'LocaleReason',
  description: 'Why this edition was served.',
  valuesConfig: {
    EXACT: { description: 'It is what was asked for.' },
    TRUNCATED: { description: 'A shorter form of a tag asked for: tt for tt-RU.' },
    EQUIVALENT: { description: 'The registry says its readers can read it: the other script of the language, or another edition in it.' },
    FALLBACK: { description: 'A fallback of the edition asked for.' },
    ORIGINAL: { description: 'The original: nothing was asked for, or policy ANY found nothing else.' },
    NONE: { description: 'Nothing within the policy can be served.' },
  },
});

@ObjectType({ description: 'Which edition was asked for, which is served, and why: part of every answer that chooses a language.' })
export class LocaleResolution {
  @Field(() => [LanguageTag], { description: 'The tags asked for, in order: the edition’s own, or `locales`.' })
  readonly requested: readonly string[];

  @Field(() => Edition, { nullable: true, description: 'The edition those name, if any: notices are worded in its language.' })
  readonly requestedEdition: Edition | null;

  @Field(() => Edition, { nullable: true, description: 'The edition served; null when the reason is NONE.' })
  readonly served: Edition | null;

  @Field(() => LocaleReason, { description: 'Why it is served.' })
  readonly reason: LocaleReason;

  @Field(() => [LanguageTag], { description: 'The tags tried, in order, up to the one served.' })
  readonly tried: readonly string[];
}
