import { streamXml, type XmlElement, xml } from '../../lib/xml.js';
import { contentHtml } from '../content.js';
import { dragoman, extensionElements } from '../extension.js';
import type { Format } from '../format.js';
import { type Entry, type FeedHead, type Gone, type Item, isGone, mainFile } from '../item.js';

const namespaces = {
  xmlns: 'http://www.w3.org/2005/Atom',
  'xmlns:at': 'http://purl.org/atompub/tombstones/1.0',
  'xmlns:fh': 'http://purl.org/syndication/history/1.0',
  'xmlns:dragoman': dragoman,
};
const mediaType = 'application/atom+xml';

/** Atom (RFC 4287), archived by days (RFC 5005 §4); what was taken back is a tombstone (RFC 6721). `updated` moves with changes that matter alone. */
export const atom: Format = {
  name: 'Atom',
  extension: 'atom',
  feed: { mediaType, write },
};

function* write(head: FeedHead, entries: Iterable<Entry>): Iterable<string> {
  const { edition } = head;
  const feed = xml(
    'feed',
    { ...namespaces, 'xml:lang': edition.tag },
    xml('id', {}, head.id),
    xml('title', {}, head.title),
    xml('subtitle', {}, head.subtitle),
    // It must say some time: before there is an entry, the beginning of all.
    xml('updated', {}, (head.updatedAt ?? new Date(0)).toISOString()),
    xml('author', {}, xml('name', {}, edition.publisherName), edition.siteUrl === null ? undefined : xml('uri', {}, edition.siteUrl)),
    xml('rights', {}, head.rights),
    xml('link', { rel: 'self', type: mediaType, href: head.selfUrl }),
    head.hubUrl === null ? undefined : xml('link', { rel: 'hub', href: head.hubUrl }),
    xml('link', { rel: 'alternate', type: 'text/html', hreflang: edition.tag, href: head.homeUrl }),
    ...[link('next', head.nextUrl), link('prev-archive', head.prevArchiveUrl), link('current', head.archive?.currentUrl)],
    head.archive?.closed ? xml('fh:archive') : undefined,
  );
  yield* streamXml([feed], children(entries));
}

const link = (rel: string, href: string | null | undefined): XmlElement | undefined =>
  href ? xml('link', { rel, type: mediaType, href }) : undefined;

/** Feeds begin with what went, as the grammar of Atom wants it: what is no entry stands before the entries. */
function* children(entries: Iterable<Entry>): Iterable<XmlElement> {
  for (const entry of entries) yield isGone(entry) ? tombstone(entry) : item(entry);
}

function item(entry: Item): XmlElement {
  const { id, url, headline, dek, edition, topics, alternates, image, rights } = entry;
  const file = image && mainFile(image);
  return xml(
    'entry',
    { 'xml:lang': edition.tag },
    xml('id', {}, id),
    xml('title', {}, headline),
    xml('published', {}, entry.publishedAt.toISOString()),
    xml('updated', {}, entry.updatedAt.toISOString()),
    ...people(entry),
    xml('link', { rel: 'alternate', type: 'text/html', hreflang: edition.tag, href: url }),
    // No two alternates of one language: an edition that is not its language's first has no hreflang of its own.
    ...alternates.flatMap(({ hreflang, url: href }) =>
      hreflang === null || hreflang === edition.tag ? [] : [xml('link', { rel: 'alternate', type: 'text/html', hreflang, href })],
    ),
    file && image
      ? xml('link', { rel: 'enclosure', type: file.contentType, href: file.url, title: image.caption ?? image.alt })
      : undefined,
    ...topics.map(({ id: term, text: label, lang }) => xml('category', { term, label, 'xml:lang': lang })),
    dek === null ? undefined : xml('summary', {}, dek),
    xml('content', { type: 'html' }, contentHtml(entry, { lead: true })),
    xml('rights', {}, rights.notice),
    ...extensionElements(entry),
  );
}

/** Who wrote it, else the publisher: an entry has an author. Everybody else contributed. */
function people({ credits, edition }: Item): XmlElement[] {
  const authors = credits.filter(({ role }) => role === 'AUTHOR');
  const person = (tag: string, name: string): XmlElement => xml(tag, {}, xml('name', {}, name));
  return [
    ...(authors.length === 0 ? [person('author', edition.publisherName)] : authors.map(({ name }) => person('author', name))),
    ...credits.filter(({ role }) => role !== 'AUTHOR').map(({ name }) => person('contributor', name)),
  ];
}

const tombstone = (entry: Gone): XmlElement =>
  xml(
    'at:deleted-entry',
    { ref: entry.id, when: entry.retractedAt.toISOString(), 'xml:lang': entry.edition.tag },
    xml('at:comment', {}, [entry.title, ...(entry.note === null ? [] : [entry.note])].join(' ')),
    ...extensionElements(entry),
  );
