import { z } from 'zod';
import { isTerritory } from '../lib/territories.js';
import { Redistribution } from '../rights/redistribution.js';

/** Codes of territories, in upper case. */
export const territories = z.array(z.string().refine(isTerritory, 'expected a country (ISO 3166-1, UA) or a part of one (UA-43)')).max(300);

/** To whom something may be passed on, and where (empty: everywhere). */
export const redistributedShape = {
  redistribution: z.enum(Redistribution).default(Redistribution.ENTITLED),
  redistributionTerritories: territories.default([]),
};
