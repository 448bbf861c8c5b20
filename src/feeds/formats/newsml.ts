import { countWords } from '../../lib/text.js';
import { streamXml, writeXml, type XmlElement, xml } from '../../lib/xml.js';
import { contentHtml, contentText } from '../content.js';
import { dragoman, extensionElements } from '../extension.js';
import type { Format } from '../format.js';
import { editorsNote, sourceTypes } from '../iptc.js';
import { type Entry, type EntryCredit, type EntryEdition, type FeedHead, type Gone, type Item, isGone } from '../item.js';

const namespaces = { xmlns: 'http://iptc.org/std/nar/2006-10-01/', 'xmlns:dragoman': dragoman };

/** The vocabularies of IPTC that are used, so that a code is understood without fetching a catalogue. */
const schemes: Readonly<Record<string, string>> = {
  ninat: 'http://cv.iptc.org/newscodes/ninature/',
  stat: 'http://cv.iptc.org/newscodes/pubstatusg2/',
  sig: 'http://cv.iptc.org/newscodes/signal/',
  irel: 'http://cv.iptc.org/newscodes/itemrelation/',
};

/**
 * NewsML-G2 2.35 (IPTC): a newsItem for each translation, a feed as a newsMessage. The standard has no code for "translated from": the other
 * editions are `irel:seeAlso`, with the language in the title.
 */
export const newsml: Format = {
  name: 'NewsML-G2 2.35',
  extension: 'newsml',
  feed: { mediaType: 'application/vnd.iptc.g2.newsmessage+xml', write },
  item: { mediaType: 'application/vnd.iptc.g2.newsitem+xml', write: (entry) => writeXml(newsItem(entry, namespaces)) },
};

function* write(head: FeedHead, entries: Iterable<Entry>): Iterable<string> {
  const header = xml(
    'header',
    {},
    xml('sent', {}, (head.updatedAt ?? new Date(0)).toISOString()),
    xml('sender', {}, head.edition.publisherName),
  );
  // A set must hold something: where there is no item, the title of the feed.
  const set = head.updatedAt ? xml('itemSet') : xml('itemSet', {}, xml('title', {}, head.title));
  yield* streamXml([xml('newsMessage', namespaces, header), set], newsItems(entries));
}

function* newsItems(entries: Iterable<Entry>): Iterable<XmlElement> {
  for (const entry of entries) yield newsItem(entry, {});
}

function newsItem(entry: Entry, declared: Record<string, string>): XmlElement {
  const { id, revision, edition } = entry;
  const language = { 'xml:lang': edition.tag, dir: edition.direction.toLowerCase() };
  const { rights, item, content } = isGone(entry) ? partsOfGone(entry) : partsOf(entry);
  return xml(
    'newsItem',
    { ...declared, standard: 'NewsML-G2', standardversion: '2.35', conformance: 'power', guid: id, version: revision, ...language },
    xml('catalog', {}, ...Object.entries(schemes).map(([alias, uri]) => xml('scheme', { alias, uri }))),
    ...rights,
    xml('itemMeta', {}, xml('itemClass', { qcode: 'ninat:text' }), provider(edition), ...item),
    ...content,
  );
}

interface Parts {
  rights: XmlElement[];
  /** What follows class and provider. */
  item: XmlElement[];
  content: XmlElement[];
}

function partsOf(entry: Item): Parts {
  const { rights, alternates, significance, edition, usageTerms, expiresAt } = entry;
  const words = countWords(contentText(entry));
  const inline = { contenttype: 'text/html', wordcount: words, 'xml:lang': edition.tag, dir: edition.direction.toLowerCase() };
  const note = editorsNote(entry);
  const signal = significance === 'CORRECTION' ? 'sig:correction' : significance === 'UPDATE' && entry.revision > 1 ? 'sig:update' : null;
  return {
    rights: [
      xml(
        'rightsInfo',
        {},
        xml('copyrightHolder', { literal: rights.holder }),
        xml('copyrightNotice', {}, rights.notice),
        usageTerms === null ? undefined : xml('usageTerms', {}, usageTerms),
      ),
    ],
    item: [
      xml('versionCreated', {}, entry.updatedAt.toISOString()),
      xml('firstCreated', {}, entry.publishedAt.toISOString()),
      xml('pubStatus', { qcode: 'stat:usable' }),
      ...(note === null ? [] : [xml('edNote', { 'xml:lang': 'en', dir: 'ltr' }, note)]),
      ...(signal === null ? [] : [xml('signal', { qcode: signal })]),
      ...(expiresAt === null ? [] : [xml('expires', {}, expiresAt.toISOString())]),
      ...alternates.map(({ id, lang, url }) => xml('link', { rel: 'irel:seeAlso', residref: id, href: url }, xml('title', {}, lang))),
    ],
    content: [
      xml(
        'contentMeta',
        {},
        ...administrative(entry),
        ...descriptive(entry),
        ...extensionElements(entry),
        xml('dragoman:url', {}, entry.url),
      ),
      xml('contentSet', {}, xml('inlineData', inline, contentHtml(entry, { lead: true }))),
    ],
  };
}

const administrative = ({ urgency, publishedAt, updatedAt, origin, credits, articleId }: Item): XmlElement[] => [
  xml('urgency', {}, `${urgency}`),
  xml('contentCreated', {}, publishedAt.toISOString()),
  xml('contentModified', {}, updatedAt.toISOString()),
  ...(origin === 'HUMAN' ? [] : [xml('digitalSourceType', { uri: sourceTypes[origin].uri })]),
  ...credits.map(party),
  xml('altId', {}, articleId),
];

const party = ({ role, id, name, lang }: EntryCredit): XmlElement =>
  xml(role === 'AUTHOR' ? 'creator' : role === 'WIRE' ? 'infoSource' : 'contributor', { uri: id }, xml('name', { 'xml:lang': lang }, name));

const descriptive = ({ edition, topics, people, places, headline, byline, creditLine, dek }: Item): XmlElement[] => [
  xml('language', { tag: edition.tag }),
  ...[...topics, ...people, ...places].map(({ id, text, lang }) => xml('subject', { uri: id }, xml('name', { 'xml:lang': lang }, text))),
  xml('headline', {}, headline),
  ...(byline === null ? [] : [xml('by', {}, byline)]),
  ...(creditLine === null ? [] : [xml('creditline', {}, creditLine)]),
  ...(dek === null ? [] : [xml('description', {}, dek)]),
];

const partsOfGone = (entry: Gone): Parts => ({
  rights: [],
  item: [
    xml('versionCreated', {}, entry.retractedAt.toISOString()),
    xml('pubStatus', { qcode: entry.kind === 'WITHHOLD' || entry.kind === 'REMOVED' ? 'stat:withheld' : 'stat:canceled' }),
  ],
  content: [
    xml(
      'contentMeta',
      {},
      xml('altId', {}, entry.articleId),
      xml('language', { tag: entry.edition.tag }),
      xml('headline', {}, entry.title),
      entry.note === null ? undefined : xml('description', {}, entry.note),
      ...extensionElements(entry),
    ),
  ],
});

const provider = ({ publisherName, tag }: EntryEdition): XmlElement =>
  xml('provider', { literal: publisherName }, xml('name', { 'xml:lang': tag }, publisherName));
