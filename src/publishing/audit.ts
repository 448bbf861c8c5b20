import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** Who did what, when; never changed, never deleted. */
@Entity('audit')
@Index('audit_at', { synchronize: false })
@Index('audit_article', { synchronize: false })
@Index('audit_edition', { synchronize: false })
@Index('audit_home', { synchronize: false })
@Index('audit_caller', { synchronize: false })
@Index('audit_action', { synchronize: false })
export class AuditRow {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  readonly id: string;

  @Column({ type: 'timestamptz', precision: 3 })
  readonly at: Date;

  /** As colleagues knew them. */
  @Column('text')
  readonly caller: string;

  /** Their lasting id, or `cli` or `start`; null for what was written before it was kept. */
  @Column('text', { nullable: true })
  readonly callerId: string | null;

  @Column('text')
  readonly action: string;

  @Column('uuid', { nullable: true })
  readonly articleUuid: string | null;

  @Column('text', { nullable: true })
  readonly editionCode: string | null;

  /** The story's home edition: its CHIEFs see all that is done with the story. */
  @Column('text', { nullable: true })
  readonly homeEditionCode: string | null;

  /** Null for a command. */
  @Column('text', { nullable: true })
  readonly requestId: string | null;

  @Column('jsonb')
  readonly detail: Record<string, unknown>;
}

/** The answer to a mutation, kept for a week, so that the same key asks for the same thing only once. */
@Entity('idempotency')
@Index('idempotency_at', { synchronize: false })
export class IdempotencyRow {
  @PrimaryColumn('text')
  readonly caller: string;

  @PrimaryColumn('text')
  readonly key: string;

  /** What was asked: the same key for something else is refused. */
  @Column('text')
  readonly request: string;

  @Column('jsonb')
  readonly answer: Record<string, unknown>;

  @Column({ type: 'timestamptz', precision: 3 })
  readonly at: Date;
}
