import { Field, ID, InterfaceType } from 'type-graphql';

/** Anything with an identity that a client may keep and ask for again (Relay's Global Object Identification). */
@InterfaceType({ description: 'Anything with a lasting identity. A client may store the id and ask for the object again by `node`.' })
export abstract class Node {
  @Field(() => ID, { description: 'Lasting id: a URN for stories and their editions, `type:code` for everything else.' })
  readonly id: string;
}
