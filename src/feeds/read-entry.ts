import { findTranslation } from '../articles/find-article.js';
import { retractedTranslations } from '../articles/retracted.queries.js';
import { Translation } from '../articles/translation.type.js';
import { parseUrn } from '../articles/urn.js';
import type { FeedContext } from './feed-context.js';
import type { Entry } from './item.js';
import { presentGone } from './present-gone.js';
import { presentItem } from './present-item.js';

/** The translation a URN names, or what stays of it; null when there is neither for the caller. */
export async function readEntry(id: string, context: FeedContext): Promise<Entry | null> {
  const code = parseUrn(id)?.edition;
  const edition = code === undefined ? undefined : (await context.editions()).find(code);
  const found = edition && (await findTranslation(id, context));
  if (!found) return null;
  if (found instanceof Translation) return presentItem(found, context);
  const { uuid } = parseUrn(id)!;
  const retracted = await retractedTranslations(context.read, { edition: edition.code, uuids: [uuid], since: new Date(0) });
  const [gone] = await presentGone(retracted, edition, context);
  return gone ?? null;
}
