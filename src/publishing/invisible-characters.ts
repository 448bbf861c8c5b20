/**
 * What becomes of characters nobody sees. The rows are tried in this order; what no row names is kept.
 *
 * | characters | what becomes of them | why |
 * |---|---|---|
 * | what XML 1.0 forbids (most of C0, U+FFFE, U+FFFF, half pairs) | refused | one of them breaks a feed for every partner |
 * | CR, CR LF, U+0085, U+2028, U+2029 | a line feed | one way to end a line |
 * | ZWNJ U+200C, ZWJ U+200D | kept | Persian, Indic scripts and emoji are written with them |
 * | LRM U+200E, RLM U+200F, ALM U+061C | kept | a direction each, nothing to close |
 * | U+202A–202E, U+2066–2069 | kept in pairs | see `balanceBidi` |
 * | variation selectors U+180B–180D, U+180F, U+FE00–FE0F, U+E0100–E01EF | the first after a character that shows, the others go | text can hide in runs of them |
 * | Mongolian vowel separator U+180E | kept | Mongolian is written with it |
 * | tags U+E0020–E007F | kept in the flag of a region (🏴 and what follows), else gone | text can hide in them |
 * | zero-width space U+200B | kept between letters of Khmer, Lao, Burmese and Thai, else gone | there it ends a word; elsewhere it hides words from search |
 * | soft hyphen U+00AD, word joiner U+2060, U+FEFF, U+034F, U+2061–206F, Hangul and Khmer fillers, every other default-ignorable | gone | left over from web pages and PDFs; words that look alike would differ |
 * | C1 controls, U+FFF9–FFFB, object replacement U+FFFC, non-characters | gone | they mean something to programs only |
 * | replacement U+FFFD | kept | damage a person must see |
 */
const selector = String.raw`\u180B-\u180D\u180F\uFE00-\uFE0F\u{E0100}-\u{E01EF}`;
const decidedLater = String.raw`\u200B-\u200F\u061C\u202A-\u202E\u2066-\u2069\u180E\u{E0020}-\u{E007F}${selector}`;
const removable = new RegExp(
  String.raw`(?![${decidedLater}])[\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u0080-\u009F\uFFF9-\uFFFC]`,
  'gu',
);
const lineEnd = /\r\n?|[\u0085\u2028\u2029]/gu;

const flag = /(?<flag>\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{1,6}\u{E007F})|[\u{E0020}-\u{E007F}]/gu;
const spaceless = String.raw`[\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}\p{Script=Thai}]`;
const zeroWidthSpaces = new RegExp(String.raw`(?<=${spaceless})(?<kept>\u200B)\u200B*(?=${spaceless})|\u200B+`, 'gu');
const selectors = new RegExp(String.raw`(?<kept>(?<=[^\s${selector}])[${selector}])|[${selector}]`, 'gu');

const first = (kept: string | undefined): string => kept ?? '';

/** Text without the characters that are never kept, its lines ended by line feeds. */
export const withoutInvisible = (text: string): string => text.replace(lineEnd, '\n').replace(removable, '');

/** Text that keeps zero-width spaces, variation selectors and tags only where its writing needs them. */
export const withoutHiding = (text: string): string =>
  text
    .replace(flag, (_, kept: string | undefined) => first(kept))
    .replace(zeroWidthSpaces, (_, kept: string | undefined) => first(kept))
    .replace(selectors, (_, kept: string | undefined) => first(kept));

const lengthOf = (text: string): number => {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
};

/** How many characters of a text are there that nobody sees and that are not kept. */
export function countInvisible(text: string): number {
  const lines = text.replace(lineEnd, '\n');
  return lengthOf(lines) - lengthOf(withoutHiding(withoutInvisible(lines)));
}
