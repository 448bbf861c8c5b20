import { ObjectType } from 'type-graphql';
import { Entity } from 'typeorm';
import { Node } from '../lib/node.js';
import { Named } from './named.js';

@Entity()
@ObjectType({ implements: Node, description: 'Where a story happens.' })
export class Place extends Named implements Node {
  get id(): string {
    return `place:${this.code}`;
  }
}
