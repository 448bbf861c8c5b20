import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Image } from '../images/image.type.js';
import { Territory } from '../lib/scalars.js';
import { Channel } from '../notices/notice.js';
import { Notice } from '../notices/notice.type.js';
import type { ArticleContext } from './article-context.js';
import { noticePictureOf, noticesOf } from './present.js';
import { Served } from './served.js';

@Resolver(() => Served)
export class ServedResolver {
  @FieldResolver(() => [Notice], {
    description:
      'What the reader must be told, in the language of the edition asked for (of the text, when none was), in a stable order: what the text calls for, then the standing notices.',
  })
  async notices(
    @Arg('territory', () => Territory, {
      defaultValue: 'UNKNOWN',
      description:
        'Where the reader is, as the caller knows it. UNKNOWN gives every LEGAL and SAFETY notice; a part of a country also gets the country’s notices, a country, or a part that ISO 3166-2 does not list, also those of its parts.',
    })
    territory: string,
    @Arg('channel', () => Channel, { defaultValue: Channel.WEB, description: 'Where the text is shown.' }) channel: Channel,
    @Root() served: Served,
    @Ctx() context: ArticleContext,
  ): Promise<Notice[]> {
    const notices = await noticesOf(served, territory, channel, context);
    // A picture is read only where it is asked for: lists show notices without.
    return notices.map(({ imageCode, ...notice }) =>
      Object.defineProperty(Object.assign(new Notice(), notice), 'image', {
        get: (): Promise<Image | null> => noticePictureOf({ imageCode, lang: notice.lang }, context),
      }),
    );
  }
}
