import type { Caller } from '../desks/role.js';
import { type Action, may } from './policy.js';
import type { StoryFacts } from './story-facts.queries.js';

/** How far a retraction of one edition reaches over the basis graph. */
export type CascadeName = 'NONE' | 'DERIVED' | 'ALL';

/** What a retraction touches: null editions for the story in all of them. */
export interface RetractionPlan {
  action: Action;
  editions: string[] | null;
  /** Editions the cascade would reach if the caller had the role there. */
  left: string[];
  drafts: string[];
  scheduled: string[];
  claims: string[];
}

/** An edition and one it was made from, directly or not. */
export interface SourceOf {
  editionCode: string;
  sourceEditionCode: string;
}

/**
 * Which editions a retraction reaches: all of the story without `edition`; else that edition, those made from it (DERIVED) or all (ALL),
 * as far as the caller has the role there. Whether the caller may at all is asked by `action`.
 */
export function planRetraction(
  { edition, kind, cascade }: { edition: string | null; kind: string; cascade: CascadeName },
  { article, translations, drafts, claims }: StoryFacts,
  sources: readonly SourceOf[],
  caller: Caller,
): RetractionPlan {
  const home = article.homeEditionCode;
  const action: Action = edition === null ? 'RETRACT_STORY' : kind === 'WITHHOLD' ? 'WITHHOLD' : 'RETRACT_TRANSLATION';
  const wanted = new Set(edition === null ? [] : [edition]);
  for (const code of translations.keys()) {
    const derived = sources.some((each) => each.editionCode === code && each.sourceEditionCode === edition);
    if (edition !== null && (cascade === 'ALL' || (cascade === 'DERIVED' && derived))) wanted.add(code);
  }
  const standing = [...wanted].filter((code) => code === edition || translations.get(code)?.row.retractedAt === null);
  const editions =
    edition === null ? null : standing.filter((code) => code === edition || may(caller, action, { edition: code, home })).sort();
  const touched = (code: string): boolean => editions === null || editions.includes(code);
  return {
    action,
    editions,
    left: standing.filter((code) => !touched(code)).sort(),
    drafts: [...drafts.keys()].filter(touched).sort(),
    scheduled: [...drafts].flatMap(([code, { scheduledFor }]) => (scheduledFor !== null && touched(code) ? [code] : [])).sort(),
    claims: [...claims.keys()].filter(touched).sort(),
  };
}
