import { Field, Int, ObjectType } from 'type-graphql';
import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import { Kept } from '../lib/kept.js';

@ObjectType({ description: 'Somebody at a partner outlet.' })
export class PartnerContact {
  @Field({ description: 'Their name.' })
  readonly name: string;

  @Field({ description: 'Their address for mail.' })
  readonly email: string;

  @Field({ description: 'What they are to be asked about, in the operator’s words: `technical`, `legal`.' })
  readonly role: string;
}

/** An outlet of somebody else that takes stories over. */
@Entity()
@Check('partner_delay_check', 'delay_seconds between 0 and 604800')
@ObjectType({ description: 'An outlet of somebody else that takes stories over, under what it is entitled to.' })
export class Partner extends Kept {
  @PrimaryColumn('text')
  @Field({ description: 'Stable code.' })
  readonly code: string;

  @Column('text')
  @Field({ description: 'What it is called.' })
  readonly name: string;

  @Column('jsonb')
  @Field(() => [PartnerContact], { description: 'Whom to write to.' })
  readonly contacts: PartnerContact[];

  /** A horizon: the partner’s walk through the log ends before the first event younger than this. */
  @Column('int')
  @Field(() => Int, { description: 'How many seconds after everybody else it is told of anything; 0 for at once.' })
  readonly delaySeconds: number;

  @Column('boolean')
  @Field({ description: 'Whether its keys open the gateway.' })
  readonly active: boolean;
}
