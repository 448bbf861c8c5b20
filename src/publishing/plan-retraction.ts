import type { Caller } from '../desks/role.js';
import { type Action, may } from './policy.js';
import type { StoryFacts } from './story-facts.queries.js';

/** How far a retraction of one edition, or of one revision of it, reaches over the basis graph. */
export type CascadeName = 'NONE' | 'DERIVED' | 'ALL';

/** What a retraction touches: null editions for the story in all of them. */
export interface RetractionPlan {
  action: Action;
  /** Editions that are taken back as a whole. */
  editions: string[] | null;
  /** Editions the cascade would reach if the caller had the role there. */
  left: string[];
  /** Editions with a draft that was written over what goes, or made from it: its schedule and its claim end. */
  drafts: string[];
  scheduled: string[];
  claims: string[];
}

/** What is asked to be taken back of a story: all of it without `edition`, a single revision of that with `revision`. */
export interface RetractionWish {
  edition: string | null;
  revision: number | null;
  kind: string;
  cascade: CascadeName;
}

/** What was made, directly or not, from what is taken back: editions by their present texts, and by their drafts. */
export interface MadeFrom {
  derived: ReadonlySet<string>;
  begun: ReadonlySet<string>;
}

/** What the retraction is, for the policy. */
export const actionOf = ({ edition, revision, kind }: Omit<RetractionWish, 'cascade'>): Action => {
  if (edition === null) return 'RETRACT_STORY';
  if (kind === 'WITHHOLD') return 'WITHHOLD';
  return revision === null ? 'RETRACT_TRANSLATION' : 'RETRACT_REVISION';
};

/**
 * Which editions a retraction reaches: all of the story without `edition`; else that edition, those made from it (DERIVED) or all (ALL),
 * as far as the caller has the role there. Of a single revision the edition stands, and DERIVED and ALL reach those made from it. `derived` are
 * the editions whose present texts were made from what is taken back, `begun` those whose drafts were: these are not out yet, and stop
 * whatever the cascade and the caller's roles. Whether the caller may at all is asked by `action`.
 */
export function planRetraction(
  { edition, revision, kind, cascade }: RetractionWish,
  { article, translations, drafts, claims }: StoryFacts,
  { derived, begun }: MadeFrom,
  caller: Caller,
): RetractionPlan {
  const home = article.homeEditionCode;
  const wanted = new Set(edition === null || revision !== null ? [] : [edition]);
  for (const code of translations.keys()) {
    const all = cascade === 'ALL' && revision === null;
    if (edition !== null && code !== edition && (all || (cascade !== 'NONE' && derived.has(code)))) wanted.add(code);
  }
  const standing = [...wanted].filter((code) => code === edition || translations.get(code)?.row.retractedAt === null);
  const whole = actionOf({ edition, revision: null, kind });
  const editions =
    edition === null ? null : standing.filter((code) => code === edition || may(caller, whole, { edition: code, home })).sort();
  // What is written over a revision that readers lose was written over its words.
  const changed = revision !== null && translations.get(edition!)?.row.revision === revision ? edition : null;
  const touched = (code: string): boolean => editions === null || editions.includes(code) || code === changed || begun.has(code);
  return {
    action: actionOf({ edition, revision, kind }),
    editions,
    left: standing.filter((code) => editions !== null && !editions.includes(code)).sort(),
    drafts: [...drafts.keys()].filter(touched).sort(),
    scheduled: [...drafts].flatMap(([code, { scheduledFor }]) => (scheduledFor !== null && touched(code) ? [code] : [])).sort(),
    claims: [...claims.keys()].filter(touched).sort(),
  };
}
