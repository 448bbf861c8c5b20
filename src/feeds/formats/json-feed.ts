import { streamJson, writeJson } from '../../lib/json.js';
import { contentHtml } from '../content.js';
import { extensionOf } from '../extension.js';
import type { Format } from '../format.js';
import { type Entry, type FeedHead, isGone, mainFile } from '../item.js';

/** JSON Feed 1.1 (jsonfeed.org); what it has no place for is in one `_dragoman` object. It has no deletion. */
export const jsonFeed: Format = {
  name: 'JSON Feed',
  extension: 'json',
  feed: { mediaType: 'application/feed+json', write },
  item: { mediaType: 'application/json', write: (entry) => `${writeJson(item(entry))}\n` },
};

function* write(head: FeedHead, entries: Iterable<Entry>): Iterable<string> {
  const { edition } = head;
  const top = {
    version: 'https://jsonfeed.org/version/1.1',
    title: head.title,
    description: head.subtitle,
    home_page_url: head.homeUrl,
    feed_url: head.selfUrl,
    next_url: head.nextUrl,
    ...(head.hubUrl !== null && { hubs: [{ type: 'WebSub', url: head.hubUrl }] }),
    language: edition.tag,
    authors: [{ name: edition.publisherName, ...(edition.siteUrl !== null && { url: edition.siteUrl }) }],
    _dragoman: { about: head.aboutUrl, edition: edition.code, direction: edition.direction.toLowerCase(), rights: head.rights },
  };
  yield* streamJson(top, 'items', items(entries));
}

function* items(entries: Iterable<Entry>): Iterable<object> {
  for (const entry of entries) yield item(entry);
}

function item(entry: Entry): object {
  if (isGone(entry)) {
    const { id, title, note, retractedAt, edition } = entry;
    return {
      ...{ id, title, content_text: note ?? '', date_modified: retractedAt, language: edition.tag },
      _dragoman: extensionOf(entry),
    };
  }
  const { id, url, headline, dek, edition, image, credits, topics } = entry;
  const file = image && mainFile(image);
  const authors = credits.filter(({ role }) => role === 'AUTHOR');
  return {
    ...{ id, url, title: headline },
    ...(dek !== null && { summary: dek }),
    content_html: contentHtml(entry, { lead: true }),
    ...(file && { image: file.url }),
    ...{ date_published: entry.publishedAt, date_modified: entry.updatedAt, language: edition.tag },
    ...(authors.length > 0 && { authors: authors.map(({ name }) => ({ name })) }),
    ...(topics.length > 0 && { tags: topics.map(({ text }) => text) }),
    _dragoman: extensionOf(entry),
  };
}
