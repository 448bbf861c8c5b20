import { registerEnumType } from 'type-graphql';
import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

export enum EventKind {
  PUBLISHED = 'PUBLISHED',
  REVISED = 'REVISED',
  CONFIRMED = 'CONFIRMED',
  OBLIGATION_OPENED = 'OBLIGATION_OPENED',
  OBLIGATION_SETTLED = 'OBLIGATION_SETTLED',
  OBLIGATION_CANCELLED = 'OBLIGATION_CANCELLED',
  STORY_CHANGED = 'STORY_CHANGED',
  RETRACTED = 'RETRACTED',
  RESTORED = 'RESTORED',
  EMBARGO_SET = 'EMBARGO_SET',
  EMBARGO_LIFTED = 'EMBARGO_LIFTED',
  EXPIRY_SET = 'EXPIRY_SET',
  EXPIRED = 'EXPIRED',
  CLAIMED = 'CLAIMED',
  CLAIM_ENDED = 'CLAIM_ENDED',
  REGISTRY_CHANGED = 'REGISTRY_CHANGED',
  ENTITLEMENTS_CHANGED = 'ENTITLEMENTS_CHANGED',
  NOTICE_STARTED = 'NOTICE_STARTED',
  NOTICE_ENDED = 'NOTICE_ENDED',
  NOTICE_CHANGED = 'NOTICE_CHANGED',
  TAKEDOWN_OPENED = 'TAKEDOWN_OPENED',
  TAKEDOWN_OVERDUE = 'TAKEDOWN_OVERDUE',
  TAKEDOWN_SETTLED = 'TAKEDOWN_SETTLED',
  OBLIGATION_OVERDUE = 'OBLIGATION_OVERDUE',
  CLAIM_EXPIRING = 'CLAIM_EXPIRING',
}
registerEnumType(EventKind, {
  name: 'EventKind',
  description: 'What happened.',
  valuesConfig: {
    PUBLISHED: { description: 'An edition published its text for the first time.' },
    REVISED: { description: 'An edition published one more revision.' },
    CONFIRMED: { description: 'An edition’s editors found their text still accurate although a source had changed.' },
    OBLIGATION_OPENED: { description: 'A source was corrected: an edition made from it owes its readers an update.' },
    OBLIGATION_SETTLED: {
      description: 'An edition took over a correction, or confirmed that its text stands; or the correction itself was taken back.',
    },
    OBLIGATION_CANCELLED: {
      description: 'An edition owes nobody an update any more: its text was taken back or came to its end. Shown again, it owes it anew.',
    },
    STORY_CHANGED: {
      description: 'What holds for a story in all editions was changed: its form, urgency, what it names, its lead picture or its credits.',
    },
    RETRACTED: { description: 'A story, an edition of it, a revision or a picture was taken back; `scope` says which.' },
    RESTORED: { description: 'What had been taken back is back.' },
    EMBARGO_SET: { description: 'A story was put under embargo, or its embargo was moved or lifted early.' },
    EMBARGO_LIFTED: { description: 'An embargo ended by its time.' },
    EXPIRY_SET: {
      description: 'An edition’s text was given an end, or its end was moved or taken away; one that had ended is shown again.',
    },
    EXPIRED: { description: 'An edition’s text came to its end and is not shown any more.' },
    CLAIMED: { description: 'Somebody took the translation into an edition upon them.' },
    CLAIM_ENDED: { description: 'A claim was given back or ran out, its text was published, or what it was on was taken back.' },
    REGISTRY_CHANGED: {
      description:
        'An edition, topic, person, place, agency, picture or notice of the registry was founded or changed; `registryId` says which.',
    },
    ENTITLEMENTS_CHANGED: {
      description:
        'What a partner may have was changed, also by an entitlement that begins or ends, or whether or how late it is told; `partner` says which.',
    },
    NOTICE_STARTED: { description: 'A notice came into effect.' },
    NOTICE_ENDED: { description: 'A notice went out of effect.' },
    NOTICE_CHANGED: {
      description:
        'A notice that must be carried was changed, and a partner holds texts that carry an earlier version of it; `partner` says which.',
    },
    TAKEDOWN_OPENED: { description: 'A partner must remove, or correct, what it holds of a story; `partner` and `takedown` say which.' },
    TAKEDOWN_OVERDUE: { description: 'A partner has not answered a take-down order in time.' },
    TAKEDOWN_SETTLED: { description: 'A partner has said what it did about a take-down order, or that it will do nothing.' },
    OBLIGATION_OVERDUE: { description: 'The time by which an edition owed its readers an update has passed.' },
    CLAIM_EXPIRING: { description: 'A claim will run out soon unless it is renewed.' },
  },
});

/** One fact of the publication log: what both the outbox and the log hold of it. */
abstract class EventFacts {
  /** The id every channel shows; consumers are idempotent by it. */
  @Column('uuid', { unique: true })
  readonly uuid: string;

  @Column('text')
  readonly kind: EventKind;

  @Column('uuid', { nullable: true })
  readonly articleUuid: string | null;

  @Column('text', { nullable: true })
  readonly editionCode: string | null;

  @Column('int', { nullable: true })
  readonly revision: number | null;

  @Column({ type: 'timestamptz', precision: 3 })
  readonly at: Date;

  @Column('jsonb')
  readonly data: Record<string, unknown>;
}

/** An event written in the transaction of what it tells, not numbered yet. */
@Entity('outbox')
export class OutboxRow extends EventFacts {
  /** In the order of writing; within one article that is the order of commits, because writers lock the article first. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  readonly id: string;

  /** The writing transaction (`pg_current_xact_id`). */
  @Column('bigint')
  readonly transaction: string;

  /** By the database's clock, where `at` may be long past: what the relay's lag is counted from. */
  @Column({ type: 'timestamptz', precision: 3, default: () => 'clock_timestamp()' })
  readonly writtenAt: Date;
}

/** An event of the log, by its gap-free number; never changed, never deleted. */
@Entity('event')
@Index('event_article', { synchronize: false })
@Index('event_edition', { synchronize: false })
@Index('event_at', { synchronize: false })
export class EventRow extends EventFacts {
  @PrimaryColumn('bigint')
  readonly seq: string;
}

/** How far a consumer of the log has come. */
@Entity('consumer')
export class ConsumerRow {
  @PrimaryColumn('text')
  readonly name: string;

  @Column('bigint')
  readonly settled: string;
}

/** A moment at which something becomes true by itself: the scheduler makes an event of it. */
@Entity('timer')
@Index('timer_at', { synchronize: false })
export class TimerRow {
  @PrimaryColumn('text')
  readonly kind: TimerKind;

  /** What it is for: one timer of a kind for each. */
  @PrimaryColumn('text')
  readonly key: string;

  @Column({ type: 'timestamptz', precision: 3 })
  readonly at: Date;

  @Column('uuid', { nullable: true })
  readonly articleUuid: string | null;

  @Column('text', { nullable: true })
  readonly editionCode: string | null;
}

export type TimerKind =
  | ('PUBLICATION' | 'DRAFT' | 'EMBARGO' | 'EXPIRY' | 'CLAIM')
  | ('NOTICE_START' | 'NOTICE_END' | 'ENTITLEMENT_START' | 'ENTITLEMENT_END')
  | ('TAKEDOWN_DUE' | 'OBLIGATION_DUE' | 'CLAIM_WARNING');

/** What every cache must forget at once; read by visibility, not in the order of the log. */
@Entity('cache_drop')
@Index('cache_drop_purge', { synchronize: false })
export class CacheDropRow {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  readonly id: string;

  /** Null: everything. */
  @Column('uuid', { nullable: true })
  readonly articleUuid: string | null;

  @Column({ type: 'timestamptz', precision: 3 })
  readonly at: Date;

  /** When a cache outside is told next; null once it has been. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true, default: () => 'now()' })
  readonly purgeAt: Date | null;
}
