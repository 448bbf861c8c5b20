import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { composeImageCredit } from '../credits/compose-credits.js';
import { type CreditLoaders, factsOf } from '../credits/credit.loaders.js';
import type { EditionContext } from '../editions/edition.loaders.js';
import { WebAddress } from '../lib/scalars.js';
import { AspectRatio, ImageRendition } from './image.js';
import { Image } from './image.type.js';

@Resolver(() => Image)
export class ImageResolver {
  @FieldResolver(() => String, { nullable: true, description: 'Who took it, worded in the language of the text it stands with.' })
  async creditLine(@Root() { code, edition }: Image, @Ctx() context: EditionContext & { load: CreditLoaders }): Promise<string | null> {
    const credits = await context.load.creditsOfImage.load(code);
    return composeImageCredit(
      credits.map((credit) => factsOf(credit, edition)),
      context.speak(edition).say,
    );
  }

  @FieldResolver(() => ImageRendition, {
    nullable: true,
    description: 'The best file of one ratio: the narrowest that is wide enough, else the widest; null when there is none of that ratio.',
  })
  rendition(
    @Arg('ratio', () => AspectRatio, { defaultValue: AspectRatio.RATIO_16X9, description: 'Width to height.' }) ratio: AspectRatio,
    @Arg('minWidth', () => Int, { nullable: true, description: 'Pixels it should have at least.' }) minWidth: number | null,
    @Root() { renditions }: Image,
  ): ImageRendition | null {
    const widestFirst = renditions.filter((each) => each.ratio === ratio);
    return widestFirst.findLast((each) => each.width >= (minWidth ?? Number.POSITIVE_INFINITY)) ?? widestFirst[0] ?? null;
  }
}

@Resolver(() => ImageRendition)
export class RenditionResolver {
  @FieldResolver(() => WebAddress, { description: 'Where the file is.' })
  url(@Root() { url }: ImageRendition, @Ctx() { fileUrl }: { fileUrl(path: string): string }): string {
    return fileUrl(url);
  }
}
