import { createHash } from 'node:crypto';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Bundle } from './wording.js';

/** The wording of a language from one start of the gateway on: what its folder of `locales` held. */
@Entity()
export class WordingVersion {
  /** The folder. */
  @PrimaryColumn('text')
  readonly tag: string;

  @PrimaryColumn({ type: 'timestamptz', precision: 3 })
  readonly since: Date;

  /** SHA-256 of the bundle, hex. */
  @Column('text')
  readonly hash: string;

  /** The folder's files by their names without `.json`. */
  @Column('jsonb')
  readonly bundle: Bundle;
}

/** SHA-256 of what a folder holds, hex. */
export const hashOf = (bundle: Bundle): string => createHash('sha256').update(JSON.stringify(bundle)).digest('hex');
