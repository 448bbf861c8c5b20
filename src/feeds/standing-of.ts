import { revisionKey } from '../articles/present.js';
import type { Translation } from '../articles/translation.type.js';
import { parseUrn } from '../articles/urn.js';
import type { Edition } from '../editions/edition.js';
import type { NoticeVersion } from '../notices/notice-versions.queries.js';
import { noticesDiffer } from '../notices/notices-since.js';
import { owedSince } from '../publishing/owed-since.queries.js';
import type { Access } from '../rights/access.js';
import { itemUrl } from './addresses.js';
import type { Standing } from './compare-holdings.js';
import type { FeedContext } from './feed-context.js';
import type { Gone } from './item.js';
import { noticesFor, placesOf } from './present-item.js';
import type { Holding } from './read-holdings.js';
import { textsOf } from './readers-texts.js';
import { standingTexts } from './standing-texts.queries.js';
import { hiddenOnes } from './tell.js';

/** A holding with its id, and the story of it. */
export interface Named {
  id: string;
  uuid: string;
  held: Holding;
}

/** What the whole comparing goes by. */
export interface Basis {
  versions: readonly NoticeVersion[];
  /** The last event the caller is told of. */
  upTo: number;
}

const unknown: Standing = { state: 'UNKNOWN' };

/** The notices that go with a text, each as `code@version`, sorted: as holdings name them. */
export const noticesNamed = async (text: Translation, access: Access, context: FeedContext): Promise<string[]> =>
  (await noticesFor(text, access, context)).map(({ code, version }) => `${code}@${version}`).sort();

/**
 * How texts of an edition that were named stand to the caller, each in its place: in as many statements however many they are. What the caller could never
 * have known is UNKNOWN, whether it is there or not.
 */
export async function standingOf(named: readonly Named[], edition: Edition, basis: Basis, context: FeedContext): Promise<Standing[]> {
  const uuids = [...new Set(named.map(({ uuid }) => uuid))];
  const texts = new Map((await standingTexts(textsOf(context), edition, { uuids })).map((text) => [text.row.articleUuid, text]));
  const hidden = uuids.filter((uuid) => !texts.has(uuid)).map((articleUuid) => ({ articleUuid, at: null }));
  const [gone, accesses] = await Promise.all([
    hiddenOnes(hidden, { upTo: basis.upTo, feed: { edition } }, context),
    Promise.all([...texts].map(async ([uuid, { row }]) => [uuid, await context.accessOf(row)] as const)),
  ]);
  const accessOf = new Map(accesses);
  const byTime = named.flatMap(({ uuid, held }) => (held.notices === null && accessOf.get(uuid)?.allowed ? texts.get(uuid)! : []));
  const changed = await changedOf(byTime, (text) => accessOf.get(text.row.articleUuid)!, edition, basis, context);
  return Promise.all(
    named.map(async ({ id, uuid, held }): Promise<Standing> => {
      const [text, went] = [texts.get(uuid), gone.get(uuid)];
      if (text?.id !== id) return went?.id === id ? goneAs(went) : unknown;
      const access = accessOf.get(uuid)!;
      if (!access.allowed) {
        const isSecret = text.article.embargoUntil !== null && text.article.embargoUntil > context.read.now;
        return isSecret ? unknown : { state: 'DENIED', reason: access.reason };
      }
      const notices = held.notices && held.version === text.revision ? await noticesNamed(text, access, context) : null;
      const url = itemUrl(context.publicUrl, { id, extension: 'json' });
      return { state: 'GIVEN', revision: text.revision, publishedAt: text.publishedAt, url, notices, changedSince: changed.has(uuid) };
    }),
  );
}

const goneAs = ({ kind, retractedAt, replacedBy }: Gone): Standing => ({
  ...{ state: 'GONE', kind, at: retractedAt },
  ...(replacedBy !== undefined && { replacement: replacedBy }),
});

/** Those texts, by their stories, whose notices are others now than when the present revision came out. */
async function changedOf(
  texts: readonly Translation[],
  accessOf: (text: Translation) => Access,
  edition: Edition,
  { versions, upTo }: Basis,
  context: FeedContext,
): Promise<Set<string>> {
  const { read, load } = context;
  const since = await Promise.all(
    texts.map(async (text) => ({ text, at: (await load.revision.load(revisionKey(text))).publishedAt ?? text.updatedAt })),
  );
  const owed = await owedSince(
    read,
    edition.code,
    since.map(({ text, at }) => ({ uuid: text.row.articleUuid, at })),
    upTo,
  );
  const changed = await Promise.all(
    since.map(async ({ text, at }) => {
      const { articleUuid } = text.row;
      const stale = edition.staleNotices ? await context.staleSince(text.row) : null;
      const of = { past: at, now: read.now, places: placesOf(accessOf(text)), edition: edition.code, channel: 'FEED' };
      return owed.has(articleUuid) || (stale !== null && stale > at) || noticesDiffer(versions, of) ? [articleUuid] : [];
    }),
  );
  return new Set(changed.flat());
}

/** The story and the edition that an id names; null for what is no text's. */
export function namedBy(id: string): { uuid: string; edition: string } | null {
  const parts = parseUrn(id);
  return parts?.edition === undefined ? null : { uuid: parts.uuid, edition: parts.edition };
}
