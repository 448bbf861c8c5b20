import { Field, InputType, Int } from 'type-graphql';
import { keyField } from '../publishing/idempotency-key.js';

/** What the input of every mutation of the registry begins with. */
@InputType({ description: 'What a mutation of the registry is given.' })
export abstract class SaveInput {
  @Field({ description: 'Its code: lower-case letters, digits and hyphens; stable.' })
  readonly code: string;

  @Field(() => Int, { description: 'The version seen; 0 when it is not there yet.' })
  readonly expectedVersion: number;

  @Field(() => String, keyField)
  readonly idempotencyKey?: string | null;
}
