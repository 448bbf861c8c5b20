import { Field, ObjectType } from 'type-graphql';
import type { Edition } from '../editions/edition.js';
import { LocaleResolution } from '../editions/locale.type.js';
import { accountOf, type LocaleArgs, requestLocale } from '../editions/request-locale.js';
import { type LocalePlan, resolveLocale } from '../editions/resolve-locale.js';
import type { Article } from './article.js';
import type { ArticleContext } from './article-context.js';
import { toldTombstones } from './given.js';
import { Stage } from './stage.js';
import { Tombstone, tombstoneOf } from './tombstone.type.js';
import { Translation } from './translation.type.js';

/** What depends on the request: without an id, so that a client's normalised cache cannot mix two answers. */
@ObjectType({
  description:
    'What a request is served of a story. It has no id on purpose: it depends on the request, and a client’s normalised cache must not mix two answers.',
})
export class Served {
  /** The language that words notices when nothing that was asked for, and no text, has one. */
  readonly home: Edition;

  @Field(() => LocaleResolution, { description: 'What was asked for, what is served, and why.' })
  readonly resolution: LocaleResolution;

  @Field(() => Translation, { nullable: true, description: 'The text, whole and from one edition; null when the reason is NONE.' })
  readonly translation: Translation | null;

  @Field(() => Tombstone, {
    nullable: true,
    description: 'When nothing is served because the edition asked for was retracted: what stays of it.',
  })
  readonly tombstone: Tombstone | null;
}

/** One story served by the rule every read shares: the first edition of the plan that a reader, or for DRAFT the caller, may see. */
export async function serve(article: Article, locale: LocaleArgs, context: ArticleContext, stage = Stage.PUBLISHED): Promise<Served> {
  const [editions, translations] = await Promise.all([context.editions(), translationsAt(stage, article.uuid, context)]);
  const plan = requestLocale(locale, editions);
  const available = new Map(translations.map((each) => [each.edition.code, each]));
  const resolution = resolveLocale(plan, new Set(available.keys()), article.homeEditionCode);
  const translation = resolution.served === undefined ? null : (available.get(resolution.served) ?? null);
  const tombstone = translation ? null : await retractedOf(article, plan, context);
  return Object.assign(new Served(), {
    home: editions.of(article.homeEditionCode),
    resolution: accountOf(plan, resolution, editions),
    translation,
    tombstone,
  });
}

async function translationsAt(stage: Stage, uuid: string, { load }: ArticleContext): Promise<Translation[]> {
  const drafted = stage === Stage.DRAFT ? await load.draftedStory.load(uuid) : null;
  return drafted ? drafted.translations : load.translationsOfArticle.load(uuid);
}

/** As `serve`, where a list has already chosen the translation by the same plan. */
export async function serveChosen(translation: Translation, plan: LocalePlan, context: ArticleContext): Promise<Served> {
  const editions = await context.editions();
  const resolution = resolveLocale(plan, new Set([translation.edition.code]), translation.article.homeEditionCode);
  return Object.assign(new Served(), {
    home: editions.of(translation.article.homeEditionCode),
    resolution: accountOf(plan, resolution, editions),
    translation,
    tombstone: null,
  });
}

async function retractedOf(article: Article, plan: LocalePlan, context: ArticleContext): Promise<Tombstone | null> {
  const rows = await toldTombstones(article.uuid, null, context);
  const codes = plan.steps.map((step) => (step.edition === null ? article.homeEditionCode : step.edition));
  return codes.flatMap((code) => (code === undefined ? [] : (tombstoneOf(article, rows, code) ?? [])))[0] ?? null;
}
