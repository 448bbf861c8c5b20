import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Edition } from '../editions/edition.js';
import { Partner } from '../rights/partner.js';

export enum EndpointState {
  ACTIVE = 'ACTIVE',
  PAUSED = 'PAUSED',
  DISABLED = 'DISABLED',
}

export enum PayloadShape {
  THIN = 'THIN',
  FULL = 'FULL',
  DOCUMENT = 'DOCUMENT',
}

/** An address at which a partner, or the desk of an edition, is told of what it has asked for. */
@Entity('endpoint')
@Check('endpoint_payload_check', `payload in ('THIN', 'FULL', 'DOCUMENT')`)
@Check('endpoint_state_check', `state in ('ACTIVE', 'PAUSED', 'DISABLED')`)
@Check('endpoint_disabled_because_check', `disabled_because in ('GONE', 'FAILING', 'DOCUMENT')`)
@Check('endpoint_owner_check', `(partner_code is null) <> (edition_code is null)`)
@Index('endpoint_partner', { synchronize: false })
@Index('endpoint_edition', { synchronize: false })
export class EndpointRow {
  @PrimaryColumn('uuid')
  readonly uuid: string;

  @Column('text', { nullable: true })
  @ForeignKey(() => Partner)
  readonly partnerCode: string | null;

  /** Of whose desk it is. */
  @Column('text', { nullable: true })
  @ForeignKey(() => Edition)
  readonly editionCode: string | null;

  @Column('text')
  readonly url: string;

  @Column('text')
  readonly description: string;

  /** Of `WebhookTopic`. */
  @Column('text', { array: true })
  readonly topics: string[];

  /** Of a partner: which editions; empty for all that it may have. */
  @Column('text', { array: true })
  readonly editions: string[];

  @Column('text')
  readonly payload: PayloadShape;

  /** FULL: extension of a feed format. */
  @Column('text', { nullable: true })
  readonly format: string | null;

  /** DOCUMENT: of GraphQL, and its variables. */
  @Column('text', { nullable: true })
  readonly document: string | null;

  @Column('jsonb', { nullable: true })
  readonly variables: Record<string, unknown> | null;

  /** Sealed by the gateway's secret, for the endpoint alone. */
  @Column('text')
  readonly secret: string;

  /** Signs too until its time has come. */
  @Column('text', { nullable: true })
  readonly formerSecret: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly formerSecretUntil: Date | null;

  @Column('text')
  readonly state: EndpointState;

  @Column('text', { nullable: true })
  readonly disabledBecause: 'GONE' | 'FAILING' | 'DOCUMENT' | null;

  /** How many deliveries are under way to it at most. */
  @Column('int')
  readonly concurrency: number;

  /** Since when nothing has been taken there; null while it takes what it is sent. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly failingSince: Date | null;

  /** It has asked to be left alone until then. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly notBefore: Date | null;

  @Column('bigint', { default: 0 })
  readonly lastSequence: string;

  @Column('int')
  readonly version: number;

  @Column({ type: 'timestamptz', precision: 3 })
  readonly createdAt: Date;
}
