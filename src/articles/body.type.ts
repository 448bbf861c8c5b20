import { createUnionType, Field, Int, ObjectType } from 'type-graphql';
import { Direction } from '../editions/edition.js';
import { Image } from '../images/image.type.js';
import { LanguageTag, WebAddress } from '../lib/scalars.js';
import { directionOf } from '../topics/name-in.js';
import type { BlockData, SpanData } from './body.js';
import { Translation } from './translation.type.js';

@ObjectType({ description: 'A run of text with its inline marks.' })
export class Span {
  constructor(private readonly data: SpanData) {}

  @Field({ description: 'The text.' })
  get text(): string {
    return this.data.text;
  }

  @Field({ description: 'Strong importance.' })
  get strong(): boolean {
    return this.data.strong ?? false;
  }

  @Field({ description: 'Stress emphasis.' })
  get em(): boolean {
    return this.data.em ?? false;
  }

  @Field(() => String, { nullable: true, description: 'Where it links to: an http, https or mailto address.' })
  get href(): string | null {
    return this.data.href ?? null;
  }

  @Field(() => LanguageTag, { nullable: true, description: 'Its language where it differs from the text’s: words quoted in the original.' })
  get lang(): string | null {
    return this.data.lang ?? null;
  }

  @Field(() => Direction, { nullable: true, description: 'Its direction where `lang` is given.' })
  get direction(): Direction | null {
    return this.data.lang === undefined ? null : directionOf(this.data.lang);
  }
}

const spansOf = (data: readonly SpanData[]): Span[] => data.map((each) => new Span(each));
const keyField = { description: 'Stable over revisions and languages: the same key is the same passage.' };

@ObjectType()
abstract class Block {
  @Field(keyField)
  readonly key: string;
}

@ObjectType({ description: 'A paragraph.' })
export class ParagraphBlock extends Block {
  @Field(() => [Span], { description: 'Its text.' })
  readonly spans: Span[];
}

@ObjectType({ description: 'A heading inside the text.' })
export class HeadingBlock extends Block {
  @Field(() => Int, { description: '2 to 4; the headline of the story is 1.' })
  readonly level: number;

  @Field(() => [Span], { description: 'Its text.' })
  readonly spans: Span[];
}

@ObjectType({ description: 'A passage quoted.' })
export class QuoteBlock extends Block {
  @Field(() => [Span], { description: 'The words quoted.' })
  readonly spans: Span[];

  @Field(() => String, { nullable: true, description: 'Who said or wrote them.' })
  readonly attribution: string | null;
}

@ObjectType({ description: 'An item of a list.' })
export class ListItem {
  @Field(() => [Span], { description: 'Its text.' })
  readonly spans: Span[];
}

@ObjectType({ description: 'A list.' })
export class ListBlock extends Block {
  @Field({ description: 'Whether the items are numbered.' })
  readonly ordered: boolean;

  @Field(() => [ListItem], { description: 'The items.' })
  readonly items: ListItem[];
}

@ObjectType({ description: 'A cell of a table.' })
export class TableCell {
  @Field(() => [Span], { description: 'Its text.' })
  readonly spans: Span[];
}

@ObjectType({ description: 'A row of a table.' })
export class TableRow {
  @Field(() => [TableCell], { description: 'Its cells.' })
  readonly cells: TableCell[];
}

@ObjectType({ description: 'A table.' })
export class TableBlock extends Block {
  @Field(() => String, { nullable: true, description: 'What the table shows.' })
  readonly caption: string | null;

  @Field(() => TableRow, { nullable: true, description: 'The head row.' })
  readonly header: TableRow | null;

  @Field(() => [TableRow], { description: 'The rows below it.' })
  readonly rows: TableRow[];
}

@ObjectType({ description: 'A picture inside the text.' })
export class ImageBlock extends Block {
  @Field(() => Image, { description: 'The picture.' })
  readonly image: Image;
}

@ObjectType({ description: 'Captions of a recording in one language.' })
export class Captions {
  @Field(() => LanguageTag, { description: 'Their language.' })
  readonly lang: string;

  @Field(() => WebAddress, { description: 'The file (WebVTT).' })
  readonly url: string;
}

@ObjectType()
abstract class RecordingBlock extends Block {
  @Field(() => WebAddress, { description: 'The recording.' })
  readonly url: string;

  @Field({ description: 'What it is.' })
  readonly title: string;

  @Field(() => Int, { nullable: true, description: 'How long it lasts, in seconds.' })
  readonly duration: number | null;

  @Field(() => [Captions], { description: 'Captions by language.' })
  readonly captions: Captions[];
}

@ObjectType({ description: 'A sound recording.' })
export class AudioBlock extends RecordingBlock {}

@ObjectType({ description: 'A video.' })
export class VideoBlock extends RecordingBlock {
  @Field(() => WebAddress, { nullable: true, description: 'The picture shown before it plays.' })
  readonly poster: string | null;
}

@ObjectType({ description: 'Matter of another site. The gateway never loads it: it renders the fallback as a link.' })
export class EmbedBlock extends Block {
  @Field({ description: 'Whose site.' })
  readonly provider: string;

  @Field(() => WebAddress, { description: 'The address.' })
  readonly url: string;

  @Field({ description: 'What it is.' })
  readonly title: string;

  @Field({ description: 'The words of the link where it is not embedded.' })
  readonly fallback: string;
}

@ObjectType({ description: 'Other stories worth reading, those of them this edition has.' })
export class RelatedBlock extends Block {
  @Field(() => [Translation], { description: 'The stories, in this edition.' })
  readonly translations: Translation[];
}

export const AnyBlock = createUnionType({
  name: 'Block',
  description: 'A part of a body, close to Portable Text.',
  types: () =>
    [
      ParagraphBlock,
      HeadingBlock,
      QuoteBlock,
      ListBlock,
      TableBlock,
      ImageBlock,
      AudioBlock,
      VideoBlock,
      EmbedBlock,
      RelatedBlock,
    ] as const,
});

/** What a body shows that stands in other rows: pictures by code and stories by uuid; what is missing there may not be seen. */
export interface BodyParts {
  images: ReadonlyMap<string, Image>;
  related: ReadonlyMap<string, Translation>;
  /** The whole address of a file of the gateway. */
  fileUrl: (path: string) => string;
}

/** Blocks as GraphQL shows them; pictures and stories that may not be seen are left out. */
export function blocksOf(data: readonly BlockData[], parts: BodyParts): (typeof AnyBlock)[] {
  return data.flatMap((block) => blockOf(block, parts) ?? []);
}

const rowOf = (cells: SpanData[][]): TableRow => ({ cells: cells.map((spans) => ({ spans: spansOf(spans) })) });

function blockOf(block: BlockData, { images, related, fileUrl }: BodyParts): typeof AnyBlock | undefined {
  const { key } = block;
  switch (block.type) {
    case 'paragraph':
      return Object.assign(new ParagraphBlock(), { key, spans: spansOf(block.spans) });
    case 'heading':
      return Object.assign(new HeadingBlock(), { key, level: block.level, spans: spansOf(block.spans) });
    case 'quote':
      return Object.assign(new QuoteBlock(), { key, spans: spansOf(block.spans), attribution: block.attribution ?? null });
    case 'list':
      return Object.assign(new ListBlock(), {
        key,
        ordered: block.ordered,
        items: block.items.map((spans) => ({ spans: spansOf(spans) })),
      });
    case 'table':
      return Object.assign(new TableBlock(), {
        key,
        caption: block.caption ?? null,
        header: block.header ? rowOf(block.header) : null,
        rows: block.rows.map(rowOf),
      });
    case 'image': {
      const image = images.get(block.image);
      return image && Object.assign(new ImageBlock(), { key, image });
    }
    case 'audio':
    case 'video': {
      const { url, title, seconds: duration = null, captions = [] } = block;
      if (block.type === 'audio') return Object.assign(new AudioBlock(), { key, url, title, duration, captions });
      const poster = block.poster === undefined ? null : fileUrl(block.poster);
      return Object.assign(new VideoBlock(), { key, url, title, duration, captions, poster });
    }
    case 'embed':
      return Object.assign(new EmbedBlock(), {
        key,
        provider: block.provider,
        url: block.url,
        title: block.title,
        fallback: block.fallback,
      });
    case 'related': {
      const translations = block.articles.flatMap((uuid) => related.get(uuid) ?? []);
      return translations.length > 0 ? Object.assign(new RelatedBlock(), { key, translations }) : undefined;
    }
  }
}
