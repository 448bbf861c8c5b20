import { z } from 'zod';

/** What rows of the registry are known by: lower-case letters, digits and hyphens; stable. */
export const code = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/u, 'expected lower-case letters, digits and hyphens, at most 64');
