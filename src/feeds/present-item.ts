import type { ArticleContext } from '../articles/article-context.js';
import { Body, renderParts } from '../articles/body.resolver.js';
import type { ServedText } from '../articles/correction.js';
import {
  creditLineOf,
  creditsOf,
  imageCreditOf,
  kickerOf,
  noticePictureOf,
  noticesOf,
  pictureOf,
  revisionKey,
  textOf,
  urlOf,
} from '../articles/present.js';
import { renderHtml, renderText } from '../articles/render-body.js';
import { serveChosen } from '../articles/served.js';
import type { Translation } from '../articles/translation.type.js';
import { creditOf } from '../credits/credit.loaders.js';
import type { Edition } from '../editions/edition.js';
import type { Editions } from '../editions/edition.loaders.js';
import { LocalePolicy } from '../editions/locale.type.js';
import { requestLocale } from '../editions/request-locale.js';
import type { LocalePlan } from '../editions/resolve-locale.js';
import type { Image } from '../images/image.type.js';
import type { ComposedNotice } from '../notices/compose-notices.js';
import { type Access, givesImage } from '../rights/access.js';
import { nameIn } from '../topics/name-in.js';
import type { Named } from '../topics/named.js';
import type { EntryAlternate, EntryEdition, EntryName, EntryPicture, Item } from './item.js';

/** What is asked for when a feed or an item of an edition is: its own texts and no substitutes. A closed one has its originals alone. */
export const planOf = ({ active, code }: Edition, editions: Editions): LocalePlan =>
  requestLocale({ policy: LocalePolicy.STRICT, ...(active && { edition: code }) }, editions);

/** An edition as formats name it. */
export const entryEdition = (edition: Edition): EntryEdition => {
  const { code, tag, htmlLang, direction, hreflang, nativeName, publisherName, siteUrl } = edition;
  return { code, tag, htmlLang, direction, hreflang, nativeName, publisherName, siteUrl };
};

/** The name of a registry row as an edition's readers expect it. */
export const entryName = (named: Named & { id: string }, edition: Edition): EntryName => ({ id: named.id, ...nameIn(named, edition) });

/**
 * A translation as formats take it, no more of it than the caller may have: by the composers GraphQL uses, many in the same statements as one.
 * Null when that is nothing.
 */
export async function presentItem(translation: Translation, context: ArticleContext): Promise<Item | null> {
  const { load } = context;
  const { article } = translation;
  const access = await context.accessOf(translation.row);
  if (!access.allowed) return null;
  const isFull = access.level === 'FULL';
  const [text, kicker, byline, creditLine, credits, topics, people, places, worded, alternates] = await Promise.all([
    textOf(translation, context),
    kickerOf(translation, context),
    creditLineOf(translation, 'byline', 'WEB', context),
    creditLineOf(translation, 'creditLine', 'WEB', context),
    creditsOf(translation, context),
    load.topicsOfArticle.load(article.uuid),
    load.peopleOfArticle.load(article.uuid),
    load.placesOfArticle.load(article.uuid),
    noticesFor(translation, access, context),
    alternatesOf(translation, context),
    isFull ? load.body.load(revisionKey(translation)) : null,
  ]);
  // Only now, so that all pictures, of stories, texts and notices, are asked for at once.
  const [body, image, notices] = await Promise.all([
    isFull ? bodyOf(translation, access, context) : null,
    article.imageCode !== null && givesImage(access, article.imageCode)
      ? pictured(pictureOf(translation, article.imageCode, context), context)
      : null,
    Promise.all(worded.map(async (notice) => ({ ...notice, picture: await pictured(noticePictureOf(notice, context), context) }))),
  ]);
  const named = (each: Named & { id: string }): EntryName => entryName(each, translation.edition);
  return {
    ...standing(translation, text, context),
    ...{ dek: access.level === 'HEADLINE' ? null : text.dek, body, kicker, byline, creditLine, notices, image, alternates },
    credits: credits.map((credit) => {
      const { role, name, lang } = creditOf(credit, translation.edition);
      return { role, id: credit.party.id, name, lang };
    }),
    ...{ topics: topics.map(named), people: people.map(named), places: places.map(named), omitted: access.omitted },
  };
}

/** What needs no further reading. */
const standing = (translation: Translation, text: ServedText, context: ArticleContext) => {
  const { article, edition, row, publishedAt, updatedAt } = translation;
  return {
    ...{ id: translation.id, articleId: article.id, revision: row.revision, edition: entryEdition(edition) },
    ...{ url: urlOf(translation, context), headline: text.headline, kind: article.kind, urgency: article.urgency },
    ...{ publishedAt, updatedAt, publishedAtText: context.speak(edition).say.dateTime(publishedAt) },
    ...{ origin: text.origin, isOriginal: row.isOriginal, significance: text.significance, contentHash: text.contentHash },
    correction: text.correction && { note: text.correction.note, revision: text.correction.number },
    rights: { holder: edition.publisherName, notice: `© ${publishedAt.getUTCFullYear()} ${edition.publisherName}` },
  };
};

async function bodyOf(translation: Translation, access: Access, context: ArticleContext): Promise<Item['body']> {
  const body = await Body.of(translation, context, access);
  const { data } = body;
  const all = await renderParts(body, context);
  const leads = await Promise.all([...body.related].map(async ([uuid, { row }]) => [uuid, (await context.accessOf(row)).allowed] as const));
  const parts = {
    ...all,
    stories: new Map([...all.stories].filter(([uuid]) => leads.some(([led, allowed]) => led === uuid && allowed))),
  };
  const { imageCode } = translation.article;
  const showsLead = imageCode !== null && parts.pictures.has(imageCode);
  return { html: renderHtml(data, parts), text: renderText(data, parts), showsLead };
}

/** The notices for wherever the caller publishes, each once: for readers anywhere, where that is not known. */
async function noticesFor(translation: Translation, { territories }: Access, context: ArticleContext): Promise<ComposedNotice[]> {
  const served = await serveChosen(translation, planOf(translation.edition, await context.editions()), context);
  const places = territories.length === 0 ? ['UNKNOWN'] : territories;
  const notices = (await Promise.all(places.map((place) => noticesOf(served, place, 'FEED', context)))).flat();
  return [...new Map(notices.map((notice) => [notice.code, notice])).values()];
}

async function alternatesOf(translation: Translation, context: ArticleContext): Promise<EntryAlternate[]> {
  const all = await context.load.translationsOfArticle.load(translation.article.uuid);
  const others = await Promise.all(
    all
      .filter(({ id }) => id !== translation.id)
      .map(async (each): Promise<EntryAlternate[]> => {
        if (!(await context.accessOf(each.row)).allowed) return [];
        const { code, tag, hreflang } = each.edition;
        return [{ id: each.id, edition: code, lang: tag, hreflang, url: urlOf(each, context), isOriginal: each.isOriginal }];
      }),
  );
  return others.flat();
}

async function pictured(shown: Promise<Image | null>, context: ArticleContext): Promise<EntryPicture | null> {
  const image = await shown;
  if (!image) return null;
  const { code, alt, caption, lang, direction, renditions } = image;
  const absolute = renditions.map(({ url, ratio, width, height, contentType }) => ({
    ...{ url: context.fileUrl(url), ratio, width, height, contentType },
  }));
  return { code, alt, caption, lang, direction, creditLine: await imageCreditOf(image, context), renditions: absolute };
}
