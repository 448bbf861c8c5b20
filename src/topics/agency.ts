import { ObjectType } from 'type-graphql';
import { Entity } from 'typeorm';
import { Node } from '../lib/node.js';
import { Named } from './named.js';

@Entity()
@ObjectType({ implements: Node, description: 'A news agency whose copy or pictures are used.' })
export class Agency extends Named implements Node {
  get id(): string {
    return `agency:${this.code}`;
  }
}
