import { parseUrn } from '../articles/urn.js';
import { openTakedowns } from '../ledger/takedown-list.queries.js';
import type { FeedContext } from './feed-context.js';
import { type Entry, isGone } from './item.js';

/** Entries with the orders that a partner has about what went, in one statement; as they are, in none, where nothing went and for anybody else. */
export async function withTakedowns(entries: readonly Entry[], { read, scope }: Pick<FeedContext, 'read' | 'scope'>): Promise<Entry[]> {
  const gone = scope ? entries.filter(isGone) : [];
  if (!scope || gone.length === 0) return [...entries];
  const stories = [...new Set(gone.map(({ articleId }) => parseUrn(articleId)!.uuid))];
  const orders = new Map(
    (await openTakedowns(read, scope.partner.code, stories)).map(({ article, edition, uuid, dueAt }) => [
      `${article}.${edition}`,
      { id: uuid, dueAt },
    ]),
  );
  return entries.map((entry) => {
    const order = isGone(entry) && orders.get(`${parseUrn(entry.articleId)!.uuid}.${entry.edition.code}`);
    return order ? { ...entry, takedown: order } : entry;
  });
}
