import { Role, type Roles } from './role.js';

const operator = '*:OPERATOR';
const claimed = /^([a-z0-9][a-z0-9-]{0,63}):(TRANSLATOR|EDITOR|CHIEF)$/u;

/**
 * What a token's claim grants: `{"tt": "EDITOR"}` or `["tt:EDITOR"]`, `*` with OPERATOR for an operator, who has no roles in editions.
 * Whatever else the claim holds grants nothing, so that a slip gives less, never more.
 */
export function claimedRoles(claim: unknown): { operator: boolean; roles: Roles } {
  const grants = Array.isArray(claim) ? claim : isRecord(claim) ? Object.entries(claim).map(([edition, role]) => `${edition}:${role}`) : [];
  if (grants.includes(operator)) return { operator: true, roles: {} };
  const roles = new Map<string, Role>();
  for (const grant of grants) {
    const [, edition, role] = (typeof grant === 'string' && claimed.exec(grant)) || [];
    if (edition !== undefined) roles.set(edition, higher(roles.get(edition), role as Role));
  }
  return { operator: false, roles: Object.fromEntries(roles) };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const ranks = Object.values(Role);
const higher = (one: Role | undefined, other: Role): Role => (one && ranks.indexOf(one) > ranks.indexOf(other) ? one : other);
