import type { SpanData } from '../articles/body.js';
import { languageOf, scriptOf } from '../editions/resolve-locale.js';
import type { HeldMatter } from './held-matter.js';
import type { PastedElement, PastedNode } from './pasted-html.js';

/** What holds for a text where it stands; `language` is that of the whole body, which is not marked, `held` what the body had before. */
export interface Marks {
  strong: boolean;
  em: boolean;
  href?: string;
  lang?: string;
  pre: boolean;
  language: string;
  held: HeldMatter;
}

/** The marks of running text of a language. */
export const plainMarks = (language: string, held: HeldMatter): Marks => ({ strong: false, em: false, pre: false, language, held });

/** The canonical form of a tag; null for what is none. */
function languageTag(tag: string): string | null {
  try {
    return tag.length <= 100 ? (Intl.getCanonicalLocales(tag)[0] ?? null) : null;
  } catch {
    return null;
  }
}

const bare = (tag: string): string => languageOf(tag).split('-', 1)[0] ?? tag;
const sameLanguage = (a: string, b: string): boolean => bare(a) === bare(b) && scriptOf(a) === scriptOf(b);

/** The marks inside an element, given those around it. */
export function marksInside({ name, attributes }: PastedElement, around: Marks): Marks {
  const inside = { ...around, pre: around.pre || name === 'pre' };
  const { lang, href, 'data-strong': strong, 'data-em': em } = attributes;
  if (strong !== undefined) inside.strong = strong === 'true';
  if (em !== undefined) inside.em = em === 'true';
  if (name === 'a' && href !== undefined) inside.href = href;
  const tag = lang === undefined ? null : languageTag(lang);
  if (tag !== null) {
    delete inside.lang;
    if (!sameLanguage(tag, around.language)) inside.lang = tag;
  }
  return inside;
}

const raised: Record<string, string> = { sup: '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻', sub: '₀₁₂₃₄₅₆₇₈₉₊₋' };

/** Raised and lowered numbers keep their meaning: 10⁶, CO₂. */
const moved = (text: string, name: string): string =>
  /^[\d+−-]+$/u.test(text)
    ? text.replace(/[\d+−-]/gu, (sign) => raised[name]?.charAt('0123456789+-'.indexOf(sign === '−' ? '-' : sign)) ?? sign)
    : text;

/** A text with its marks. */
export function spanOf(text: string, { strong, em, href, lang, pre }: Marks): SpanData {
  // White space of HTML is a space, where it is not shown as it stands.
  const shown = pre ? text.replace(/\r\n?/gu, '\n') : text.replace(/[ \t\n\f\r]+/gu, ' ');
  return {
    text: shown,
    ...(strong ? { strong } : {}),
    ...(em ? { em } : {}),
    ...(href === undefined ? {} : { href }),
    ...(lang === undefined ? {} : { lang }),
  };
}

/** The words of nodes, without marks. */
export const wordsOf = (nodes: readonly PastedNode[]): string =>
  nodes.map((node) => (typeof node === 'string' ? node : wordsOf(node.children))).join('');

/**
 * Walks running text: texts, line breaks and marks go to `spans`; whatever else stands in it is for `onBlock`, with the marks around it.
 */
export function walkText(
  nodes: readonly PastedNode[],
  marks: Marks,
  spans: SpanData[],
  onBlock: (element: PastedElement, marks: Marks) => void,
): void {
  for (const node of nodes) {
    if (typeof node === 'string') {
      spans.push(spanOf(node, marks));
      continue;
    }
    const inside = marksInside(node, marks);
    switch (node.name) {
      case 'br':
        spans.push(spanOf('\n', { ...marks, pre: true }));
        break;
      case 'marker':
        break;
      case 'sub':
      case 'sup': {
        const words = wordsOf(node.children);
        const written = moved(words.trim(), node.name);
        walkText(written === words.trim() ? node.children : [written], inside, spans, onBlock);
        break;
      }
      case 'q':
        walkText(['“', ...node.children, '”'], inside, spans, onBlock);
        break;
      case 'a':
      case 'span':
      case 'cite':
        walkText(node.children, inside, spans, onBlock);
        break;
      default:
        onBlock(node, marks);
    }
  }
}
