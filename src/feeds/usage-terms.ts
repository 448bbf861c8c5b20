import type { Say } from '../lib/wording.js';

/** Where a text may be shown, as one sentence in an edition's words; null for everywhere. */
export const usageTermsOf = (territories: readonly string[], say: Say): string | null =>
  territories.length === 0 ? null : say.text('notices', 'usageTerritories', { territories: say.list(territories.map(say.territory)) });
