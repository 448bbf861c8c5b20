import {
  type CreditStyleName,
  composeByline,
  composeCreditLine,
  composeImageCredit,
  creditsOfEdition,
} from '../credits/compose-credits.js';
import { type CreditOfParty, factsOf } from '../credits/credit.loaders.js';
import type { Edition } from '../editions/edition.js';
import type { LocaleResolution } from '../editions/locale.type.js';
import { languageOf } from '../editions/resolve-locale.js';
import { imageIn } from '../images/image.loaders.js';
import type { Image } from '../images/image.type.js';
import { type ComposedNotice, composeNotices, type TextFacts } from '../notices/compose-notices.js';
import { addressOf } from './address.js';
import { ArticleKind } from './article.js';
import type { ArticleContext } from './article-context.js';
import type { ServedText } from './correction.js';
import type { Served } from './served.js';
import type { Translation } from './translation.type.js';

/** The present revision of a translation, without its body. */
export const textOf = (translation: Translation, { load }: ArticleContext): ServedText | Promise<ServedText> =>
  translation.text ?? load.revision.load(revisionKey(translation));

/** Names the revision that is served. */
export const revisionKey = ({ row }: Pick<Translation, 'row'>) => ({
  articleUuid: row.articleUuid,
  editionCode: row.editionCode,
  number: row.revision,
});

/** The canonical address of a translation: at its edition's own site, else the gateway's page. */
export const urlOf = ({ article, edition, row }: Translation, { publicUrl }: Pick<ArticleContext, 'publicUrl'>): string =>
  addressOf(edition, { slug: row.slug, yyyymmdd: article.issuedOn }, publicUrl);

/** The credits that hold for a translation: the story's and its own, in the desk's order. */
export const creditsOf = async ({ row, credits }: Translation, { load }: ArticleContext): Promise<CreditOfParty[]> =>
  credits ?? load.creditsOfTranslation.load({ articleUuid: row.articleUuid, editionCode: row.editionCode });

/** The worded label above the headline: correction, live or breaking news; null for none. */
export async function kickerOf(translation: Translation, context: ArticleContext): Promise<string | null> {
  const { correction } = await textOf(translation, context);
  const { kind, urgency } = translation.article;
  const label =
    correction && !correction.updatedSince ? 'correction' : kind === ArticleKind.LIVE ? 'live' : urgency === 1 ? 'breakingNews' : null;
  return label && context.speak(translation.edition).say.text('labels', label);
}

/** Byline or credit line of a translation, in its own language. */
export async function creditLineOf(
  translation: Translation,
  which: 'byline' | 'creditLine',
  style: CreditStyleName,
  context: ArticleContext,
): Promise<string | null> {
  const facts = (await creditsOf(translation, context)).map((credit) => factsOf(credit, translation.edition));
  const compose = which === 'byline' ? composeByline : composeCreditLine;
  return compose(creditsOfEdition(facts, translation.edition.code), style, context.speak(translation.edition).say);
}

/** A picture with the words of a translation's edition; null when it may not be shown. */
export async function pictureOf(translation: Translation, code: string, context: ArticleContext): Promise<Image | null> {
  const editions = await context.editions();
  return imageIn(context.load, code, translation.edition, editions.of(translation.article.homeEditionCode), editions, context.read.now);
}

/** Who took a picture, worded in the language of the edition it is shown in; null when nobody is named. */
export async function imageCreditOf({ code, edition }: Image, { load, speak }: ArticleContext): Promise<string | null> {
  const credits = (await load.creditsOfImage.load(code)).map((credit) => factsOf(credit, edition));
  return composeImageCredit(credits, speak(edition).say);
}

/** The notices of one answer, worded for the reader: those of the registry, and those the text calls for. */
export async function noticesOf(served: Served, territory: string, channel: string, context: ArticleContext): Promise<ComposedNotice[]> {
  const { translation, resolution } = served;
  const [registry, editions] = await Promise.all([context.notices(), context.editions()]);
  // Where nothing is served and nothing was named, the law and the reader's safety are still to be told: in the home edition's words.
  const reader = resolution.requestedEdition ?? translation?.edition ?? served.home;
  const [text, staleSince] = translation
    ? await Promise.all([textOf(translation, context), translation.edition.staleNotices ? context.staleSince(translation.row) : null])
    : [null, null];
  const speakerIn = (edition: Edition | undefined) => edition && context.speak(edition);
  return composeNotices(
    registry,
    text &&
      translation && {
        substitute: substituteOf(translation.edition, resolution),
        origin: text.origin,
        correction: text.correction && {
          ...{ note: text.correction.note, revision: text.correction.number },
          at: text.correction.at === null ? translation.updatedAt : new Date(text.correction.at),
        },
        ...{ pendingCorrectionAt: translation.row.pendingCorrectionAt, staleSince },
      },
    {
      territory,
      channel,
      editions: [reader.code, ...(translation ? [translation.edition.code] : [])],
      now: context.read.asOf ?? context.read.now,
    },
    {
      reader: context.speak(reader),
      text: context.speak(translation?.edition ?? reader),
      legal: (tag) => speakerIn(editions.speaking(tag)),
    },
  );
}

/** A notice's picture with the words of its language; null when it has none, or it may not be shown. */
export async function noticePictureOf(
  { imageCode, lang }: Pick<ComposedNotice, 'imageCode' | 'lang'>,
  context: ArticleContext,
): Promise<Image | null> {
  const editions = await context.editions();
  const edition = editions.speaking(lang);
  return imageCode !== null && edition ? imageIn(context.load, imageCode, edition, edition, editions, context.read.now) : null;
}

/** The edition served, when it is another than the one asked for, or none that was asked for has an edition. */
function substituteOf(served: Edition, { requested, requestedEdition }: LocaleResolution): TextFacts['substitute'] {
  const other = requestedEdition ? requestedEdition.code !== served.code : requested.some((tag) => tag !== '*');
  const sameLanguage = requestedEdition !== null && languageOf(requestedEdition.tag) === languageOf(served.tag);
  return other ? { edition: served.nativeName, sameLanguage } : null;
}
