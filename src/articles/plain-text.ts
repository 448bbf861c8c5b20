import type { BlockData, SpanData } from './body.js';

const plain = (spans: readonly SpanData[]): string => spans.map(({ text }) => text).join('');

function textsOf(block: BlockData): (string | undefined)[] {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return [plain(block.spans)];
    case 'quote':
      return [plain(block.spans), block.attribution];
    case 'list':
      return block.items.map(plain);
    case 'table':
      return [block.caption, ...[...(block.header ? [block.header] : []), ...block.rows].flat().map(plain)];
    case 'audio':
    case 'video':
      return [block.title];
    case 'embed':
      return [block.fallback];
    case 'image':
    case 'related':
      return [];
  }
}

/** The words of a body, which are counted and searched: no addresses, list numbers, captions or other stories' headlines. */
export const plainText = (blocks: readonly BlockData[]): string => blocks.flatMap(textsOf).filter(Boolean).join('\n');
