import type { SpanData } from '../articles/body.js';
import { cleanLine } from './clean-input.js';
import type { HeldMatter } from './held-matter.js';
import type { Keyless } from './keep-keys.js';
import { knownEmbed, providerName } from './known-embeds.js';
import type { PastedElement, PastedNode } from './pasted-html.js';
import { type Marks, marksInside, plainMarks, walkText, wordsOf } from './pasted-marks.js';
import { inTable, isLayout, rowsOf } from './pasted-table.js';
import { type LineFeeds, paragraphsOf, tidySpans } from './tidy-spans.js';

/** The blocks a pasted text is made of, words in the given language unmarked; what is held is what it was. */
export function pastedBlocks(nodes: readonly PastedNode[], language: string, held: HeldMatter): Keyless[] {
  const blocks: Keyless[] = [];
  flow(nodes, plainMarks(language, held), blocks);
  return blocks;
}

/** Writes what an element is, with the marks inside it, after the blocks before it. */
type Write = (element: PastedElement, marks: Marks, blocks: Keyless[]) => void;

/** Blocks of their own, also inside a list, a quotation or a cell; they are put after it. */
const standing: Record<string, Write> = { table, figure, embed, held };
const write: Record<string, Write> = {
  ...standing,
  h2: (element, marks, blocks) => heading(2, element, marks, blocks),
  h3: (element, marks, blocks) => heading(3, element, marks, blocks),
  h4: (element, marks, blocks) => heading(4, element, marks, blocks),
  ul: (element, marks, blocks) => list(element, false, marks, blocks),
  ol: (element, marks, blocks) => list(element, true, marks, blocks),
  li: itemAlone,
  blockquote: quote,
};
const paragraphs: Write = ({ children }, marks, blocks) => flow(children, marks, blocks);

const text = (spans: readonly SpanData[]): string => spans.map((span) => span.text).join('');
const line = (spans: readonly SpanData[]): string => cleanLine(text(spans));
const oneLine = (words: string): string => line(tidySpans([{ text: words }], 0));
const sameLink = (spans: readonly SpanData[]): string | undefined => {
  const href = spans[0]?.href;
  return spans.every((span) => span.href === href && !span.strong && !span.em && span.lang === undefined) ? href : undefined;
};

/** A paragraph; where it is nothing but a link to an embed or to something of a known provider, that, which is also how it is shown to readers. */
function paragraphBlock(spans: SpanData[], matter: HeldMatter): Keyless {
  const href = sameLink(spans) ?? '';
  const before = matter.embed(href, oneLine(text(spans)));
  if (before) return before;
  const embedded = knownEmbed(href);
  return embedded ? embedBlock(embedded.provider, embedded.url, text(spans)) : { type: 'paragraph', spans };
}

function embedBlock(provider: string, url: string, words: string): Keyless {
  const title = oneLine(words) || providerName(provider);
  return { type: 'embed', provider, url, title, fallback: title };
}

/** Text and blocks side by side: text between blocks makes paragraphs. */
function flow(nodes: readonly PastedNode[], marks: Marks, blocks: Keyless[]): void {
  const spans: SpanData[] = [];
  const flush = (): void => {
    blocks.push(...paragraphsOf(spans.splice(0)).map((each) => paragraphBlock(each, marks.held)));
  };
  walkText(nodes, marks, spans, (element, around) => {
    flush();
    (write[element.name] ?? paragraphs)(element, marksInside(element, around), blocks);
  });
  flush();
}

/** All text of nodes as one paragraph: blocks in it are lines of it; those that stand by themselves go to `after`. */
function inline(nodes: readonly PastedNode[], marks: Marks, lineFeeds: LineFeeds, after: Keyless[]): SpanData[] {
  const spans: SpanData[] = [];
  const onBlock = (element: PastedElement, around: Marks): void => {
    const inside = marksInside(element, around);
    const alone = standing[element.name];
    if (alone) alone(element, inside, after);
    else {
      spans.push({ text: '\n' });
      walkText(element.children, inside, spans, onBlock);
      spans.push({ text: '\n' });
    }
  };
  walkText(nodes, marks, spans, onBlock);
  return tidySpans(spans, lineFeeds);
}

/** What is bold from end to end is bold by its place: a heading, the head of a column. */
const plainWeight = (spans: SpanData[]): SpanData[] =>
  spans.every(({ strong }) => strong) ? spans.map(({ strong: _, ...rest }) => rest) : spans;

function heading(level: number, { children }: PastedElement, marks: Marks, blocks: Keyless[]): void {
  const after: Keyless[] = [];
  const spans = plainWeight(inline(children, marks, 0, after));
  if (spans.length > 0) blocks.push({ type: 'heading', level, spans });
  blocks.push(...after);
}

/** The items of a list, those of lists inside it after the item they belong to. */
function itemsOf(nodes: readonly PastedNode[], marks: Marks, after: Keyless[]): SpanData[][] {
  const items: SpanData[][] = [];
  const spans: SpanData[] = [];
  const flush = (): void => {
    const item = tidySpans(spans.splice(0), 1);
    if (item.length > 0) items.push(item);
  };
  const onBlock = (element: PastedElement, around: Marks): void => {
    const inside = marksInside(element, around);
    const alone = standing[element.name];
    const part = /^(?:li|ul|ol)$/u.test(element.name) ? flush : () => spans.push({ text: '\n' });
    if (alone) alone(element, inside, after);
    else {
      part();
      walkText(element.children, inside, spans, onBlock);
      part();
    }
  };
  walkText(nodes, marks, spans, onBlock);
  flush();
  return items;
}

function list({ children }: PastedElement, ordered: boolean, marks: Marks, blocks: Keyless[]): void {
  const after: Keyless[] = [];
  const items = itemsOf(children, marks, after);
  const related = ordered ? undefined : marks.held.related(items.map(sameLink));
  if (related) blocks.push(related);
  else if (items.length > 0) blocks.push({ type: 'list', ordered, items });
  blocks.push(...after);
}

const withoutList = new WeakSet<Keyless>();
const isNumbered = ({ children }: PastedElement): boolean =>
  children.some(
    (node) => typeof node !== 'string' && (node.name === 'marker' ? /^\s*[\p{L}\d]{1,6}[.)]/u.test(wordsOf([node])) : isNumbered(node)),
  );

/** An item without a list, as Word writes them, and its neighbours make one. */
function itemAlone(element: PastedElement, marks: Marks, blocks: Keyless[]): void {
  const own: Keyless[] = [];
  list(element, isNumbered(element), marks, own);
  const [first, ...after] = own;
  const before = blocks.at(-1);
  if (first?.type !== 'list') blocks.push(...own);
  else if (before?.type === 'list' && withoutList.has(before) && before.ordered === first.ordered) {
    before.items.push(...first.items);
    blocks.push(...after);
  } else {
    withoutList.add(first);
    blocks.push(...own);
  }
}

const isBlank = (nodes: readonly PastedNode[]): boolean => /^[\s\p{Pd}]*$/u.test(wordsOf(nodes));

/** Nodes without the name of who said them, which stands in a footer or, last, in a `cite`; and the name. */
function withoutSpeaker(nodes: readonly PastedNode[], outer = true): { rest: readonly PastedNode[]; speaker: readonly PastedNode[] } {
  const at = nodes.findLastIndex((node) => (typeof node === 'string' ? node.trim() !== '' : true));
  const last = nodes[at];
  if (last === undefined || typeof last === 'string') return { rest: nodes, speaker: [] };
  const before = nodes.slice(0, at);
  if (last.name === 'footer' || last.name === 'figcaption' || (last.name === 'cite' && (outer || isBlank(before))))
    return { rest: before, speaker: last.children };
  if (last.name !== 'p' && last.name !== 'span') return { rest: nodes, speaker: [] };
  const { rest, speaker } = withoutSpeaker(last.children, false);
  return speaker.length > 0 && isBlank(rest) ? { rest: before, speaker } : { rest: nodes, speaker: [] };
}

const speakerName = (spans: readonly SpanData[]): string => cleanLine(text(spans).replace(/^[\s\p{Pd}\p{Variation_Selector}]+/u, ''));

function quote(element: PastedElement, marks: Marks, blocks: Keyless[]): void {
  const embedded = element.attributes['data-embed'] === undefined ? null : postOf(element);
  if (embedded) {
    blocks.push(embedBlock(embedded.provider, embedded.url, shortened(text(inline(element.children, marks, 0, [])))));
    return;
  }
  const after: Keyless[] = [];
  const { rest, speaker } = withoutSpeaker(element.children);
  const spans = inline(rest, marks, 1, after);
  const attribution = speakerName(inline(speaker, marks, 0, after));
  if (spans.length > 0) blocks.push({ type: 'quote', spans, ...(attribution ? { attribution } : {}) });
  else flow(speaker, marks, blocks);
  blocks.push(...after);
}

const linksIn = (nodes: readonly PastedNode[]): string[] =>
  nodes.flatMap((node) =>
    typeof node === 'string' ? [] : [...(node.attributes['href'] ? [node.attributes['href']] : []), ...linksIn(node.children)],
  );
const postOf = ({ attributes, children }: PastedElement) =>
  [...linksIn(children), ...(attributes['cite'] ? [attributes['cite']] : [])].map(knownEmbed).findLast((each) => each !== null) ?? null;
const shortened = (words: string): string => (words.length > 200 ? `${words.slice(0, 200).replace(/\s+\S*$/u, '')}…` : words);

/** A figure: its caption names who is quoted, what a table shows or what is embedded; with a picture that cannot be kept it goes too. */
function figure({ children }: PastedElement, marks: Marks, blocks: Keyless[]): void {
  const isCaption = (node: PastedNode): node is PastedElement => typeof node !== 'string' && node.name === 'figcaption';
  const own: Keyless[] = [];
  const after: Keyless[] = [];
  flow(
    children.filter((node) => !isCaption(node)),
    marks,
    own,
  );
  const caption = inline(children.filter(isCaption), marks, 0, after);
  if (caption.length > 0 && own.length > 0) addCaption(own, caption);
  blocks.push(...own, ...after);
}

function addCaption(blocks: Keyless[], caption: SpanData[]): void {
  const words = line(caption);
  for (const block of blocks) {
    // A picture's words are not the body's: its edition keeps them with the picture.
    if (block.type === 'image') return;
    if (block.type === 'audio' || block.type === 'video') {
      block.title = words;
      return;
    }
    if (block.type === 'quote' && block.attribution === undefined && speakerName(caption)) {
      block.attribution = speakerName(caption);
      return;
    }
    if (block.type === 'table' && block.caption === undefined) {
      block.caption = words;
      return;
    }
    if (block.type === 'embed') {
      block.title = words;
      block.fallback = words;
      return;
    }
  }
  blocks.push({ type: 'paragraph', spans: caption });
}

function table(element: PastedElement, marks: Marks, blocks: Keyless[]): void {
  if (isLayout(element)) {
    flow(element.children, marks, blocks);
    return;
  }
  const after: Keyless[] = [];
  const rows = rowsOf(element)
    .map(({ header, cells }) => ({
      header,
      cells: cells.map((cell) => (cell ? inline(cell.children, marksInside(cell, marks), 1, after) : [])),
    }))
    .filter(({ cells }) => cells.some((cell) => cell.length > 0));
  const filled = rows.map(({ header, cells }) => ({
    header,
    // A body has no empty cells.
    cells: cells.map((cell): SpanData[] => (cell.length > 0 ? (header ? plainWeight(cell) : cell) : [{ text: ' ' }])),
  }));
  const captions = inTable(element.children, 'caption');
  const caption = line(
    inline(
      captions.flatMap(({ children }) => children),
      marks,
      0,
      after,
    ),
  );
  const [first, ...others] = filled;
  if (!first || filled.flatMap(({ cells }) => cells).length < 2) flow(element.children, marks, blocks);
  else if (first.header && others.length > 0) {
    blocks.push({ type: 'table', ...(caption ? { caption } : {}), header: first.cells, rows: others.map(({ cells }) => cells) });
  } else blocks.push({ type: 'table', ...(caption ? { caption } : {}), rows: filled.map(({ cells }) => cells) });
  blocks.push(...after);
}

function embed({ attributes }: PastedElement, _marks: Marks, blocks: Keyless[]): void {
  blocks.push(embedBlock(attributes['data-provider'] ?? '', attributes['href'] ?? '', attributes['title'] ?? ''));
}

function held({ attributes }: PastedElement, marks: Marks, blocks: Keyless[]): void {
  const medium = marks.held.medium(attributes['href'] ?? '');
  if (medium) blocks.push(medium);
}
