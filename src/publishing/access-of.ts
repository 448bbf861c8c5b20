import DataLoader from 'dataloader';
import type { AccessContext } from '../articles/article-context.js';
import type { Read } from '../lib/load.js';
import { type Access, type Denial, publicAccess } from '../rights/access.js';
import type { RightsFacts } from '../rights/facts.js';
import { match } from '../rights/match.js';
import { reaches, type Scope } from '../rights/scope.js';
import { rightsFacts } from './rights-facts.queries.js';
import { nameOf, type TranslationKey } from './staleness.queries.js';

const nothing = (reason: Denial): Access => ({ allowed: false, level: null, images: false, territories: [], omitted: [], reason });

/** How a caller is asked what they may have: a partner by its scope, anybody else not at all. Texts asked for together are two statements. */
export function accessBy(read: Read, scope: Scope | undefined): AccessContext {
  if (!scope) return { isUnlimited: true, accessOf: async () => publicAccess, mightHaveHad: async () => true };
  const { entitlements, partner } = scope;
  const facts = new DataLoader<TranslationKey, RightsFacts | null, string>((keys) => rightsFacts(read, keys), { cacheKeyFn: nameOf });
  const matched = (of: RightsFacts, at: Date): Access => match(of, entitlements, at, partner.delaySeconds);
  return {
    isUnlimited: false,
    async accessOf(text) {
      if (!reaches(entitlements, text.editionCode, read.now)) return nothing('EDITION_NOT_INCLUDED');
      const of = await facts.load(text);
      return of ? matched(of, read.now) : nothing('NOT_PUBLISHED');
    },
    async mightHaveHad(text, until, { out } = { out: false }) {
      const of = await facts.load(text);
      const standing = of && { ...of, retractedAt: null, expiresAt: null, ...(out && { embargoUntil: null }) };
      return standing !== null && matched(standing, until).allowed;
    },
  };
}
