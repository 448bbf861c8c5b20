import type { Denial } from '../rights/access.js';
import type { GoneKind } from './item.js';
import type { Holding } from './read-holdings.js';

/** How a text stands to the caller now. */
export type Standing =
  | { state: 'GIVEN'; revision: number; url: string; publishedAt: Date; notices: readonly string[] | null; changedSince: boolean }
  | { state: 'GONE'; kind: GoneKind; at: Date; replacement?: string }
  | { state: 'DENIED'; reason: Denial }
  | { state: 'UNKNOWN' };

/** What a partner is told of one text; each text is in one class at most. */
export type Finding =
  | { class: 'outdated'; id: string; held: number; version: number; publishedAt: Date; url: string }
  /** `replacement`: the id of the text in its place, where the caller may have it. */
  | { class: 'retracted'; id: string; kind: GoneKind; at: Date; replacement?: string }
  | { class: 'noticeChanged'; id: string; version: number; judgedBy: 'NOTICES'; notices: readonly string[]; publishedAt: Date; url: string }
  | { class: 'noticeChanged'; id: string; version: number; judgedBy: 'TIME'; publishedAt: Date; url: string }
  | { class: 'notEntitled'; id: string; reason: Denial }
  | { class: 'unknown'; id: string }
  | { class: 'missing'; id: string; version: number; publishedAt: Date; url: string };

export type FindingClass = Finding['class'];

/** The classes in the order in which answers have them: `missing` is found last. */
export const findingClasses: readonly FindingClass[] = ['outdated', 'retracted', 'noticeChanged', 'notEntitled', 'unknown', 'missing'];

/** What is to be told of a text that was named; null where the holding is as it should be. */
export function findingOf(id: string, held: Holding, now: Standing): Finding | null {
  if (now.state === 'UNKNOWN') return { class: 'unknown', id };
  if (now.state === 'DENIED') return { class: 'notEntitled', id, reason: now.reason };
  if (now.state === 'GONE') {
    const { state: _, ...went } = now;
    return { class: 'retracted', id, ...went };
  }
  const { revision: version, publishedAt, url, notices, changedSince } = now;
  if (held.version !== version) return { class: 'outdated', id, held: held.version, version, publishedAt, url };
  if (held.notices && notices)
    return same(held.notices, notices) ? null : { class: 'noticeChanged', id, version, judgedBy: 'NOTICES', notices, publishedAt, url };
  return changedSince ? { class: 'noticeChanged', id, version, judgedBy: 'TIME', publishedAt, url } : null;
}

const same = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((each, index) => each === other[index]);
