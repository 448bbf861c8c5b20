import { ObjectType } from 'type-graphql';
import { Entity } from 'typeorm';
import { Node } from '../lib/node.js';
import { Named } from './named.js';

@Entity()
@ObjectType({ implements: Node, description: 'What a story is about, as desks sort stories.' })
export class Topic extends Named implements Node {
  get id(): string {
    return `topic:${this.code}`;
  }
}
