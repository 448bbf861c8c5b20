import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Translation } from '../articles/translation.type.js';
import { Edition } from '../editions/edition.js';
import type { Gone } from '../feeds/item.js';
import { GraphQLDateTimeISO } from '../lib/date-time.js';
import { EditionCode } from '../lib/scalars.js';
import type { News, NewsText } from '../push/news.js';
import { NewsKind } from '../push/news-kind.js';

/** How a text went. */
export enum GoneKind {
  KILL = 'KILL',
  WITHHOLD = 'WITHHOLD',
  WITHDRAW = 'WITHDRAW',
  REPLACE = 'REPLACE',
  EXPIRED = 'EXPIRED',
  REMOVED = 'REMOVED',
}
registerEnumType(GoneKind, {
  name: 'GoneKind',
  description: 'How a text went.',
  valuesConfig: {
    KILL: { description: 'Taken back: must disappear everywhere at once.' },
    WITHHOLD: { description: 'Held back for now; may return.' },
    WITHDRAW: { description: 'Taken back by the editors, with a public note.' },
    REPLACE: { description: 'Taken back: another story stands in its place.' },
    EXPIRED: { description: 'It came to its end.' },
    REMOVED: { description: 'It is not for this reader any more, or not yet again.' },
  },
});

@ObjectType({ description: 'That a text is to be removed, and what stays of it: never its headline.' })
export class GoneText {
  constructor(gone: Gone) {
    this.kind = GoneKind[gone.kind];
    this.at = gone.retractedAt;
    this.title = gone.title;
    this.note = gone.note;
    this.replacedBy = gone.replacedBy ?? null;
  }

  @Field(() => GoneKind, { description: 'How it went.' })
  readonly kind: GoneKind;

  @Field(() => GraphQLDateTimeISO, { description: 'When.' })
  readonly at: Date;

  @Field(() => String, { description: 'The standing sentence of its kind, in the edition’s language.' })
  readonly title: string;

  @Field(() => String, { nullable: true, description: 'What the editors tell the public in that language; null where they wrote nothing.' })
  readonly note: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'URN of the text of the same edition that stands in its place, where the reader may have it.',
  })
  readonly replacedBy: string | null;
}

@ObjectType({ description: 'What became of one edition’s text: it stands as it is now, or is gone.' })
export class TextNews {
  constructor({ edition, text, gone }: NewsText) {
    this.edition = edition;
    this.translationId = text?.id ?? gone!.id;
    this.revision = text?.revision ?? gone!.revision;
    this.translation = text;
    this.gone = gone && new GoneText(gone);
  }

  @Field(() => ID, { description: 'URN of the text.' })
  readonly translationId: string;

  @Field(() => Edition, { description: 'Whose it is.' })
  readonly edition: Edition;

  @Field(() => Int, { description: 'The revision it is of now; the last one that was served where it is gone.' })
  readonly revision: number;

  @Field(() => Translation, { nullable: true, description: 'The text as the reader may have it; null where it is gone.' })
  readonly translation: Translation | null;

  @Field(() => GoneText, { nullable: true, description: 'How it went; null where it stands.' })
  readonly gone: GoneText | null;
}

@ObjectType({ description: 'What one event of the publication log tells this reader, as things stand when it is told.' })
export class NewsEvent {
  constructor({ event, kind, articleId, texts, own }: News, cursor: string) {
    this.cursor = cursor;
    this.id = event.uuid;
    this.at = event.at;
    this.kind = kind;
    this.articleId = articleId;
    this.texts = texts.map((each) => new TextNews(each));
    this.takedown = own?.takedown ?? null;
    this.notice = own?.notice ?? null;
    this.noticeVersion = own?.noticeVersion ?? null;
  }

  @Field(() => ID, { description: 'The same on every channel: whoever is told twice recognises it.' })
  readonly id: string;

  @Field(() => String, {
    description: 'Give it as `after` to go on behind this event, in any subscription of the same reader. It expires after 400 days.',
  })
  readonly cursor: string;

  @Field(() => NewsKind, { description: 'What happened.' })
  readonly kind: NewsKind;

  @Field(() => GraphQLDateTimeISO, { description: 'When it became true, which may be before it was logged.' })
  readonly at: Date;

  @Field(() => ID, { nullable: true, description: 'URN of the story; null where it is about none.' })
  readonly articleId: string | null;

  @Field(() => [TextNews], {
    description: 'One of each edition that the event is about, in the order of edition codes; none of what is about a partner alone.',
  })
  readonly texts: TextNews[];

  @Field(() => ID, { nullable: true, description: 'TAKEDOWN_OPENED, TAKEDOWN_OVERDUE, TAKEDOWN_SETTLED: id of the order.' })
  readonly takedown: string | null;

  @Field(() => String, { nullable: true, description: 'NOTICE_CHANGED: code of the notice.' })
  readonly notice: string | null;

  @Field(() => Int, { nullable: true, description: 'NOTICE_CHANGED: its version from now on.' })
  readonly noticeVersion: number | null;
}

@InputType('NewsFilter', { description: 'Which news: every condition given must hold; a list is met by any one of its values.' })
export class NewsFilterInput {
  @Field(() => [EditionCode], { nullable: true, description: 'Editions; of others the event tells nothing.' })
  readonly editions?: string[] | null;

  @Field(() => String, { nullable: true, description: 'Code of a topic that the story has, or had until the event.' })
  readonly topic?: string | null;

  @Field(() => [NewsKind], { nullable: true, description: 'Kinds.' })
  readonly kinds?: NewsKind[] | null;

  @Field(() => ID, { nullable: true, description: 'URN of a story.' })
  readonly article?: string | null;
}
