import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Partner } from '../rights/partner.js';
import type { HoldingChannel } from './hold.js';

/** A revision of a text that a partner was given by one channel, once or often. */
@Entity('holding')
@Check('holding_channel_check', `channel in ('FEED', 'ITEM', 'GRAPHQL', 'SUBSCRIPTION', 'WEBHOOK', 'WEBSUB')`)
@Index('holding_text', { synchronize: false })
@Index('holding_followed', { synchronize: false })
export class HoldingRow {
  @PrimaryColumn('text')
  @ForeignKey(() => Partner)
  readonly partnerCode: string;

  @PrimaryColumn('uuid')
  readonly articleUuid: string;

  @PrimaryColumn('text')
  readonly editionCode: string;

  @PrimaryColumn('int')
  readonly revision: number;

  @PrimaryColumn('text')
  readonly channel: HoldingChannel;

  @Column({ type: 'timestamptz', precision: 3 })
  readonly firstAt: Date;

  @Column({ type: 'timestamptz', precision: 3 })
  readonly lastAt: Date;

  /** The notices that came with it the last time: the version of each by its code. */
  @Column('jsonb')
  readonly notices: Readonly<Record<string, number>>;
}
