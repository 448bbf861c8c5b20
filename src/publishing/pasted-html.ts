import sanitizeHtml from 'sanitize-html';
import { followable } from './followable.js';
import { knownEmbed, providerName } from './known-embeds.js';

/** What of a pasted text a body cannot hold, in words an editor would use. */
export enum Dropped {
  SCRIPT = 'SCRIPT',
  LINK = 'LINK',
  PICTURE = 'PICTURE',
  RECORDING = 'RECORDING',
  EMBED = 'EMBED',
  DRAWING = 'DRAWING',
  FORMULA = 'FORMULA',
  CONTROL = 'CONTROL',
  RULE = 'RULE',
  DELETED_TEXT = 'DELETED_TEXT',
  HIDDEN_TEXT = 'HIDDEN_TEXT',
  INVISIBLE_CHARACTER = 'INVISIBLE_CHARACTER',
}

/** A piece of pasted HTML in the few elements a body knows: a text, or an element named by what becomes of it. */
export type PastedNode = string | PastedElement;
export interface PastedElement {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: PastedNode[];
}

/** No office program nests deeper; what does, is made to keep programs busy. */
export const deepestHtml = 256;
export class TooDeep extends Error {}

type Attributes = Record<string, string>;
type Drop = (what: Dropped) => void;
/** Whether an address is that of a picture or a recording the text had before. */
export type IsHeld = (address: string) => boolean;

const named = (names: string): string[] => names.split(' ');
const all = <Value>(names: string, value: Value): [string, Value][] => named(names).map((name) => [name, value]);

/** What elements are called in the tree; every other one is a `span`: its words are kept. */
const treeName = new Map<string, string>([
  ...all('p div section article main header aside nav address dl dt dd details summary fieldset legend form center hgroup', 'p'),
  ...all('h1 h2', 'h2'),
  ...all('h3', 'h3'),
  ...all('h4 h5 h6', 'h4'),
  ...all('ul menu dir', 'ul'),
  ...named('pre footer blockquote cite ol li table caption tr td th thead figure figcaption br a q sub sup').map(
    (name): [string, string] => [name, name],
  ),
]);

/** Elements that go with all that is in them, and what the desk is told; null for what no reader was ever shown. */
const removed = new Map<string, Dropped | null>([
  ...all('script', Dropped.SCRIPT),
  ...all('style title xml meta link base param source track col colgroup rp', null),
  ...all('img image', Dropped.PICTURE),
  ...all('audio video bgsound', Dropped.RECORDING),
  ...all('applet frame portal', Dropped.EMBED),
  ...all('svg canvas', Dropped.DRAWING),
  ...all('math', Dropped.FORMULA),
  ...all('input button select textarea option optgroup datalist output progress meter keygen isindex', Dropped.CONTROL),
  ...all('noscript template noembed noframes xmp plaintext listing', Dropped.HIDDEN_TEXT),
  ...all('del s strike', Dropped.DELETED_TEXT),
]);

/** Quotations that a site's script would turn into a player. */
const socialQuote = /(?:^|\s)(?:twitter-tweet|twitter-video|instagram-media|tiktok-embed|fb-post|fb-video)(?:\s|$)/u;

const noStyle: ReadonlyMap<string, string> = new Map();

function styleOf({ style }: Attributes): ReadonlyMap<string, string> {
  if (!style) return noStyle;
  const declarations = style.split(';').map((each): [string, string] => {
    const colon = each.indexOf(':');
    return [
      each.slice(0, colon).trim().toLowerCase(),
      each
        .slice(colon + 1)
        .trim()
        .toLowerCase(),
    ];
  });
  return new Map(declarations);
}

const isTrue = (claim: boolean | undefined): string | undefined => (claim === undefined ? undefined : String(claim));

function strongOf(name: string, style: ReadonlyMap<string, string>): boolean | undefined {
  const weight = style.get('font-weight');
  if (/^h[1-6]$|^th$/u.test(name)) return undefined;
  if (weight !== undefined && /^(?:normal|lighter|[1-5]00)\b/u.test(weight)) return false;
  if (weight !== undefined && /^(?:bold|bolder|[6-9]00)\b/u.test(weight)) return true;
  return name === 'b' || name === 'strong' ? true : undefined;
}

function emOf(name: string, style: ReadonlyMap<string, string>): boolean | undefined {
  const slant = style.get('font-style');
  if (slant !== undefined && /^normal\b/u.test(slant)) return false;
  if (slant !== undefined && /^(?:italic|oblique)\b/u.test(slant)) return true;
  return name === 'i' || name === 'em' ? true : undefined;
}

/** What an element that is not shown as text is; undefined for one that is. */
function removedAs(name: string, attributes: Attributes, style: ReadonlyMap<string, string>): Dropped | null | undefined {
  const known = removed.get(name.slice(name.lastIndexOf(':') + 1));
  if (known !== undefined) return known;
  if (style.get('mso-element') === 'comment-list') return Dropped.HIDDEN_TEXT;
  const hidden = style.get('display') === 'none' || style.get('visibility') === 'hidden' || style.get('mso-hide') === 'all';
  if (hidden || attributes['hidden'] !== undefined) return Dropped.HIDDEN_TEXT;
  const line = style.get('text-decoration') ?? style.get('text-decoration-line') ?? '';
  return line.includes('line-through') ? Dropped.DELETED_TEXT : undefined;
}

function linkOf(attributes: Attributes, drop: Drop): string | undefined {
  const written = attributes['href'];
  if (written === undefined || written.trim() === '') return undefined;
  const href = followable(written);
  if (href === null)
    drop(/^(?:javascript|vbscript|livescript|data):/iu.test(written.replace(/[\s\p{C}]/gu, '')) ? Dropped.SCRIPT : Dropped.LINK);
  return href ?? undefined;
}

interface Renamed {
  tagName: string;
  attribs: Record<string, string | undefined>;
}

function embedOf(attributes: Attributes, drop: Drop): Renamed {
  const embed = knownEmbed(attributes['src'] ?? attributes['data'] ?? '');
  if (!embed) {
    drop(Dropped.EMBED);
    return { tagName: 'removed', attribs: {} };
  }
  return {
    tagName: 'embed',
    attribs: { href: embed.url, 'data-provider': embed.provider, title: attributes['title']?.trim() || providerName(embed.provider) },
  };
}

/** An element as the tree has it; what it says beyond that is gone. */
function renamed(name: string, attributes: Attributes, drop: Drop, isHeld: IsHeld): Renamed {
  if (Object.keys(attributes).some((key) => /^on/iu.test(key))) drop(Dropped.SCRIPT);
  const { src = '' } = attributes;
  if (/^(?:img|audio|video)$/u.test(name) && isHeld(src)) return { tagName: 'held', attribs: { href: src } };
  if (/^(?:iframe|embed|object)$/u.test(name)) return embedOf(attributes, drop);
  const style = styleOf(attributes);
  const gone = removedAs(name, attributes, style);
  if (gone !== undefined) {
    if (gone !== null) drop(gone);
    return { tagName: 'removed', attribs: {} };
  }
  const marks = {
    lang: attributes['lang'] || attributes['xml:lang'],
    'data-strong': isTrue(strongOf(name, style)),
    'data-em': isTrue(emOf(name, style)),
  };
  // Word writes the bullets and numbers of its lists as text, and the items as paragraphs.
  if (style.get('mso-list') === 'ignore') return { tagName: 'marker', attribs: {} };
  if (name === 'p' && style.has('mso-list')) return { tagName: 'li', attribs: marks };
  if (name === 'p' && /\bMso(?:Intense)?Quote\b/u.test(attributes['class'] ?? '')) return { tagName: 'blockquote', attribs: marks };
  if (name === 'hr') {
    drop(Dropped.RULE);
    return { tagName: 'p', attribs: {} };
  }
  const own: Renamed['attribs'] =
    name === 'a'
      ? { href: linkOf(attributes, drop) }
      : name === 'td' || name === 'th'
        ? { colspan: attributes['colspan'], rowspan: attributes['rowspan'] }
        : name === 'blockquote' && socialQuote.test(attributes['class'] ?? '')
          ? { 'data-embed': 'true', cite: attributes['cite'] ?? attributes['data-instgrm-permalink'] ?? attributes['data-href'] }
          : {};
  return { tagName: treeName.get(name) ?? 'span', attribs: { ...marks, ...own } };
}

const given = (attributes: Renamed['attribs']): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter((pair): pair is [string, string] => pair[1] !== undefined));

/**
 * Pasted HTML as a tree of the elements a body knows, without anything that acts, and how often what was left out. A picture or recording
 * that is held becomes `held` with its address. Throws `TooDeep` past `deepestHtml` open elements: the parser's work grows with the square of the depth.
 */
export function readPastedHtml(html: string, isHeld: IsHeld): { nodes: PastedNode[]; dropped: Map<Dropped, number> } {
  const dropped = new Map<Dropped, number>();
  const drop: Drop = (what) => dropped.set(what, (dropped.get(what) ?? 0) + 1);
  let depth = 0;
  const safe = sanitizeHtml(html, {
    allowedTags: [...new Set(treeName.values()), 'span', 'embed', 'held', 'marker'],
    nonTextTags: ['removed'],
    allowedAttributes: {
      '*': ['lang', 'data-strong', 'data-em'],
      a: ['href'],
      td: ['colspan', 'rowspan'],
      th: ['colspan', 'rowspan'],
      blockquote: ['data-embed', 'cite'],
      embed: ['href', 'data-provider', 'title'],
      held: ['href'],
    },
    allowedSchemes: ['http', 'https', 'mailto'],
    allowProtocolRelative: false,
    // Closed like all others, so that the tree needs to count ends only: after something removed their names are wrong.
    selfClosing: [],
    onOpenTag: () => {
      depth += 1;
      if (depth > deepestHtml) throw new TooDeep();
    },
    onCloseTag: () => {
      depth -= 1;
    },
    transformTags: {
      '*': (name, attributes) => {
        const { tagName, attribs } = renamed(name, attributes, drop, isHeld);
        return { tagName, attribs: given(attribs) };
      },
    },
  });
  return { nodes: treeOf(safe), dropped };
}

const unescape = (text: string): string =>
  text.replace(/&(lt|gt|quot|amp);/gu, (_, name: 'lt' | 'gt' | 'quot' | 'amp') => ({ lt: '<', gt: '>', quot: '"', amp: '&' })[name]);

/** Reads what sanitize-html writes: every special character escaped, every element closed in its order. */
function treeOf(safe: string): PastedNode[] {
  const root: PastedElement = { name: 'root', attributes: {}, children: [] };
  const open = [root];
  for (const [, text, end, name = '', attributes = ''] of safe.matchAll(/([^<]+)|<(\/?)([a-z0-9]+)([^<>]*)>/gu)) {
    const parent = open.at(-1) ?? root;
    if (text !== undefined) parent.children.push(unescape(text));
    else if (end) open.pop();
    else {
      const pairs = [...attributes.matchAll(/ ([a-z-]+)="([^"]*)"/gu)].map(([, key = '', value = '']) => [key, unescape(value)]);
      const element: PastedElement = { name, attributes: Object.fromEntries(pairs), children: [] };
      parent.children.push(element);
      open.push(element);
    }
  }
  return root.children;
}
