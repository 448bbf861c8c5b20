import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import { composeImageCredit } from '../credits/compose-credits.js';
import { factsOf } from '../credits/credit.loaders.js';
import { AspectRatio } from '../images/image.js';
import type { Image } from '../images/image.type.js';
import { type Access, givesImage, publicAccess } from '../rights/access.js';
import { directionOf } from '../topics/name-in.js';
import type { ArticleContext } from './article-context.js';
import type { BlockData } from './body.js';
import { AnyBlock, blocksOf } from './body.type.js';
import { pictureOf, revisionKey, textOf, urlOf } from './present.js';
import { type RenderParts, renderHtml, renderMarkdown, renderText } from './render-body.js';
import type { Translation } from './translation.type.js';

/** A text: its blocks as data, and ready-made renderings of them. Pictures and stories that may not be seen, or given, are in none of them. */
@ObjectType({ description: 'A text: typed blocks, and ready-made renderings of them.' })
export class Body {
  private constructor(
    readonly translation: Translation,
    readonly data: readonly BlockData[],
    readonly images: ReadonlyMap<string, Image>,
    readonly related: ReadonlyMap<string, Translation>,
    fileUrl: ArticleContext['fileUrl'],
  ) {
    this.blocks = blocksOf(data, { images, related, fileUrl });
  }

  @Field(() => [AnyBlock], { description: 'The text as typed blocks.' })
  readonly blocks: (typeof AnyBlock)[];

  /** Reads the body of a translation with the pictures and stories it shows; `access` is what the caller may have of it. */
  static async of(translation: Translation, context: ArticleContext, access: Access = publicAccess): Promise<Body> {
    // A draft brings its body along.
    const whole = translation.text?.body ?? (await context.load.body.load(revisionKey(translation)));
    const data = whole.flatMap((block) => givenBlock(block, access) ?? []);
    const codes = data.flatMap((block) => (block.type === 'image' ? [block.image] : []));
    const uuids = data.flatMap((block) => (block.type === 'related' ? block.articles : []));
    const [images, related] = await Promise.all([
      mapOf(codes, (code) => pictureOf(translation, code, context)),
      mapOf(
        uuids,
        async (uuid) =>
          (await context.load.translationsOfArticle.load(uuid)).find((each) => each.edition.code === translation.edition.code) ?? null,
      ),
    ]);
    return new Body(translation, data, images, related, context.fileUrl);
  }
}

/** A block without the pictures that may not be given: a poster is one like any other. */
function givenBlock(block: BlockData, access: Access): BlockData | undefined {
  if (block.type === 'image') return givesImage(access, block.image) ? block : undefined;
  if (block.type !== 'video' || block.poster === undefined || givesImage(access, block.poster)) return block;
  const { poster, ...rest } = block;
  return rest;
}

async function mapOf<Value>(keys: readonly string[], read: (key: string) => Promise<Value | null>): Promise<Map<string, Value>> {
  const values = await Promise.all(keys.map(async (key) => [key, await read(key)] as const));
  return new Map(values.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const])));
}

@Resolver(() => Body)
export class BodyResolver {
  @FieldResolver(() => String, {
    description: 'The text as HTML: a fixed set of elements, every text escaped, nothing active; embeds are links.',
  })
  html(@Root() body: Body, @Ctx() context: ArticleContext): Promise<string> {
    return htmlOf(body, context);
  }

  @FieldResolver(() => String, { description: 'The text as Markdown (CommonMark with tables).' })
  async markdown(@Root() body: Body, @Ctx() context: ArticleContext): Promise<string> {
    return renderMarkdown(body.data, await renderParts(body, context));
  }

  @FieldResolver(() => String, { description: 'The text alone; paragraphs are apart by an empty line.' })
  async text(@Root() body: Body, @Ctx() context: ArticleContext): Promise<string> {
    return renderText(body.data, await renderParts(body, context));
  }
}

/** A body as HTML, with the pictures and stories it shows. */
export async function htmlOf(body: Body, context: ArticleContext): Promise<string> {
  return renderHtml(body.data, await renderParts(body, context));
}

/** The pictures and stories a body refers to, as its renderings show them. */
export async function renderParts({ images, related, translation }: Body, context: ArticleContext): Promise<RenderParts> {
  const { fileUrl } = context;
  const { say } = context.speak(translation.edition);
  const pictures = await Promise.all(
    [...images].flatMap(([code, image]) => {
      const file = image.renditions.find((each) => each.ratio === AspectRatio.RATIO_16X9) ?? image.renditions[0];
      if (!file) return [];
      return [
        context.load.creditsOfImage.load(code).then((credits) => {
          const creditLine = composeImageCredit(
            credits.map((credit) => factsOf(credit, translation.edition)),
            say,
          );
          const { width, height } = file;
          const { alt, caption } = image;
          const lang = image.lang === translation.lang ? null : image.lang;
          return [code, { url: fileUrl(file.url), width, height, alt, caption, creditLine, lang }] as const;
        }),
      ];
    }),
  );
  const stories = await Promise.all(
    [...related].map(
      async ([uuid, other]) => [uuid, { headline: (await textOf(other, context)).headline, url: urlOf(other, context) }] as const,
    ),
  );
  return { pictures: new Map(pictures), stories: new Map(stories), directionOf, absolute: fileUrl };
}
