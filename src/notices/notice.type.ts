import { Field, Int, ObjectType } from 'type-graphql';
import { Direction } from '../editions/edition.js';
import { Image } from '../images/image.type.js';
import { LanguageTag, WebAddress } from '../lib/scalars.js';
import { NoticeKind, NoticePlacement } from './notice.js';

@ObjectType({ description: 'Where a notice leads.' })
export class NoticeLink {
  @Field(() => WebAddress, { description: 'The address.' })
  readonly url: string;

  @Field({ description: 'The words of the link, in the notice’s language.' })
  readonly text: string;
}

@ObjectType({ description: 'What the reader must know beside the text.' })
export class Notice {
  @Field({ description: 'Stable code of the notice.' })
  readonly code: string;

  @Field(() => NoticeKind, { description: 'Why the reader is told.' })
  readonly kind: NoticeKind;

  @Field(() => NoticePlacement, { description: 'Where on the page it belongs.' })
  readonly placement: NoticePlacement;

  @Field({ description: 'Whether whoever shows the text must show this too.' })
  readonly mustCarry: boolean;

  @Field(() => Int, { description: 'Grows whenever the notice changes; of a correction it is the number of the revision that corrected.' })
  readonly version: number;

  @Field({ description: 'The notice, worded.' })
  readonly text: string;

  @Field(() => LanguageTag, { description: 'The language it is worded in.' })
  readonly lang: string;

  @Field(() => Direction, { description: 'The direction it is written in.' })
  readonly direction: Direction;

  @Field(() => NoticeLink, { nullable: true, description: 'Where to read more.' })
  readonly link: NoticeLink | null;

  @Field(() => Image, { nullable: true, description: 'Its picture.' })
  readonly image: Image | null;
}
