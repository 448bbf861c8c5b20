import { createHash } from 'node:crypto';
import type { Edition } from '../editions/edition.js';
import { AspectRatio } from '../images/image.js';
import type { Image } from '../images/image.type.js';
import { escapeMarkup } from '../lib/text.js';
import type { ComposedNotice } from '../notices/compose-notices.js';

const style = [
  'body{font:1.1rem/1.6 Georgia,"Noto Serif","Noto Naskh Arabic",serif;max-width:42rem;margin:2rem auto;padding:0 1rem;overflow-wrap:break-word}',
  'body{color:#1b1b1b;background:#fff}a{color:#8a1c1c}h1{line-height:1.25;margin-block:.5rem}.dek{font-size:1.2rem;color:#444;margin-block:.5rem}',
  '.kicker{color:#8a1c1c;font-size:.95rem;font-weight:bold;margin-block:.5rem 0}',
  'img,video{max-width:100%;height:auto;display:block}figure{margin:1.5rem 0}figcaption,.meta{color:#555;font-size:.9rem;line-height:1.5}',
  'figcaption{margin-block-start:.4rem}blockquote{border-inline-start:.3rem solid #b33;margin:0;padding-inline-start:1rem}',
  'blockquote p{margin-block:0 .5rem}aside{background:#f4f1ea;padding:.75rem 1rem;margin:1rem 0;font-size:.95rem}aside figure{margin:.75rem 0 0}',
  'table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.25rem .5rem;text-align:start}',
  '.preview{background:#8a1c1c;color:#fff;padding:.5rem 1rem;font-weight:bold}',
  'nav{border-block-start:1px solid #ccc;margin-block-start:2rem;line-height:2}',
].join('\n');
const styleHash = createHash('sha256').update(style).digest('base64');

/** The policy of a page: nothing active, nothing framed; pictures also where the page was reached by another name of the gateway than its own. */
export const policyOf = (publicUrl: string): string =>
  [
    "default-src 'none'",
    `img-src 'self' ${new URL(publicUrl).origin} https:`,
    'media-src https:',
    `style-src 'sha256-${styleHash}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** A whole page of an edition; `body` and `links` are HTML. */
export const pageHtml = (
  { htmlLang, direction, publisherName }: Edition,
  title: string,
  body: string,
  links = '',
): string => `<!doctype html>
<html lang="${htmlLang}" dir="${direction.toLowerCase()}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeMarkup(title)} · ${escapeMarkup(publisherName)}</title>
${links}<style>${style}</style></head>
<body><main><article>
${body}
</article></main></body>
</html>
`;

/** A paragraph of a class, or nothing where there are no words. */
export const lineHtml = (words: string | null, name: string): string =>
  words === null ? '' : `<p class="${name}">${escapeMarkup(words)}</p>`;

/** A picture with its words in their own language and its credit; nothing where it has no file. */
export function figureHtml(image: Image, creditLine: string | null, fileUrl: (path: string) => string): string {
  const file = image.renditions.find((each) => each.ratio === AspectRatio.RATIO_16X9) ?? image.renditions[0];
  if (!file) return '';
  const caption =
    image.caption === null ? '' : `<span lang="${image.lang}" dir="${image.direction.toLowerCase()}">${escapeMarkup(image.caption)}</span>`;
  const words = [caption, creditLine === null ? '' : `<small>${escapeMarkup(creditLine)}</small>`].filter(Boolean).join(' ');
  const src = escapeMarkup(fileUrl(file.url));
  const size = `width="${file.width}" height="${file.height}"`;
  const img = `<img src="${src}" ${size} alt="${escapeMarkup(image.alt)}" lang="${image.lang}">`;
  return `<figure>${img}${words && `<figcaption>${words}</figcaption>`}</figure>`;
}

/** A notice in its own language, with its link and, below, its picture. */
export function noticeHtml({ text, lang, direction, link }: ComposedNotice, figure: string): string {
  const more = link ? ` <a href="${escapeMarkup(link.url)}">${escapeMarkup(link.text)}</a>` : '';
  return `<aside lang="${lang}" dir="${direction.toLowerCase()}">${escapeMarkup(text)}${more}${figure}</aside>`;
}

/** Where the story is in other languages, each named in its own. */
export function navHtml(title: string, others: readonly { edition: Edition; url: string }[]): string {
  const links = others.map(({ edition: { tag, direction, nativeName }, url }) => {
    const names = `hreflang="${tag}" lang="${tag}" dir="${direction.toLowerCase()}"`;
    return `<a href="${escapeMarkup(url)}" ${names}>${escapeMarkup(nativeName)}</a>`;
  });
  return `<nav class="meta"><p>${escapeMarkup(title)}</p><p>${links.join(' · ')}</p></nav>`;
}

/** For machines: where the text is at home, where the story is in other languages, itself included, and the feed of the edition, if it has one. */
export const linksHtml = (canonical: string, alternates: readonly { hreflang: string; url: string }[], feed: string | null): string =>
  [
    `<link rel="canonical" href="${escapeMarkup(canonical)}">`,
    ...(feed === null ? [] : [`<link rel="alternate" type="application/atom+xml" href="${escapeMarkup(feed)}">`]),
    ...alternates.map(({ hreflang, url }) => `<link rel="alternate" hreflang="${hreflang}" href="${escapeMarkup(url)}">`),
  ].join('\n');
