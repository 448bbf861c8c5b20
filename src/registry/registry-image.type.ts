import { Field, Float, Int, ObjectType } from 'type-graphql';
import { CreditedParty } from '../credits/credited-party.type.js';
import { Edition } from '../editions/edition.js';
import { ImageRendition } from '../images/image.js';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { Territory } from '../lib/scalars.js';
import { Redistribution } from '../rights/redistribution.js';

@ObjectType({ description: 'What an edition says about a picture.' })
export class ImageWordingOfEdition {
  @Field(() => Edition, { description: 'The edition.' })
  readonly edition: Edition;

  @Field(() => Int, { description: 'Grows by one with every change, from 1; give it as `expectedVersion`.' })
  readonly version: number;

  @Field({ description: 'What the picture shows, for those who do not see it.' })
  readonly alt: string;

  @Field(() => String, { nullable: true, description: 'The caption.' })
  readonly caption: string | null;
}

@ObjectType({ description: 'A picture as the registry has it, with the words of all editions. Desks and operators only.' })
export class RegistryImage {
  @Field({ description: 'Its code.' })
  readonly code: string;

  @Field(() => Int, { description: 'Grows by one with every change of what is no edition’s, from 1; give it as `expectedVersion`.' })
  readonly version: number;

  @Field(() => Float, { description: 'The point to keep when cropping: share of the width, 0 to 1 from the left.' })
  readonly focalX: number;

  @Field(() => Float, { description: 'The point to keep when cropping: share of the height, 0 to 1 from the top.' })
  readonly focalY: number;

  @Field(() => Redistribution, { description: 'To whom it may be passed on.' })
  readonly redistribution: Redistribution;

  @Field(() => [Territory], { description: 'Where; empty: everywhere.' })
  readonly redistributionTerritories: string[];

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Since when it is taken back; null while it may be shown.' })
  readonly retractedAt: Date | null;

  @Field(() => [ImageRendition], { description: 'Its files, widest first; while it is taken back, for operators and CHIEFs alone.' })
  readonly renditions: ImageRendition[];

  @Field(() => [CreditedParty], { description: 'Who took it, in the desk’s order.' })
  readonly credits: CreditedParty[];

  @Field(() => [ImageWordingOfEdition], {
    description: 'What editions say about it, ordered by edition code; while it is taken back, for operators and CHIEFs alone.',
  })
  readonly wordings: ImageWordingOfEdition[];
}
