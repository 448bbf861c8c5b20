import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { findArticle, findTranslation } from '../articles/find-article.js';
import { parseUrn } from '../articles/urn.js';
import { Refusal } from '../lib/errors.js';
import { Node } from '../lib/node.js';
import { largestPage } from '../lib/relay.js';
import type { Context } from './context.js';

@Resolver()
export class NodeResolver {
  @Query(() => Node, { nullable: true, description: 'Any object by its id; null when there is none a reader may see (Relay).' })
  node(@Arg('id', () => ID, { description: 'Its id.' }) id: string, @Ctx() context: Context): Promise<Node | null> {
    return findNode(id, context);
  }

  @Query(() => [Node], {
    nullable: 'items',
    description: `Objects by their ids, at most ${largestPage}, in the order asked for; null for each that a reader may not see.`,
  })
  async nodes(@Arg('ids', () => [ID], { description: 'Their ids.' }) ids: string[], @Ctx() context: Context): Promise<(Node | null)[]> {
    if (ids.length > largestPage) throw new Refusal('TOO_MANY_VALUES', { max: largestPage });
    return Promise.all(ids.map((id) => findNode(id, context)));
  }
}

async function findNode(id: string, context: Context): Promise<Node | null> {
  const urn = parseUrn(id);
  if (urn) return urn.edition === undefined ? findArticle(id, context) : findTranslation(id, context);
  const [, type, code = ''] = /^(edition|topic|person|place|agency):([a-z0-9][a-z0-9-]{0,63})$/u.exec(id) ?? [];
  if (type === undefined) return null;
  if (type === 'edition') return (await context.editions()).find(code) ?? null;
  return context.load[type as 'topic' | 'person' | 'place' | 'agency'].load(code);
}
