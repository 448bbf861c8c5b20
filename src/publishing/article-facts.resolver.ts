import { Arg, Ctx, createUnionType, Field, ID, InputType, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { ArticleKind } from '../articles/article.js';
import { articleUrn } from '../articles/urn.js';
import { CreditedParty, creditedParties, partyOfRow } from '../credits/credited-party.type.js';
import { storyCredit } from '../credits/party-in-role.js';
import { hasRole, Role } from '../desks/role.js';
import { Edition } from '../editions/edition.js';
import { Refusal } from '../lib/errors.js';
import { Agency } from '../topics/agency.js';
import { Person } from '../topics/person.js';
import { Place } from '../topics/place.js';
import { Topic } from '../topics/topic.js';
import { namedFacts } from './article-facts.queries.js';
import { presentCredits } from './credit.queries.js';
import { CreditInput, creditsOfInput } from './credit-input.js';
import type { DeskContext } from './desk-context.js';
import { uuidOf } from './draft.resolver.js';
import { checkedKey, keyField } from './idempotency-key.js';
import { orProblem, Problem } from './problem.type.js';
import { storyFacts } from './story-facts.queries.js';
import { updateArticle } from './update-article.js';

@ObjectType({ description: 'What holds for a story in all its editions, published or not. Desks of its home edition only.' })
export class ArticleFacts {
  @Field(() => ID, { description: 'URN of the story.' })
  readonly articleId: string;

  @Field(() => Int, { description: 'Grows by one with every change, from 1; give it as `expectedVersion`.' })
  readonly version: number;

  @Field(() => Edition, { description: 'The edition that owns the story.' })
  readonly homeEdition: Edition;

  @Field(() => ArticleKind, { description: 'The form of the story.' })
  readonly kind: ArticleKind;

  @Field(() => Int, { description: 'Editorial urgency, 1 (breaking) to 9.' })
  readonly urgency: number;

  @Field(() => [Topic], { description: 'What it is about.' })
  readonly topics: Topic[];

  @Field(() => [Person], { description: 'Who figures in it.' })
  readonly people: Person[];

  @Field(() => [Place], { description: 'Where it happens.' })
  readonly places: Place[];

  @Field(() => [Agency], { description: 'News agencies that figure in it.' })
  readonly agencies: Agency[];

  @Field(() => String, { nullable: true, description: 'Code of its lead picture.' })
  readonly image: string | null;

  @Field(() => [CreditedParty], { description: 'Who is credited in every edition: those who wrote it, agencies whose copy was used.' })
  readonly credits: CreditedParty[];
}

@InputType({ description: 'What holds for a story in all its editions, whole.' })
class UpdateArticleInput {
  @Field(() => ID, { description: 'URN of the story, or of one of its translations.' })
  readonly article: string;

  @Field(() => Int, { description: 'The version of its facts that was seen.' })
  readonly expectedVersion: number;

  @Field(() => ArticleKind, { description: 'The form of the story.' })
  readonly kind: ArticleKind;

  @Field(() => Int, { description: 'Editorial urgency, 1 (breaking) to 9. Obligations that are open keep their times.' })
  readonly urgency: number;

  @Field(() => [String], { description: 'Codes of topics.' })
  readonly topics: string[];

  @Field(() => [String], { description: 'Codes of people who figure in it.' })
  readonly people: string[];

  @Field(() => [String], { description: 'Codes of places.' })
  readonly places: string[];

  @Field(() => [String], { description: 'Codes of agencies that figure in it.' })
  readonly agencies: string[];

  @Field(() => String, { nullable: true, description: 'Code of its lead picture; none when left out.' })
  readonly image?: string | null;

  @Field(() => [CreditInput], {
    description: 'Who is credited in every edition; an edition’s own translators and editors are its draft’s.',
  })
  readonly credits: CreditInput[];

  @Field(() => String, keyField)
  readonly idempotencyKey?: string | null;
}

const ArticleFactsResult = createUnionType({
  name: 'ArticleFactsResult',
  description: 'What holds for a story after a mutation, or why nothing was changed.',
  types: () => [ArticleFacts, Problem] as const,
});

@Resolver()
export class ArticleFactsResolver {
  @Query(() => ArticleFacts, {
    nullable: true,
    description:
      'What holds for a story in all its editions, published or not, for those who have a role in its home edition; null for no such story.',
  })
  async articleFacts(
    @Arg('article', () => ID, { description: 'URN of the story, or of one of its translations.' }) article: string,
    @Ctx() context: DeskContext,
  ): Promise<ArticleFacts | null> {
    if (Object.keys(context.caller.roles).length === 0) throw new Refusal('FORBIDDEN', {});
    const facts = await storyFacts(context.read.manager, uuidOf(article));
    if (facts && !hasRole(context.caller, facts.article.homeEditionCode, Role.TRANSLATOR)) throw new Refusal('FORBIDDEN', {});
    return facts && readFacts(facts.article.uuid, context);
  }

  @Mutation(() => ArticleFactsResult, {
    description:
      'Changes what holds for a story in all its editions over the version seen; all of it is given. It holds for readers at once. For EDITORs of the home edition.',
  })
  updateArticle(
    @Arg('input', () => UpdateArticleInput, { description: 'The facts.' }) input: UpdateArticleInput,
    @Ctx() context: DeskContext,
  ) {
    return orProblem(async () => {
      const { article, image = null, idempotencyKey, ...facts } = input;
      const credits = creditsOfInput(input.credits, storyCredit);
      const change = { ...facts, articleUuid: uuidOf(article), image, credits, idempotencyKey: checkedKey(idempotencyKey) };
      const { articleUuid } = await updateArticle(context.write, change);
      return readFacts(articleUuid, context);
    }, context.sayError);
  }
}

/** The facts of a story that is there, as its desk edits them. */
async function readFacts(uuid: string, { read, load, editions }: DeskContext): Promise<ArticleFacts> {
  const { article } = (await storyFacts(read.manager, uuid))!;
  const { version, ...named } = await namedFacts(read.manager, uuid);
  const credits = (await presentCredits(read.manager, { articleUuid: uuid, editionCode: null })).map(partyOfRow);
  const rows = async <Row>(loader: { loadMany(codes: string[]): Promise<(Row | Error | null)[]> }, codes: string[]): Promise<Row[]> =>
    (await loader.loadMany(codes)) as Row[];
  return Object.assign(new ArticleFacts(), {
    ...{ articleId: articleUrn(article), version, kind: article.kind, urgency: article.urgency, image: article.imageCode },
    homeEdition: (await editions()).of(article.homeEditionCode),
    topics: await rows(load.topic, named.topics),
    people: await rows(load.person, named.people),
    places: await rows(load.place, named.places),
    agencies: await rows(load.agency, named.agencies),
    credits: await creditedParties(credits, load),
  });
}
