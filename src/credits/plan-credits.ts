import type { CreditRow } from './credit.js';
import type { PartyInRole } from './party-in-role.js';

/** What is to be written so that credits become those wanted, in their order. */
export interface CreditPlan {
  ended: CreditRow[];
  added: { party: PartyInRole; position: number }[];
}

/** Who stays in their role and order keeps their row; everybody else's ends, and who is new gets one. */
export function planCredits(present: readonly CreditRow[], wanted: readonly PartyInRole[]): CreditPlan {
  const kept = new Set<CreditRow>();
  const added: CreditPlan['added'] = [];
  let last = -1;
  for (const party of wanted) {
    const row = present.find((each) => isOf(each, party) && each.position > last);
    if (row) kept.add(row);
    else added.push({ party, position: last + 1 });
    last = row?.position ?? last + 1;
  }
  return { ended: present.filter((row) => !kept.has(row)), added };
}

const isOf = ({ role, personCode, agencyCode }: CreditRow, party: PartyInRole): boolean =>
  role === party.role && ('person' in party ? personCode === party.person : agencyCode === party.agency);
