import { escapeMarkup } from '../lib/text.js';
import { type EntryNotice, type EntryPicture, type Item, mainFile } from './item.js';

/**
 * A text, or the summary of one whose text is left out, as HTML with everything it must carry: kicker, notices where their placement says, byline, credit line. One element with language
 * and direction holds it all, for readers that know neither. `lead`: with the lead picture, where the text does not show it itself; `title`: with
 * headline and dek.
 */
export function contentHtml(item: Item, { lead, title = false }: { lead: boolean; title?: boolean }): string {
  const { edition, body, notices, kicker, byline, creditLine, image } = item;
  const at = placed(notices, noticeHtml);
  const parts = [
    at('ABOVE_HEADLINE'),
    paragraph(kicker),
    ...(title ? [`<h1>${escapeMarkup(item.headline)}</h1>`, paragraph(item.dek)] : []),
    at('BEFORE_BODY'),
    paragraph(byline),
    lead && image && !body?.showsLead ? figure(image) : '',
    // With a title the dek stands below it.
    body ? body.html : title ? '' : paragraph(item.dek),
    paragraph(creditLine),
    at('AFTER_BODY'),
    at('ABOUT_BOX'),
  ];
  return `<div${language(edition.htmlLang, edition.direction)}>\n${parts.filter(Boolean).join('\n')}\n</div>`;
}

/** The same as plain text, paragraphs apart by an empty line. */
export function contentText({ dek, body, notices, kicker, byline, creditLine }: Item): string {
  const at = placed(notices, ({ text, link }) => (link ? `${text} ${link.text}: ${link.url}` : text), '\n\n');
  const parts = [
    at('ABOVE_HEADLINE'),
    kicker,
    at('BEFORE_BODY'),
    byline,
    body ? body.text : dek,
    creditLine,
    at('AFTER_BODY'),
    at('ABOUT_BOX'),
  ];
  return parts.filter(Boolean).join('\n\n');
}

const placed =
  (notices: readonly EntryNotice[], write: (notice: EntryNotice) => string, separator = '\n') =>
  (placement: EntryNotice['placement']): string =>
    notices
      .filter((each) => each.placement === placement)
      .map(write)
      .join(separator);

const language = (lang: string, direction: string): string => ` lang="${escapeMarkup(lang)}" dir="${direction.toLowerCase()}"`;

const paragraph = (words: string | null): string => (words === null ? '' : `<p>${escapeMarkup(words)}</p>`);

function noticeHtml({ text, lang, direction, link, picture }: EntryNotice): string {
  const more = link ? ` <a href="${escapeMarkup(link.url)}">${escapeMarkup(link.text)}</a>` : '';
  return `<aside${language(lang, direction)}><p>${escapeMarkup(text)}${more}</p>${picture ? figure(picture) : ''}</aside>`;
}

/** A picture with its words in their own language and its credit; nothing where it has no file. */
function figure(picture: EntryPicture): string {
  const file = mainFile(picture);
  if (!file) return '';
  const { alt, caption, creditLine, lang, direction } = picture;
  const words = [
    caption === null ? '' : `<span${language(lang, direction)}>${escapeMarkup(caption)}</span>`,
    creditLine === null ? '' : `<small>${escapeMarkup(creditLine)}</small>`,
  ].filter(Boolean);
  const img = `<img src="${escapeMarkup(file.url)}" width="${file.width}" height="${file.height}" alt="${escapeMarkup(alt)}"${language(lang, direction)}>`;
  return `<figure>${img}${words.length > 0 ? `<figcaption>${words.join(' ')}</figcaption>` : ''}</figure>`;
}
