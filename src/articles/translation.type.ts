import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { CreditOfParty } from '../credits/credit.loaders.js';
import { Direction, Edition } from '../editions/edition.js';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { Node } from '../lib/node.js';
import { LanguageTag } from '../lib/scalars.js';
import type { Article } from './article.js';
import type { ServedText } from './correction.js';
import type { TranslationRow } from './translation.js';
import { translationUrn } from './urn.js';

/** One edition's version of a story, with the story and the edition it belongs to; `text` is its present revision, once read. */
@ObjectType({
  implements: Node,
  description: 'One edition’s version of a story, served whole: its fields are never mixed with another language’s.',
})
export class Translation implements Node {
  /** The present revision where the read brought it along. */
  text: ServedText | undefined;
  /** Those credited, where they are others than those of the rows: of a draft. */
  credits: CreditOfParty[] | undefined;

  constructor(
    readonly article: Article,
    readonly row: TranslationRow,
    edition: Edition,
  ) {
    this.edition = edition;
  }

  @Field(() => Edition, { description: 'Whose version it is.' })
  readonly edition: Edition;

  @Field(() => ID, { description: 'URN of the version: the one identifier of it here, in feeds and in pushes; independent of any host.' })
  get id(): string {
    return translationUrn(this.article, this.edition.code);
  }

  @Field(() => Int, { description: 'Number of the revision served, from 1: the one version number.' })
  get revision(): number {
    return this.row.revision;
  }

  @Field({ description: 'Whether it is the original: the one of the story’s home edition.' })
  get isOriginal(): boolean {
    return this.row.isOriginal;
  }

  @Field({ description: 'The present name of the text in addresses; former ones keep resolving.' })
  get slug(): string {
    return this.row.slug;
  }

  @Field(() => LanguageTag, { description: 'The language of the text.' })
  get lang(): string {
    return this.edition.tag;
  }

  @Field({ description: 'The script of the text (ISO 15924).' })
  get script(): string {
    return this.edition.script;
  }

  @Field(() => Direction, { description: 'The direction of the text.' })
  get direction(): Direction {
    return this.edition.direction;
  }

  @Field(() => GraphQLDateTimeISO, { description: 'When this edition first published it.' })
  get publishedAt(): Date {
    // Only what is published is ever read.
    return this.row.publishedAt as Date;
  }

  @Field(() => GraphQLDateTimeISO, { description: 'When it last changed in a way that matters: never for a MINOR revision.' })
  get updatedAt(): Date {
    return this.row.updatedAt ?? this.publishedAt;
  }

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Until when it may be shown; null for no end.' })
  get expiresAt(): Date | null {
    return this.row.expiresAt;
  }
}
