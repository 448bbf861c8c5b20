// C0 controls but tab, line feed and carriage return; the two non-characters; surrogates without a partner.
const forbidden =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

// No language puts thirty marks on a letter, and normalising takes the square of their number: a run of more than sixty is parted by
// COMBINING GRAPHEME JOINER into runs of thirty, as Unicode does (UAX #15 §13). Its first mark is looked for before that it is the first.
const longRun = /(?!\u034F)\p{M}(?<!(?!\u034F)\p{M}.)(?:(?!\u034F)\p{M}){60,}/gsu;
const parted = (text: string): string => text.replace(longRun, (run) => run.replace(/.{30}/gsu, '$&\u034F'));

/** Text without the characters XML 1.0 forbids (§2.2 Char): what every format of a feed leaves out, JSON too. */
export const scrub = (text: string): string => text.replace(forbidden, '');

/** Text as it is stored: NFC, without the characters XML 1.0 forbids (§2.2 Char). ZWNJ, ZWJ and bidi marks are kept. */
export const clean = (text: string): string => parted(parted(scrub(text)).normalize('NFC')); // some marks are two in NFC

/** `clean` for every string of a JSON-shaped value; keys are left alone. */
export function cleanDeep<T>(value: T): T {
  if (typeof value === 'string') return clean(value) as T;
  if (Array.isArray(value)) return value.map(cleanDeep) as T;
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cleanDeep(inner)])) as T;
  }
  return value;
}

/** Number of words: runs of letters, marks and digits; an apostrophe, hyphen or joiner inside does not split one. */
export const countWords = (text: string): number => text.match(/[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}'’ʼʻ-]|\u200C|\u200D)*/gu)?.length ?? 0;

/** Text made safe between tags and inside double-quoted attributes of HTML and XML. */
export const escapeMarkup = (text: string): string => text.replace(/[&<>"']/gu, (character) => `&#${character.codePointAt(0)};`);
