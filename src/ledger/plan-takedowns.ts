import type { HeldRevision, TakedownRow } from './takedown.js';

/** What one partner holds of one story. */
export interface Held extends HeldRevision {
  partner: string;
  article: string;
}

/** An order that was opened for the same cause, as far as planning asks. */
export type Standing = Pick<TakedownRow, 'uuid' | 'partnerCode' | 'articleUuid' | 'texts' | 'state' | 'settledAt'>;

/** What is to be written: orders to be opened, and those that later holdings are added to. */
export interface TakedownPlan {
  open: { partner: string; article: string; texts: HeldRevision[] }[];
  /** `again`: the partner was given it after it had said what it did. */
  extend: { order: Standing; texts: HeldRevision[]; again: boolean }[];
}

/**
 * Which orders one cause opens, by what the ledger shows: one for each partner and story, with all that it holds of it. Of orders that are there, those
 * grow of which the ledger shows more.
 */
export function planTakedowns(held: readonly Held[], standing: readonly Standing[]): TakedownPlan {
  const plan: TakedownPlan = { open: [], extend: [] };
  const orders = new Map(standing.map((order) => [`${order.partnerCode} ${order.articleUuid}`, order]));
  for (const [name, group] of grouped(held)) {
    const order = orders.get(name);
    const texts = group.map(({ edition, revision, channel, firstAt, lastAt }) => ({ edition, revision, channel, firstAt, lastAt }));
    if (!order) {
      plan.open.push({ partner: group[0]!.partner, article: group[0]!.article, texts });
      continue;
    }
    const all = together(order.texts, texts);
    if (same(all, order.texts)) continue;
    const { settledAt } = order;
    const again = order.state === 'SETTLED' && settledAt !== null && all.some(({ lastAt }) => new Date(lastAt) > settledAt);
    plan.extend.push({ order, texts: all, again });
  }
  return plan;
}

function grouped(held: readonly Held[]): Map<string, Held[]> {
  const groups = new Map<string, Held[]>();
  for (const each of held) {
    const name = `${each.partner} ${each.article}`;
    groups.set(name, [...(groups.get(name) ?? []), each]);
  }
  return groups;
}

const nameOf = ({ edition, revision, channel }: HeldRevision): string => `${edition} ${revision} ${channel}`;

/** What was known and what is, each once as it is now. */
const together = (known: readonly HeldRevision[], now: readonly HeldRevision[]): HeldRevision[] => {
  const all = new Map([...known, ...now].map((each) => [nameOf(each), each]));
  return [...all.values()].sort(
    (a, b) => (a.edition < b.edition ? -1 : a.edition > b.edition ? 1 : a.revision - b.revision) || (a.channel < b.channel ? -1 : 1),
  );
};

const same = (a: readonly HeldRevision[], b: readonly HeldRevision[]): boolean => {
  const of = (texts: readonly HeldRevision[]): string[] => texts.map((each) => `${nameOf(each)} ${each.firstAt} ${each.lastAt}`).sort();
  return JSON.stringify(of(a)) === JSON.stringify(of(b));
};
