import type { Edition } from '../editions/edition.js';
import { noticeVersions } from '../notices/notice-versions.queries.js';
import { endOfLog } from '../publishing/walk.queries.js';
import { itemUrl } from './addresses.js';
import { type Finding, findingOf } from './compare-holdings.js';
import type { FeedContext } from './feed-context.js';
import type { Holding } from './read-holdings.js';
import { atOnce, readableTexts } from './readers-texts.js';
import { type Basis, type Named, namedBy, standingOf } from './standing-of.js';

/** Of which texts it is asked whether any are missing: of these editions, published in a span. */
export interface ReconcileScope {
  editions: readonly Edition[];
  since: Date;
  until: Date;
}

/** How what a partner holds differs from what it may have now: first of what it named, then what it lacks; so many texts at a time. */
export async function* reconcile(
  held: ReadonlyMap<string, Holding>,
  scope: ReconcileScope,
  context: FeedContext,
): AsyncIterable<Finding[]> {
  const { read, scope: reader } = context;
  const [versions, upTo] = await Promise.all([noticeVersions(read), endOfLog(read, { after: 0, horizon: reader?.horizon ?? null })]);
  yield* compared(held, { versions, upTo }, context);
  for (const edition of scope.editions)
    for await (const { readable, part } of readableTexts(edition, scope, context))
      yield readable
        .filter(({ text }) => !held.has(text.id))
        .map(({ text: { id, revision, publishedAt } }): Finding => {
          const url = itemUrl(part.publicUrl, { id, extension: 'json' });
          return { class: 'missing', id, version: revision, publishedAt, url };
        });
}

async function* compared(held: ReadonlyMap<string, Holding>, basis: Basis, context: FeedContext): AsyncIterable<Finding[]> {
  const editions = await context.editions();
  const waiting = new Map<Edition, Named[]>();
  for (const [id, holding] of held) {
    const of = namedBy(id);
    const edition = of && editions.find(of.edition);
    if (!edition) {
      yield [{ class: 'unknown', id }];
      continue;
    }
    const batch = waiting.get(edition) ?? [];
    waiting.set(edition, batch);
    if (batch.push({ id, uuid: of.uuid, held: holding }) < atOnce) continue;
    yield await findingsOf(batch.splice(0), edition, basis, context);
  }
  for (const [edition, batch] of waiting) if (batch.length > 0) yield await findingsOf(batch, edition, basis, context);
}

async function findingsOf(batch: readonly Named[], edition: Edition, basis: Basis, context: FeedContext): Promise<Finding[]> {
  const standings = await standingOf(batch, edition, basis, context.renew());
  return batch.flatMap(({ id, held }, index) => findingOf(id, held, standings[index]!) ?? []);
}
