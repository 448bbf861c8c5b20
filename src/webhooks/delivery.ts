import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { Level } from '../rights/access.js';
import { EndpointRow } from './endpoint.js';

export enum DeliveryState {
  PENDING = 'PENDING',
  DELIVERED = 'DELIVERED',
  FAILED = 'FAILED',
  SUPERSEDED = 'SUPERSEDED',
  NOTHING = 'NOTHING',
}

/** What a body tells of a text: null as a revision says that it is gone. */
export interface DeliveredText {
  articleUuid: string;
  editionCode: string;
  revision: number | null;
  /** Where the text itself is in the body: what the partner could have of it, and the notices that it carries. */
  given?: GivenParts;
}

/** What a partner was given of a text. */
export interface GivenParts {
  level: Level;
  images: boolean;
  territories: readonly string[];
  /** What was left out: `part`, or of pictures and videos `part:which`. */
  omitted: readonly string[];
  notices: readonly { code: string; version: number }[];
}

/** One message to one endpoint, from the event that it is of until it is settled, however often it is tried. */
@Entity('delivery')
@Check('delivery_state_check', `state in ('PENDING', 'DELIVERED', 'FAILED', 'SUPERSEDED', 'NOTHING')`)
@Unique(['endpointUuid', 'messageId'])
@Index('delivery_due', { synchronize: false })
@Index('delivery_order', { synchronize: false })
@Index('delivery_endpoint', { synchronize: false })
@Index('delivery_created', { synchronize: false })
@Index('delivery_next', { synchronize: false })
@Index('delivery_claimed', { synchronize: false })
export class DeliveryRow {
  /** In the order of the log: of one endpoint and story the next is sent when those before it are settled. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  readonly id: string;

  @Column('uuid')
  @ForeignKey(() => EndpointRow, { onDelete: 'CASCADE' })
  readonly endpointUuid: string;

  /** `webhook-id`: that of the event, the same over repeats and replays. */
  @Column('text')
  readonly messageId: string;

  /** Null for a test. */
  @Column('bigint', { nullable: true })
  readonly eventSeq: string | null;

  @Column('uuid', { nullable: true })
  readonly articleUuid: string | null;

  @Column('text')
  readonly topic: string;

  /** Of the endpoint, from 1, without gaps: in the order in which messages were made. */
  @Column('bigint')
  readonly sequence: string;

  @Column('text')
  readonly state: DeliveryState;

  @Column('int', { default: 0 })
  readonly attempts: number;

  @Column({ type: 'timestamptz', precision: 3 })
  readonly nextAt: Date;

  /** A process is at it until then. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly claimedUntil: Date | null;

  /** From the first attempt until it is settled: what is repeated is the same bytes. */
  @Column('bytea', { nullable: true })
  readonly body: Buffer | null;

  @Column('text', { nullable: true })
  readonly contentType: string | null;

  /** What the body tells, of which rights are asked again before every attempt. */
  @Column('jsonb', { nullable: true })
  readonly texts: DeliveredText[] | null;

  /** When the body was written, by what was known then. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly writtenAt: Date | null;

  @Column({ type: 'timestamptz', precision: 3 })
  readonly createdAt: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly settledAt: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly lastAttemptAt: Date | null;

  /** Of HTTP; null where there was no answer. */
  @Column('int', { nullable: true })
  readonly lastStatus: number | null;

  /** Why there was none. */
  @Column('text', { nullable: true })
  readonly lastError: string | null;

  /** The first 2,048 bytes of the last answer's body, as text. */
  @Column('text', { nullable: true })
  readonly lastAnswer: string | null;

  @Column('int', { nullable: true })
  readonly lastLatencyMs: number | null;
}
