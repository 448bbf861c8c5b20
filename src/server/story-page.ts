import type { Article } from '../articles/article.js';
import { Body, htmlOf } from '../articles/body.resolver.js';
import { creditLineOf, imageCreditOf, kickerOf, noticePictureOf, noticesOf, pictureOf, textOf, urlOf } from '../articles/present.js';
import { type Served, serve } from '../articles/served.js';
import { Stage } from '../articles/stage.js';
import type { Translation } from '../articles/translation.type.js';
import type { Edition } from '../editions/edition.js';
import { LocalePolicy } from '../editions/locale.type.js';
import { feedUrl } from '../feeds/addresses.js';
import type { Image } from '../images/image.type.js';
import { escapeMarkup } from '../lib/text.js';
import type { PlacementName } from '../notices/compose-notices.js';
import type { Context } from './context.js';
import { figureHtml, lineHtml, linksHtml, navHtml, noticeHtml, pageHtml } from './page-html.js';

/** What the page of an edition is served of a story; `translation` is null where it has nothing at that stage. */
export function serveFor(edition: Edition, article: Article, stage: Stage, context: Context): Promise<Served> {
  // An edition that has closed cannot be asked for; what is still found in it is the original, which is served to whoever asks for none.
  const asked = edition.active ? { edition: edition.code } : {};
  return serve(article, { ...asked, policy: LocalePolicy.STRICT }, context, stage);
}

/** The page of a text with all that belongs to it; a preview says that it is one, and search engines get no links. */
export async function storyPage(served: Served, translation: Translation, stage: Stage, context: Context): Promise<string> {
  const { article, edition } = translation;
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
  const others = all
    .filter((each) => each.edition.code !== edition.code)
    .map((each) => ({ edition: each.edition, url: urlOf(each, context) }));
  const isPreview = stage === Stage.DRAFT;
  const html = [
    lineHtml(isPreview ? say.text('labels', 'preview') : null, 'preview'),
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
  return pageHtml(edition, text.headline, html, isPreview ? '' : linksHtml(urlOf(translation, context), alternates, feed));
}

/**
 * The paths and addresses of the files of the pictures that a text shows. A poster is no picture of its own: whoever writes a draft may name any
 * file there, also one that was taken back.
 */
export async function filesOf(translation: Translation, context: Context): Promise<Set<string>> {
  const { imageCode } = translation.article;
  const [body, lead] = await Promise.all([
    Body.of(translation, context),
    imageCode === null ? null : pictureOf(translation, imageCode, context),
  ]);
  const pictures = [...body.images.values(), ...(lead ? [lead] : [])];
  return new Set(pictures.flatMap(({ renditions }) => renditions.map(({ url }) => url)));
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
  return figureHtml(image, await imageCreditOf(image, context), context.fileUrl);
}
