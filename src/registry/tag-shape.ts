import { z } from 'zod';

/** A language tag (BCP 47) in canonical form. */
export const tag = z
  .string()
  .max(100)
  // What depends on the tag is not asked of one that is none.
  .refine((value) => canonical(value) === value, { message: 'expected a language tag (BCP 47) in canonical form', abort: true });

function canonical(value: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(value)[0];
  } catch {
    return undefined;
  }
}
