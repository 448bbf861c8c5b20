import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { HubTopicRow } from './hub-topic.js';
import type { HubAlgorithm } from './signature.js';

/** What a subscriber has confirmed that it wants, until its lease ends. */
@Entity('hub_subscription')
@Check('hub_subscription_algorithm_check', `algorithm in ('sha1', 'sha256', 'sha384', 'sha512')`)
@Unique(['topicPath', 'callback'])
@Index('hub_subscription_due', { synchronize: false })
@Index('hub_subscription_lease', { synchronize: false })
@Index('hub_subscription_host', { synchronize: false })
export class HubSubscriptionRow {
  @PrimaryColumn('uuid')
  readonly uuid: string;

  @Column('text')
  @ForeignKey(() => HubTopicRow)
  readonly topicPath: string;

  @Column('text')
  readonly callback: string;

  @Column('text')
  readonly callbackHost: string;

  /** Sealed by the gateway's secret, for this subscription alone; null for none. */
  @Column('text', { nullable: true })
  readonly secret: string | null;

  @Column('text')
  readonly algorithm: HubAlgorithm;

  @Column({ type: 'timestamptz', precision: 3 })
  readonly leaseUntil: Date;

  @Column({ type: 'timestamptz', precision: 3 })
  readonly createdAt: Date;

  /** Of the content that it took last. */
  @Column('text', { nullable: true })
  readonly etag: string | null;

  /** When it is to be sent what is new; null while it has it. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly nextAt: Date | null;

  /** A process is at it until then. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly claimedUntil: Date | null;

  /** Of the present content. */
  @Column('int', { default: 0 })
  readonly attempts: number;

  /** Since when nothing has been taken there. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly failingSince: Date | null;

  /** Of HTTP; null where there was no answer. */
  @Column('int', { nullable: true })
  readonly lastStatus: number | null;

  /** Why there was none. */
  @Column('text', { nullable: true })
  readonly lastError: string | null;
}
