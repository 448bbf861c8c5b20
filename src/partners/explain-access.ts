import { Refusal } from '../lib/errors.js';
import type { Read } from '../lib/load.js';
import { rightsFacts } from '../publishing/rights-facts.queries.js';
import type { TranslationKey } from '../publishing/staleness.queries.js';
import type { Access } from '../rights/access.js';
import { ContentLevel } from '../rights/entitlement.js';
import { explain } from '../rights/explain.js';
import { AccessReason, omittedParts } from '../rights/omitted-part.type.js';
import type { Partner } from '../rights/partner.js';
import { entitlementsOf } from '../rights/partner.queries.js';
import { type AccessExplanation, AccessRule, type PartnerAccess } from './access.type.js';
import { entitlementId } from './entitlement-input.js';

/** What a partner may have of a text at a moment, and the rules that made it so. Throws NOT_PUBLISHED where the edition has no such text. */
export async function explainAccess(
  read: Read,
  { partner, text, at }: { partner: Partner; text: TranslationKey; at: Date },
): Promise<AccessExplanation> {
  const [[facts], entitlements] = await Promise.all([rightsFacts(read, [text]), entitlementsOf(read, [partner.code])]);
  if (!facts) throw new Refusal('NOT_PUBLISHED', {});
  const { access, trace } = explain(facts, entitlements, at, partner.delaySeconds);
  return {
    access: accessOf(access),
    trace: trace.map(({ rule, entitlement, subject, denial, deciding }) => ({
      rule: AccessRule[rule],
      entitlement: entitlement === null ? null : entitlementId({ uuid: entitlement }),
      failed: denial && AccessReason[denial],
      ...{ subject, deciding },
    })),
  };
}

/** A partner’s access as GraphQL shows it. */
export const accessOf = ({ allowed, level, images, territories, omitted, reason }: Access<'ENTITLED'>): PartnerAccess => ({
  ...{ allowed, images, territories: [...territories] },
  level: level && ContentLevel[level],
  omitted: omittedParts(omitted),
  reason: AccessReason[reason],
});
