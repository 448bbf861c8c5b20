import { streamXml, type XmlElement, xml } from '../../lib/xml.js';
import { contentHtml } from '../content.js';
import { dragoman, extensionElements } from '../extension.js';
import type { Format } from '../format.js';
import { type Entry, type EntryPicture, type FeedHead, type Gone, type Item, isGone, mainFile } from '../item.js';

const namespaces = {
  'xmlns:atom': 'http://www.w3.org/2005/Atom',
  'xmlns:content': 'http://purl.org/rss/1.0/modules/content/',
  'xmlns:dc': 'http://purl.org/dc/elements/1.1/',
  'xmlns:dcterms': 'http://purl.org/dc/terms/',
  'xmlns:media': 'http://search.yahoo.com/mrss/',
  'xmlns:dragoman': dragoman,
};

const mediaType = 'application/rss+xml';

/** RSS 2.0 (rssboard.org) with content, Dublin Core, Media RSS and Atom: for readers that know nothing else; it has no deletion. */
export const rss: Format = {
  name: 'RSS 2.0',
  extension: 'rss',
  feed: { mediaType, write },
};

function* write(head: FeedHead, entries: Iterable<Entry>): Iterable<string> {
  const channel = xml(
    'channel',
    {},
    xml('title', {}, head.title),
    xml('link', {}, head.homeUrl),
    xml('description', {}, head.subtitle),
    xml('language', {}, head.edition.tag),
    xml('copyright', {}, head.rights),
    head.updatedAt ? xml('lastBuildDate', {}, head.updatedAt.toUTCString()) : undefined,
    xml('atom:link', { rel: 'self', type: mediaType, href: head.selfUrl }),
    head.hubUrl === null ? undefined : xml('atom:link', { rel: 'hub', href: head.hubUrl }),
    xml('atom:link', { rel: 'next', type: mediaType, href: head.nextUrl }),
    head.prevArchiveUrl === null ? undefined : xml('atom:link', { rel: 'prev-archive', type: mediaType, href: head.prevArchiveUrl }),
  );
  yield* streamXml([xml('rss', { version: '2.0', 'xml:lang': head.edition.tag, ...namespaces }), channel], items(entries));
}

function* items(entries: Iterable<Entry>): Iterable<XmlElement> {
  for (const entry of entries) yield isGone(entry) ? gone(entry) : item(entry);
}

function item(entry: Item): XmlElement {
  const { id, url, headline, dek, edition, credits, topics, alternates, image, rights } = entry;
  return xml(
    'item',
    {},
    xml('title', {}, headline),
    xml('link', {}, url),
    xml('guid', { isPermaLink: 'false' }, id),
    xml('pubDate', {}, entry.publishedAt.toUTCString()),
    xml('dcterms:modified', {}, entry.updatedAt.toISOString()),
    ...credits.map(({ role, name }) => xml(role === 'AUTHOR' ? 'dc:creator' : role === 'WIRE' ? 'dc:source' : 'dc:contributor', {}, name)),
    ...topics.map(({ text }) => xml('category', {}, text)),
    dek === null ? undefined : xml('description', {}, dek),
    xml('content:encoded', {}, contentHtml(entry, { lead: true })),
    image ? picture(image) : undefined,
    xml('dc:language', {}, edition.tag),
    xml('dc:rights', {}, rights.notice),
    ...alternates.flatMap(({ hreflang, url: href }) => (hreflang === null ? [] : [xml('atom:link', { rel: 'alternate', hreflang, href })])),
    ...extensionElements(entry),
  );
}

function picture(image: EntryPicture): XmlElement | undefined {
  const file = mainFile(image);
  if (!file) return undefined;
  const { url, contentType: type, width, height } = file;
  return xml(
    'media:content',
    { url, type, medium: 'image', width, height, lang: image.lang },
    xml('media:description', { type: 'plain' }, image.caption ?? image.alt),
    image.creditLine === null ? undefined : xml('media:credit', {}, image.creditLine),
  );
}

const gone = (entry: Gone): XmlElement =>
  xml(
    'item',
    {},
    xml('title', {}, entry.title),
    xml('guid', { isPermaLink: 'false' }, entry.id),
    xml('pubDate', {}, entry.retractedAt.toUTCString()),
    xml('description', {}, entry.note ?? ''),
    xml('dc:language', {}, entry.edition.tag),
    ...extensionElements(entry),
  );
