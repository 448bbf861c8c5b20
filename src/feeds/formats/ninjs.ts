import { streamJson, writeJson } from '../../lib/json.js';
import { countWords } from '../../lib/text.js';
import { contentHtml, contentText } from '../content.js';
import type { Format } from '../format.js';
import { editorsNote, sourceTypes } from '../iptc.js';
import { type Entry, type EntryPicture, type FeedHead, type Gone, type Item, isGone } from '../item.js';

const standard = { name: 'ninjs', version: '3.1', schema: 'http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json' };
const mediaType = 'application/json';

/**
 * ninjs 3.1 (IPTC): one object for each translation. Its schema allows no property of one's own: notices are descriptions by their role, and
 * what the receiving desk must know of them is in `edNote`.
 */
export const ninjs: Format = {
  name: 'ninjs 3.1',
  extension: 'ninjs',
  feed: { mediaType, write },
  item: { mediaType, write: (entry) => `${writeJson(ninjsOf(entry))}\n` },
};

function* write({ nextUrl }: FeedHead, entries: Iterable<Entry>): Iterable<string> {
  yield* streamJson({ next: nextUrl }, 'items', objects(entries));
}

function* objects(entries: Iterable<Entry>): Iterable<object> {
  for (const entry of entries) yield ninjsOf(entry);
}

/** An entry as ninjs 3.1. */
export const ninjsOf = (entry: Entry): Ninjs => (isGone(entry) ? gone(entry) : item(entry));

interface Text {
  role: string;
  contentType: string;
  value: string;
}

/** What we fill of it. */
export interface Ninjs {
  uri: string;
  type: string;
  version?: string;
  headlines?: Text[];
  descriptions?: Text[];
  bodies?: (Text & { wordCount?: number })[];
  renditions?: { name: string; href: string; contentType: string; width: number; height: number }[];
  associations?: (Partial<Ninjs> & { name: string; uri: string; rel: string })[];
  [property: string]: unknown;
}

const plain = (role: string, value: string): Text => ({ role, contentType: 'text/plain', value });

function item(entry: Item): Ninjs {
  const { dek, body, edition, credits, notices, byline, creditLine, image, rights, origin } = entry;
  const note = editorsNote(entry);
  const text = contentText(entry);
  const wordCount = countWords(text);
  const credited = (kind: string) =>
    credits.filter(({ id }) => id.startsWith(`${kind}:`)).map(({ name, id: uri, role }) => ({ name, uri, role: role.toLowerCase() }));
  return {
    standard,
    uri: entry.id,
    type: 'text',
    representationType: body ? 'full' : 'partial',
    version: `${entry.revision}`,
    ...{ firstCreated: entry.publishedAt.toISOString(), versionCreated: entry.updatedAt.toISOString() },
    ...{ pubStatus: 'usable', urgency: entry.urgency, language: edition.tag },
    ...{ copyrightHolder: rights.holder, copyrightNotice: rights.notice },
    ...(entry.usageTerms !== null && { usageTerms: entry.usageTerms }),
    ...(entry.expiresAt && { expires: entry.expiresAt.toISOString() }),
    ...(note !== null && { edNote: note }),
    headlines: [plain('main', entry.headline), ...(entry.kicker === null ? [] : [plain('kicker', entry.kicker)])],
    descriptions: [
      ...(dek === null ? [] : [plain('summary', dek)]),
      ...(creditLine === null ? [] : [plain('creditLine', creditLine)]),
      ...notices.map(({ mustCarry, kind, text }) => plain(`${mustCarry ? 'mustCarryNotice' : 'notice'}:${kind}`, text)),
    ],
    ...(byline !== null && { by: byline }),
    bodies: [
      { role: 'main', contentType: 'text/html', wordCount, value: contentHtml(entry, { lead: false }) },
      { ...plain('main', text), wordCount },
    ],
    people: [
      ...entry.people.map(({ text: name, id: uri }) => ({ name, rel: 'about', uri })),
      ...credited('person').map(({ role: rel, ...each }) => ({ ...each, rel })),
    ],
    infoSources: credited('agency'),
    places: entry.places.map(({ text: name, id: uri }) => ({ name, rel: 'about', uri })),
    subjects: entry.topics.map(({ text: name, id: uri }) => ({ name, rel: 'about', uri })),
    ...(origin !== 'HUMAN' && { digitalSourceType: sourceTypes[origin] }),
    altIds: [
      { role: 'story', value: entry.articleId },
      { role: 'edition', value: edition.code },
      { role: 'url', value: entry.url },
    ],
    associations: [...(image ? [picture(image)] : []), ...entry.alternates.map((each) => other(each, entry))],
  };
}

const other = ({ id, edition, lang, isOriginal }: Item['alternates'][number], { isOriginal: ours }: Item) => ({
  ...{ name: `edition-${edition}`, uri: id, type: 'text', language: lang },
  rel: isOriginal && !ours ? 'translationOf' : 'translation',
});

function picture({ code, alt, caption, lang, creditLine, renditions }: EntryPicture) {
  return {
    ...{ name: 'lead', uri: `image:${code}`, rel: 'picture', type: 'picture', language: lang },
    descriptions: [plain('alt', alt), ...(caption === null ? [] : [plain('caption', caption)])],
    ...(creditLine !== null && { by: creditLine }),
    renditions: renditions.map(({ url, ratio, width, height, contentType }) => {
      const aspectRatio = ratio.replace('RATIO_', '').replace('X', ':');
      return { name: `${aspectRatio.replace(':', 'x')}-${width}`, href: url, contentType, width, height, aspectRatio };
    }),
  };
}

const gone = ({ id, articleId, revision, edition, kind, retractedAt, title, note }: Gone): Ninjs => ({
  standard,
  uri: id,
  type: 'text',
  version: `${revision}`,
  versionCreated: retractedAt.toISOString(),
  pubStatus: kind === 'WITHHOLD' || kind === 'REMOVED' ? 'withheld' : 'canceled',
  language: edition.tag,
  headlines: [plain('main', title)],
  ...(note !== null && { descriptions: [plain('note', note)] }),
  altIds: [
    { role: 'story', value: articleId },
    { role: 'edition', value: edition.code },
  ],
});
