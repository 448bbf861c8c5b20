import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Roles } from './role.js';

/** A key of a desk or an operator; the key itself is shown once and kept nowhere. */
@Entity()
export class ApiKey {
  @PrimaryColumn('uuid')
  readonly uuid: string;

  /** Whose it is, as the audit names it. */
  @Column('text')
  readonly name: string;

  /** HMAC-SHA-256 of the key under KEY_SECRET, hex. */
  @Column('text', { unique: true })
  readonly hash: string;

  /** The last four characters, to tell keys apart. */
  @Column('text')
  readonly ending: string;

  /** Whether it is for development only. */
  @Column('boolean')
  readonly test: boolean;

  @Column('boolean')
  readonly operator: boolean;

  @Column('jsonb')
  readonly roles: Roles;

  @Column({ type: 'timestamptz', precision: 3 })
  readonly createdAt: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly expiresAt: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly revokedAt: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly lastUsedAt: Date | null;
}
