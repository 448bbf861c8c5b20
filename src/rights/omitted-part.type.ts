import { Field, ObjectType, registerEnumType } from 'type-graphql';
import type { Omission } from './access.js';

export enum AccessReason {
  ENTITLED = 'ENTITLED',
  NO_ENTITLEMENT = 'NO_ENTITLEMENT',
  NOT_PUBLISHED = 'NOT_PUBLISHED',
  RETRACTED = 'RETRACTED',
  EXPIRED = 'EXPIRED',
  ENTITLEMENT_ENDED = 'ENTITLEMENT_ENDED',
  ENTITLEMENT_NOT_BEGUN = 'ENTITLEMENT_NOT_BEGUN',
  EDITION_NOT_INCLUDED = 'EDITION_NOT_INCLUDED',
  KIND_NOT_INCLUDED = 'KIND_NOT_INCLUDED',
  TOPIC_NOT_INCLUDED = 'TOPIC_NOT_INCLUDED',
  MACHINE_NOT_INCLUDED = 'MACHINE_NOT_INCLUDED',
  EMBARGOED = 'EMBARGOED',
  DELAYED = 'DELAYED',
  REDISTRIBUTION_NONE = 'REDISTRIBUTION_NONE',
  AGENCY_EXCLUDED = 'AGENCY_EXCLUDED',
  REDISTRIBUTION_TERRITORIES = 'REDISTRIBUTION_TERRITORIES',
  IMAGES_NOT_INCLUDED = 'IMAGES_NOT_INCLUDED',
  LEVEL_HEADLINE = 'LEVEL_HEADLINE',
  LEVEL_SUMMARY = 'LEVEL_SUMMARY',
}
registerEnumType(AccessReason, {
  name: 'AccessReason',
  description: 'Why a partner may have a text, or may not have it, or a part of it. Codes are stable.',
  valuesConfig: {
    ENTITLED: { description: 'An entitlement gives it.' },
    NO_ENTITLEMENT: { description: 'The partner has none at all.' },
    NOT_PUBLISHED: { description: 'It is not published yet.' },
    RETRACTED: { description: 'It was taken back.' },
    EXPIRED: { description: 'It has come to its end.' },
    ENTITLEMENT_ENDED: { description: 'The entitlement has ended.' },
    ENTITLEMENT_NOT_BEGUN: { description: 'The entitlement begins later.' },
    EDITION_NOT_INCLUDED: { description: 'The entitlement is for other editions.' },
    KIND_NOT_INCLUDED: { description: 'The entitlement is for stories of other forms.' },
    TOPIC_NOT_INCLUDED: { description: 'The entitlement is for stories with other topics.' },
    MACHINE_NOT_INCLUDED: { description: 'A machine wrote it, and the entitlement is for what people wrote or checked.' },
    EMBARGOED: { description: 'It is under embargo, and the entitlement is for what everybody may read.' },
    DELAYED: { description: 'The partner is told later than everybody else, and that long it has not been out.' },
    REDISTRIBUTION_NONE: { description: 'An agency, or the picture, may be passed on to no partner.' },
    AGENCY_EXCLUDED: { description: 'The entitlement excludes an agency whose copy, or picture, it is.' },
    REDISTRIBUTION_TERRITORIES: {
      description: 'It may not be passed on to where the entitlement is for; an entitlement that names no territories is for everywhere.',
    },
    IMAGES_NOT_INCLUDED: { description: 'The entitlement is without pictures.' },
    LEVEL_HEADLINE: { description: 'The entitlement is for headlines.' },
    LEVEL_SUMMARY: { description: 'The entitlement is for headlines and deks.' },
  },
});

export enum TextPart {
  DEK = 'DEK',
  TEXT = 'TEXT',
  IMAGE = 'IMAGE',
}
registerEnumType(TextPart, {
  name: 'TextPart',
  description: 'What can be left out of a text by itself; its headline goes with it.',
  valuesConfig: {
    DEK: { description: 'The paragraph under the headline, where there is one.' },
    TEXT: { description: 'The text.' },
    IMAGE: { description: 'A picture.' },
  },
});

@ObjectType({ description: 'A part of a text that a partner may not have.' })
export class OmittedPart {
  @Field(() => TextPart, { description: 'What.' })
  readonly part: TextPart;

  @Field(() => String, { nullable: true, description: 'IMAGE: which, as the text names it: its code, or the address of a file.' })
  readonly image: string | null;

  @Field(() => AccessReason, { description: 'Why.' })
  readonly reason: AccessReason;
}

/** What is left out of a text, as GraphQL shows it. */
export const omittedParts = (omitted: readonly Omission[]): OmittedPart[] =>
  omitted.map((each) => ({ part: TextPart[each.part], image: each.image, reason: AccessReason[each.reason] }));
