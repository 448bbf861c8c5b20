import { Arg, Args, Ctx, createUnionType, Field, FieldResolver, ID, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { Edition } from '../editions/edition.js';
import { LocaleArgs, requestLocale } from '../editions/request-locale.js';
import { PageArgs, pageOf } from '../lib/relay.js';
import { EditionCode, LanguageTag, WebAddress } from '../lib/scalars.js';
import { Agency } from '../topics/agency.js';
import { Person } from '../topics/person.js';
import { Place } from '../topics/place.js';
import { Topic } from '../topics/topic.js';
import { readAddress } from './address.js';
import { Article } from './article.js';
import { countArticles } from './article.queries.js';
import { ArticleConnection } from './article-connection.js';
import type { ArticleContext } from './article-context.js';
import { ArticleFilter, ArticleOrder } from './article-filter.js';
import { findArticle, findBySlug } from './find-article.js';
import { countGiven, listFor, mostLookedAt } from './list-given.js';
import { urlOf } from './present.js';
import { Served, serve, serveChosen } from './served.js';
import { Stage } from './stage.js';
import { Tombstone } from './tombstone.type.js';
import { Translation } from './translation.type.js';

const ArticleResult = createUnionType({
  name: 'ArticleResult',
  description: 'A story, or what stays of one that was retracted.',
  types: () => [Article, Tombstone] as const,
});

@ObjectType({ description: 'Where the same story is in another language: what `link rel="alternate"` needs.' })
class Alternate {
  @Field(() => LanguageTag, { description: 'The value for `hreflang`.' })
  readonly hreflang: string;

  @Field(() => Edition, { description: 'The edition.' })
  readonly edition: Edition;

  @Field(() => WebAddress, { description: 'The canonical address there.' })
  readonly url: string;
}

@Resolver(() => Article)
export class ArticleResolver {
  @Query(() => ArticleResult, {
    nullable: true,
    description: 'A story by its id, or by the id of one of its translations; null when there is none a reader may see.',
  })
  article(
    @Arg('id', () => ID, { description: 'URN.' }) id: string,
    @Arg('stage', () => Stage, {
      defaultValue: Stage.PUBLISHED,
      description:
        'DRAFT: also a story that is not out yet, for those who have a role in its home edition or in one that works on it; its `publishedAt` is then the moment of asking. FORBIDDEN without a role.',
    })
    stage: Stage,
    @Ctx() context: ArticleContext,
  ): Promise<Article | Tombstone | null> {
    return findArticle(id, context, stage);
  }

  @Query(() => ArticleResult, {
    nullable: true,
    description: 'The story an edition knows, or once knew, by a slug; its translation names the present one.',
  })
  async articleBySlug(
    @Arg('edition', () => EditionCode, { description: 'The edition.' }) edition: string,
    @Arg('slug', () => String, { description: 'Present or former slug.' }) slug: string,
    @Ctx() context: ArticleContext,
  ): Promise<Article | Tombstone | null> {
    // A closed one too: the stories it was the home of keep their addresses.
    return findBySlug((await context.editions()).named(edition).code, slug, context);
  }

  @Query(() => ArticleResult, {
    nullable: true,
    description: 'The story at a web address of an edition’s site or of the gateway, present or former.',
  })
  async articleByUrl(
    @Arg('url', () => WebAddress, { description: 'The address; query and fragment do not matter.' }) url: string,
    @Ctx() context: ArticleContext,
  ): Promise<Article | Tombstone | null> {
    const named = readAddress(url, (await context.editions()).all, context.publicUrl);
    return named ? this.articleBySlug(named.edition, named.slug, context) : null;
  }

  @Query(() => ArticleConnection, {
    description:
      'Stories as one edition, or a reader’s languages, are served them: exactly those the policy serves, filtered, sorted and counted by the translation served. Of a partner’s key those it may have; where it may have few, a page may hold fewer than asked for, even none, while `hasNextPage` is true (with `last`: `hasPreviousPage`), and its end leads on.',
  })
  async articles(
    @Args() locale: LocaleArgs,
    @Arg('filter', () => ArticleFilter, { nullable: true, description: 'Conditions, all of which must hold.' })
    filter: ArticleFilter | null,
    @Arg('orderBy', () => ArticleOrder, { defaultValue: ArticleOrder.PUBLISHED_DESC, description: 'The order.' }) orderBy: ArticleOrder,
    @Args() pageArgs: PageArgs,
    @Ctx() context: ArticleContext,
  ): Promise<ArticleConnection> {
    const page = pageOf(pageArgs);
    const editions = await context.editions();
    const request = { plan: requestLocale(locale, editions), filter: filter ?? {}, orderBy };
    for (const code of [...(filter?.translatedInto ?? []), ...(filter?.missingIn ?? [])]) editions.open(code);
    const listed = await listFor(request, page, context);
    const { items, hasNextPage, hasPreviousPage } = listed;
    const edges = await Promise.all(
      items.map(async ({ cursor, translation }) => {
        context.load.article.prime(translation.article.uuid, translation.article);
        return { cursor, node: translation.article, served: await serveChosen(translation, request.plan, context) };
      }),
    );
    const [start, end] = page.backwards ? [listed.reached, undefined] : [undefined, listed.reached];
    const [startCursor, endCursor] = [start ?? edges[0]?.cursor ?? null, end ?? edges.at(-1)?.cursor ?? null];
    const pageInfo = { hasNextPage, hasPreviousPage, startCursor, endCursor };
    return Object.assign(new ArticleConnection(), { request, edges, pageInfo });
  }

  @FieldResolver(() => Edition, { description: 'The edition that owns the story: its version is the original.' })
  async homeEdition(@Root() { homeEditionCode }: Article, @Ctx() context: ArticleContext): Promise<Edition> {
    return (await context.editions()).of(homeEditionCode);
  }

  @FieldResolver(() => Translation, {
    nullable: true,
    description: 'The original; null while its edition holds it back, behind its end, and for a partner that may not have it.',
  })
  async original(@Root() { uuid, homeEditionCode }: Article, @Ctx() { load }: ArticleContext): Promise<Translation | null> {
    return (await load.translationsOfArticle.load(uuid)).find((each) => each.edition.code === homeEditionCode) ?? null;
  }

  @FieldResolver(() => Served, {
    description: 'The story as one edition, or a reader’s languages, are served it. Without arguments: the original.',
  })
  served(
    @Args() locale: LocaleArgs,
    @Arg('stage', () => Stage, {
      defaultValue: Stage.PUBLISHED,
      description: 'How far the text has come; DRAFT is FORBIDDEN without a role.',
    })
    stage: Stage,
    @Root() article: Article,
    @Ctx() context: ArticleContext,
  ): Promise<Served> {
    return serve(article, locale, context, stage);
  }

  @FieldResolver(() => [Translation], { description: 'Its published versions, ordered by edition code.' })
  async translations(
    @Arg('editions', () => [EditionCode], { nullable: true, description: 'Only of these editions.' }) codes: string[] | null,
    @Root() { uuid }: Article,
    @Ctx() { load }: ArticleContext,
  ): Promise<Translation[]> {
    const translations = await load.translationsOfArticle.load(uuid);
    return codes === null || codes === undefined ? translations : translations.filter((each) => codes.includes(each.edition.code));
  }

  @FieldResolver(() => [Alternate], { description: 'Its published versions in editions that have an `hreflang`, itself included.' })
  async alternates(@Root() { uuid }: Article, @Ctx() context: ArticleContext): Promise<Alternate[]> {
    const translations = await context.load.translationsOfArticle.load(uuid);
    return translations.flatMap((each) =>
      each.edition.hreflang === null ? [] : [{ hreflang: each.edition.hreflang, edition: each.edition, url: urlOf(each, context) }],
    );
  }

  @FieldResolver(() => [Topic], { description: 'What it is about, in the desk’s order.' })
  topics(@Root() { uuid }: Article, @Ctx() { load }: ArticleContext): Promise<Topic[]> {
    return load.topicsOfArticle.load(uuid);
  }

  @FieldResolver(() => [Person], { description: 'Who figures in it.' })
  people(@Root() { uuid }: Article, @Ctx() { load }: ArticleContext): Promise<Person[]> {
    return load.peopleOfArticle.load(uuid);
  }

  @FieldResolver(() => [Place], { description: 'Where it happens.' })
  places(@Root() { uuid }: Article, @Ctx() { load }: ArticleContext): Promise<Place[]> {
    return load.placesOfArticle.load(uuid);
  }

  @FieldResolver(() => [Agency], { description: 'News agencies that figure in it; those whose copy was used are among the credits.' })
  agencies(@Root() { uuid }: Article, @Ctx() { load }: ArticleContext): Promise<Agency[]> {
    return load.agenciesOfArticle.load(uuid);
  }
}

@Resolver(() => ArticleConnection)
export class ArticleConnectionResolver {
  @FieldResolver(() => Int, {
    description: `How many stories the whole list holds; counted only when asked for. Of a partner’s key: how many it may have of the first ${mostLookedAt} of the list.`,
  })
  async totalCount(@Root() { request }: ArticleConnection, @Ctx() context: ArticleContext): Promise<number> {
    if (!context.isUnlimited) return countGiven(request, context);
    return countArticles(context.read, await context.editions(), request);
  }
}
