import { ObjectType } from 'type-graphql';
import { Entity } from 'typeorm';
import { Node } from '../lib/node.js';
import { Named } from './named.js';

@Entity()
@ObjectType({ implements: Node, description: 'Somebody who figures in a story or made it.' })
export class Person extends Named implements Node {
  get id(): string {
    return `person:${this.code}`;
  }
}
