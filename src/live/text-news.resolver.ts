import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Served, serveChosen } from '../articles/served.js';
import type { FeedContext } from '../feeds/feed-context.js';
import { planOf } from '../feeds/present-item.js';
import { TextNews } from './news.type.js';

@Resolver(() => TextNews)
export class TextNewsResolver {
  @FieldResolver(() => Served, {
    nullable: true,
    description: 'The text as its edition serves it, with the notices that readers must be shown; null where it is gone.',
  })
  async served(@Root() { translation }: TextNews, @Ctx() context: FeedContext): Promise<Served | null> {
    return translation && serveChosen(translation, planOf(translation.edition, await context.editions()), context);
  }
}
