import { ObjectType } from 'type-graphql';
import { Check, Column, Entity } from 'typeorm';
import { Node } from '../lib/node.js';
import { Redistribution } from '../rights/redistribution.js';
import { Named } from './named.js';

@Entity()
@Check('agency_redistribution_check', `redistribution in ('FREE', 'ENTITLED', 'NONE')`)
@ObjectType({ implements: Node, description: 'A news agency whose copy or pictures are used.' })
export class Agency extends Named implements Node {
  /** To whom its copy and pictures may be passed on. */
  @Column('text', { select: false })
  readonly redistribution: Redistribution;

  /** Where; empty: everywhere. */
  @Column('text', { array: true, select: false })
  readonly redistributionTerritories: string[];

  get id(): string {
    return `agency:${this.code}`;
  }
}
