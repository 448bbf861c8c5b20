import { type Caller, hasRole, Role } from '../desks/role.js';
import { Refusal } from '../lib/errors.js';

/**
 * Where a role is asked for: in the edition whose text it is, in the story's home edition, or in any edition, for what belongs to none.
 * `orOperator`: the operator may too; `orPartner`: so may a partner with what is its own, by a live key. PARTNER: a partner for itself, by a live
 * key, and the operator on its behalf.
 */
type Rule = { role: Role; of: 'EDITION' | 'HOME' | 'ANY'; orOperator?: true; orPartner?: true } | 'OPERATOR' | 'PARTNER';

/** Whose something is: of a text the edition and its story's home, of an endpoint the edition or the partner. */
interface Where {
  edition?: string | undefined;
  home?: string | undefined;
  partner?: string | undefined;
}

/** Webhooks are their owner's to set, and operators help. */
const ofEndpoints = { role: Role.CHIEF, of: 'EDITION', orOperator: true, orPartner: true } as const;

/**
 * What may be done, and by whom: the one table. An operator runs the gateway and writes no text: founding an edition and telling the
 * readers of all of them something is running it.
 */
export const rules = {
  CREATE_ARTICLE: { role: Role.EDITOR, of: 'HOME' },
  TRANSLATE: { role: Role.TRANSLATOR, of: 'EDITION' },
  /** To read a draft, and to let others read it by a link. */
  PREVIEW: { role: Role.TRANSLATOR, of: 'EDITION' },
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
  RETRACT_REVISION: { role: Role.CHIEF, of: 'EDITION' },
  RETRACT_IMAGE: { role: Role.CHIEF, of: 'HOME' },
  RESTORE_TRANSLATION: { role: Role.CHIEF, of: 'EDITION' },
  RESTORE_STORY: { role: Role.CHIEF, of: 'HOME' },
  RESTORE_REVISION: { role: Role.CHIEF, of: 'EDITION' },
  RESTORE_IMAGE: { role: Role.CHIEF, of: 'HOME' },
  SET_EMBARGO: { role: Role.CHIEF, of: 'HOME' },
  SET_EXPIRY: { role: Role.EDITOR, of: 'EDITION' },
  UPDATE_ARTICLE: { role: Role.EDITOR, of: 'HOME' },
  SAVE_EDITION: 'OPERATOR',
  SAVE_TOPIC: { role: Role.EDITOR, of: 'ANY' },
  SAVE_PERSON: { role: Role.EDITOR, of: 'ANY' },
  SAVE_PLACE: { role: Role.EDITOR, of: 'ANY' },
  SAVE_AGENCY: { role: Role.EDITOR, of: 'ANY', orOperator: true },
  SAVE_IMAGE: { role: Role.EDITOR, of: 'ANY', orOperator: true },
  /** To whom an agency's copy, or a picture, may be passed on is a matter of contracts: asked where a save changes it. */
  SET_REDISTRIBUTION: 'OPERATOR',
  SAVE_IMAGE_WORDING: { role: Role.EDITOR, of: 'EDITION' },
  /** Asked in every edition that the notice is for, or was for. */
  SAVE_NOTICE: { role: Role.CHIEF, of: 'EDITION', orOperator: true },
  SAVE_NOTICE_FOR_ALL: 'OPERATOR',
  SAVE_PARTNER: 'OPERATOR',
  SAVE_ENTITLEMENT: 'OPERATOR',
  END_ENTITLEMENT: 'OPERATOR',
  SAVE_ENDPOINT: ofEndpoints,
  ROTATE_ENDPOINT_SECRET: ofEndpoints,
  PAUSE_ENDPOINT: ofEndpoints,
  RESUME_ENDPOINT: ofEndpoints,
  DELETE_ENDPOINT: ofEndpoints,
  TEST_ENDPOINT: ofEndpoints,
  REPLAY_ENDPOINT: ofEndpoints,
  READ_ENDPOINTS: { role: Role.CHIEF, of: 'EDITION', orOperator: true },
  READ_PARTNERS: 'OPERATOR',
  /** Which partners hold a text: asked in its edition, then in its story's home. */
  READ_HOLDERS: { role: Role.CHIEF, of: 'EDITION', orOperator: true },
  ACKNOWLEDGE_TAKEDOWN: 'PARTNER',
  ACKNOWLEDGE_NOTICE: 'PARTNER',
  /** Who was given a story, and what they were asked to take down. */
  READ_TAKEDOWN_REPORT: { role: Role.CHIEF, of: 'HOME', orOperator: true },
  READ_EVENTS: { role: Role.TRANSLATOR, of: 'ANY', orOperator: true },
  READ_AS_OF: { role: Role.TRANSLATOR, of: 'ANY', orOperator: true },
  READ_REVISIONS: { role: Role.TRANSLATOR, of: 'ANY', orOperator: true },
  READ_FACTS: { role: Role.TRANSLATOR, of: 'HOME' },
  /** What a picture shows while it is taken back. */
  READ_RETRACTED_IMAGE: { role: Role.CHIEF, of: 'ANY', orOperator: true },
  READ_AUDIT: { role: Role.CHIEF, of: 'EDITION' },
} as const satisfies Record<string, Rule>;

export type Action = keyof typeof rules;

/** Whether a caller may do something with a text of `edition` of a story whose home is `home`, or with what is `partner`'s; with none of them for what belongs to nobody. */
export function may(caller: Caller, action: Action, where: Where = {}): boolean {
  const rule: Rule = rules[action];
  if (rule === 'PARTNER') return caller.kind === 'OPERATOR' || (caller.kind === 'PARTNER' && !caller.test);
  if (rule === 'OPERATOR' || (rule.orOperator && caller.kind === 'OPERATOR')) return caller.kind === 'OPERATOR';
  if (caller.kind === 'PARTNER') return rule.orPartner === true && !caller.test && caller.partner === where.partner;
  if (rule.of === 'ANY') return Object.keys(caller.roles).some((edition) => hasRole(caller, edition, rule.role));
  const edition = rule.of === 'HOME' ? where.home : where.edition;
  return edition !== undefined && hasRole(caller, edition, rule.role);
}

/** Throws FORBIDDEN unless the caller may. */
export function mustBeAllowed(caller: Caller, action: Action, where: Where = {}): void {
  if (!may(caller, action, where)) throw new Refusal('FORBIDDEN', {});
}

/** Whether there is anything with which a caller may do something: with a text of `edition` where that is known, else with one of any edition or home. */
function mayAnywhere(caller: Caller, action: Action, edition?: string): boolean {
  const rule: Rule = rules[action];
  if (caller.kind === 'PARTNER') return may(caller, action, { partner: caller.partner });
  const fixed = typeof rule !== 'string' && rule.of === 'EDITION' ? edition : undefined;
  const editions = fixed === undefined ? Object.keys(caller.roles) : [fixed];
  return may(caller, action) || editions.some((each) => may(caller, action, { edition: each, home: each }));
}

/**
 * Throws FORBIDDEN for who may do something nowhere, or not in `edition` where that decides: asked before an input is read and anything is looked
 * up, so that whoever has no role learns nothing from what is refused.
 */
export function mustBeAllowedAnywhere(caller: Caller, action: Action, edition?: string): void {
  if (!mayAnywhere(caller, action, edition)) throw new Refusal('FORBIDDEN', {});
}

/**
 * Whether a caller may do something in all of some stories, by their home editions; where no story is touched, with the role in any edition.
 */
export const mayInAll = (caller: Caller, action: Action, homes: readonly string[]): boolean =>
  homes.length > 0 ? homes.every((home) => may(caller, action, { edition: home, home })) : mayAnywhere(caller, action);

/**
 * Whose audit a caller may read: the operator all of it, a CHIEF what was done in the editions that are given back, and with stories whose home
 * they are. Throws FORBIDDEN for anybody else.
 */
export function auditOf(caller: Caller): 'ALL' | string[] {
  if (caller.kind === 'OPERATOR') return 'ALL';
  const editions = Object.keys(caller.roles).filter((edition) => may(caller, 'READ_AUDIT', { edition, home: edition }));
  if (editions.length === 0) throw new Refusal('FORBIDDEN', {});
  return editions;
}
