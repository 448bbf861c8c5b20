import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Partner } from '../rights/partner.js';
import type { Roles } from './role.js';

/** A key of a desk, a partner or an operator; the key itself is shown once and kept nowhere. */
@Entity()
@Check('api_key_partner_check', `partner_code is null or (not operator and roles = '{}')`)
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

  /** Whose it is where it is a partner’s: then it has no roles. */
  @Column('text', { nullable: true })
  @ForeignKey(() => Partner)
  readonly partnerCode: string | null;

  @Column({ type: 'timestamptz', precision: 3 })
  readonly createdAt: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly expiresAt: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly revokedAt: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly lastUsedAt: Date | null;
}
