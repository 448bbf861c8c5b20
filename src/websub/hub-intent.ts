import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { HubTopicRow } from './hub-topic.js';
import type { HubAlgorithm } from './signature.js';

/** What somebody has asked for, of which the subscriber itself has not said yet that it wants it; or that it is denied. */
@Entity('hub_intent')
@Check('hub_intent_mode_check', `mode in ('subscribe', 'unsubscribe', 'denied')`)
@Check('hub_intent_algorithm_check', `algorithm in ('sha1', 'sha256', 'sha384', 'sha512')`)
@Unique(['topicPath', 'callback'])
@Index('hub_intent_due', { synchronize: false })
@Index('hub_intent_host', { synchronize: false })
@Index('hub_intent_asked_by', { synchronize: false })
export class HubIntentRow {
  @PrimaryColumn('uuid')
  readonly uuid: string;

  @Column('text')
  @ForeignKey(() => HubTopicRow)
  readonly topicPath: string;

  @Column('text')
  readonly callback: string;

  @Column('text')
  readonly callbackHost: string;

  @Column('text')
  readonly mode: 'subscribe' | 'unsubscribe' | 'denied';

  /** Sealed, for this subscription alone; null for none. */
  @Column('text', { nullable: true })
  readonly secret: string | null;

  @Column('text')
  readonly algorithm: HubAlgorithm;

  @Column('int')
  readonly grantedSeconds: number;

  /** A partner, or the address of who asked. */
  @Column('text')
  readonly askedBy: string;

  /** Why it is denied. */
  @Column('text', { nullable: true })
  readonly reason: string | null;

  @Column({ type: 'timestamptz', precision: 3 })
  readonly createdAt: Date;

  @Column({ type: 'timestamptz', precision: 3 })
  readonly nextAt: Date;

  /** A process is at it until then. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly claimedUntil: Date | null;

  @Column('int', { default: 0 })
  readonly attempts: number;
}
