import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Caller } from '../desks/role.js';
import { distinct } from '../lib/code.js';
import { isTerritory } from '../lib/territories.js';
import { mustBeAllowed } from '../publishing/policy.js';
import { Redistribution } from '../rights/redistribution.js';

/** Codes of territories, in upper case, each once. */
export const territories = z
  .array(z.string().refine(isTerritory, 'expected a country (ISO 3166-1, UA) or a part of one (UA-43)'))
  .max(300)
  .refine(distinct, 'names a territory twice');

/** To whom something may be passed on, and where (empty: everywhere). */
export const redistributedShape = {
  redistribution: z.enum(Redistribution).default(Redistribution.ENTITLED),
  redistributionTerritories: territories.default([]),
};

/** The same as a save asks for it: what is left out stays. */
export const askedTermsShape = {
  redistribution: z.enum(Redistribution).nullish(),
  redistributionTerritories: territories.nullish(),
};

/** To whom something may be passed on, and where, as it is stored. */
interface Terms {
  redistribution: Redistribution;
  redistributionTerritories: string[];
}

const unruled: Terms = { redistribution: Redistribution.ENTITLED, redistributionTerritories: [] };

/**
 * The terms that a save leaves: those it asks for, in the place of those before; what is new begins with those of what nobody has ruled on.
 * Throws FORBIDDEN where that changes them and the caller may not.
 */
export function termsAfter(
  caller: Caller,
  asked: { [Name in keyof Terms]?: Terms[Name] | null | undefined },
  before: Terms | undefined,
): Terms {
  const stood = before ?? unruled;
  const terms: Terms = {
    redistribution: asked.redistribution ?? stood.redistribution,
    redistributionTerritories: asked.redistributionTerritories ?? stood.redistributionTerritories,
  };
  if (!sameTerms(terms, stood)) mustBeAllowed(caller, 'SET_REDISTRIBUTION');
  return terms;
}

const sameTerms = (one: Terms, other: Terms): boolean =>
  one.redistribution === other.redistribution &&
  isDeepStrictEqual(new Set(one.redistributionTerritories), new Set(other.redistributionTerritories));
