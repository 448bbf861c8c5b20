import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { PageInfo } from '../lib/relay.js';
import { EditionCode } from '../lib/scalars.js';

@ObjectType({ description: 'Who did what, and when. Entries are never changed and never deleted.' })
export class AuditEntry {
  @Field(() => GraphQLDateTimeISO, { description: 'When.' })
  readonly at: Date;

  @Field({ description: 'Who, as colleagues knew them then; `cli` for a command and `start` for a start of the gateway.' })
  readonly caller: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Their lasting id, `key:` with the uuid of a key or `oidc:` with the subject of a token; null for entries from before it was kept.',
  })
  readonly callerId: string | null;

  @Field({
    description:
      'What, by a stable name: of a mutation such as PUBLISH, CORRECT or RETRACT_STORY, or KEY_CREATED, KEY_REVOKED, SEEDED, IMPORTED. There will be more.',
  })
  readonly action: string;

  @Field(() => ID, { nullable: true, description: 'URN of the story.' })
  readonly articleId: string | null;

  @Field(() => EditionCode, { nullable: true, description: 'The edition; null for the whole story, or for none.' })
  readonly editionCode: string | null;

  @Field(() => String, { nullable: true, description: 'The `x-request-id` of the request, as the logs have it; null for a command.' })
  readonly requestId: string | null;

  @Field(() => GraphQLJSONObject, { description: 'What came of it: names and numbers, for people to read. Its shape may change.' })
  readonly detail: Record<string, unknown>;
}

@ObjectType({ description: 'An entry with its place.' })
export class AuditEdge {
  @Field({ description: 'Opaque place in the audit, for `after` and `before`.' })
  readonly cursor: string;

  @Field(() => AuditEntry, { description: 'The entry.' })
  readonly node: AuditEntry;
}

@ObjectType({ description: 'A page of the audit, newest first (Relay).' })
export class AuditConnection {
  @Field(() => [AuditEdge], { description: 'The entries of the page.' })
  readonly edges: AuditEdge[];

  @Field(() => PageInfo, { description: 'Where the page stands in the audit.' })
  readonly pageInfo: PageInfo;
}

@InputType({ description: 'Which entries: every condition given must hold.' })
export class AuditFilter {
  @Field(() => ID, { nullable: true, description: 'URN of a story.' })
  readonly article?: string | null;

  @Field(() => EditionCode, { nullable: true, description: 'What was done in an edition.' })
  readonly edition?: string | null;

  @Field(() => String, { nullable: true, description: 'A caller, by `callerId`.' })
  readonly caller?: string | null;

  @Field(() => String, { nullable: true, description: 'An action, by its name.' })
  readonly action?: string | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'From this time on.' })
  readonly from?: Date | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Before this time.' })
  readonly until?: Date | null;
}
