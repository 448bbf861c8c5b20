import { escapeMarkup } from '../lib/text.js';
import type { BlockData, SpanData } from './body.js';

/** A picture as a rendering shows it. */
export interface PictureFacts {
  url: string;
  width: number;
  height: number;
  alt: string;
  caption: string | null;
  creditLine: string | null;
  /** The language of alt and caption, where it is another than the text's. */
  lang: string | null;
}

/** What a body refers to: pictures by code, stories by uuid; what is missing there may not be seen and is left out. */
export interface RenderParts {
  pictures: ReadonlyMap<string, PictureFacts>;
  stories: ReadonlyMap<string, { headline: string; url: string }>;
  directionOf: (tag: string) => 'LTR' | 'RTL';
  /** Absolute form of a path on the gateway. */
  absolute: (path: string) => string;
}

/** A way to write a body down: one function for each kind of block, and how blocks are joined. */
type Renderer = { [Type in BlockData['type']]: (block: Extract<BlockData, { type: Type }>, parts: RenderParts) => string };

const render =
  (renderer: Renderer, separator: string) =>
  (blocks: readonly BlockData[], parts: RenderParts): string =>
    blocks
      .map((block) => (renderer[block.type] as (block: BlockData, parts: RenderParts) => string)(block, parts))
      .filter(Boolean)
      .join(separator);

const each = <Item>(items: readonly Item[], write: (item: Item, index: number) => string): string => items.map(write).join('');

const attribute = (name: string, value: string | number | undefined | null): string =>
  value === undefined || value === null ? '' : ` ${name}="${escapeMarkup(String(value))}"`;

const language = (lang: string, { directionOf }: RenderParts): string =>
  `${attribute('lang', lang)} dir="${directionOf(lang).toLowerCase()}"`;

function htmlSpan(span: SpanData, parts: RenderParts): string {
  let html = escapeMarkup(span.text).replace(/\n/gu, '<br>');
  if (span.em) html = `<em>${html}</em>`;
  if (span.strong) html = `<strong>${html}</strong>`;
  if (span.lang) html = `<span${language(span.lang, parts)}>${html}</span>`;
  return span.href ? `<a${attribute('href', span.href)}>${html}</a>` : html;
}

const html = (spans: readonly SpanData[], parts: RenderParts): string => each(spans, (span) => htmlSpan(span, parts));
const rowHtml = (cells: SpanData[][], tag: 'th' | 'td', parts: RenderParts): string =>
  `<tr>${each(cells, (cell) => `<${tag}>${html(cell, parts)}</${tag}>`)}</tr>`;
const tracks = (captions: { lang: string; url: string }[] = []): string =>
  each(captions, ({ lang, url }) => `<track kind="captions"${attribute('srclang', lang)}${attribute('src', url)}>`);

/** The body as HTML: a fixed set of elements, every text escaped, nothing active. */
export const renderHtml = render(
  {
    paragraph: ({ spans }, parts) => `<p>${html(spans, parts)}</p>`,
    heading: ({ level, spans }, parts) => `<h${level}>${html(spans, parts)}</h${level}>`,
    quote: ({ spans, attribution }, parts) =>
      `<figure><blockquote><p>${html(spans, parts)}</p></blockquote>${attribution ? `<figcaption>${escapeMarkup(attribution)}</figcaption>` : ''}</figure>`,
    list: ({ ordered, items }, parts) => {
      const tag = ordered ? 'ol' : 'ul';
      return `<${tag}>${each(items, (item) => `<li>${html(item, parts)}</li>`)}</${tag}>`;
    },
    table: ({ caption, header, rows }, parts) =>
      `<table>${caption ? `<caption>${escapeMarkup(caption)}</caption>` : ''}${header ? `<thead>${rowHtml(header, 'th', parts)}</thead>` : ''}<tbody>${each(rows, (row) => rowHtml(row, 'td', parts))}</tbody></table>`,
    image: ({ image }, parts) => {
      const picture = parts.pictures.get(image);
      if (!picture) return '';
      const { url, width, height, alt, caption, creditLine, lang } = picture;
      const marks = lang === null ? '' : language(lang, parts);
      const words = [
        ...(caption === null ? [] : [marks ? `<span${marks}>${escapeMarkup(caption)}</span>` : escapeMarkup(caption)]),
        ...(creditLine === null ? [] : [`<small>${escapeMarkup(creditLine)}</small>`]),
      ].join(' ');
      const img = `<img${attribute('src', url)}${attribute('width', width)}${attribute('height', height)}${attribute('alt', alt)}${marks}>`;
      return `<figure>${img}${words && `<figcaption>${words}</figcaption>`}</figure>`;
    },
    audio: ({ url, title, captions }) =>
      `<figure><audio controls preload="none"${attribute('src', url)}>${tracks(captions)}</audio><figcaption>${escapeMarkup(title)}</figcaption></figure>`,
    video: ({ url, title, poster, captions }, { absolute }) =>
      `<figure><video controls preload="none"${attribute('src', url)}${attribute('poster', poster && absolute(poster))}>${tracks(captions)}</video><figcaption>${escapeMarkup(title)}</figcaption></figure>`,
    embed: ({ url, fallback }) => `<p><a${attribute('href', url)}>${escapeMarkup(fallback)}</a></p>`,
    related: ({ articles }, { stories }) => {
      const found = articles.flatMap((uuid) => stories.get(uuid) ?? []);
      return found.length > 0
        ? `<ul>${each(found, ({ url, headline }) => `<li><a${attribute('href', url)}>${escapeMarkup(headline)}</a></li>`)}</ul>`
        : '';
    },
  },
  '\n',
);

const escapeMarkdown = (text: string): string => text.replace(/[\\`*_[\]<>#|~!&]/gu, '\\$&');
const target = (url: string): string => `<${url.replace(/[<>]/gu, encodeURIComponent).replace(/[\\&]/gu, '\\$&')}>`;

/** The lines of inline Markdown, none of which begins a list, a heading or code, or is empty. */
const linesOf = (inline: string): string[] =>
  inline
    .split(/[\n\r]/u)
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => line.replace(/^[-+=]/u, '\\$&').replace(/^(\d+)([.)])/u, '$1\\$2'));
const broken = (inline: string): string => linesOf(inline).join('\\\n');
const oneLine = (inline: string): string => linesOf(inline).join(' ');

function markdownSpan({ text, strong, em, href }: SpanData): string {
  const inner = text.trim();
  if (!inner) return text;
  let markdown = escapeMarkdown(inner);
  if (em) markdown = `*${markdown}*`;
  if (strong) markdown = `**${markdown}**`;
  if (href) markdown = `[${markdown}](${target(href)})`;
  // Marks hold only when they touch the word: white space goes outside.
  return text.slice(0, text.length - text.trimStart().length) + markdown + text.slice(text.trimEnd().length);
}

const markdown = (spans: readonly SpanData[]): string => each(spans, markdownSpan);
const cellsMarkdown = (cells: readonly string[]): string => `| ${cells.map(oneLine).join(' | ')} |`;
const linkMarkdown = (text: string, url: string): string => `[${oneLine(escapeMarkdown(text))}](${target(url)})`;

/** The body as Markdown; the language of single words is lost. */
export const renderMarkdown = render(
  {
    paragraph: ({ spans }) => broken(markdown(spans)),
    heading: ({ level, spans }) => `${'#'.repeat(level)} ${oneLine(markdown(spans))}`,
    quote: ({ spans, attribution }) =>
      [broken(markdown(spans)), ...(attribution ? [`— ${oneLine(escapeMarkdown(attribution))}`] : [])]
        .map((line) => `> ${line.replace(/\n/gu, '\n> ')}`)
        .join('\n>\n'),
    list: ({ ordered, items }) => items.map((item, index) => `${ordered ? `${index + 1}.` : '-'} ${oneLine(markdown(item))}`).join('\n'),
    table: ({ caption, header, rows }) => {
      const width = [header ?? [], ...rows].reduce((most, { length }) => Math.max(most, length), 0);
      const head = cellsMarkdown(Array.from({ length: width }, (_, index) => markdown(header?.[index] ?? [])));
      const rule = `|${' --- |'.repeat(width)}`;
      return [
        ...(caption ? [`*${oneLine(escapeMarkdown(caption))}*\n`] : []),
        head,
        rule,
        ...rows.map((row) => cellsMarkdown(row.map(markdown))),
      ].join('\n');
    },
    image: ({ image }, { pictures }) => {
      const picture = pictures.get(image);
      if (!picture) return '';
      const words = [picture.caption, picture.creditLine]
        .filter((text): text is string => text !== null)
        .map((text) => broken(escapeMarkdown(text)));
      return [`![${oneLine(escapeMarkdown(picture.alt))}](${target(picture.url)})`, ...words].join('\n\n');
    },
    audio: ({ url, title }) => linkMarkdown(title, url),
    video: ({ url, title }) => linkMarkdown(title, url),
    embed: ({ url, fallback }) => linkMarkdown(fallback, url),
    related: ({ articles }, { stories }) =>
      articles
        .flatMap((uuid) => stories.get(uuid) ?? [])
        .map(({ headline, url }) => `- ${linkMarkdown(headline, url)}`)
        .join('\n'),
  },
  '\n\n',
);

const plain = (spans: readonly SpanData[]): string => each(spans, ({ text }) => text);

/** The body as plain text: paragraphs apart by an empty line, cells by tabs. */
export const renderText = render(
  {
    paragraph: ({ spans }) => plain(spans),
    heading: ({ spans }) => plain(spans),
    quote: ({ spans, attribution }) => plain(spans) + (attribution ? `\n— ${attribution}` : ''),
    list: ({ ordered, items }) => items.map((item, index) => `${ordered ? `${index + 1}.` : '–'} ${plain(item)}`).join('\n'),
    table: ({ caption, header, rows }) =>
      [...(caption ? [caption] : []), ...[...(header ? [header] : []), ...rows].map((row) => row.map(plain).join('\t'))].join('\n'),
    image: ({ image }, { pictures }) => pictures.get(image)?.caption ?? '',
    audio: ({ title, url }) => `${title}: ${url}`,
    video: ({ title, url }) => `${title}: ${url}`,
    embed: ({ fallback, url }) => `${fallback}: ${url}`,
    related: ({ articles }, { stories }) =>
      articles
        .flatMap((uuid) => stories.get(uuid) ?? [])
        .map(({ headline, url }) => `${headline}: ${url}`)
        .join('\n'),
  },
  '\n\n',
);
