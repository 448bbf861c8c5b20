import type { BlockData } from '../articles/body.js';
import { type ForbiddenCharacter, nameOfCharacter } from './clean-input.js';
import { HeldMatter, putBack } from './held-matter.js';
import { countInvisible } from './invisible-characters.js';
import { keepKeys } from './keep-keys.js';
import { pastedBlocks } from './pasted-blocks.js';
import { Dropped, deepestHtml, readPastedHtml, TooDeep } from './pasted-html.js';
import { wordsOf } from './pasted-marks.js';

/** UTF-16 code units of HTML that are read; a long article with all of an office program's styles has a tenth. */
export const longestHtml = 1_000_000;
/** How often `<` and `&` may stand in HTML: each is work, and no article needs so many. */
export const mostMarkup = 60_000;

export interface PastedBody {
  ok: true;
  blocks: BlockData[];
  /** What a body cannot hold and the desk should know of; styles are not told. */
  dropped: { what: Dropped; count: number }[];
}

export type HtmlFault = ForbiddenCharacter | { code: 'HTML_TOO_LONG' | 'HTML_TOO_DEEP' | 'HTML_TOO_COMPLEX'; path: string; max: number };

export interface PastedHtml {
  html: string;
  /** The language of the edition: words said to be in it need no mark. */
  language: string;
  /** The body it takes the place of: passages keep their keys. */
  previous?: readonly BlockData[];
  /** Further keys this text has used: a new passage never gets the key of one that is gone. */
  usedKeys?: Iterable<string>;
  /** Addresses of the pictures of `previous` that may be seen, by code, and of its related stories, by uuid. */
  pictures?: ReadonlyMap<string, readonly string[]>;
  stories?: ReadonlyMap<string, string>;
  /** The field it came in, for faults. */
  path?: string;
}

/**
 * HTML that somebody pasted as blocks, with nothing in it that acts, and a list of what was left out. Refused are characters XML forbids
 * (with their offset in the HTML, also where they are written as references), more than `longestHtml`, `mostMarkup` or `deepestHtml`.
 * Pictures, recordings, embeds and related stories of the body before are told by their addresses and stay what they are; those that the
 * HTML has no way to show keep their place. The blocks as HTML and read again are the same blocks.
 */
export function blocksOfHtml({
  html,
  language,
  previous = [],
  usedKeys = [],
  pictures = new Map(),
  stories = new Map(),
  path = 'html',
}: PastedHtml): PastedBody | { ok: false; fault: HtmlFault } {
  if (html.length > longestHtml) return { ok: false, fault: { code: 'HTML_TOO_LONG', path, max: longestHtml } };
  if (html.split(/[<&]/u).length > mostMarkup + 1) return { ok: false, fault: { code: 'HTML_TOO_COMPLEX', path, max: mostMarkup } };
  const forbidden = forbiddenInHtml(html, path);
  if (forbidden) return { ok: false, fault: forbidden };
  try {
    const held = new HeldMatter({ blocks: previous, pictures, stories });
    const { nodes, dropped } = readPastedHtml(html, held.isHeld);
    const invisible = countInvisible(wordsOf(nodes));
    if (invisible > 0) dropped.set(Dropped.INVISIBLE_CHARACTER, invisible);
    const pasted = pastedBlocks(nodes, language, held);
    const { staying } = held;
    const stayingKeys = [...staying].map(({ key }) => key);
    const blocks = keepKeys(
      pasted,
      previous.filter((block) => !staying.has(block)),
      [...stayingKeys, ...usedKeys],
    );
    return {
      ok: true,
      blocks: putBack(blocks, previous, staying),
      dropped: [...dropped].map(([what, count]) => ({ what, count })).sort((a, b) => b.count - a.count),
    };
  } catch (error) {
    if (error instanceof TooDeep) return { ok: false, fault: { code: 'HTML_TOO_DEEP', path, max: deepestHtml } };
    throw error;
  }
}

/** As `forbiddenCharacter`, and references to such a character; HTML reads zero and half pairs as U+FFFD. */
function forbiddenInHtml(html: string, path: string): ForbiddenCharacter | null {
  const pattern =
    /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]|&#(?:[xX]0*([0-9a-fA-F]{1,4})(?![0-9a-fA-F])|0*(\d{1,5})(?!\d))/gu;
  for (const match of html.matchAll(pattern)) {
    const [found, hexadecimal, decimal] = match;
    const reference = hexadecimal ?? decimal;
    const code = reference === undefined ? (found.codePointAt(0) ?? 0) : Number.parseInt(reference, hexadecimal === undefined ? 10 : 16);
    const harmless = code === 0 || /[\t\n\r\u{20}-\u{FFFD}]/u.test(String.fromCodePoint(code));
    if (reference === undefined || !harmless)
      return { code: 'FORBIDDEN_CHARACTER', path, offset: match.index, character: nameOfCharacter(code) };
  }
  return null;
}
