import type { FastifyInstance } from 'fastify';
import type { Article } from '../articles/article.js';
import { Body, htmlOf } from '../articles/body.resolver.js';
import { findBySlug } from '../articles/find-article.js';
import { creditLineOf, imageCreditOf, kickerOf, noticePictureOf, noticesOf, pictureOf, textOf, urlOf } from '../articles/present.js';
import { type Served, serve } from '../articles/served.js';
import { retractionWording } from '../articles/tombstone.js';
import type { Tombstone } from '../articles/tombstone.type.js';
import type { Translation } from '../articles/translation.type.js';
import { publicCaller } from '../desks/role.js';
import type { Edition } from '../editions/edition.js';
import { LocalePolicy } from '../editions/locale.type.js';
import { feedUrl } from '../feeds/addresses.js';
import type { Image } from '../images/image.type.js';
import { Refusal } from '../lib/errors.js';
import { escapeMarkup } from '../lib/text.js';
import type { PlacementName } from '../notices/compose-notices.js';
import { type Context, type Gateway, makeContext } from './context.js';
import { figureHtml, lineHtml, linksHtml, navHtml, noticeHtml, pageHtml, policyOf } from './page-html.js';
import { sayForErrors } from './word-errors.js';

const longestSlug = 300;

/** `/read/{edition}/{slug}`: a plain page for editions without a site of their own; former slugs lead to the present one. */
export function readPage(app: FastifyInstance, gateway: Gateway): void {
  app.get<{ Params: { edition: string; slug: string } }>('/read/:edition/:slug', async ({ params, id }, reply) => {
    if (params.slug.length > longestSlug) throw new Refusal('NOT_FOUND', {});
    const context = makeContext(gateway, { caller: publicCaller, requestId: id, sayError: sayForErrors(gateway.wording, undefined) });
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
  return pageHtml(edition, title, `<h1>${escapeMarkup(title)}</h1>${note === undefined ? '' : `<p>${escapeMarkup(note)}</p>`}`);
}

async function translationPage(
  article: Article,
  edition: Edition,
  slug: string,
  context: Context,
): Promise<{ html: string; movedTo?: string }> {
  // An edition that has closed cannot be asked for; what is still found in it is the original, which is served to whoever asks for none.
  const asked = edition.active ? { edition: edition.code } : {};
  const served = await serve(article, { ...asked, policy: LocalePolicy.STRICT }, context);
  const translation = served.translation as Translation;
  if (translation.slug !== slug.normalize('NFC'))
    return { html: '', movedTo: `/read/${edition.code}/${encodeURIComponent(translation.slug)}` };
  const [text, body, kicker, byline, creditLine, notices, all] = await Promise.all([
    textOf(translation, context),
    Body.of(translation, context),
    kickerOf(translation, context),
    creditLineOf(translation, 'byline', 'WEB', context),
    creditLineOf(translation, 'creditLine', 'WEB', context),
    placedNotices(served, context),
    context.load.translationsOfArticle.load(article.uuid),
  ]);
  const { say } = context.speak(edition);
  const at = (place: PlacementName): string => notices.map(({ placement, html }) => (placement === place ? html : '')).join('');
  const others = all.filter((each) => each !== translation).map((each) => ({ edition: each.edition, url: urlOf(each, context) }));
  const html = [
    at('ABOVE_HEADLINE'),
    lineHtml(kicker, 'kicker'),
    `<h1>${escapeMarkup(text.headline)}</h1>`,
    lineHtml(text.dek, 'dek'),
    lineHtml([byline, say.dateTime(translation.publishedAt)].filter((words) => words !== null).join(' · '), 'meta'),
    await leadFigure(translation, body, context),
    at('BEFORE_BODY'),
    await htmlOf(body, context),
    lineHtml(creditLine, 'meta'),
    at('AFTER_BODY'),
    at('ABOUT_BOX'),
    others.length === 0 ? '' : navHtml(say.text('labels', 'otherLanguages'), others),
  ].join('\n');
  const alternates = all.flatMap((each) =>
    each.edition.hreflang === null ? [] : [{ hreflang: each.edition.hreflang, url: urlOf(each, context) }],
  );
  const feed = edition.active ? feedUrl(context.publicUrl, { edition: edition.code, extension: 'atom' }) : null;
  return { html: pageHtml(edition, text.headline, html, linksHtml(urlOf(translation, context), alternates, feed)) };
}

/** Every notice of the answer with its place on the page. */
async function placedNotices(served: Served, context: Context): Promise<{ placement: PlacementName; html: string }[]> {
  const notices = await noticesOf(served, 'UNKNOWN', 'WEB', context);
  return Promise.all(
    notices.map(async (notice) => ({
      placement: notice.placement,
      html: noticeHtml(notice, await figureOf(await noticePictureOf(notice, context), context)),
    })),
  );
}

/** The lead picture; none where the text itself shows it. */
async function leadFigure(translation: Translation, body: Body, context: Context): Promise<string> {
  const { imageCode } = translation.article;
  return figureOf(imageCode === null || body.images.has(imageCode) ? null : await pictureOf(translation, imageCode, context), context);
}

async function figureOf(image: Image | null, context: Context): Promise<string> {
  if (!image) return '';
  return figureHtml(image, await imageCreditOf(image, context), context.publicUrl);
}
