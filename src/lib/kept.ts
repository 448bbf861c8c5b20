import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A row whose former versions the database keeps: a trigger counts and dates each change, and puts away what the row was before. A writer
 * says by `changedAt` when; both may be left out of a write. Reads leave them out too, but for those that ask.
 */
export abstract class Kept {
  /** Grows by one with every change, from 1. */
  @Column('int', { select: false })
  readonly version?: number;

  @Column({ type: 'timestamptz', precision: 3, select: false })
  readonly changedAt?: Date;
}

/** What a row of the registry was, before a change. */
@Entity()
export class FormerVersion {
  /** The table. */
  @PrimaryColumn('text')
  readonly kind: string;

  /** The row's primary key; of several columns, with a dot between them. */
  @PrimaryColumn('text')
  readonly key: string;

  @PrimaryColumn('int')
  readonly version: number;

  /** When the next version took its place. */
  @Column({ type: 'timestamptz', precision: 3 })
  readonly until: Date;

  /** All its columns, by their names in the database. */
  @Column('jsonb')
  readonly row: Record<string, unknown>;
}
