import { registerEnumType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Edition } from '../editions/edition.js';
import { Agency } from '../topics/agency.js';
import { Person } from '../topics/person.js';

export enum CreditRole {
  AUTHOR = 'AUTHOR',
  TRANSLATOR = 'TRANSLATOR',
  EDITOR = 'EDITOR',
  PHOTO = 'PHOTO',
  VIDEO = 'VIDEO',
  WIRE = 'WIRE',
}
registerEnumType(CreditRole, {
  name: 'CreditRole',
  description: 'What a party did.',
  valuesConfig: {
    AUTHOR: { description: 'Wrote the story.' },
    TRANSLATOR: { description: 'Translated it into this edition.' },
    EDITOR: { description: 'Edited it.' },
    PHOTO: { description: 'Took or drew the picture.' },
    VIDEO: { description: 'Shot the video.' },
    WIRE: { description: 'A news agency whose copy was used.' },
  },
});

export enum CreditScope {
  STORY = 'STORY',
  TRANSLATION = 'TRANSLATION',
  IMAGE = 'IMAGE',
}
registerEnumType(CreditScope, {
  name: 'CreditScope',
  description: 'What a credit is for.',
  valuesConfig: {
    STORY: { description: 'The story in every edition.' },
    TRANSLATION: { description: 'One edition of it.' },
    IMAGE: { description: 'A picture, wherever it is shown.' },
  },
});

/** A party in a role. What it is for follows from which ids it has. */
@Entity('credit')
@Check('credit_role_check', `role in ('AUTHOR', 'TRANSLATOR', 'EDITOR', 'PHOTO', 'VIDEO', 'WIRE')`)
@Check('credit_party_check', '(person_code is null) <> (agency_code is null)')
@Check(
  'credit_scope_check',
  '(image_code is not null and article_uuid is null and edition_code is null) or (image_code is null and article_uuid is not null)',
)
@Index('credit_article', { synchronize: false })
@Index('credit_image', { synchronize: false })
export class CreditRow {
  @PrimaryColumn('uuid')
  readonly uuid: string;

  // By name, because these slices come after this one in the order of imports.
  @Column('uuid', { nullable: true })
  @ForeignKey('Article')
  readonly articleUuid: string | null;

  @Column('text', { nullable: true })
  @ForeignKey(() => Edition)
  readonly editionCode: string | null;

  @Column('text', { nullable: true })
  @ForeignKey('Image')
  readonly imageCode: string | null;

  @Column('text')
  readonly role: CreditRole;

  @Column('text', { nullable: true })
  @ForeignKey(() => Person)
  readonly personCode: string | null;

  @Column('text', { nullable: true })
  @ForeignKey(() => Agency)
  readonly agencyCode: string | null;

  @Column('smallint')
  readonly position: number;

  /** From when; null: from the beginning. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true, select: false })
  readonly since?: Date | null;

  /** Until when another took its place; null while it holds. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true, select: false })
  readonly until?: Date | null;
}
