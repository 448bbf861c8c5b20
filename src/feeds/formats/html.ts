import { writeJson } from '../../lib/json.js';
import { escapeMarkup, scrub } from '../../lib/text.js';
import { contentHtml } from '../content.js';
import type { Format } from '../format.js';
import { type EntryEdition, type Gone, type Item, isGone, mainFile } from '../item.js';

/** One translation as a page without style, with JSON-LD (schema.org NewsArticle) beside the text. */
export const html: Format = {
  name: 'HTML with JSON-LD',
  extension: 'html',
  item: { mediaType: 'text/html', write: (entry) => scrub(isGone(entry) ? gonePage(entry) : itemPage(entry)) },
};

function itemPage(item: Item): string {
  const { url, headline, edition, alternates, omitted, territories, usageTerms } = item;
  const meta = (name: string, content: string): string => `<meta name="dragoman:${name}" content="${escapeMarkup(content)}">`;
  const links = [
    `<link rel="canonical" href="${escapeMarkup(url)}">`,
    ...alternates.flatMap(({ hreflang, url: href }) =>
      hreflang === null ? [] : [`<link rel="alternate" hreflang="${escapeMarkup(hreflang)}" href="${escapeMarkup(href)}">`],
    ),
    ...omitted.map(({ part, reason }) => meta('omitted', `${part} ${reason}`)),
    ...territories.map((code) => meta('territory', code)),
    ...(usageTerms === null ? [] : [meta('usageTerms', usageTerms)]),
    // As data it must not end its own element.
    `<script type="application/ld+json">${writeJson(newsArticle(item)).replace(/</gu, '\\u003c')}</script>`,
  ];
  return page(edition, headline, links, [contentHtml(item, { lead: true, title: true })]);
}

const gonePage = ({ edition, title, note }: Gone): string =>
  page(edition, title, [], [`<h1>${escapeMarkup(title)}</h1>`, ...(note === null ? [] : [`<p>${escapeMarkup(note)}</p>`])]);

const page = ({ htmlLang, direction }: EntryEdition, title: string, head: readonly string[], body: readonly string[]): string =>
  `<!doctype html>
<html lang="${escapeMarkup(htmlLang)}" dir="${direction.toLowerCase()}">
<head>
<meta charset="utf-8">
<title>${escapeMarkup(title)}</title>
${head.map((each) => `${each}\n`).join('')}</head>
<body>
<article>
${body.join('\n')}
</article>
</body>
</html>
`;

/** The translation as schema.org names its parts. */
function newsArticle(item: Item): object {
  const { id, articleId, url, headline, dek, edition, credits, topics, image, rights, correction, alternates, isOriginal } = item;
  const file = image && mainFile(image);
  const named = (...roles: string[]): object[] =>
    credits
      .filter(({ role }) => roles.includes(role))
      .map(({ id, name }) => ({ '@type': id.startsWith('agency:') ? 'Organization' : 'Person', name }));
  const property = (name: string, values: readonly object[]): object => (values.length === 0 ? {} : { [name]: values });
  const other = (each: Item['alternates'][number]): object => ({
    '@type': 'NewsArticle',
    '@id': each.id,
    inLanguage: each.lang,
    url: each.url,
  });
  const original = alternates.find((each) => each.isOriginal);
  return {
    ...{ '@context': 'https://schema.org', '@type': 'NewsArticle', '@id': id, identifier: articleId, url, headline },
    ...(dek !== null && { description: dek }),
    ...{ inLanguage: edition.tag, version: item.revision },
    ...{ datePublished: item.publishedAt, dateModified: item.updatedAt },
    ...(item.expiresAt && { expires: item.expiresAt }),
    publisher: { '@type': 'NewsMediaOrganization', name: edition.publisherName, ...(edition.siteUrl !== null && { url: edition.siteUrl }) },
    ...property('author', named('AUTHOR')),
    ...property('translator', named('TRANSLATOR')),
    ...property('editor', named('EDITOR')),
    ...property('contributor', named('PHOTO', 'VIDEO')),
    ...property(
      'isBasedOn',
      named('WIRE').map((provider) => ({ '@type': 'CreativeWork', provider })),
    ),
    ...(item.creditLine !== null && { creditText: item.creditLine }),
    ...{ copyrightHolder: { '@type': 'Organization', name: rights.holder }, copyrightNotice: rights.notice },
    ...(correction && { correction: { '@type': 'CorrectionComment', text: correction.note } }),
    ...property(
      'about',
      topics.map(({ text: name }) => ({ '@type': 'Thing', name })),
    ),
    ...(file &&
      image && {
        image: {
          ...{ '@type': 'ImageObject', url: file.url, width: file.width, height: file.height, description: image.alt },
          ...(image.caption !== null && { caption: image.caption }),
          ...(image.creditLine !== null && { creditText: image.creditLine }),
        },
      }),
    ...(!isOriginal && original && { translationOfWork: other(original) }),
    ...property('workTranslation', isOriginal ? alternates.map(other) : []),
  };
}
