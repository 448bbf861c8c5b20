import { type Caller, hasRole, Role } from '../desks/role.js';
import { Refusal } from '../lib/errors.js';

/** Where a role is asked for: in the edition whose text it is, or in the story's home edition. */
type Rule = { role: Role; of: 'EDITION' | 'HOME' } | 'OPERATOR';

/** What may be done, and by whom: the one table; an operator runs the gateway and writes no text. */
export const rules = {
  CREATE_ARTICLE: { role: Role.EDITOR, of: 'HOME' },
  TRANSLATE: { role: Role.TRANSLATOR, of: 'EDITION' },
  SAVE_DRAFT: { role: Role.TRANSLATOR, of: 'EDITION' },
  SUBMIT: { role: Role.TRANSLATOR, of: 'EDITION' },
  REVIEW: { role: Role.EDITOR, of: 'EDITION' },
  PUBLISH: { role: Role.EDITOR, of: 'EDITION' },
  SCHEDULE: { role: Role.EDITOR, of: 'EDITION' },
  CORRECT: { role: Role.EDITOR, of: 'EDITION' },
  EDIT_MINOR: { role: Role.EDITOR, of: 'EDITION' },
  CONFIRM: { role: Role.EDITOR, of: 'EDITION' },
  WITHHOLD: { role: Role.EDITOR, of: 'EDITION' },
  RETRACT_TRANSLATION: { role: Role.CHIEF, of: 'EDITION' },
  RETRACT_STORY: { role: Role.CHIEF, of: 'HOME' },
  RESTORE_TRANSLATION: { role: Role.CHIEF, of: 'EDITION' },
  RESTORE_STORY: { role: Role.CHIEF, of: 'HOME' },
  SET_EMBARGO: { role: Role.CHIEF, of: 'HOME' },
  SAVE_PARTNER: 'OPERATOR',
  SAVE_ENTITLEMENT: 'OPERATOR',
  END_ENTITLEMENT: 'OPERATOR',
  READ_PARTNERS: 'OPERATOR',
  READ_EVENTS: 'OPERATOR',
} as const satisfies Record<string, Rule>;

export type Action = keyof typeof rules;

/** Whether a caller may do something with a text of `edition` of a story whose home is `home`; with neither for what belongs to no edition. */
export function may(caller: Caller, action: Action, where: { edition?: string; home?: string } = {}): boolean {
  const rule: Rule = rules[action];
  if (rule === 'OPERATOR') return caller.kind === 'OPERATOR';
  const edition = rule.of === 'HOME' ? where.home : where.edition;
  return edition !== undefined && hasRole(caller, edition, rule.role);
}

/** Throws FORBIDDEN unless the caller may. */
export function mustBeAllowed(caller: Caller, action: Action, where: { edition?: string; home?: string } = {}): void {
  if (!may(caller, action, where)) throw new Refusal('FORBIDDEN', {});
}
