import type { Translation } from '../articles/translation.type.js';
import type { Edition } from '../editions/edition.js';
import type { Read } from '../lib/load.js';
import type { Access } from '../rights/access.js';
import { current } from '../rights/scope.js';
import type { FeedContext } from './feed-context.js';
import { type Span, standingTexts } from './standing-texts.queries.js';

/** So many texts are asked for at once: as many statements as for one. */
export const atOnce = 1000;

/** A text that the caller may have, and how much of it. */
export interface Readable {
  text: Translation;
  access: Access & { allowed: true };
}

/** What texts are read by: as they were at the horizon of who is told late. */
export const textsOf = ({ read, scope }: FeedContext): Read => (scope?.horizon ? { ...read, asOf: scope.horizon } : read);

/** All texts of an edition that came out in a span and that the caller may have, ordered by publication, some at a time. */
export async function* readableTexts(
  edition: Edition,
  { since, until }: Pick<Span, 'since' | 'until'>,
  context: FeedContext,
): AsyncIterable<{ readable: Readable[]; part: FeedContext }> {
  if (!mayHaveAny(edition, context)) return;
  let after: Span['after'] = null;
  do {
    const part = context.renew();
    const texts: Translation[] = await standingTexts(textsOf(part), edition, { since, until, after, most: atOnce });
    const accesses = await Promise.all(texts.map(({ row }) => part.accessOf(row)));
    yield { readable: texts.flatMap((text, index) => allowed(text, accesses[index]!)), part };
    const last = texts.length === atOnce ? texts.at(-1) : undefined;
    after = last ? { at: last.publishedAt, uuid: last.row.articleUuid } : null;
  } while (after !== null);
}

const allowed = (text: Translation, access: Access): Readable[] => (access.allowed ? [{ text, access }] : []);

/** Whether anything that a partner is entitled to is of an edition, so that one of which nothing is need not be read. */
const mayHaveAny = ({ code }: Edition, { scope, read }: FeedContext): boolean =>
  !scope || current(scope.entitlements, read.now).some(({ editions }) => editions.length === 0 || editions.includes(code));
