import { Arg, Ctx, createUnionType, Field, Float, InputType, Int, Mutation, Query, Resolver } from 'type-graphql';
import { creditedParties, partyOfRow } from '../credits/credited-party.type.js';
import { imageCredit } from '../credits/party-in-role.js';
import { AspectRatio, Image } from '../images/image.js';
import { EditionCode, Territory } from '../lib/scalars.js';
import { presentCredits } from '../publishing/credit.queries.js';
import { CreditInput, creditsOfInput } from '../publishing/credit-input.js';
import { checkedKey, keyField } from '../publishing/idempotency-key.js';
import { may } from '../publishing/policy.js';
import { orProblem, Problem } from '../publishing/problem.type.js';
import { Redistribution } from '../rights/redistribution.js';
import { renditionsOf, wordingsOf } from './image.queries.js';
import type { ImageValues } from './image-shape.js';
import { keptRow } from './kept-row.queries.js';
import { mustBeInside, type RegistryContext } from './registry-context.js';
import { RegistryImage } from './registry-image.type.js';
import { saveImage, saveImageWording } from './save-image.js';
import { SaveInput } from './save-input.js';

@InputType({ description: 'A file of a picture.' })
class RenditionInput {
  @Field(() => AspectRatio, { description: 'Width to height.' })
  readonly ratio: AspectRatio;

  @Field(() => Int, { description: 'Pixels.' })
  readonly width: number;

  @Field(() => Int, { description: 'Pixels.' })
  readonly height: number;

  @Field({ description: 'Where it is: an address with http or https, or `/media/` and the name of a file the gateway serves.' })
  readonly url: string;

  @Field({ description: 'Media type, such as `image/jpeg`.' })
  readonly contentType: string;
}

@InputType({ description: 'A picture, whole, but for the words of editions.' })
class SaveImageInput extends SaveInput {
  @Field(() => Float, { description: 'The point to keep when cropping: share of the width, 0 to 1 from the left.' })
  readonly focalX: number;

  @Field(() => Float, { description: 'The point to keep when cropping: share of the height, 0 to 1 from the top.' })
  readonly focalY: number;

  @Field(() => Redistribution, {
    nullable: true,
    description: 'To whom it may be passed on; as it is when left out, ENTITLED for a new one. Only operators change it.',
  })
  readonly redistribution?: Redistribution | null;

  @Field(() => [Territory], {
    nullable: true,
    description: 'Where, empty: everywhere; as it is when left out, everywhere for a new one. Only operators change it.',
  })
  readonly redistributionTerritories?: string[] | null;

  @Field(() => [RenditionInput], { description: 'Its files, one at least and one for each ratio and width.' })
  readonly renditions: RenditionInput[];

  @Field(() => [CreditInput], { defaultValue: [], description: 'Who took it: PHOTO and VIDEO.' })
  readonly credits: CreditInput[];
}

@InputType({ description: 'What an edition says about a picture, whole.' })
class SaveImageWordingInput {
  @Field({ description: 'Code of the picture.' })
  readonly image: string;

  @Field(() => EditionCode, { description: 'The edition.' })
  readonly edition: string;

  @Field(() => Int, { description: 'The version of this wording that was seen; 0 when there is none yet.' })
  readonly expectedVersion: number;

  @Field({ description: 'What the picture shows, for those who do not see it, at most 1,000 characters.' })
  readonly alt: string;

  @Field(() => String, { nullable: true, description: 'The caption, at most 2,000 characters.' })
  readonly caption?: string | null;

  @Field(() => String, keyField)
  readonly idempotencyKey?: string | null;
}

const ImageResult = createUnionType({
  name: 'ImageResult',
  description: 'A picture as it stands after a mutation, or why nothing was changed; ask for one of the two `code`s under another name.',
  types: () => [RegistryImage, Problem] as const,
});

/** Desks may send back what they were shown: a file of the gateway's own with its whole address, however its host is written. */
function storedAddress(url: string, publicUrl: string): string {
  const [given, own] = [URL.parse(url), new URL(publicUrl)];
  const above = own.pathname.replace(/\/$/u, '');
  const isOwn = given?.host === own.host && given.pathname.startsWith(`${above}/media/`);
  // With a query or a fragment it is no name of a file, and refused as that.
  return isOwn ? given.href.slice(given.origin.length + above.length) : url;
}

@Resolver()
export class ImageRegistryResolver {
  @Query(() => RegistryImage, {
    nullable: true,
    description:
      'One picture by its code with the words of all editions, shown anywhere or not. For desks and operators; of one that was taken back only operators and CHIEFs are given words and files.',
  })
  async registryImage(
    @Arg('code', () => String, { description: 'The code.' }) code: string,
    @Ctx() context: RegistryContext,
  ): Promise<RegistryImage | null> {
    mustBeInside(context.caller);
    const { manager } = context.read;
    const image = await keptRow(manager, Image, { code });
    if (!image) return null;
    const registry = await context.editions();
    const credits = (await presentCredits(manager, { imageCode: code })).map(partyOfRow);
    const isHeldBack = image.retractedAt !== null && !may(context.caller, 'READ_RETRACTED_IMAGE');
    const wordings = isHeldBack ? [] : await wordingsOf(manager, code);
    return Object.assign(new RegistryImage(), {
      ...image,
      renditions: isHeldBack ? [] : await renditionsOf(manager, code),
      credits: await creditedParties(credits, context.load),
      wordings: wordings.map(({ editionCode, ...words }) => ({ ...words, edition: registry.of(editionCode) })),
    });
  }

  @Mutation(() => ImageResult, {
    description:
      'Adds a picture to the registry, or changes it over the version seen; all of it is given but the words of editions. No reader sees one that nobody has worded; one that was taken back is changed by nobody. For EDITORs of any edition, and operators.',
  })
  saveImage(@Arg('input', () => SaveImageInput, { description: 'The picture.' }) input: SaveImageInput, @Ctx() context: RegistryContext) {
    return orProblem(async () => {
      mustBeInside(context.caller);
      const { expectedVersion, idempotencyKey, ...image } = input;
      const renditions = image.renditions.map((file) => ({ ...file, url: storedAddress(file.url, context.publicUrl) }));
      const given = { ...image, renditions, credits: creditsOfInput(image.credits, imageCredit) } as ImageValues;
      const { code } = await saveImage(context.write, { given, expectedVersion, idempotencyKey: checkedKey(idempotencyKey) });
      return this.registryImage(code, context);
    }, context.sayError);
  }

  @Mutation(() => ImageResult, {
    description: 'Words a picture for an edition, or changes its words over the version seen. For EDITORs of the edition.',
  })
  saveImageWording(
    @Arg('input', () => SaveImageWordingInput, { description: 'The words.' }) input: SaveImageWordingInput,
    @Ctx() context: RegistryContext,
  ) {
    return orProblem(async () => {
      const { image, edition, alt, caption = null, expectedVersion } = input;
      const request = { image, edition, given: { alt, caption }, expectedVersion, idempotencyKey: checkedKey(input.idempotencyKey) };
      const { code } = await saveImageWording(context.write, request);
      return this.registryImage(code, context);
    }, context.sayError);
  }
}
