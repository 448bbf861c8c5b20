import { outwards } from '../lib/territories.js';
import { type Access, type Denial, levels, nearest, type Omission } from './access.js';
import type { AgencyTerms, EntitlementTerms, PictureTerms, RightsFacts, Terms } from './facts.js';

/** What is asked of a text, in this order: first of the text itself, then under each entitlement. */
export type Rule =
  | 'PUBLISHED'
  | 'NOT_RETRACTED'
  | 'NOT_EXPIRED'
  | 'ENTITLED'
  | 'VALID'
  | 'EDITION'
  | 'KIND'
  | 'TOPIC'
  | 'MACHINE'
  | 'EMBARGO'
  | 'DELAY'
  | 'AGENCY'
  | 'TERRITORY'
  | 'LEVEL'
  | 'IMAGE';

/** One rule that was looked at. */
export interface Step {
  rule: Rule;
  /** Under which entitlement; null for what holds whatever somebody is entitled to. */
  entitlement: string | null;
  /** What it was looked at for: an agency, a picture, a level; null where the rule says it. */
  subject: string | null;
  /** Null: it passed. */
  denial: Denial | null;
  /** Whether it made the access what it is: the step nearest to giving the text, or the one that gave the most of it. */
  deciding: boolean;
}

/** What an access is, and how it came about. */
export interface Explanation {
  access: Access<'ENTITLED'>;
  trace: readonly Step[];
}

/** What one entitlement gives of a text. */
interface Grant {
  entitlement: EntitlementTerms;
  territories: readonly string[];
  /** By the name of the picture; null: given. */
  images: ReadonlyMap<string, Denial | null>;
}

/**
 * What entitlements give of a text at a moment, and why. Several add up, part by part: nothing that one gives is taken away by another.
 *
 * | terms | a text with an agency’s copy | a picture: its own terms and those of its agencies, the strictest of them |
 * |---|---|---|
 * | FREE | who may have the text otherwise | who may have the text |
 * | ENTITLED | not by an entitlement that excludes the agency | by an entitlement with images that excludes none of its agencies |
 * | NONE | nobody | nobody |
 *
 * A video is a picture of the agencies credited for video. Where nobody but the house is, it goes with the text.
 *
 * Where an agency allows its copy in some territories only, the entitlement must name territories; those that lie within remain. A picture
 * must be allowed in each that remains. Who is told late (`delaySeconds`) is given a text so long after it came out, or after its embargo ended for
 * who may not have it early.
 */
export function explain(facts: RightsFacts, entitlements: readonly EntitlementTerms[], at: Date, delaySeconds = 0): Explanation {
  const trace: Step[] = [];
  const look = lookInto(trace);
  if (!look('PUBLISHED', null, facts.publishedAt !== null && facts.publishedAt <= at ? null : 'NOT_PUBLISHED'))
    return denied('NOT_PUBLISHED', trace);
  if (!look('NOT_RETRACTED', null, facts.retractedAt !== null && facts.retractedAt <= at ? 'RETRACTED' : null))
    return denied('RETRACTED', trace);
  if (!look('NOT_EXPIRED', null, facts.expiresAt !== null && facts.expiresAt <= at ? 'EXPIRED' : null)) return denied('EXPIRED', trace);
  if (!look('ENTITLED', null, entitlements.length > 0 ? null : 'NO_ENTITLEMENT')) return denied('NO_ENTITLEMENT', trace);
  const grants = [...entitlements]
    .sort((a, b) => a.validFrom.getTime() - b.validFrom.getTime() || (a.uuid < b.uuid ? -1 : 1))
    .flatMap((entitlement) => grantOf(facts, entitlement, { at, delaySeconds }, trace) ?? []);
  if (grants.length === 0) return denied(nearest(trace.flatMap(({ denial }) => denial ?? []))!, trace);
  const access = together(facts, grants);
  return { access, trace: decidedBy(trace, ({ rule, subject }) => rule === 'LEVEL' && subject === access.level) };
}

type Look = (rule: Rule, subject: string | null, denial: Denial | null) => boolean;

/** Notes a rule as looked at, and gives whether it passed. */
const lookInto =
  (trace: Step[], entitlement: string | null = null): Look =>
  (rule, subject, denial) => {
    trace.push({ rule, entitlement, subject, denial, deciding: false });
    return denial === null;
  };

const denied = (reason: Denial, trace: readonly Step[]): Explanation => ({
  access: { allowed: false, level: null, images: false, territories: [], omitted: [], reason },
  trace: decidedBy(trace, ({ denial }) => denial === reason),
});

function decidedBy(trace: readonly Step[], decides: (step: Step) => boolean): Step[] {
  const deciding = trace.find(decides);
  return trace.map((step) => (step === deciding ? { ...step, deciding: true } : step));
}

/** What one entitlement gives; undefined for nothing. A rule that fails ends the look under it. */
function grantOf(
  facts: RightsFacts,
  entitlement: EntitlementTerms,
  { at, delaySeconds }: { at: Date; delaySeconds: number },
  trace: Step[],
): Grant | undefined {
  const look = lookInto(trace, entitlement.uuid);
  const { editions, kinds, topics, machine, early, level } = entitlement;
  const embargoed = facts.embargoUntil !== null && facts.embargoUntil > at;
  const passes =
    look('VALID', null, outsideOf(entitlement, at)) &&
    look('EDITION', facts.edition, includes(editions, [facts.edition]) ? null : 'EDITION_NOT_INCLUDED') &&
    look('KIND', facts.kind, includes(kinds, [facts.kind]) ? null : 'KIND_NOT_INCLUDED') &&
    look('TOPIC', null, includes(topics, facts.topics) ? null : 'TOPIC_NOT_INCLUDED') &&
    look('MACHINE', null, facts.origin !== 'MACHINE' || machine ? null : 'MACHINE_NOT_INCLUDED') &&
    look('EMBARGO', null, !embargoed || early ? null : 'EMBARGOED') &&
    (delaySeconds === 0 || look('DELAY', null, at.getTime() - outSince(facts, early) >= delaySeconds * 1000 ? null : 'DELAYED')) &&
    facts.wires.every((wire) => look('AGENCY', wire.agency, ruledOut([wire], entitlement)));
  if (!passes) return undefined;
  const territories = within(entitlement.territories, facts.wires);
  if (!look('TERRITORY', null, territories ? null : 'REDISTRIBUTION_TERRITORIES') || !territories) return undefined;
  look('LEVEL', level, null);
  const images = new Map(facts.pictures.map((each) => [each.image, withheld(each, entitlement, territories)]));
  for (const [image, denial] of images) look('IMAGE', image, denial);
  return { entitlement, territories, images };
}

/** Since when, in milliseconds, somebody may have a published text but for the delay. */
const outSince = ({ publishedAt, embargoUntil }: RightsFacts, early: boolean): number =>
  Math.max(publishedAt!.getTime(), early ? 0 : (embargoUntil?.getTime() ?? 0));

function outsideOf({ validFrom, validUntil }: EntitlementTerms, at: Date): Denial | null {
  if (at < validFrom) return 'ENTITLEMENT_NOT_BEGUN';
  return validUntil !== null && at >= validUntil ? 'ENTITLEMENT_ENDED' : null;
}

const includes = (named: readonly string[], found: readonly string[]): boolean =>
  named.length === 0 || found.some((each) => named.includes(each));

/** Why terms keep something from whoever has this entitlement, wherever it would be shown; null when they do not. */
function ruledOut(terms: readonly (Terms | AgencyTerms)[], { excludedAgencies }: EntitlementTerms): Denial | null {
  if (terms.some(({ redistribution }) => redistribution === 'NONE')) return 'REDISTRIBUTION_NONE';
  const excluded = terms.some((each) => 'agency' in each && each.redistribution === 'ENTITLED' && excludedAgencies.includes(each.agency));
  return excluded ? 'AGENCY_EXCLUDED' : null;
}

/** Which of an entitlement’s territories lie where all terms allow; empty for everywhere, undefined for none. */
function within(territories: readonly string[], terms: readonly Terms[]): readonly string[] | undefined {
  const limits = terms.filter((each) => each.territories.length > 0).map((each) => each.territories);
  if (limits.length === 0) return territories;
  const left = territories.filter((each) => limits.every((limit) => outwards(each).some((place) => limit.includes(place))));
  return left.length === 0 ? undefined : left;
}

/** Why a picture is left out of what an entitlement gives in `territories`; null when it is given. */
function withheld(picture: PictureTerms, entitlement: EntitlementTerms, territories: readonly string[]): Denial | null {
  const terms = [picture, ...picture.agencies];
  const denial = ruledOut(terms, entitlement);
  if (denial !== null) return denial;
  if (within(territories, terms)?.length !== territories.length) return 'REDISTRIBUTION_TERRITORIES';
  return entitlement.images || terms.every(({ redistribution }) => redistribution === 'FREE') ? null : 'IMAGES_NOT_INCLUDED';
}

/** The union of what grants give, part by part. Where a partner may show it is the union too: who may show less elsewhere is another partner. */
function together(facts: RightsFacts, grants: readonly Grant[]): Access<'ENTITLED'> & { allowed: true } {
  const level = levels.findLast((each) => grants.some(({ entitlement }) => entitlement.level === each))!;
  const everywhere = grants.some(({ territories }) => territories.length === 0);
  const images = facts.pictures.flatMap(({ image, video }): Omission[] => {
    const found = grants.map((grant) => grant.images.get(image) ?? null);
    return found.includes(null) ? [] : [{ part: video ? 'VIDEO' : 'IMAGE', image, reason: nearest(found.flatMap((each) => each ?? []))! }];
  });
  return {
    allowed: true,
    level,
    images: images.length < facts.pictures.length || grants.some(({ entitlement }) => entitlement.images),
    territories: everywhere ? [] : [...new Set(grants.flatMap(({ territories }) => territories))].sort(),
    omitted: [
      ...(level === 'HEADLINE' ? [omission('DEK', 'LEVEL_HEADLINE'), omission('TEXT', 'LEVEL_HEADLINE')] : []),
      ...(level === 'SUMMARY' ? [omission('TEXT', 'LEVEL_SUMMARY')] : []),
      ...images.sort((a, b) => (a.image! < b.image! ? -1 : 1)),
    ],
    reason: 'ENTITLED',
  };
}

const omission = (part: 'DEK' | 'TEXT', reason: Denial): Omission => ({ part, image: null, reason });
