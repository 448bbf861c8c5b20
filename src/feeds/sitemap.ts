import { streamXml, type XmlElement, xml } from '../lib/xml.js';

const sitemapNamespace = 'http://www.sitemaps.org/schemas/sitemap/0.9';

/** A text in a sitemap, with all editions of its story that have an `hreflang`, itself included. */
export interface SitemapText {
  url: string;
  updatedAt: Date;
  alternates: readonly { hreflang: string; url: string }[];
}

/** A sitemap (sitemaps.org) in which every version leads to every other, and so back. */
export function sitemap(texts: Iterable<SitemapText>): Iterable<string> {
  return streamXml([xml('urlset', { xmlns: sitemapNamespace, 'xmlns:xhtml': 'http://www.w3.org/1999/xhtml' })], urls(texts));
}

function* urls(texts: Iterable<SitemapText>): Iterable<XmlElement> {
  for (const { url, updatedAt, alternates } of texts)
    yield xml(
      'url',
      {},
      xml('loc', {}, url),
      xml('lastmod', {}, updatedAt.toISOString()),
      ...alternates.map(({ hreflang, url: href }) => xml('xhtml:link', { rel: 'alternate', hreflang, href })),
    );
}

/** A text of the last two days in a news sitemap. */
export interface NewsText {
  url: string;
  headline: string;
  publishedAt: Date;
}

/** A news sitemap of one edition, as search engines for news read it; its language is a bare ISO 639 code. */
export function newsSitemap({ publisherName, tag }: { publisherName: string; tag: string }, texts: Iterable<NewsText>): Iterable<string> {
  const publication = xml('news:publication', {}, xml('news:name', {}, publisherName), xml('news:language', {}, tag.split('-', 1)[0]));
  const urlset = xml('urlset', { xmlns: sitemapNamespace, 'xmlns:news': 'http://www.google.com/schemas/sitemap-news/0.9' });
  return streamXml([urlset], newsUrls(publication, texts));
}

function* newsUrls(publication: XmlElement, texts: Iterable<NewsText>): Iterable<XmlElement> {
  for (const { url, headline, publishedAt } of texts)
    yield xml(
      'url',
      {},
      xml('loc', {}, url),
      xml('news:news', {}, publication, xml('news:publication_date', {}, publishedAt.toISOString()), xml('news:title', {}, headline)),
    );
}
