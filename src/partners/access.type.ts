import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { Territory } from '../lib/scalars.js';
import { ContentLevel } from '../rights/entitlement.js';
import { AccessReason, OmittedPart } from '../rights/omitted-part.type.js';

export enum AccessRule {
  PUBLISHED = 'PUBLISHED',
  NOT_RETRACTED = 'NOT_RETRACTED',
  NOT_EXPIRED = 'NOT_EXPIRED',
  ENTITLED = 'ENTITLED',
  VALID = 'VALID',
  EDITION = 'EDITION',
  KIND = 'KIND',
  TOPIC = 'TOPIC',
  MACHINE = 'MACHINE',
  EMBARGO = 'EMBARGO',
  DELAY = 'DELAY',
  AGENCY = 'AGENCY',
  TERRITORY = 'TERRITORY',
  LEVEL = 'LEVEL',
  IMAGE = 'IMAGE',
}
registerEnumType(AccessRule, {
  name: 'AccessRule',
  description: 'What is asked of a text, in this order: the first four of the text and the partner, the others under each entitlement.',
  valuesConfig: {
    PUBLISHED: { description: 'Is it published?' },
    NOT_RETRACTED: { description: 'Does it stand?' },
    NOT_EXPIRED: { description: 'Has it not come to its end?' },
    ENTITLED: { description: 'Has the partner any entitlement?' },
    VALID: { description: 'Has the entitlement begun, and not ended?' },
    EDITION: { description: 'Is it for the edition?' },
    KIND: { description: 'Is it for the form of the story?' },
    TOPIC: { description: 'Is it for a topic of the story?' },
    MACHINE: { description: 'Is it for who wrote the text?' },
    EMBARGO: { description: 'Is it for stories under embargo, where the story is?' },
    DELAY: {
      description: 'Has it been out for as long as the partner is told later than everybody else? Not asked of one that is told at once.',
    },
    AGENCY: { description: 'May copy of this agency be passed on, and does the entitlement not exclude it?' },
    TERRITORY: { description: 'May all of that copy be passed on to where the entitlement is for?' },
    LEVEL: { description: 'How much of the text it gives.' },
    IMAGE: { description: 'May this picture be passed on, and does the entitlement give it?' },
  },
});

@ObjectType({ description: 'What a partner may have of a text.' })
export class PartnerAccess {
  @Field({ description: 'Whether anything.' })
  readonly allowed: boolean;

  @Field(() => ContentLevel, { nullable: true, description: 'How much of the text; null for nothing.' })
  readonly level: ContentLevel | null;

  @Field({ description: 'Whether any pictures; not those in `omitted`.' })
  readonly images: boolean;

  @Field(() => [Territory], { description: 'Where it may show it; everywhere when empty.' })
  readonly territories: string[];

  @Field(() => [OmittedPart], { description: 'What it may not have of what it may have.' })
  readonly omitted: OmittedPart[];

  @Field(() => AccessReason, { description: 'Why; where several entitlements give nothing, of the one that came nearest.' })
  readonly reason: AccessReason;
}

@ObjectType({ description: 'One rule that was looked at.' })
export class AccessStep {
  @Field(() => AccessRule, { description: 'Which.' })
  readonly rule: AccessRule;

  @Field(() => ID, { nullable: true, description: 'Under which entitlement; null for the first four rules.' })
  readonly entitlement: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'For what: code of an edition or agency, name of a picture, form, level; null where the rule says it.',
  })
  readonly subject: string | null;

  @Field(() => AccessReason, {
    nullable: true,
    description: 'Why it failed; null: it passed. The other rules of an entitlement are not looked at then.',
  })
  readonly failed: AccessReason | null;

  @Field({ description: 'Whether it made the access what it is: it gave the most of the text, or came nearest to giving it. One step is.' })
  readonly deciding: boolean;
}

@ObjectType({ description: 'What a partner may have of a text, and how that came about.' })
export class AccessExplanation {
  @Field(() => PartnerAccess, { description: 'What it may have, while it is active.' })
  readonly access: PartnerAccess;

  @Field(() => [AccessStep], { description: 'Every rule that was looked at, in order.' })
  readonly trace: AccessStep[];
}

@ObjectType({ description: 'A text of which a partner may have something else after a change.' })
export class AccessDifference {
  @Field(() => ID, { description: 'URN of the edition’s version of the story.' })
  readonly translationId: string;

  @Field(() => PartnerAccess, { description: 'What it may have now.' })
  readonly before: PartnerAccess;

  @Field(() => PartnerAccess, { description: 'What it may have after the change.' })
  readonly after: PartnerAccess;
}

@ObjectType({ description: 'Texts of which a change gives something more, or takes something away.' })
export class AccessDifferences {
  @Field(() => Int, { description: 'How many.' })
  readonly count: number;

  @Field(() => [AccessDifference], { description: 'The newest of them.' })
  readonly newest: AccessDifference[];
}

@ObjectType({ description: 'What a change of entitlements would come to.' })
export class EntitlementPreview {
  @Field(() => GraphQLDateTimeISO, { description: 'The moment it was asked for: now, or when the entitlement begins if that is later.' })
  readonly at: Date;

  @Field(() => Int, { description: 'How many texts were looked at: the newest of each edition, published in the last 30 days.' })
  readonly examined: number;

  @Field({ description: 'Whether those are all that editions published in the last 30 days.' })
  readonly complete: boolean;

  @Field(() => AccessDifferences, {
    description: 'Texts of which the partner would have more: the text, more of it, or one more picture or territory.',
  })
  readonly adds: AccessDifferences;

  @Field(() => AccessDifferences, { description: 'Texts of which it would lose something. One that wins and loses is in both.' })
  readonly takesAway: AccessDifferences;
}
