import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Edition } from '../editions/edition.js';
import { Kept } from '../lib/kept.js';
import { Redistribution } from '../rights/redistribution.js';

export enum AspectRatio {
  RATIO_16X9 = 'RATIO_16X9',
  RATIO_4X3 = 'RATIO_4X3',
  RATIO_3X2 = 'RATIO_3X2',
  RATIO_1X1 = 'RATIO_1X1',
  RATIO_9X16 = 'RATIO_9X16',
}
registerEnumType(AspectRatio, {
  name: 'AspectRatio',
  description: 'Width to height of a rendition.',
  valuesConfig: {
    RATIO_16X9: { description: '16:9, the wide lead picture.' },
    RATIO_4X3: { description: '4:3.' },
    RATIO_3X2: { description: '3:2, the ratio of most cameras.' },
    RATIO_1X1: { description: 'Square.' },
    RATIO_9X16: { description: '9:16, upright.' },
  },
});

/** A picture; its words belong to editions, its files are renditions. */
@Entity('image')
@Check('image_focal_check', 'focal_x between 0 and 1 and focal_y between 0 and 1')
@Check('image_redistribution_check', `redistribution in ('FREE', 'ENTITLED', 'NONE')`)
export class Image extends Kept {
  @PrimaryColumn('text')
  readonly code: string;

  @Column('double precision')
  readonly focalX: number;

  @Column('double precision')
  readonly focalY: number;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly retractedAt: Date | null;

  /** To whom it may be passed on. */
  @Column('text', { select: false })
  readonly redistribution: Redistribution;

  /** Where; empty: everywhere. */
  @Column('text', { array: true, select: false })
  readonly redistributionTerritories: string[];
}

/** One file of a picture. */
@Entity()
@Index('image_rendition_url', { synchronize: false })
@Check('image_rendition_ratio_check', `ratio in ('RATIO_16X9', 'RATIO_4X3', 'RATIO_3X2', 'RATIO_1X1', 'RATIO_9X16')`)
@ObjectType('Rendition', { description: 'One file of a picture, cropped to a ratio.' })
export class ImageRendition {
  @PrimaryColumn('text')
  @ForeignKey(() => Image)
  readonly imageCode: string;

  @PrimaryColumn('text')
  @Field(() => AspectRatio, { description: 'Width to height.' })
  readonly ratio: AspectRatio;

  @PrimaryColumn('int')
  @Field(() => Int, { description: 'Pixels.' })
  readonly width: number;

  @Column('int')
  @Field(() => Int, { description: 'Pixels.' })
  readonly height: number;

  /** Absolute, or a path on the gateway (`/media/…`). */
  @Column('text')
  readonly url: string;

  @Column('text')
  @Field({ description: 'Media type, such as `image/jpeg`.' })
  readonly contentType: string;
}

/** A file that a picture had before: the database writes it down when its row changes or goes. */
@Entity()
export class FormerFile {
  @PrimaryColumn('text')
  readonly url: string;

  @PrimaryColumn('text')
  @ForeignKey(() => Image)
  readonly imageCode: string;
}

/** What an edition says about a picture. */
@Entity()
export class ImageWording extends Kept {
  @PrimaryColumn('text')
  @ForeignKey(() => Image)
  readonly imageCode: string;

  @PrimaryColumn('text')
  @ForeignKey(() => Edition)
  readonly editionCode: string;

  @Column('text')
  readonly alt: string;

  @Column('text', { nullable: true })
  readonly caption: string | null;
}
