import { Field, ObjectType } from 'type-graphql';
import { Column, PrimaryColumn } from 'typeorm';
import { Direction } from '../editions/edition.js';
import { Kept } from '../lib/kept.js';
import { LanguageTag } from '../lib/scalars.js';

/** A row known by a code, with names by canonical language tag; `language` is the tag of the name that always exists. */
@ObjectType()
export abstract class Named extends Kept {
  @PrimaryColumn('text')
  @Field({ description: 'Stable code.' })
  readonly code: string;

  @Column('text')
  readonly language: string;

  @Column('jsonb')
  readonly names: Record<string, string>;
}

/** A name together with the language it is in: where an edition's language has none, the fallback shows. */
@ObjectType({
  description: 'A name with the language it is written in; that language differs from the one asked for where no name exists there.',
})
export class Name {
  @Field({ description: 'The name.' })
  readonly text: string;

  @Field(() => LanguageTag, { description: 'The language it is written in.' })
  readonly lang: string;

  @Field(() => Direction, { description: 'The direction it is written in.' })
  readonly direction: Direction;
}
