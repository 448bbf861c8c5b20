import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { EditionContext } from '../editions/edition.loaders.js';
import { EditionCode } from '../lib/scalars.js';
import { Article } from './article.js';
import type { ArticleContext } from './article-context.js';
import { retractionWording } from './tombstone.js';
import { Tombstone } from './tombstone.type.js';

@Resolver(() => Tombstone)
export class TombstoneResolver {
  @FieldResolver(() => String, { description: 'What readers of an edition are told: a standing sentence in its language.' })
  async text(
    @Arg('edition', () => EditionCode, { description: 'Whose readers.' }) code: string,
    @Root() tombstone: Tombstone,
    @Ctx() context: EditionContext,
  ): Promise<string> {
    const edition = (await context.editions()).named(code);
    return context.speak(edition).say.text('notices', retractionWording[tombstone.kind]);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'The editors’ public note in the edition’s language; null where they wrote none.',
  })
  async note(
    @Arg('edition', () => EditionCode, { description: 'Whose readers.' }) code: string,
    @Root() { row }: Tombstone,
    @Ctx() context: EditionContext,
  ): Promise<string | null> {
    const edition = (await context.editions()).named(code);
    return row.notes[edition.tag] ?? null;
  }

  @FieldResolver(() => Article, {
    nullable: true,
    description: 'REPLACE: the story in its place; null where the editors named none, or readers may not see it.',
  })
  replacedBy(@Root() { row }: Tombstone, @Ctx() { load }: Pick<ArticleContext, 'load'>): Promise<Article | null> | null {
    return row.replacedBy === null ? null : load.article.load(row.replacedBy);
  }
}
