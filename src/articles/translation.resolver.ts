import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { creditOf } from '../credits/credit.loaders.js';
import { Credit, CreditStyle } from '../credits/credit.type.js';
import { Image } from '../images/image.type.js';
import { WebAddress } from '../lib/scalars.js';
import { givesImage } from '../rights/access.js';
import { OmittedPart, omittedParts } from '../rights/omitted-part.type.js';
import type { ArticleContext } from './article-context.js';
import { Body } from './body.resolver.js';
import { creditLineOf, creditsOf, kickerOf, pictureOf, textOf, urlOf } from './present.js';
import { Origin, Significance } from './translation.js';
import { Translation } from './translation.type.js';

const wordsAMinute = 200;
const styleArgument = { defaultValue: CreditStyle.WEB, description: 'How it is written.' };

@Resolver(() => Translation)
export class TranslationResolver {
  @FieldResolver(() => String, { description: 'The headline.' })
  async headline(@Root() translation: Translation, @Ctx() context: ArticleContext): Promise<string> {
    return (await textOf(translation, context)).headline;
  }

  @FieldResolver(() => String, { nullable: true, description: 'The line below the headline; null without one, and where it is `omitted`.' })
  async dek(@Root() translation: Translation, @Ctx() context: ArticleContext): Promise<string | null> {
    const { level } = await context.accessOf(translation.row);
    return level === 'HEADLINE' ? null : (await textOf(translation, context)).dek;
  }

  @FieldResolver(() => Significance, { description: 'What the present revision means to those who hold an earlier one.' })
  async significance(@Root() translation: Translation, @Ctx() context: ArticleContext): Promise<Significance> {
    return (await textOf(translation, context)).significance;
  }

  @FieldResolver(() => Origin, { description: 'Who wrote the present revision.' })
  async origin(@Root() translation: Translation, @Ctx() context: ArticleContext): Promise<Origin> {
    return (await textOf(translation, context)).origin;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'The worded label above the headline: correction, live or breaking news; null for none.',
  })
  kicker(@Root() translation: Translation, @Ctx() context: ArticleContext): Promise<string | null> {
    return kickerOf(translation, context);
  }

  @FieldResolver(() => WebAddress, {
    description: 'Its canonical address: at the edition’s own site, or the gateway’s page where it has none.',
  })
  url(@Root() translation: Translation, @Ctx() context: ArticleContext): string {
    return urlOf(translation, context);
  }

  @FieldResolver(() => Body, { nullable: true, description: 'The text; null where it is `omitted`, which it is for partners alone.' })
  async body(@Root() translation: Translation, @Ctx() context: ArticleContext): Promise<Body | null> {
    const access = await context.accessOf(translation.row);
    return access.level === 'FULL' ? Body.of(translation, context, access) : null;
  }

  @FieldResolver(() => [OmittedPart], {
    description:
      'What is left out of it, and why, where a partner’s key asks and its entitlements give less than the whole; empty for everybody else.',
  })
  async omitted(@Root() { row }: Translation, @Ctx() { accessOf }: ArticleContext): Promise<OmittedPart[]> {
    return omittedParts((await accessOf(row)).omitted);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Who wrote and who translated it, worded in its language; null when nobody is named. A translator who is the author is named once.',
  })
  byline(
    @Arg('style', () => CreditStyle, styleArgument) style: CreditStyle,
    @Root() translation: Translation,
    @Ctx() context: ArticleContext,
  ): Promise<string | null> {
    return creditLineOf(translation, 'byline', style, context);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'The news agencies whose copy was used, worded in its language; null without any.',
  })
  creditLine(
    @Arg('style', () => CreditStyle, styleArgument) style: CreditStyle,
    @Root() translation: Translation,
    @Ctx() context: ArticleContext,
  ): Promise<string | null> {
    return creditLineOf(translation, 'creditLine', style, context);
  }

  @FieldResolver(() => [Credit], {
    description: 'Everyone credited, of the story and of this edition, in the desk’s order; photo credits are with the picture.',
  })
  async credits(@Root() translation: Translation, @Ctx() context: ArticleContext): Promise<Credit[]> {
    return (await creditsOf(translation, context)).map((credit) => creditOf(credit, translation.edition));
  }

  @FieldResolver(() => Image, {
    nullable: true,
    description: 'The lead picture with this edition’s words; null without one, and where it is `omitted`.',
  })
  async image(@Root() translation: Translation, @Ctx() context: ArticleContext): Promise<Image | null> {
    const { imageCode } = translation.article;
    if (imageCode === null || !givesImage(await context.accessOf(translation.row), imageCode)) return null;
    return pictureOf(translation, imageCode, context);
  }

  @FieldResolver(() => [Translation], { description: 'Stories the desk recommends beside this one, those this edition has.' })
  async related(@Root() { article, edition }: Translation, @Ctx() { load }: ArticleContext): Promise<Translation[]> {
    const uuids = await load.relatedOfArticle.load(article.uuid);
    const editionsOf = await Promise.all(uuids.map((uuid) => load.translationsOfArticle.load(uuid)));
    return editionsOf.flatMap((translations) => translations.find((each) => each.edition.code === edition.code) ?? []);
  }

  @FieldResolver(() => Int, { description: 'Words in the body.' })
  async wordCount(@Root() translation: Translation, @Ctx() context: ArticleContext): Promise<number> {
    return (await textOf(translation, context)).wordCount;
  }

  @FieldResolver(() => Int, { description: `Minutes to read the body at ${wordsAMinute} words a minute, at least 1.` })
  async readingMinutes(@Root() translation: Translation, @Ctx() context: ArticleContext): Promise<number> {
    return Math.max(1, Math.ceil((await textOf(translation, context)).wordCount / wordsAMinute));
  }

  @FieldResolver(() => String, { description: '`publishedAt` as the edition writes dates: its language, calendar, digits and time zone.' })
  publishedAtText(@Root() { publishedAt, edition }: Translation, @Ctx() { speak }: ArticleContext): string {
    return speak(edition).say.dateTime(publishedAt);
  }

  @FieldResolver(() => String, { description: '`updatedAt` as the edition writes dates.' })
  updatedAtText(@Root() { updatedAt, edition }: Translation, @Ctx() { speak }: ArticleContext): string {
    return speak(edition).say.dateTime(updatedAt);
  }
}
