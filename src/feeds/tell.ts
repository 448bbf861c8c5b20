import type { KnownOfText } from '../articles/article-context.js';
import { retractedTranslations } from '../articles/retracted.queries.js';
import type { Translation } from '../articles/translation.type.js';
import { parseUrn } from '../articles/urn.js';
import { EventKind } from '../publishing/event.js';
import { publishedTexts, type WalkedEvent } from '../publishing/walk.queries.js';
import { wasEverOut } from '../publishing/was-out.js';
import type { FeedOf } from './feed.js';
import type { FeedContext } from './feed-context.js';
import type { Gone } from './item.js';
import { presentEnded, presentGone } from './present-gone.js';

/** What a page of a walk tells of one text: that it went, or that it is to be given as it is. */
export interface Told {
  event: WalkedEvent;
  gone: Gone | null;
}

/** The text of an edition that an event is about, where the caller is shown it. */
export const textOf = async ({ articleUuid }: WalkedEvent, edition: string, { load }: FeedContext): Promise<Translation | undefined> =>
  (await load.visibleOfArticle.load(articleUuid)).find((each) => each.edition.code === edition);

/** Those of some events of which the caller is told, in their order: of texts it may have, and of those it may have no more. */
export async function tellOf(
  events: readonly WalkedEvent[],
  upTo: number,
  feed: Pick<FeedOf, 'edition' | 'topic'>,
  context: FeedContext,
): Promise<Told[]> {
  const standings = await Promise.all(
    events.map(async (event) => {
      const text = await textOf(event, feed.edition.code, context);
      const topics = feed.topic === null ? null : (await context.load.topicsOfArticle.load(event.articleUuid)).map(({ code }) => code);
      const given = text !== undefined && (await context.accessOf(text.row)).allowed && (topics?.includes(feed.topic!.code) ?? true);
      const isFiled = topics === null || [...topics, ...event.formerTopics].includes(feed.topic!.code);
      return { event, text, given, isFiled };
    }),
  );
  const lost = standings.filter(({ given, isFiled }) => !given && isFiled);
  const hidden = lost.filter(({ text }) => text === undefined || isEmbargoed(text, context));
  const gone = await hiddenOnes(
    hidden.map(({ event }) => event),
    { upTo, feed },
    context,
  );
  await Promise.all(
    lost.map(async ({ event, text }) => {
      const went = text && !isEmbargoed(text, context) && (await removed(text, event, context));
      if (went) gone.set(event.articleUuid, went);
    }),
  );
  return standings.flatMap(({ event, given }): Told[] => {
    if (given) return [{ event, gone: null }];
    const went = gone.get(event.articleUuid);
    return went ? [{ event, gone: { ...went, event: event.uuid } }] : [];
  });
}

/** Whether its embargo had not ended, as far as the caller is told. */
const isEmbargoed = ({ article }: Translation, { read, scope }: FeedContext): boolean =>
  article.embargoUntil !== null && article.embargoUntil > (scope?.horizon ?? read.now);

/** A text that is hidden, with what the log tells of it, as far as that is known. */
type Hidden = Pick<WalkedEvent, 'articleUuid'> & { at: Date | null } & Partial<
    Pick<WalkedEvent, 'uuid' | 'kinds' | 'formerKinds' | 'formerTopics'>
  >;

/** What the log tells of what a text was since the walk began. */
const knownOf = ({ kinds = [], formerKinds = [], formerTopics = [] }: Hidden): KnownOfText => ({
  revised: kinds.includes(EventKind.REVISED),
  changed: kinds.includes(EventKind.STORY_CHANGED) ? { kinds: formerKinds, topics: formerTopics } : undefined,
});

/** What is told of a text that everybody may see and that is not for this feed any more; undefined where the caller cannot have had it. */
async function removed({ article, row, edition }: Translation, event: WalkedEvent, context: FeedContext): Promise<Gone | undefined> {
  const known = knownOf(event);
  if (!known.revised && !known.changed) return undefined;
  if (!(await context.mightHaveHad(row, event.at, { ...known, out: true }))) return undefined;
  return presentEnded({ parts: article, revision: row.revision, edition }, { kind: 'REMOVED', at: event.at, event: event.uuid }, context);
}

/** What is told of texts that nobody may see any more, or not yet again: by story. */
export async function hiddenOnes(
  events: readonly Hidden[],
  { upTo, feed: { edition } }: { upTo: number; feed: Pick<FeedOf, 'edition'> },
  context: FeedContext,
): Promise<Map<string, Gone>> {
  if (events.length === 0) return new Map();
  const { read, scope } = context;
  const byStory = new Map(events.map((event) => [event.articleUuid, event]));
  const uuids = [...byStory.keys()];
  const [retracted, texts] = await Promise.all([
    retractedTranslations(read, { edition: edition.code, uuids, since: new Date(0) }),
    publishedTexts(read, { edition: edition.code, uuids, upTo }),
  ]);
  const told = new Map<string, Gone>();
  const mightHaveHad: FeedContext['mightHaveHad'] = (key, until, known) =>
    context.mightHaveHad(key, until, { ...knownOf(byStory.get(key.articleUuid)!), ...known });
  for (const gone of await presentGone(retracted, edition, { ...context, mightHaveHad })) told.set(parseUrn(gone.articleId)!.uuid, gone);
  const known = new Set(retracted.map(({ uuid }) => uuid));
  await Promise.all(
    texts.map(async ({ events: history, takenBack, expiresAt, revision, ...parts }) => {
      // Its tombstone tells of it, where that may be seen; it is not where the text had been hidden before.
      if (takenBack && known.has(parts.uuid)) return;
      const out = wasEverOut({ events: history, expiresAt });
      // Who reads early may have had what nobody else ever saw.
      if (!out && !scope?.early) return;
      const event = byStory.get(parts.uuid)!;
      const expired = expiresAt !== null && expiresAt <= read.now;
      // What hid it otherwise is an embargo, the last that its history tells.
      const [kind, at] = expired ? (['EXPIRED', expiresAt] as const) : (['REMOVED', event.at ?? new Date(history.at(-1)!.at)] as const);
      if (await mightHaveHad({ articleUuid: parts.uuid, editionCode: edition.code }, at, { out }))
        told.set(parts.uuid, presentEnded({ parts, revision, edition }, { kind, at, event: event.uuid }, context));
    }),
  );
  return told;
}
