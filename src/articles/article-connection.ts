import { Field, ObjectType } from 'type-graphql';
import { PageInfo } from '../lib/relay.js';
import { Article } from './article.js';
import type { ListRequest } from './article.queries.js';
import { Served } from './served.js';

@ObjectType({ description: 'A story in a list, with what the list serves of it: the list and its texts cannot disagree.' })
export class ArticleEdge {
  @Field({ description: 'Opaque place in the list, for `after` and `before`.' })
  readonly cursor: string;

  @Field(() => Article, { description: 'The story.' })
  readonly node: Article;

  @Field(() => Served, { description: 'What is served of it: the translation that the list filters, sorts and counts by.' })
  readonly served: Served;
}

@ObjectType({ description: 'A page of a list of stories (Relay).' })
export class ArticleConnection {
  readonly request: ListRequest;

  @Field(() => [ArticleEdge], { description: 'The stories of the page.' })
  readonly edges: ArticleEdge[];

  @Field(() => PageInfo, { description: 'Where the page stands in the list.' })
  readonly pageInfo: PageInfo;
}
