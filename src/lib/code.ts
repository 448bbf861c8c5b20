import { z } from 'zod';

/** What rows of the registry are known by: lower-case letters, digits and hyphens; stable. */
export const code = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/u, 'expected lower-case letters, digits and hyphens, at most 64');

/** Whether no value is given twice. */
export const distinct = (values: readonly string[]): boolean => new Set(values).size === values.length;

/** Several codes, each once. */
export const codes = (most: number): z.ZodArray<typeof code> => z.array(code).max(most).refine(distinct, 'names something twice');
