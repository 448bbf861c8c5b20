import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Edition } from '../editions/edition.js';
import { Partner } from '../rights/partner.js';
import { Topic } from '../topics/topic.js';

/** A feed that somebody subscribes to, or has asked to: one for each edition, topic, format and reader. */
@Entity('hub_topic')
@Index('hub_topic_due', { synchronize: false })
export class HubTopicRow {
  /** Of its address, with its query, below the gateway's own. */
  @PrimaryColumn('text')
  readonly path: string;

  @Column('text')
  @ForeignKey(() => Edition)
  readonly editionCode: string;

  @Column('text', { nullable: true })
  @ForeignKey(() => Topic)
  readonly topicCode: string | null;

  @Column('text')
  readonly extension: string;

  /** Whose own feed it is. */
  @Column('text', { nullable: true })
  @ForeignKey(() => Partner)
  readonly partnerCode: string | null;

  /** Of what it was when it was last looked at. */
  @Column('text', { nullable: true })
  readonly etag: string | null;

  /** When that was, by the clock of the database. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly lookedAt: Date | null;

  /** When it is to be looked at; null while nothing has happened. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly dueAt: Date | null;
}
