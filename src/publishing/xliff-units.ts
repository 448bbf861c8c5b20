import type { BlockData, SpanData } from '../articles/body.js';
import type { StoryText } from './xliff.js';

/** A text that is translated as a whole. */
export interface Unit {
  /** `headline`, `dek`, a block's key, or the key, a dot and the part (`p4.attribution`, `list.0`, `table.r1.c2`); counted from 0. */
  id: string;
  /** The kind of its block, or `headline` or `dek`. */
  kind: 'headline' | 'dek' | BlockData['type'];
  /** Undefined for headline and dek. */
  block: string | undefined;
  spans: readonly SpanData[];
  /** Addresses are no words. */
  isAddress: boolean;
}

type Change = (unit: Unit) => readonly SpanData[];

/** The story with every text replaced by what `change` makes of it; the one place that says which texts there are, in their order. */
export function mapUnits(story: StoryText, change: Change): StoryText {
  const headline = plain(story.headline, (spans) =>
    change({ id: 'headline', kind: 'headline', block: undefined, spans, isAddress: false }),
  );
  const dek = story.dek && plain(story.dek, (spans) => change({ id: 'dek', kind: 'dek', block: undefined, spans, isAddress: false }));
  const idOf = uniqueIds(['headline', 'dek']);
  return { headline, dek, blocks: story.blocks.map((block) => mapBlock(block, idOf(block.key), change)) };
}

/** The units of a story by id. */
export function unitsOf(story: StoryText): Map<string, Unit> {
  const units = new Map<string, Unit>();
  mapUnits(story, (unit) => {
    units.set(unit.id, unit);
    return unit.spans;
  });
  return units;
}

/** Gives each key an id of its own: a key that is taken gets `_2` behind it, which no key can have. */
function uniqueIds(taken: readonly string[]): (key: string) => string {
  const seen = new Map(taken.map((each) => [each, 1]));
  return (key) => {
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count === 1 ? key : `${key}_${count}`;
  };
}

const plain = (text: string, change: (spans: readonly SpanData[]) => readonly SpanData[]): string =>
  change(text === '' ? [] : [{ text }])
    .map((span) => span.text)
    .join('');

function mapBlock(block: BlockData, id: string, change: Change): BlockData {
  const spans = (old: readonly SpanData[], part?: string): SpanData[] => [
    ...change({ id: part === undefined ? id : `${id}.${part}`, kind: block.type, block: block.key, spans: old, isAddress: false }),
  ];
  const text = (old: string, part: string): string => (old === '' ? '' : plain(old, (each) => spans(each, part)));
  const address = (url: string): void => {
    change({ id: `${id}.url`, kind: block.type, block: block.key, spans: [{ text: url }], isAddress: true });
  };
  const cells = (row: readonly SpanData[][], name: string) => row.map((cell, column) => spans(cell, `${name}.c${column}`));

  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return { ...block, spans: spans(block.spans) };
    case 'quote':
      return { ...block, spans: spans(block.spans), ...(block.attribution && { attribution: text(block.attribution, 'attribution') }) };
    case 'list':
      return { ...block, items: block.items.map((item, index) => spans(item, `${index}`)) };
    case 'table':
      return {
        ...block,
        ...(block.caption && { caption: text(block.caption, 'caption') }),
        ...(block.header && { header: cells(block.header, 'h') }),
        rows: block.rows.map((row, index) => cells(row, `r${index}`)),
      };
    case 'audio':
    case 'video':
      address(block.url);
      return { ...block, title: text(block.title, 'title') };
    case 'embed':
      address(block.url);
      return { ...block, title: text(block.title, 'title'), fallback: text(block.fallback, 'fallback') };
    case 'image':
    case 'related':
      return block;
  }
}
