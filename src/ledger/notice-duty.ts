import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Partner } from '../rights/partner.js';

/** A version of a notice that must be carried, of which a partner that holds texts with an earlier one was told. */
@Entity('notice_duty')
@Index('notice_duty_open', { synchronize: false })
export class NoticeDutyRow {
  @PrimaryColumn('text')
  @ForeignKey(() => Partner)
  readonly partnerCode: string;

  @PrimaryColumn('text')
  readonly noticeCode: string;

  @PrimaryColumn('int')
  readonly noticeVersion: number;

  @Column({ type: 'timestamptz', precision: 3 })
  readonly toldAt: Date;

  /** When the partner said that its readers see this version, or a later one; null: it is out of compliance. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  readonly acknowledgedAt: Date | null;

  @Column('text', { nullable: true })
  readonly acknowledgedBy: string | null;
}
