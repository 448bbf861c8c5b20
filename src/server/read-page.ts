import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Article } from '../articles/article.js';
import { Body, htmlOf } from '../articles/body.resolver.js';
import { findBySlug } from '../articles/find-article.js';
import { creditLineOf, noticesOf, pictureOf, textOf, urlOf } from '../articles/present.js';
import { serve } from '../articles/served.js';
import { retractionWording } from '../articles/tombstone.js';
import type { Tombstone } from '../articles/tombstone.type.js';
import type { Translation } from '../articles/translation.type.js';
import { composeImageCredit } from '../credits/compose-credits.js';
import { factsOf } from '../credits/credit.loaders.js';
import type { Edition } from '../editions/edition.js';
import { LocalePolicy } from '../editions/locale.type.js';
import { AspectRatio } from '../images/image.js';
import { Refusal } from '../lib/errors.js';
import { escapeMarkup } from '../lib/text.js';
import type { ComposedNotice, PlacementName } from '../notices/compose-notices.js';
import { type Context, type Gateway, makeContext } from './context.js';

const style = [
  'body{font:1.1rem/1.6 Georgia,"Noto Serif","Noto Naskh Arabic",serif;max-width:42rem;margin:2rem auto;padding:0 1rem;overflow-wrap:break-word}',
  'body{color:#1b1b1b;background:#fff}a{color:#8a1c1c}h1{line-height:1.25;margin-block:.5rem}.dek{font-size:1.2rem;color:#444;margin-block:.5rem}',
  'img,video{max-width:100%;height:auto;display:block}figure{margin:1.5rem 0}figcaption,.meta{color:#555;font-size:.9rem;line-height:1.5}',
  'figcaption{margin-block-start:.4rem}blockquote{border-inline-start:.3rem solid #b33;margin:0;padding-inline-start:1rem}',
  'blockquote p{margin-block:0 .5rem}aside{background:#f4f1ea;padding:.75rem 1rem;margin:1rem 0;font-size:.95rem}',
  'table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.25rem .5rem;text-align:start}',
  'nav{border-block-start:1px solid #ccc;margin-block-start:2rem;line-height:2}',
].join('\n');
const styleHash = createHash('sha256').update(style).digest('base64');

/** Nothing active, nothing framed; pictures also where the page was reached by another name of the gateway than its own. */
const policyOf = (publicUrl: string): string =>
  [
    "default-src 'none'",
    `img-src 'self' ${new URL(publicUrl).origin} https:`,
    'media-src https:',
    `style-src 'sha256-${styleHash}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

const longestSlug = 300;

/** `/read/{edition}/{slug}`: a plain page for editions without a site of their own; former slugs lead to the present one. */
export function readPage(app: FastifyInstance, gateway: Gateway): void {
  app.get<{ Params: { edition: string; slug: string } }>('/read/:edition/:slug', async ({ params }, reply) => {
    if (params.slug.length > longestSlug) throw new Refusal('NOT_FOUND', {});
    const context = makeContext(gateway);
    const edition = (await context.editions()).find(params.edition);
    const found = edition && (await findBySlug(edition.code, params.slug, context));
    if (!edition || !found) throw new Refusal('NOT_FOUND', {});
    reply
      .headers({ 'content-security-policy': policyOf(gateway.publicUrl), 'referrer-policy': 'no-referrer', 'cache-control': 'no-cache' })
      .type('text/html; charset=utf-8');
    if (!('uuid' in found)) return reply.code(410).send(tombstonePage(found, edition, context));
    const page = await translationPage(found, edition, params.slug, context);
    return page.movedTo === undefined ? reply.send(page.html) : reply.redirect(page.movedTo, 301);
  });
}

function tombstonePage({ kind, row }: Tombstone, edition: Edition, { speak }: Context): string {
  const title = speak(edition).say.text('notices', retractionWording[kind]);
  const note = row.notes[edition.tag];
  return page(edition, title, `<h1>${escapeMarkup(title)}</h1>${note === undefined ? '' : `<p>${escapeMarkup(note)}</p>`}`);
}

async function translationPage(
  article: Article,
  edition: Edition,
  slug: string,
  context: Context,
): Promise<{ html: string; movedTo?: string }> {
  const served = await serve(article, { edition: edition.code, policy: LocalePolicy.STRICT }, context);
  const translation = served.translation as Translation;
  if (translation.slug !== slug.normalize('NFC'))
    return { html: '', movedTo: `/read/${edition.code}/${encodeURIComponent(translation.slug)}` };
  const [text, body, byline, creditLine, notices] = await Promise.all([
    textOf(translation, context),
    Body.of(translation, context),
    creditLineOf(translation, 'byline', 'WEB', context),
    creditLineOf(translation, 'creditLine', 'WEB', context),
    noticesOf(served, 'UNKNOWN', 'WEB', context),
  ]);
  const at = (placement: PlacementName): string =>
    notices
      .filter((notice) => notice.placement === placement)
      .map(noticeHtml)
      .join('');
  const { say } = context.speak(edition);
  const line = (words: string | null, name: string): string => (words === null ? '' : `<p class="${name}">${escapeMarkup(words)}</p>`);
  const all = await context.load.translationsOfArticle.load(article.uuid);
  const others = all.filter((each) => each !== translation);
  const html = [
    at('ABOVE_HEADLINE'),
    `<h1>${escapeMarkup(text.headline)}</h1>`,
    line(text.dek, 'dek'),
    line([byline, say.dateTime(translation.publishedAt)].filter((words) => words !== null).join(' · '), 'meta'),
    await pictureHtml(translation, body, context),
    at('BEFORE_BODY'),
    await htmlOf(body, context),
    line(creditLine, 'meta'),
    at('AFTER_BODY'),
    at('ABOUT_BOX'),
    others.length === 0 ? '' : navHtml(say.text('labels', 'otherLanguages'), others, context),
  ].join('\n');
  return { html: page(edition, text.headline, html, linksOf(translation, all, context)) };
}

/** The lead picture; none where the text itself shows it. */
async function pictureHtml(translation: Translation, body: Body, context: Context): Promise<string> {
  const { imageCode } = translation.article;
  const image = imageCode === null || body.images.has(imageCode) ? null : await pictureOf(translation, imageCode, context);
  const file = image?.renditions.find((each) => each.ratio === AspectRatio.RATIO_16X9) ?? image?.renditions[0];
  if (!image || !file) return '';
  const credits = (await context.load.creditsOfImage.load(image.code)).map((credit) => factsOf(credit, translation.edition));
  const creditLine = composeImageCredit(credits, context.speak(translation.edition).say);
  const caption =
    image.caption === null ? '' : `<span lang="${image.lang}" dir="${image.direction.toLowerCase()}">${escapeMarkup(image.caption)}</span>`;
  const words = [caption, creditLine === null ? '' : `<small>${escapeMarkup(creditLine)}</small>`].filter(Boolean).join(' ');
  const src = escapeMarkup(new URL(file.url, context.publicUrl).href);
  const size = `width="${file.width}" height="${file.height}"`;
  const img = `<img src="${src}" ${size} alt="${escapeMarkup(image.alt)}" lang="${image.lang}">`;
  return `<figure>${img}${words && `<figcaption>${words}</figcaption>`}</figure>`;
}

/** For search engines: where the text is at home, and where it is in other languages, itself included. */
const linksOf = (translation: Translation, all: readonly Translation[], context: Context): string =>
  [
    `<link rel="canonical" href="${escapeMarkup(urlOf(translation, context))}">`,
    ...all.flatMap((each) =>
      each.edition.hreflang === null
        ? []
        : [`<link rel="alternate" hreflang="${each.edition.hreflang}" href="${escapeMarkup(urlOf(each, context))}">`],
    ),
  ].join('\n');

function navHtml(title: string, others: readonly Translation[], context: Context): string {
  const links = others.map((other) => {
    const names = `hreflang="${other.lang}" lang="${other.lang}" dir="${other.direction.toLowerCase()}"`;
    return `<a href="${escapeMarkup(urlOf(other, context))}" ${names}>${escapeMarkup(other.edition.nativeName)}</a>`;
  });
  return `<nav class="meta"><p>${escapeMarkup(title)}</p><p>${links.join(' · ')}</p></nav>`;
}

function noticeHtml({ text, lang, direction, link }: ComposedNotice): string {
  const more = link ? ` <a href="${escapeMarkup(link.url)}">${escapeMarkup(link.text)}</a>` : '';
  return `<aside lang="${lang}" dir="${direction.toLowerCase()}">${escapeMarkup(text)}${more}</aside>`;
}

const page = ({ htmlLang, direction, publisherName }: Edition, title: string, body: string, links = ''): string => `<!doctype html>
<html lang="${htmlLang}" dir="${direction.toLowerCase()}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeMarkup(title)} · ${escapeMarkup(publisherName)}</title>
${links}<style>${style}</style></head>
<body><main><article>
${body}
</article></main></body>
</html>
`;
