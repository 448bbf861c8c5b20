import { Field, Float, ObjectType } from 'type-graphql';
import { Direction, type Edition } from '../editions/edition.js';
import { LanguageTag } from '../lib/scalars.js';
import { ImageRendition } from './image.js';

/** A picture with the words of one edition; without an id, because its words differ by edition. */
@ObjectType({
  description: 'A picture with one edition’s words. It has no id on purpose: the same picture has other words in another edition.',
})
export class Image {
  readonly code: string;
  readonly edition: Edition;

  @Field({ description: 'What the picture shows, for those who do not see it.' })
  readonly alt: string;

  @Field(() => String, { nullable: true, description: 'The caption.' })
  readonly caption: string | null;

  @Field(() => LanguageTag, {
    description:
      'The language of alt text and caption: that of the text it stands with, or of the original where that edition has not worded it.',
  })
  readonly lang: string;

  @Field(() => Direction, { description: 'The direction of alt text and caption.' })
  readonly direction: Direction;

  @Field(() => Float, { description: 'The point to keep when cropping: share of the width, 0 to 1 from the left.' })
  readonly focalX: number;

  @Field(() => Float, { description: 'The point to keep when cropping: share of the height, 0 to 1 from the top.' })
  readonly focalY: number;

  @Field(() => [ImageRendition], { description: 'Its files, widest first.' })
  readonly renditions: readonly ImageRendition[];
}
