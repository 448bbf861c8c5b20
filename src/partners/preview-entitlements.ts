import { translationUrn } from '../articles/urn.js';
import { Refusal } from '../lib/errors.js';
import type { Read } from '../lib/load.js';
import { rightsFacts } from '../publishing/rights-facts.queries.js';
import { compareAccess } from '../rights/compare-access.js';
import type { Entitlement } from '../rights/entitlement.js';
import { match } from '../rights/match.js';
import { entitlementsOf } from '../rights/partner.queries.js';
import type { AccessDifference, AccessDifferences, EntitlementPreview } from './access.type.js';
import { type EntitlementTermsInput, entitlementId, storedTerms } from './entitlement-input.js';
import { accessOf } from './explain-access.js';
import { mustBeKnown } from './partner-writes.queries.js';
import { recentTexts } from './recent-texts.queries.js';

const days = 30;
const mostOfEdition = 50;
const dayMs = 86_400_000;

/** A change that is not made: of an entitlement, of a new one (no uuid), or its end (no terms). */
export interface ProposedChange {
  uuid: string | null;
  terms: EntitlementTermsInput | null;
}

/**
 * What a change would add to what a partner may have, and take away, of the newest texts; `first` of each are shown.
 * Throws UNKNOWN_NAME, FIELD_REFUSED, TEXT_REFUSED.
 */
export async function previewEntitlements(
  read: Read,
  { partner, delaySeconds, change, first }: { partner: string; delaySeconds: number; change: ProposedChange; first: number },
): Promise<EntitlementPreview> {
  const before = await entitlementsOf(read, [partner]);
  const { entitlements: after, at } = await changed(read, before, { partner, change });
  const { texts, complete } = await recentTexts(read, { since: new Date(read.now.getTime() - days * dayMs), most: mostOfEdition });
  const facts = await rightsFacts(read, texts);
  const [adds, takesAway]: [AccessDifference[], AccessDifference[]] = [[], []];
  for (const [index, text] of texts.entries()) {
    const of = facts[index];
    if (!of) continue;
    const [was, becomes] = [match(of, before, at, delaySeconds), match(of, after, at, delaySeconds)];
    const change = compareAccess(of, was, becomes);
    const difference = {
      translationId: translationUrn({ ...text, uuid: text.articleUuid }, text.editionCode),
      ...{ before: accessOf(was), after: accessOf(becomes) },
    };
    if (change.adds) adds.push(difference);
    if (change.takesAway) takesAway.push(difference);
  }
  const shown = (all: AccessDifference[]): AccessDifferences => ({ count: all.length, newest: all.slice(0, first) });
  return { at, examined: texts.length, complete, adds: shown(adds), takesAway: shown(takesAway) };
}

/** A partner's entitlements as a change would leave them, and the moment to look at. */
async function changed(
  read: Read,
  before: readonly Entitlement[],
  { partner, change: { uuid, terms } }: { partner: string; change: ProposedChange },
): Promise<{ entitlements: Entitlement[]; at: Date }> {
  const present = uuid === null ? null : before.find((each) => each.uuid === uuid);
  if (present === undefined) throw new Refusal('UNKNOWN_NAME', { value: entitlementId({ uuid: uuid! }), field: 'entitlement' });
  const others = before.filter((each) => each !== present);
  if (!terms) return { entitlements: others, at: read.now };
  const stored = storedTerms(terms, present?.validFrom ?? read.now);
  await mustBeKnown(read.manager, stored);
  // A new one has no id yet; nothing is told of it by its id.
  const proposed = { uuid: uuid ?? '', partnerCode: partner, ...stored };
  return { entitlements: [...others, proposed], at: new Date(Math.max(stored.validFrom.getTime(), read.now.getTime())) };
}
