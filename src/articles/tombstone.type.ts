import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { Node } from '../lib/node.js';
import type { Article } from './article.js';
import { RetractionKind, type TombstoneRow } from './tombstone.js';
import { articleUrn, translationUrn, type UrnParts } from './urn.js';

export enum RetractionScope {
  STORY = 'STORY',
  TRANSLATION = 'TRANSLATION',
  REVISION = 'REVISION',
  IMAGE = 'IMAGE',
}
registerEnumType(RetractionScope, {
  name: 'RetractionScope',
  description: 'How much was taken back.',
  valuesConfig: {
    STORY: { description: 'The story in all its editions.' },
    TRANSLATION: { description: 'One edition of it.' },
    REVISION: { description: 'One revision of an edition’s text.' },
    IMAGE: { description: 'A picture, wherever it is shown.' },
  },
});

/** What stays of a story, or of one edition of it, that was retracted. */
@ObjectType({
  implements: Node,
  description: 'What stays of something retracted: its id, when and how it was taken back, and what readers are told. Never its headline.',
})
export class Tombstone implements Node {
  constructor(
    parts: UrnParts,
    readonly row: TombstoneRow,
  ) {
    this.id = row.editionCode === null ? articleUrn(parts) : translationUrn(parts, row.editionCode);
    this.scope = row.editionCode === null ? RetractionScope.STORY : RetractionScope.TRANSLATION;
    this.kind = row.kind;
    this.retractedAt = row.retractedAt;
  }

  @Field(() => ID, { description: 'The id of what was retracted.' })
  readonly id: string;

  @Field(() => RetractionScope, { description: 'How much was taken back.' })
  readonly scope: RetractionScope;

  @Field(() => RetractionKind, { description: 'How it was taken back.' })
  readonly kind: RetractionKind;

  @Field(() => GraphQLDateTimeISO, { description: 'When.' })
  readonly retractedAt: Date;
}

/** The tombstone of a story as a whole, or of one edition when a code is given. */
export const tombstoneOf = (article: UrnParts | Article, rows: readonly TombstoneRow[], edition: string | null): Tombstone | null => {
  const row = rows.find((each) => each.editionCode === edition);
  return row ? new Tombstone(article, row) : null;
};
