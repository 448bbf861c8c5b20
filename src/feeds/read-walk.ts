import { retractedTranslations } from '../articles/retracted.queries.js';
import type { Translation } from '../articles/translation.type.js';
import { Refusal } from '../lib/errors.js';
import { placeOfSealedCursor } from '../publishing/cursor.js';
import { EventKind } from '../publishing/event.js';
import { endOfLog, publishedTexts, type WalkedEvent, walkEvents } from '../publishing/walk.queries.js';
import { wasEverOut } from '../publishing/was-out.js';
import type { Access, Denial } from '../rights/access.js';
import type { FeedName } from './addresses.js';
import { cursorAt, cursorPurpose, digestOf, type Feed, type FeedOf, feedOf, headOf } from './feed.js';
import type { FeedContext } from './feed-context.js';
import type { Entry, Gone } from './item.js';
import { presentEnded, presentGone } from './present-gone.js';
import { presentItem } from './present-item.js';

const atOnce = 100;

/** What a page of a walk tells of one text: that it went, or that it is to be given as it is. */
type Told = { event: WalkedEvent; gone: Gone | null };

/**
 * What has happened to the texts of a feed behind a place in the log, oldest first: each once, as it is now, up to `limit`, and `start` and `now` for
 * the ends of the log. A page without entries is at its end. What was under embargo when its events were passed is told when that ends, for its end is
 * an event. Throws INVALID_CURSOR, CURSOR_EXPIRED, CURSOR_OUTDATED when what the caller may have is not what it was.
 */
export async function readWalk(name: FeedName, { after, limit }: { after: string; limit: number }, context: FeedContext): Promise<Feed> {
  const { read, scope } = context;
  const feed = await feedOf(name, context);
  const start = await placeOf(after, feed, context);
  const upTo = await endOfLog(read, { after: start, horizon: scope?.horizon ?? null });
  let seq = after === 'now' ? upTo : start;
  const told: Told[] = [];
  while (seq < upTo && told.length < limit) {
    const events = await walkEvents(read, { edition: feed.edition.code, since: start, after: seq, upTo, most: atOnce });
    const found = await tellOf(events, upTo, feed, context);
    const room = found.slice(0, limit - told.length);
    told.push(...room);
    const isAll = room.length === found.length;
    seq = isAll ? (events.length < atOnce ? upTo : events.at(-1)!.seq) : room.at(-1)!.event.seq;
  }
  const updatedAt = told.length === 0 ? null : new Date(Math.max(...told.map(({ event }) => event.at.getTime())));
  const form = { after, limit: limit === defaultLimit ? undefined : limit };
  const head = headOf(feed, { form, updatedAt, prevArchiveUrl: null, archive: null }, context);
  return { head, batches: entriesOf(told, feed, context), cursor: await cursorAt(seq, feed, context) };
}

/** How many entries a page holds where nobody says. */
export const defaultLimit = 50;

async function placeOf(after: string, feed: FeedOf, context: FeedContext): Promise<number> {
  if (after === 'start' || after === 'now') return 0;
  const { seq, scope } = placeOfSealedCursor(after, cursorPurpose(feed, context), context.cursorKey, context.read.now);
  if (!scope.equals(await digestOf(context))) throw new Refusal('CURSOR_OUTDATED', {});
  return seq;
}

/** What went first, then the texts, oldest first. */
async function* entriesOf(told: readonly Told[], { edition }: FeedOf, context: FeedContext): AsyncIterable<Entry[]> {
  yield told.flatMap(({ gone }) => gone ?? []);
  const texts = told.filter(({ gone }) => gone === null);
  for (let from = 0; from < texts.length; from += atOnce) {
    const part = context.renew();
    const items = await Promise.all(
      texts.slice(from, from + atOnce).map(async ({ event }) => {
        const text = await textOf(event, edition.code, part);
        const item = text && (await presentItem(text, part));
        return item ? [{ ...item, event: event.uuid }] : [];
      }),
    );
    yield items.flat();
  }
}

const textOf = async ({ articleUuid }: WalkedEvent, edition: string, { load }: FeedContext): Promise<Translation | undefined> =>
  (await load.visibleOfArticle.load(articleUuid)).find((each) => each.edition.code === edition);

/** Those of some events of which the caller is told, in their order. */
async function tellOf(events: readonly WalkedEvent[], upTo: number, feed: FeedOf, context: FeedContext): Promise<Told[]> {
  const standings = await Promise.all(
    events.map(async (event) => {
      const text = await textOf(event, feed.edition.code, context);
      const access = text && (await context.accessOf(text.row));
      const included = text !== undefined && (feed.topic === null || (await isFiled(text, feed, context)));
      return { event, text, access, included };
    }),
  );
  const hidden = standings.filter(({ text }) => text === undefined).map(({ event }) => event);
  const gone = await hiddenOnes(hidden, upTo, feed, context);
  return standings.flatMap(({ event, text, access, included }): Told[] => {
    if (text && access?.allowed && included) return [{ event, gone: null }];
    const went = text && access ? removed(text, { event, access, included }, context) : gone.get(event.articleUuid);
    return went ? [{ event, gone: { ...went, event: event.uuid } }] : [];
  });
}

const isFiled = async ({ article }: Translation, { topic }: FeedOf, { load }: FeedContext): Promise<boolean> =>
  (await load.topicsOfArticle.load(article.uuid)).some(({ code }) => code === topic!.code);

/** Denials that a text may have come to by what happened to it, so that who is denied it now may have had it. */
const come: Partial<Record<EventKind, readonly Denial[]>> = {
  REVISED: ['REDISTRIBUTION_NONE', 'AGENCY_EXCLUDED', 'REDISTRIBUTION_TERRITORIES', 'MACHINE_NOT_INCLUDED'],
  STORY_CHANGED: ['REDISTRIBUTION_NONE', 'AGENCY_EXCLUDED', 'REDISTRIBUTION_TERRITORIES', 'TOPIC_NOT_INCLUDED', 'KIND_NOT_INCLUDED'],
};

/** What is told of a text that everybody may see and this feed has no more; undefined where it cannot have had it. */
function removed(
  { article, row, edition }: Translation,
  { event, access, included }: { event: WalkedEvent; access: Access; included: boolean },
  context: FeedContext,
): Gone | undefined {
  if (article.embargoUntil !== null && article.embargoUntil > context.read.now) return undefined;
  const lost = access.allowed
    ? !included && event.kinds.includes(EventKind.STORY_CHANGED)
    : event.kinds.some((kind) => come[kind]?.includes(access.reason));
  if (!lost) return undefined;
  return presentEnded({ parts: article, revision: row.revision, edition }, { kind: 'REMOVED', at: event.at, event: event.uuid }, context);
}

/** What is told of texts that nobody may see any more: by story. */
async function hiddenOnes(
  events: readonly WalkedEvent[],
  upTo: number,
  { edition }: FeedOf,
  context: FeedContext,
): Promise<Map<string, Gone>> {
  if (events.length === 0) return new Map();
  const { read } = context;
  const uuids = events.map(({ articleUuid }) => articleUuid);
  const [retracted, texts] = await Promise.all([
    retractedTranslations(read, { edition: edition.code, uuids, since: new Date(0) }),
    publishedTexts(read, { edition: edition.code, uuids, upTo }),
  ]);
  const told = new Map<string, Gone>();
  for (const each of retracted) for (const gone of await presentGone([each], edition, context)) told.set(each.uuid, gone);
  for (const { events: history, expiresAt, revision, ...parts } of texts) {
    const event = events.find(({ articleUuid }) => articleUuid === parts.uuid)!;
    if (retracted.some(({ uuid }) => uuid === parts.uuid) || !wasEverOut(history)) continue;
    const expired = expiresAt !== null && expiresAt <= read.now;
    const [kind, at] = expired ? (['EXPIRED', expiresAt] as const) : (['REMOVED', event.at] as const);
    const key = { articleUuid: parts.uuid, editionCode: edition.code };
    if (await context.mightHaveHad(key, at, { out: true }))
      told.set(parts.uuid, presentEnded({ parts, revision, edition }, { kind, at, event: event.uuid }, context));
  }
  return told;
}
