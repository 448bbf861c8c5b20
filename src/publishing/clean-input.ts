import type { SpanData } from '../articles/body.js';
import { balanceBidi } from './balance-bidi.js';
import { withoutHiding, withoutInvisible } from './invisible-characters.js';

/** A character that XML 1.0 forbids (§2.2 Char): `path` names the field (`body.3.spans.0.text`), `offset` counts UTF-16 code units from 0. */
export interface ForbiddenCharacter {
  code: 'FORBIDDEN_CHARACTER';
  path: string;
  offset: number;
  /** As `U+0007`. */
  character: string;
}

const forbidden = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** A code point as it is named in tables: U+0007. */
export const nameOfCharacter = (codePoint: number): string => `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;

/** The first forbidden character in the strings of a JSON-shaped value, in their order; null where there is none. */
export function forbiddenCharacter(value: unknown, path = ''): ForbiddenCharacter | null {
  if (typeof value === 'string') {
    const offset = value.search(forbidden);
    return offset < 0 ? null : { code: 'FORBIDDEN_CHARACTER', path, offset, character: nameOfCharacter(value.codePointAt(offset) ?? 0) };
  }
  if (value === null || typeof value !== 'object') return null;
  for (const [key, inner] of Object.entries(value)) {
    const found = forbiddenCharacter(inner, path === '' ? key : `${path}.${key}`);
    if (found) return found;
  }
  return null;
}

const composed = (text: string): string => withoutHiding(text).normalize('NFC');
const balanced = (text: string): string => balanceBidi([text]).join('');

/** Running text as it is stored: NFC, line feeds, no invisible characters but those its writing needs, bidi controls in pairs. */
export const cleanText = (text: string): string => composed(balanced(withoutInvisible(text)));

// A space that keeps words together stays where it stands alone: «в Казани».
const oneSpace = (spaces: string): string => (spaces === '\u00A0' || spaces === '\u202F' ? spaces : ' ');

/** A text of one line, as headlines are: `cleanText` with white space collapsed and none around it. */
export const cleanLine = (text: string): string =>
  composed(balanced(withoutInvisible(text).trim()))
    .replace(/\s+/gu, oneSpace)
    .trim();

const sameMarks = (a: SpanData, b: SpanData): boolean =>
  (a.strong ?? false) === (b.strong ?? false) && (a.em ?? false) === (b.em ?? false) && a.href === b.href && a.lang === b.lang;

/** Spans without empty ones, neighbours with the same marks made one. */
export function joinSpans(spans: readonly SpanData[]): SpanData[] {
  const joined: SpanData[] = [];
  for (const span of spans) {
    const before = joined.at(-1);
    if (span.text === '') continue;
    if (before && sameMarks(before, span)) joined[joined.length - 1] = { ...before, text: before.text + span.text };
    else joined.push(span);
  }
  return joined;
}

/** The spans of one paragraph as they are stored: `cleanText` over all of them together; a mark may fall inside what a bidi control encloses. */
export function cleanSpans(spans: readonly SpanData[]): SpanData[] {
  let cleaned = joinSpans(spans.map((span) => ({ ...span, text: withoutInvisible(span.text) })));
  // Spans that were emptied bring together texts that may compose anew.
  for (let count = -1; count !== cleaned.length; ) {
    count = cleaned.length;
    const texts = balanceBidi(cleaned.map(({ text }) => text));
    cleaned = joinSpans(cleaned.map((span, index) => ({ ...span, text: composed(texts[index] ?? '') })));
  }
  return cleaned;
}

/** An address whose invisible characters are percent-encoded, so that it reads as it leads. */
export const cleanAddress = (url: string): string =>
  url.replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}\u0080-\u009F]/gu, (character) => encodeURIComponent(character));

/** Fields whose values are names or addresses for programs: checked, not changed. */
const exact = new Set(['key', 'type', 'lang', 'image', 'articles', 'provider']);
const addresses = new Set(['href', 'url', 'poster']);
const lines = new Set(['headline', 'dek', 'attribution', 'caption', 'title', 'fallback']);

const isSpan = (value: unknown): value is SpanData =>
  typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string';

function cleanField(value: unknown, field: string): unknown {
  if (exact.has(field)) return value;
  if (typeof value === 'string') return addresses.has(field) ? cleanAddress(value) : lines.has(field) ? cleanLine(value) : cleanText(value);
  if (Array.isArray(value)) {
    if (value.length > 0 && value.every(isSpan)) return cleanSpans(value).map((span) => cleanField({ ...span }, 'span'));
    return value.map((each) => cleanField(each, field));
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, field === 'span' && key === 'text' ? inner : cleanField(inner, key)]),
  );
}

/**
 * What a desk sends (headline, dek, blocks, notes), as it is stored: fields are told apart by their names, spans are cleaned paragraph by
 * paragraph. A character XML forbids is refused, nothing is then changed. Cleaning twice is cleaning once.
 */
export function cleanInput<Input>(input: Input): { ok: true; value: Input } | { ok: false; fault: ForbiddenCharacter } {
  const fault = forbiddenCharacter(input);
  return fault ? { ok: false, fault } : { ok: true, value: cleanField(input, '') as Input };
}
